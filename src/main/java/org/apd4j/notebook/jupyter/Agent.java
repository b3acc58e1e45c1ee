package org.apd4j.notebook.jupyter;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;

/** Changes the code of classes that are loaded. The JVM calls it before the kernel starts, where the kernel spec names it as an agent. */
final class Agent {

    private static volatile Instrumentation instrumentation;

    private Agent() {
    }

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /** Whether the classes have the new code now; they do not where fields or methods differ. */
    static boolean redefined(ClassDefinition... definitions) {
        if (instrumentation == null) {
            return false;
        }
        try {
            instrumentation.redefineClasses(definitions);
            return true;
        } catch (ClassNotFoundException | UnmodifiableClassException | UnsupportedOperationException | LinkageError e) {
            return false; // the shape of a class has changed: it is loaded under another name
        }
    }
}
