package org.apd4j.io.internal;

import java.io.IOException;
import java.util.Locale;

/**
 * A check of the free heap, made before memory is allocated for sizes that a file claims.
 *
 * <pre>{@code
 * FreeMemory.require(1_000_000 * 4L, "its rows");
 * }</pre>
 */
public final class FreeMemory {

    private FreeMemory() {
    }

    /**
     * Checks that the heap has room; collects garbage before giving up.
     *
     * @param bytes the memory needed, including all copies that are made
     * @param what  what needs it, such as "its rows", for the message
     * @throws IOException if less memory is free
     */
    public static void require(long bytes, String what) throws IOException {
        if (bytes > free()) {
            System.gc();
            long free = free();
            if (bytes > free) {
                throw new IOException(String.format(Locale.ROOT, "%s would take %,d MB of the Java heap, which has %,d MB left of %,d MB; "
                        + "start Java with a larger heap (-Xmx)",
                        what, bytes + (1 << 20) - 1 >> 20, free >> 20, Runtime.getRuntime().maxMemory() >> 20));
            }
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
