package org.apd4j.notebook.jupyter;

/**
 * What loops and methods of cells ask, again and again: whether they are to end. The kernel writes the question into the classes that cells are
 * compiled to.
 *
 * <pre>{@code
 * StopCheck.ask(); // returns, unless the stop button was pressed
 * }</pre>
 */
public final class StopCheck {

    private static volatile boolean asked;
    private static volatile Thread stopped;

    private StopCheck() {
    }

    /** Ends the cell that calls it if the cell was stopped. */
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

    static synchronized void stop(Thread thread) {
        stopped = thread;
        asked = true;
    }

    /** Lets what comes next run, unless another thread is meant. */
    static synchronized void go(Thread thread) {
        if (stopped == thread) {
            go();
        }
    }

    static synchronized void go() {
        asked = false;
        stopped = null;
    }

    /** Ends a stopped cell: an error, so that a cell's {@code catch (Exception e)} lets it pass. */
    static final class Stopped extends Error {

        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped", null, false, false);
        }
    }
}
