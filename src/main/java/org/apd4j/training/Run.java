package org.apd4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that is trained step by step: a target or a decomposition. It exists first and trains after; stopped, it holds what it
 * has learned, and {@link #train()} goes on from there to the same end, bit for bit, as if it had not been stopped.
 *
 * <pre>{@code
 * run.train(1_000);
 * System.out.println(run.step() + " of " + run.steps() + " steps, faithfulness " + run.loss("faithfulness"));
 * run.train(); // to the end
 * }</pre>
 *
 * <p>One thread trains; {@link #stop}, {@link #step} and {@link #history} may be called from any other. An interrupt of the
 * thread that trains stops like {@link #stop} does, between two steps.
 *
 * @param <R> the kind of run
 */
public abstract class Run<R extends Run<R>> {

    static final double SECONDS_BETWEEN_REPORTS = 0.5;

    private final String name;
    private final int steps;
    private final LossHistory history;
    private final TrainingGuard training = new TrainingGuard();
    /** Held during every step, and by whoever looks at the state in between. Fair: who waits comes in after the present step. */
    private final ReentrantLock state = new ReentrantLock(true);
    private boolean inStep;
    private volatile ProgressListener listener;
    private final List<ProgressListener> others = new CopyOnWriteArrayList<>();
    private final List<Look<R>> looks = new CopyOnWriteArrayList<>();
    private boolean met;
    private volatile int step;
    private volatile double seconds;
    private volatile boolean stopRequested;
    private volatile double[] losses;
    /** What the step that is under way has called, or null. */
    private volatile Wait wait;

    /**
     * @param name      the run's name, for people
     * @param steps     steps of the whole run
     * @param lossNames the losses that {@link #trainStep} returns
     */
    protected Run(String name, int steps, List<String> lossNames) {
        this.name = Objects.requireNonNull(name);
        this.steps = steps;
        this.history = new LossHistory(lossNames);
        this.losses = new double[lossNames.size()];
        Arrays.fill(losses, Double.NaN);
        this.listener = Listeners.forRun(name);
    }

    /**
     * Does step {@code step}, counted from 0, and returns the losses at its start, each without its coefficient.
     *
     * @throws NotFiniteException before anything has changed
     */
    protected abstract double[] trainStep(int step);

    /** This, as its own kind. */
    protected abstract R self();

    /**
     * Who is told how the run gets on, from the next call of {@code train} on. All listeners hear all of it: what one of them throws ends the call of
     * {@code train} after the others have heard.
     */
    public R listen(ProgressListener listener) {
        this.listener = Objects.requireNonNull(listener);
        return self();
    }

    /** Who else is told, from the next call of {@code train} on; {@link #listen} does not replace it. */
    public R listenToo(ProgressListener listener) {
        others.add(Objects.requireNonNull(listener));
        return self();
    }

    /**
     * Looks at the run after every so many steps, and after its last one, from the next call of {@code train} on: between two steps, on the
     * thread that trains, which waits meanwhile. What it throws ends the call of {@code train}; the run keeps its state. Several may look.
     *
     * <pre>{@code
     * run.every(1_000, now -> System.out.println(now.step() + " " + now.loss("minimality")));
     * run.train();
     * }</pre>
     *
     * @param steps at least 1
     * @throws IllegalArgumentException if it is less
     */
    public R every(int steps, Consumer<? super R> look) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + "; it must be at least 1");
        }
        looks.add(new Look<>(steps, Objects.requireNonNull(look)));
        return self();
    }

    /** Trains to the end; of a finished run, nothing. Returns early when it is stopped. */
    public R train() {
        return train(steps - step);
    }

    /**
     * Trains for {@code count} steps more, or to the end if that is nearer. Returns early when it is stopped.
     *
     * @throws NotFiniteException       if a loss, a gradient or an updated value becomes NaN or infinite; the last good state is kept
     * @throws IllegalStateException    if the run is being trained and does not stop within {@value OneAtATime#SECONDS_TO_WIND_DOWN} seconds
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public R train(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("cannot train for " + count + " steps");
        }
        training.enter(name, this::where);
        try {
            stopRequested = false;
            if (!met) {
                met = true;
                Listeners.meet(this);
            }
            if (step < steps && count > 0) {
                trainTo(Math.min(steps, step + (long) count));
            }
        } finally {
            training.leave();
        }
        return self();
    }

    private String where() {
        Wait now = wait;
        String step = "step " + this.step + " of " + steps;
        return now == null ? step : step + ", where " + now.what + " has not returned for "
                + String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - now.since) / 1e9);
    }

    /** Does a part of a step that runs somebody else's code, which is named to whoever waits for the step to end. */
    protected final void waitFor(String what, Runnable part) {
        wait = new Wait(what, System.nanoTime());
        try {
            part.run();
        } finally {
            wait = null;
        }
    }

    private record Wait(String what, long since) {
    }

    private void trainTo(long end) {
        double before = seconds;
        long start = System.nanoTime();
        Reporter reporter = new Reporter((int) end);
        try {
            reporter.report(Phase.STARTED);
            while (step < end && !stopRequested && !Thread.currentThread().isInterrupted()) {
                state.lock();
                try {
                    inStep = true;
                    double[] now = trainStep(step);
                    history.record(step, now);
                    losses = now;
                    seconds = before + (System.nanoTime() - start) / 1e9;
                    step++;
                } finally {
                    inStep = false;
                    state.unlock();
                }
                look();
                reporter.reportIfDue();
            }
        } catch (CancellationException e) {
            Everyone.besides(e, () -> reporter.report(Phase.STOPPED)); // who looked was stopped
            throw e;
        } catch (RuntimeException | Error e) {
            Everyone.besides(e, () -> reporter.report(Phase.FAILED));
            throw e;
        }
        reporter.report(step == steps ? Phase.FINISHED : Phase.STOPPED);
    }

    private void look() {
        if (!looks.isEmpty()) {
            Everyone.tell(looks.stream().filter(one -> step % one.steps == 0 || step == steps).toList(), one -> one.look.accept(self()));
        }
    }

    /** A report of a run that nobody trains. */
    Progress report(Phase phase) {
        return new Progress(name, phase, step, steps, seconds, Double.NaN, history);
    }

    private record Look<R>(int steps, Consumer<? super R> look) {
    }

    private final class Reporter {
        private final int goal;
        private double lastTime = seconds;
        private int lastStep = step;
        private double speed = Double.NaN;

        Reporter(int goal) {
            this.goal = goal;
        }

        void reportIfDue() {
            if (seconds - lastTime >= SECONDS_BETWEEN_REPORTS) {
                report(Phase.RUNNING);
            }
        }

        void report(Phase phase) {
            if (step > lastStep && seconds > lastTime) {
                speed = (step - lastStep) / (seconds - lastTime);
            }
            lastTime = seconds;
            lastStep = step;
            Progress progress = new Progress(name, phase, step, steps, goal, seconds, speed, history, Progress.STEPS);
            List<ProgressListener> all = new ArrayList<>(List.of(listener));
            all.addAll(others);
            Everyone.tell(all, one -> one.on(progress));
        }
    }

    /** Asks the run to stop after the step that it is doing. Returns at once. A step whose sampler does not return cannot be stopped. */
    public void stop() {
        stopRequested = true;
    }

    /** Whether some thread trains the run now. */
    public boolean isTraining() {
        return training.isTaken();
    }

    /** Whether all steps are done. */
    public boolean isFinished() {
        return step == steps;
    }

    /** The run's name. */
    public String name() {
        return name;
    }

    /** Steps done, 0 … {@link #steps}. */
    public int step() {
        return step;
    }

    /** Steps of the whole run. */
    public int steps() {
        return steps;
    }

    /** Seconds of training so far. */
    public double seconds() {
        return seconds;
    }

    /** The losses over the steps so far. */
    public LossHistory history() {
        return history;
    }

    /**
     * A loss at the start of the last step that was done, without its coefficient; NaN before the first.
     *
     * @throws NoSuchElementException if the run has no such loss
     */
    public double loss(String loss) {
        int index = history.names().indexOf(loss);
        if (index < 0) {
            throw new NoSuchElementException(name + " has no loss '" + loss + "'; it has " + history.names());
        }
        return losses[index];
    }

    /**
     * Looks at the run's state while it stands still: between two steps if another thread trains, which waits meanwhile. Listeners
     * may call it, from any thread.
     *
     * @param look should take copies and be gone; what takes long is done with the copies
     * @throws IllegalStateException in the middle of a step, from within it
     */
    protected final <T> T betweenSteps(Supplier<T> look) {
        state.lock();
        try {
            if (inStep) {
                throw new IllegalStateException(name + " is in the middle of step " + step + "; its state is whole between two steps only");
            }
            return look.get();
        } finally {
            state.unlock();
        }
    }

    /** The losses of the last step, in the order of the history; NaN before the first. */
    double[] lastLosses() {
        return losses.clone();
    }

    /** Puts the run where a saved one stood. */
    void resumeAt(int step, double seconds, double[] losses) {
        this.step = step;
        this.seconds = seconds;
        this.losses = losses.clone();
        this.history.recordLast(losses);
    }

    @Override
    public String toString() {
        String loss = history.names().isEmpty() || Double.isNaN(losses[0]) ? ""
                : String.format(Locale.ROOT, ", %s %.3e", history.names().get(0), losses[0]);
        return String.format(Locale.ROOT, "%s: %,d of %,d steps%s", name, step, steps, loss);
    }
}
