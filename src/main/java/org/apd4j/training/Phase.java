package org.apd4j.training;

/**
 * The phase of a run in a {@link Progress} report.
 *
 * <pre>{@code
 * run.listen(progress -> {
 *     if (progress.phase() == Phase.FINISHED) {
 *         System.out.println("done in " + progress.seconds() + " s");
 *     }
 * });
 * }</pre>
 */
public enum Phase {
    /** The first report of a call of {@code train}. */
    STARTED,
    /** A report of the training of what a run in a group needs first, such as its target. */
    PREPARING,
    /** A report during training, about twice a second. */
    RUNNING,
    /**
     * The last report of a call that was stopped, or that reached its goal before the end of the run ({@link Progress#hasReachedGoal}); training can
     * continue.
     */
    STOPPED,
    /** The last report of a run that has done all of its steps. */
    FINISHED,
    /** The only report of a call that took over a result instead of training, see {@link Results}. */
    SHOWN,
    /** The last report of a {@link ProgressScope} that was stopped; the next call starts from the beginning. */
    CANCELLED,
    /** The last report of a call that ended with an exception; the run keeps its last finite state. */
    FAILED
}
