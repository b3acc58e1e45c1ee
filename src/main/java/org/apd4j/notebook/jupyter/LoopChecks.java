package org.apd4j.notebook.jupyter;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The insertion of {@link StopCheck#ask} into classes of cells: before every backward jump and at the beginning of every method. */
final class LoopChecks {

    private static final String OWNER = Type.getInternalName(StopCheck.class);

    private LoopChecks() {
    }

    /** Returns a class file with the checks inserted. */
    static byte[] insertInto(byte[] classFile) {
        try {
            var reader = new ClassReader(classFile);
            var writer = new ClassWriter(reader, 0); // the call does not change the operand stack
            reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
                                                           String @Nullable [] exceptions) {
                    @Nullable MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                    return method == null ? null : new Checked(method);
                }
            }, 0);
            return writer.toByteArray();
        } catch (IllegalArgumentException e) {
            return classFile; // compiled by a Java that ASM does not know yet: the code runs, but its loops cannot be stopped
        }
    }

    private static final class Checked extends MethodVisitor {

        private final Set<Label> passed = new HashSet<>();

        Checked(MethodVisitor method) {
            super(Opcodes.ASM9, method);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            ask();
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (passed.contains(label)) {
                ask();
            }
            super.visitJumpInsn(opcode, label);
        }

        private void ask() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, OWNER, "ask", "()V", false);
        }
    }
}
