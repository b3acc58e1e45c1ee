package org.apd4j.notebook.jupyter;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import org.jspecify.annotations.Nullable;

/** The Java agent that redefines loaded classes. The JVM starts it before the kernel, since the kernel spec names it as an agent. */
final class Agent {

    private static volatile @Nullable Instrumentation instrumentation;

    private Agent() {
    }

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /** Redefines classes and returns whether that succeeded; it fails if fields or method signatures have changed, or without the agent. */
    static boolean redefine(ClassDefinition... definitions) {
        @Nullable Instrumentation given = instrumentation;
        if (given == null) {
            return false;
        }
        try {
            given.redefineClasses(definitions);
            return true;
        } catch (ClassNotFoundException | UnmodifiableClassException | UnsupportedOperationException | LinkageError e) {
            return false; // JShell then loads the class under another name
        }
    }
}
