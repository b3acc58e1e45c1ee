package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class LoopChecksTest {

    /** Code as in a cell. */
    public static final class Sample {

        private Sample() {
        }

        /** One question at the beginning. */
        public static int straight(int n) {
            return n > 3 ? n : -n;
        }

        /** One at the beginning, and one for each loop. */
        public static long loops(int n) {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                int j = 0;
                do {
                    sum += j;
                } while (++j < i);
            }
            return sum;
        }

        /** Never ends by itself. */
        public static void endless() {
            while (true) {
                try {
                    Thread.onSpinWait();
                } catch (RuntimeException e) {
                    // goes on
                }
            }
        }
    }

    private static final class Loader extends ClassLoader {

        Class<?> define(byte[] classFile) {
            return defineClass(Sample.class.getName(), classFile, 0, classFile.length);
        }
    }

    @Test
    void everyMethodAsksOnceAtItsBeginningAndOnceForEachLoop() throws IOException {
        byte[] checked = LoopChecks.insertInto(sample());
        assertEquals(1, questions(checked, "straight"));
        assertEquals(3, questions(checked, "loops"));
    }

    @Test
    void valuesAreTheSame() throws Exception {
        Class<?> checked = new Loader().define(LoopChecks.insertInto(sample()));
        assertEquals(Sample.loops(50), method(checked, "loops", int.class).invoke(null, 50));
        assertEquals(-2, method(checked, "straight", int.class).invoke(null, 2));
    }

    @Test
    void anEndlessLoopEndsWhenItsThreadIsStopped() throws Exception {
        Method endless = method(new Loader().define(LoopChecks.insertInto(sample())), "endless");
        StopCheck.stop(Thread.currentThread());
        try {
            var thrown = assertThrows(InvocationTargetException.class, () -> endless.invoke(null));
            assertEquals(StopCheck.Stopped.class, thrown.getCause().getClass());
        } finally {
            StopCheck.go();
        }
    }

    @Test
    void classFilesOfLaterJavaVersionsAreUnchanged() throws IOException {
        byte[] later = sample();
        later[7] = 127;
        assertArrayEquals(later, LoopChecks.insertInto(later));
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) throws NoSuchMethodException {
        return type.getMethod(name, parameters);
    }

    private static byte[] sample() throws IOException {
        try (InputStream in = Sample.class.getResourceAsStream("LoopChecksTest$Sample.class")) {
            return in.readAllBytes();
        }
    }

    private static int questions(byte[] classFile, String methodName) {
        int[] found = {0};
        new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return !name.equals(methodName) ? null : new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                        found[0] += called.equals("ask") && owner.endsWith("/StopCheck") ? 1 : 0;
                    }
                };
            }
        }, 0);
        return found[0];
    }
}
