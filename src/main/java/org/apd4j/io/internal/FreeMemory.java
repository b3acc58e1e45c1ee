package org.apd4j.io.internal;

import java.io.IOException;
import java.util.Locale;

/**
 * The heap that is left, held against what a file claims before memory is taken for it.
 *
 * <pre>{@code
 * FreeMemory.require(1_000_000 * 4L, "its rows");
 * }</pre>
 */
public final class FreeMemory {

    private FreeMemory() {
    }

    /**
     * Checks that the heap has room for something; collects garbage before it says no.
     *
     * @param bytes that are going to be taken, with every copy that is made
     * @param what  takes them, such as "its rows"
     * @throws IOException if there is less
     */
    public static void require(long bytes, String what) throws IOException {
        if (bytes > free()) {
            System.gc();
            long free = free();
            if (bytes > free) {
                throw new IOException(String.format(Locale.ROOT, "%s would take %,d MB of the Java heap, which has %,d MB left of %,d MB; "
                        + "start Java with a larger one (-Xmx)",
                        what, bytes + (1 << 20) - 1 >> 20, free >> 20, Runtime.getRuntime().maxMemory() >> 20));
            }
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
