package org.apd4j.notebook.jupyter;

import org.jspecify.annotations.Nullable;

/**
 * The check by which loops and methods in cells find out that they have been stopped. The kernel inserts calls of it into the classes that cells are
 * compiled to.
 *
 * <pre>{@code
 * StopCheck.ask(); // returns, unless the stop button was pressed
 * }</pre>
 */
public final class StopCheck {

    private static volatile boolean asked;
    private static volatile @Nullable Thread stopped;

    private StopCheck() {
    }

    /** Ends the calling cell, by throwing an error, if it has been stopped. */
    public static void ask() {
        if (asked) {
            answer();
        }
    }

    private static void answer() {
        Thread current = Thread.currentThread();
        if (current == stopped || current instanceof java.util.concurrent.ForkJoinWorkerThread) {
            throw new Stopped();
        }
    }

    /** Stops the cell that runs on a thread. */
    static synchronized void stop(Thread thread) {
        stopped = thread;
        asked = true;
    }

    /** Clears the stop if it was meant for the given thread. */
    static synchronized void go(Thread thread) {
        if (stopped == thread) {
            go();
        }
    }

    /** Clears the stop. */
    static synchronized void go() {
        asked = false;
        stopped = null;
    }

    /** Thrown to end a stopped cell. It is an Error, so that {@code catch (Exception e)} in a cell does not catch it. */
    static final class Stopped extends Error {

        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped", null, false, false);
        }
    }
}
