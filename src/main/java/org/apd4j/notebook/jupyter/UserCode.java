package org.apd4j.notebook.jupyter;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The thread that cells run on. A cell is stopped by an interrupt, which ends training and waiting, and by {@link StopCheck}, which ends loops in
 * the cell. Code that responds to neither continues in the background, and a new thread runs the next cell.
 */
final class UserCode {

    /** The time that a cell may take to end after it was stopped; a run may still have to save its state. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Pattern LIMIT = Pattern.compile("\\s*(\\d+)\\s*([A-Za-z]+)?\\s*");

    private final @Nullable Duration limit;
    private final Duration patience;
    private volatile @Nullable Thread startup;
    private @Nullable Worker worker;
    private @Nullable Task running;
    private boolean inCell;
    private Stop stop = Stop.NONE;
    private int presses;

    /** The reasons for stopping a cell. */
    enum Stop { NONE, PRESSED, TIMEOUT }

    /**
     * Creates a thread with a time limit.
     *
     * @param limit a number and a unit, such as "30 seconds"; null, or a number that is not positive, for no limit
     * @throws IllegalArgumentException if it is malformed
     */
    UserCode(@Nullable String limit) {
        this(limitOf(limit), PATIENCE);
    }

    UserCode(@Nullable Duration limit, Duration patience) {
        this.limit = limit;
        this.patience = patience;
    }

    private static @Nullable Duration limitOf(@Nullable String text) {
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
            // reported below
        }
        throw new IllegalArgumentException("IJAVA_TIMEOUT is '" + text + "'; it must be a number and a unit, such as '30 seconds'");
    }

    /** Sets the thread of the start-up scripts, which cannot be stopped. */
    void isStartup(Thread thread) {
        startup = thread;
    }

    /** Begins a cell, to which stops apply from now on. */
    synchronized void begin() {
        inCell = true;
        stop = Stop.NONE;
        presses = 0;
        if (worker != null && !worker.isBusy()) {
            StopCheck.go();
        }
    }

    /** Ends the cell. */
    synchronized void end() {
        inCell = false;
    }

    /** Returns why the running cell, or the last one, was stopped; NONE on the thread of the start-up scripts. */
    synchronized Stop stopped() {
        return Thread.currentThread() == startup ? Stop.NONE : stop;
    }

    /** Returns the time limit of an evaluation, if there is one. */
    Optional<Duration> limit() {
        return Optional.ofNullable(limit);
    }

    /** Stops the running cell. When called again, the kernel no longer waits for it. */
    synchronized void stop() {
        if (inCell) {
            stop(Stop.PRESSED);
        }
    }

    private void stop(Stop why) {
        stop = stop == Stop.NONE ? why : stop;
        presses++;
        if (running != null && running.thread != null) {
            StopCheck.stop(running.thread);
            running.thread.interrupt();
        }
        notifyAll();
    }

    /**
     * Runs code on the thread of cells and returns its value.
     *
     * @throws StoppedException if it was not run because the cell has been stopped
     * @throws UnstoppableException if it does not respond to a stop and continues in the background
     * @throws Exception if the code throws one; its errors are thrown as well
     */
    @Nullable Object call(Callable<?> code) throws Exception {
        if (Thread.currentThread() instanceof Worker || Thread.currentThread() == startup) {
            return code.call(); // a cell that evaluates another one, or a start-up script
        }
        var task = new Task(code);
        synchronized (this) {
            if (stop != Stop.NONE) {
                throw new StoppedException();
            }
            Worker current = worker;
            if (current == null) {
                current = new Worker(this);
                current.start();
                worker = current;
            }
            task.thread = current;
            running = task;
            current.take(task);
            await(task);
            running = null;
            if (!task.done) {
                current.leave();
                worker = null;
                throw new UnstoppableException();
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

    private synchronized void finished(Task task, @Nullable Object value, @Nullable Throwable thrown) {
        task.value = value;
        task.thrown = thrown;
        task.done = true;
        notifyAll();
    }

    /** Thrown instead of running code, because the cell has been stopped. */
    static final class StoppedException extends Exception {

        private static final long serialVersionUID = 1;
    }

    /** Thrown when a cell does not respond to a stop. */
    static final class UnstoppableException extends Exception {

        static final String MESSAGE = "this cell cannot be stopped and continues in the background; "
                + "restart the kernel to end it (Kernel → Restart Kernel…)";

        private static final long serialVersionUID = 1;

        UnstoppableException() {
            super(MESSAGE);
        }
    }

    private static final class Task {

        private final Callable<?> code;
        private @Nullable Thread thread;
        private @Nullable Object value;
        private @Nullable Throwable thrown;
        private boolean done;

        Task(Callable<?> code) {
            this.code = code;
        }
    }

    private static final class Worker extends Thread {

        private final UserCode owner;
        private @Nullable Task next;
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
            @Nullable Task task;
            while ((task = await()) != null) {
                @Nullable Object value = null;
                @Nullable Throwable thrown = null;
                try {
                    value = task.code.call();
                } catch (Throwable e) {
                    thrown = e;
                }
                StopCheck.go(this);
                Thread.interrupted(); // a late stop must not reach the next cell
                synchronized (this) {
                    next = null;
                }
                owner.finished(task, value, thrown);
            }
        }

        private synchronized @Nullable Task await() {
            while (next == null && !left) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // a late stop, which must not end this thread
                }
            }
            return next;
        }
    }
}
