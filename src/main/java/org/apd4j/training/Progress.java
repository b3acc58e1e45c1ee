package org.apd4j.training;

import java.util.Objects;

/**
 * One report of a run that trains, or of other long {@link ProgressScope}: what a progress bar, a line of text or a test needs to know.
 *
 * <pre>{@code
 * run.listen(progress -> System.out.println(progress.step() + " of " + progress.goal() + ", " + progress.secondsRemaining() + " s left"));
 * }</pre>
 *
 * @param run            the run's name, for people ("TMS 5-2, seed 0")
 * @param phase          where the run stands
 * @param step           steps done so far, 0 … {@code steps}
 * @param steps          steps of the whole run
 * @param goal           the step at which this call ends if nothing stops it: {@code steps}, or less after {@code train(count)}
 * @param seconds        seconds of training so far, earlier calls included
 * @param stepsPerSecond speed since the last report; NaN before the first step
 * @param history        the losses so far; it is the run's own and grows while the run trains; work that is no training has none
 * @param unit           what a step is, in the plural: "steps" of training, "samples" of a measure
 */
public record Progress(String run, Phase phase, int step, int steps, int goal, double seconds, double stepsPerSecond,
                       LossHistory history, String unit) {

    /** The unit of training. */
    public static final String STEPS = "steps";

    public Progress {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(unit, "unit");
    }

    /** A report of a call whose goal is the end of the run. */
    public Progress(String run, Phase phase, int step, int steps, double seconds, double stepsPerSecond, LossHistory history, String unit) {
        this(run, phase, step, steps, steps, seconds, stepsPerSecond, history, unit);
    }

    /** A report of training, which is counted in steps, to the end of the run. */
    public Progress(String run, Phase phase, int step, int steps, double seconds, double stepsPerSecond, LossHistory history) {
        this(run, phase, step, steps, steps, seconds, stepsPerSecond, history, STEPS);
    }

    /** Returns the seconds that this call takes to its goal at the present speed; NaN while the speed is not known. */
    public double secondsRemaining() {
        return (goal - step) / stepsPerSecond;
    }

    /** Returns whether this call was asked for a part of the run only. */
    public boolean isPartOfRun() {
        return goal < steps;
    }

    /** Returns whether the call has ended with part of the run, as it was asked to, and not because somebody stopped it. */
    public boolean isAsAsked() {
        return phase == Phase.STOPPED && isPartOfRun() && step == goal;
    }
}
