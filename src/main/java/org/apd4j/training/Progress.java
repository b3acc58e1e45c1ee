package org.apd4j.training;

import java.util.Objects;

/**
 * A progress report of a run in training or of other long work (see {@link ProgressScope}).
 *
 * <pre>{@code
 * run.listen(progress -> System.out.println(progress.step() + " of " + progress.goal() + ", " + progress.secondsRemaining() + " s left"));
 * }</pre>
 *
 * @param run            the name of the run ("TMS 5-2, seed 0")
 * @param phase          the phase of the run
 * @param step           the number of steps done, 0 … {@code steps}
 * @param steps          the number of steps of the whole run
 * @param goal           the step at which this call of {@code train} ends unless it is stopped: {@code steps}, or less for {@code train(count)}
 * @param seconds        the training time so far in seconds, including earlier calls
 * @param stepsPerSecond the speed since the last report; NaN before the first step
 * @param history        the losses so far; not a copy, it grows while the run trains. Empty for work other than training
 * @param unit           what is counted, in the plural: "steps" of training, "samples" of a measurement
 * @param notice         what the user should know of the run's course, such as that its settings keep it from learning; empty if there is nothing
 */
public record Progress(String run, Phase phase, int step, int steps, int goal, double seconds, double stepsPerSecond,
                       LossHistory history, String unit, String notice) {

    /** The unit of training, {@value}. */
    public static final String STEPS = "steps";

    /** Checks that all components are there. */
    public Progress {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(notice, "notice");
    }

    /** Creates a report without a notice. */
    public Progress(String run, Phase phase, int step, int steps, int goal, double seconds, double stepsPerSecond, LossHistory history,
                    String unit) {
        this(run, phase, step, steps, goal, seconds, stepsPerSecond, history, unit, "");
    }

    /** Creates a report of a call whose goal is the end of the run. */
    public Progress(String run, Phase phase, int step, int steps, double seconds, double stepsPerSecond, LossHistory history, String unit) {
        this(run, phase, step, steps, steps, seconds, stepsPerSecond, history, unit);
    }

    /** Creates a report of training to the end of the run. */
    public Progress(String run, Phase phase, int step, int steps, double seconds, double stepsPerSecond, LossHistory history) {
        this(run, phase, step, steps, steps, seconds, stepsPerSecond, history, STEPS);
    }

    /** Returns the seconds that remain until the goal at the current speed, or NaN while the speed is unknown. */
    public double secondsRemaining() {
        return (goal - step) / stepsPerSecond;
    }

    /** Returns whether this call trains only a part of the run. */
    public boolean isPartOfRun() {
        return goal < steps;
    }

    /** Returns whether the call has ended because it reached its goal within the run, not because it was stopped. */
    public boolean hasReachedGoal() {
        return phase == Phase.STOPPED && isPartOfRun() && step == goal;
    }
}
