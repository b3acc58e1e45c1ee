package org.apd4j.decomposition.internal;

import java.util.Locale;

/** The check that a run's arrays fit into the free heap, with one form of message for all methods. */
public final class HeapCheck {

    /** Factor for the garbage collector and for short-lived objects; measured with the settings of all experiments. */
    private static final double ROOM = 1.25;
    private static final long MEGABYTE = 1 << 20;
    /** Heap that the libraries take by themselves. */
    private static final long LIBRARIES = 48 * MEGABYTE;

    private HeapCheck() {
    }

    /**
     * Checks that a run fits.
     *
     * @param bytes    the size of its arrays
     * @param target   the name of what is decomposed
     * @param settings the settings on which the size depends, such as "components 20, batch 4,096"
     * @param smaller  what to choose otherwise, such as "fewer components"
     * @throws IllegalStateException if it does not; the message says how large the heap must be
     */
    public static void require(long bytes, String target, String settings, String smaller) {
        long needed = (long) (ROOM * bytes);
        if (needed <= free()) {
            return;
        }
        System.gc(); // garbage of earlier work counts as used until it is collected
        long free = free();
        if (needed > free) {
            long heap = Math.max(LIBRARIES, Runtime.getRuntime().maxMemory() - free) + needed;
            throw new IllegalStateException(String.format(Locale.ROOT,
                    "decomposing %s with these settings (%s) takes about %,d MB of the Java heap, of which %,d MB are free; give Java more "
                            + "(-Xmx%dm), or choose %s", target, settings, megabytes(needed), free / MEGABYTE, megabytes(heap), smaller));
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    private static long megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE;
    }
}
