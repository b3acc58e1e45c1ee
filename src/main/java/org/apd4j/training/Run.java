package org.apd4j.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.internal.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The training of a target or of a decomposition, step by step. A run that has been stopped keeps its state, and {@link #train()} continues it to the
 * same result, bit for bit, as without the stop.
 *
 * <pre>{@code
 * run.train(1_000);
 * System.out.println(run.step() + " of " + run.steps() + " steps, faithfulness " + run.loss("faithfulness"));
 * run.train(); // to the end
 * }</pre>
 *
 * <p>One thread trains; {@link #stop}, {@link #step} and {@link #history} may be called on any thread. An interrupt of the thread that trains has the
 * effect of {@link #stop}: training stops after the current step.
 *
 * @param <R> the type of the run itself
 */
public abstract class Run<R extends Run<R>> {

    static final double SECONDS_BETWEEN_REPORTS = 0.5;

    private final String name;
    /** Becomes smaller if the run ends earlier. */
    private volatile int steps;
    private final LossHistory history;
    private final TrainingGuard training = new TrainingGuard();
    /** Held during every step, and while the state is read between steps. Fair, so that a reader gets it after the current step. */
    private final ReentrantLock state = new ReentrantLock(true);
    private boolean inStep;
    private volatile ProgressListener listener;
    private final List<ProgressListener> added = new CopyOnWriteArrayList<>();
    private final List<Callback<R>> callbacks = new CopyOnWriteArrayList<>();
    private boolean hasBegun;
    private volatile int step;
    private volatile double seconds;
    private volatile boolean stopRequested;
    private volatile double[] losses;
    /** Where the result comes from that this run shows; null for a run that was trained. */
    private volatile Results.@Nullable Origin shownFrom;
    /** The provenance of the state that was loaded or is shown; null for a run that began here. */
    private volatile @Nullable Provenance loaded;
    /** The states at which callbacks were called, while results are recorded. */
    private final List<ResultFile.State> reached = new ArrayList<>();
    private int recorded;
    /** The user's code that the current step is running, or null. */
    private volatile @Nullable UserCode userCode;

    /**
     * Creates a run at step 0.
     *
     * @param name      the name of the run
     * @param steps     the number of steps of the whole run; {@link #endAfter} can make it smaller
     * @param lossNames the names of the losses that {@link #trainStep} returns
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
     * Does a step, counted from 0, and returns the losses at its beginning, each without its coefficient.
     *
     * @throws NotFiniteException if a value is not finite; nothing has changed then
     */
    protected abstract double[] trainStep(int step);

    /**
     * Returns what is to be recorded of this run's present state (see {@link Results}); empty, as by default, if nothing is. It is asked for at the
     * end, and at every callback before it if {@link #recordsUnfinished} says so.
     */
    protected Optional<Outcome> outcome() {
        return Optional.empty();
    }

    /**
     * Returns whether results hold unfinished states of this run, too, so that callbacks see them again while results are shown. False, as by default,
     * where a state is large: then callbacks are called at the end alone.
     */
    protected boolean recordsUnfinished() {
        return false;
    }

    /**
     * Takes over a state that {@link #outcome} described, in place of training.
     *
     * @param state the arrays of the outcome
     * @throws IOException if an array is missing or does not fit this run
     */
    protected void show(ArrayFile state, Provenance provenance) throws IOException {
        throw new IOException("results of " + name + " cannot be shown");
    }

    /**
     * Returns what the user should know of the run's course so far, which every report has; empty, as by default, if there is nothing. Called between
     * two steps, on the thread that trains.
     */
    protected String notice() {
        return "";
    }

    /**
     * Makes the whole run end after this many steps, if it would end later: a step calls it when it knows that the goal is reached. The run is finished
     * then, as after all steps.
     *
     * @param step at least the number of steps that are done after the current one
     */
    protected final void endAfter(int step) {
        steps = Math.min(steps, step);
    }

    /** Returns this run, as its own type. */
    protected abstract R self();

    /**
     * Replaces the progress listener, effective from the next call to {@code train}. An exception that it throws ends the call, but only after all
     * other listeners have received the report.
     *
     * @return this run
     */
    public R listen(ProgressListener listener) {
        this.listener = Objects.requireNonNull(listener);
        return self();
    }

    /**
     * Adds a progress listener that {@link #listen} does not replace, effective from the next call to {@code train}.
     *
     * @return this run
     */
    public R addListener(ProgressListener listener) {
        added.add(Objects.requireNonNull(listener));
        return self();
    }

    /**
     * Adds a callback that is called after every {@code steps} steps and after the last one, effective from the next call to {@code train}. It is
     * called between two steps, on the thread that trains. An exception that it throws ends the call to {@code train}; the run keeps its state.
     *
     * <pre>{@code
     * run.every(1_000, now -> System.out.println(now.step() + " " + now.loss("minimality")));
     * run.train();
     * }</pre>
     *
     * @param steps the number of steps between two calls, at least 1
     * @return this run
     * @throws IllegalArgumentException if {@code steps} is less than 1
     */
    public R every(int steps, Consumer<? super R> callback) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + "; it must be at least 1");
        }
        callbacks.add(new Callback<>(steps, Objects.requireNonNull(callback)));
        return self();
    }

    /**
     * Trains to the end, which for a finished run does nothing. Returns early if the run is stopped. While {@link Results} are shown, the run takes
     * over its result instead.
     *
     * @return this run
     * @throws NotFiniteException    if a loss, a gradient or an updated value is NaN or infinite; the run keeps its last finite state
     * @throws IllegalStateException if the run is already being trained by another call, which does not stop within a few seconds
     */
    public R train() {
        return train(steps - step);
    }

    /**
     * Trains for {@code count} steps, or to the end if fewer are left. Returns early if the run is stopped.
     *
     * @return this run
     * @throws NotFiniteException       if a loss, a gradient or an updated value is NaN or infinite; the run keeps its last finite state
     * @throws IllegalStateException    if the run is already being trained by another call, which does not stop within a few seconds
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public R train(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count is " + count + "; it must be at least 0 steps");
        }
        training.enter(name, this::where);
        try {
            stopRequested = false;
            int end = (int) Math.min(steps, step + (long) count);
            if (Results.areShown() && step < end) {
                showTo(end, Results.find(this).orElseThrow());
            } else if (!Results.areShown()) {
                if (!hasBegun) {
                    hasBegun = true;
                    Listeners.beforeFirstStep(this);
                }
                if (step < end) {
                    requireTrained("trained any further; make it again to train it");
                    trainTo(end);
                }
                record(end);
            }
        } finally {
            training.leave();
        }
        return self();
    }

    /** Moves to the end through the states of a result, in place of training. */
    void showAll(ResultFile result) {
        training.enter(name, this::where);
        try {
            showTo(steps, result);
        } finally {
            training.leave();
        }
    }

    /** Moves to a step through the states at which callbacks are to be called, as training does. */
    private void showTo(int goal, ResultFile result) {
        endAfter(result.description().steps());
        int end = Math.min(goal, steps);
        boolean hasUnfinished = recordsUnfinished();
        for (int next = step + 1; next <= end; next++) {
            if (next == end || hasUnfinished && isDue(next)) {
                int due = next;
                ResultFile.State at = result.state(due).orElseThrow(() -> Results.missingState(name, due));
                try {
                    take(result, at);
                } catch (IOException e) {
                    throw Results.damaged(e);
                }
                callBack();
            }
        }
        Progress progress = new Progress(name, Phase.SHOWN, step, steps, end, seconds, Double.NaN, history, Progress.STEPS);
        report(progress);
    }

    private void take(ResultFile result, ResultFile.State at) throws IOException {
        List<String> names = result.description().losses();
        if (!names.equals(history.names())) {
            throw new IOException("its losses are " + names + ", but those of " + name + " are " + history.names());
        }
        state.lock();
        try {
            show(result.part(at), result.provenance(at));
            ResultFile.Records records = result.records().before(at.step());
            history.restore(1, records.steps(), records.values());
            shownFrom = result.description().origin();
            resumeAt(at.step(), at.seconds(), at.losses());
        } finally {
            state.unlock();
        }
    }

    /** Records the result, once for each state, unless training has been stopped before its goal. */
    private void record(int end) {
        if (step == Math.min(end, steps) && step > recorded && shownFrom == null && Results.areRecorded()) {
            Optional<Outcome> outcome = step == steps || recordsUnfinished() ? outcome() : Optional.empty();
            outcome.ifPresent(own -> reached.add(state(own)));
            Results.record(this, outcome, reached);
            recorded = step;
        }
        reached.clear();
    }

    private ResultFile.State state(Outcome outcome) {
        return new ResultFile.State(step, seconds, losses.clone(), outcome.arrays());
    }

    /**
     * Returns where the result comes from that this run shows instead of having been trained here; empty for a run that was trained, or has not begun.
     */
    public Optional<Results.Origin> shownFrom() {
        return Optional.ofNullable(shownFrom);
    }

    /**
     * Checks that this run does not show a result, which lacks what training needs.
     *
     * @param use what cannot be done with a shown run, for the message: "saved"
     * @throws IllegalStateException if it shows one
     */
    protected final void requireTrained(String use) {
        if (shownFrom != null) {
            throw new IllegalStateException(name + " shows a result (" + shownFrom + "), which can be measured, but not " + use);
        }
    }

    /** Records the provenance of a state that was loaded or is shown; it holds until the next step. */
    protected final void loadedFrom(Provenance provenance) {
        loaded = provenance;
    }

    /** Returns whether the state was loaded or is shown, or was when training went on. */
    protected final boolean isLoaded() {
        return loaded != null;
    }

    /**
     * Returns the provenance of the current state: the one {@linkplain #loadedFrom that was recorded} if the run has not been trained since, otherwise
     * that of this process.
     *
     * @param seed    the run's seed
     * @param workers the threads that it trains on
     */
    protected final Provenance provenance(long seed, Workers workers) {
        @Nullable Provenance before = loaded;
        return before != null && before.step() == step ? before : Provenance.here(seed, step, seconds, workers.threads());
    }

    private String where() {
        @Nullable UserCode running = userCode;
        String step = "step " + this.step + " of " + steps;
        return running == null ? step : step + ", where " + running.what + " has not returned for "
                + String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - running.since) / 1e9);
    }

    /**
     * Runs a part of a step that calls the user's code.
     *
     * @param what the name of that code, for the message to another caller of {@code train} that waits for this step to end
     */
    protected final void callUserCode(String what, Runnable part) {
        userCode = new UserCode(what, System.nanoTime());
        try {
            part.run();
        } finally {
            userCode = null;
        }
    }

    private record UserCode(String what, long since) {
    }

    private void trainTo(long end) {
        double before = seconds;
        long start = System.nanoTime();
        Reporter reporter = new Reporter((int) end);
        try {
            reporter.report(Phase.STARTED);
            while (step < Math.min(end, steps) && !stopRequested && !Thread.currentThread().isInterrupted()) {
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
                callBack();
                reporter.reportIfDue();
            }
        } catch (CancellationException e) {
            Broadcast.about(e, () -> reporter.report(Phase.STOPPED)); // a callback was cancelled
            throw e;
        } catch (RuntimeException | Error e) {
            Broadcast.about(e, () -> reporter.report(Phase.FAILED));
            throw e;
        }
        reporter.report(step == steps ? Phase.FINISHED : Phase.STOPPED);
    }

    private void callBack() {
        if (isDue(step)) {
            if (step < steps && recordsUnfinished() && shownFrom == null && Results.areRecorded()) {
                outcome().ifPresent(own -> reached.add(state(own)));
            }
            Broadcast.toAll(callbacks.stream().filter(one -> isDue(one, step)).toList(), one -> one.action.accept(self()));
        }
    }

    private boolean isDue(int step) {
        return !callbacks.isEmpty() && callbacks.stream().anyMatch(one -> isDue(one, step));
    }

    private boolean isDue(Callback<R> callback, int step) {
        return step % callback.steps == 0 || step == steps;
    }

    /** Returns a report of the run while it is not being trained. */
    Progress report(Phase phase) {
        return new Progress(name, phase, step, steps, seconds, Double.NaN, history);
    }

    private record Callback<R>(int steps, Consumer<? super R> action) {
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
            Run.this.report(new Progress(name, phase, step, steps, Math.min(goal, steps), seconds, speed, history, Progress.STEPS, notice()));
        }
    }

    private void report(Progress progress) {
        List<ProgressListener> all = new ArrayList<>(List.of(listener));
        all.addAll(added);
        Broadcast.toAll(all, one -> one.on(progress));
    }

    /** Asks the run to stop after its current step, and returns at once. A step whose sampler does not return cannot be stopped. */
    public void stop() {
        stopRequested = true;
    }

    /** Returns whether the run is being trained, on whatever thread. */
    public boolean isTraining() {
        return training.isTaken();
    }

    /** Returns whether all steps are done. */
    public boolean isFinished() {
        return step == steps;
    }

    /** Returns the name of the run. */
    public String name() {
        return name;
    }

    /** Returns the number of steps done, 0 … {@link #steps}. */
    public int step() {
        return step;
    }

    /** Returns the number of steps of the whole run. */
    public int steps() {
        return steps;
    }

    /** Returns the training time so far, in seconds. */
    public double seconds() {
        return seconds;
    }

    /** Returns the losses over the steps so far; not a copy, the history grows while the run trains. */
    public LossHistory history() {
        return history;
    }

    /**
     * Returns a loss at the beginning of the last step, without its coefficient; NaN before the first step.
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
     * Reads the state of the run between two steps, and returns the result. Training waits meanwhile. Listeners may call this method, on any thread.
     *
     * @param reader must return quickly: copy what you need and work on the copy
     * @throws IllegalStateException if it is called from within a step
     */
    protected final <T> T betweenSteps(Supplier<T> reader) {
        state.lock();
        try {
            if (inStep) {
                throw new IllegalStateException(name + " is in the middle of step " + step + "; its state can be read only between two steps");
            }
            return reader.get();
        } finally {
            state.unlock();
        }
    }

    /** Returns the losses of the last step, in the order of the history; NaN before the first step. */
    double[] lastLosses() {
        return losses.clone();
    }

    /** Sets the position of the run to that of a saved one. */
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
