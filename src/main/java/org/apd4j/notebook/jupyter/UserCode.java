package org.apd4j.notebook.jupyter;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The thread that cells run on. It can be stopped: by an interrupt, which training and waiting heed, and by {@link StopCheck}, which loops in
 * cells heed. What heeds neither goes on by itself, and another thread takes its place.
 */
final class UserCode {

    /** How long a cell may take to end once it is stopped: a training writes what it has. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Pattern LIMIT = Pattern.compile("\\s*(\\d+)\\s*([A-Za-z]+)?\\s*");

    private final Duration limit;
    private final Duration patience;
    private volatile Thread startup;
    private Worker worker;
    private Task running;
    private boolean inCell;
    private Stop stop = Stop.NONE;
    private int presses;

    /** Why a cell is to end. */
    enum Stop { NONE, PRESSED, TIMEOUT }

    /** @param limit a number and a unit, as in "30 seconds"; null or a number that is not positive for none */
    UserCode(String limit) {
        this(limitOf(limit), PATIENCE);
    }

    UserCode(Duration limit, Duration patience) {
        this.limit = limit;
        this.patience = patience;
    }

    private static Duration limitOf(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Matcher parts = LIMIT.matcher(text);
        try {
            if (parts.matches()) {
                TimeUnit unit = parts.group(2) == null ? TimeUnit.MILLISECONDS : TimeUnit.valueOf(parts.group(2).toUpperCase(Locale.ROOT));
                long number = Long.parseLong(parts.group(1));
                return number > 0 ? Duration.of(number, unit.toChronoUnit()) : null;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("IJAVA_TIMEOUT is '" + text + "'; it must be a number and a unit, such as '30 seconds'");
    }

    /** Says that what this thread calls is no cell's, so that no stop is meant for it. */
    void isStartup(Thread thread) {
        startup = thread;
    }

    /** Says that a cell begins; from here on a stop is meant for it. */
    synchronized void begin() {
        inCell = true;
        stop = Stop.NONE;
        presses = 0;
        if (worker != null && !worker.isBusy()) {
            StopCheck.go();
        }
    }

    synchronized void end() {
        inCell = false;
    }

    /** Why the running cell is to end, or the one that ran last had to; what runs at the start is no cell. */
    synchronized Stop stopped() {
        return Thread.currentThread() == startup ? Stop.NONE : stop;
    }

    /** The time limit of one evaluation; null for none. */
    Duration limit() {
        return limit;
    }

    /** Stops the cell that runs; pressed again, the kernel waits for it no longer. */
    synchronized void stop() {
        if (inCell) {
            stop(Stop.PRESSED);
        }
    }

    private void stop(Stop why) {
        stop = stop == Stop.NONE ? why : stop;
        presses++;
        if (running != null) {
            StopCheck.stop(running.thread);
            running.thread.interrupt();
        }
        notifyAll();
    }

    /**
     * Runs code on the thread of cells and returns its value.
     *
     * @throws StoppedException if it was not begun, since the cell is to end
     * @throws GoesOnException if it heeds no stop
     * @throws Exception what it throws; an Error too
     */
    Object call(Callable<?> code) throws Exception {
        if (Thread.currentThread() instanceof Worker || Thread.currentThread() == startup) {
            return code.call(); // a cell that evaluates another, or what no stop is meant for
        }
        var task = new Task(code);
        synchronized (this) {
            if (stop != Stop.NONE) {
                throw new StoppedException();
            }
            if (worker == null) {
                worker = new Worker(this);
                worker.start();
            }
            task.thread = worker;
            running = task;
            worker.take(task);
            await(task);
            running = null;
            if (!task.done) {
                worker.leave();
                worker = null;
                throw new GoesOnException();
            }
        }
        if (task.thrown instanceof Error error) {
            throw error;
        } else if (task.thrown != null) {
            throw (Exception) task.thrown;
        }
        return task.value;
    }

    private void await(Task task) {
        long deadline = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
        long givenUp = Long.MAX_VALUE;
        boolean interrupted = false;
        while (!task.done) {
            long now = System.nanoTime();
            if (stop == Stop.NONE && deadline != Long.MAX_VALUE && now - deadline >= 0) {
                stop(Stop.TIMEOUT);
            }
            if (stop != Stop.NONE && givenUp == Long.MAX_VALUE) {
                givenUp = now + patience.toNanos();
            }
            if (givenUp != Long.MAX_VALUE && (now - givenUp >= 0 || presses > 1)) {
                break;
            }
            long until = Math.min(givenUp, stop == Stop.NONE ? deadline : Long.MAX_VALUE);
            try {
                wait(until == Long.MAX_VALUE ? 0 : Math.max(1, (until - now) / 1_000_000 + 1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void finished(Task task, Object value, Throwable thrown) {
        task.value = value;
        task.thrown = thrown;
        task.done = true;
        notifyAll();
    }

    /** The cell is to end, and what comes next is not begun. */
    static final class StoppedException extends Exception {

        private static final long serialVersionUID = 1;
    }

    /** The cell heeds no stop. */
    static final class GoesOnException extends Exception {

        private static final long serialVersionUID = 1;

        GoesOnException() {
            super("this cell cannot be stopped and goes on in the background; restart the kernel to end it (Kernel → Restart Kernel…)");
        }
    }

    private static final class Task {

        private final Callable<?> code;
        private Thread thread;
        private Object value;
        private Throwable thrown;
        private boolean done;

        Task(Callable<?> code) {
            this.code = code;
        }
    }

    private static final class Worker extends Thread {

        private final UserCode owner;
        private Task next;
        private boolean left;

        Worker(UserCode owner) {
            super("apd4j-cells");
            this.owner = owner;
            setDaemon(true);
        }

        synchronized void take(Task task) {
            next = task;
            notifyAll();
        }

        synchronized void leave() {
            left = true;
            notifyAll();
        }

        synchronized boolean isBusy() {
            return next != null;
        }

        @Override
        public void run() {
            Task task;
            while ((task = await()) != null) {
                Object value = null;
                Throwable thrown = null;
                try {
                    value = task.code.call();
                } catch (Throwable e) {
                    thrown = e;
                }
                StopCheck.go(this);
                Thread.interrupted(); // a stop that came too late is not for the next cell
                synchronized (this) {
                    next = null;
                }
                owner.finished(task, value, thrown);
            }
        }

        private synchronized Task await() {
            while (next == null && !left) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // a stop that came too late
                }
            }
            return next;
        }
    }
}
