package org.apd4j.training;

/**
 * Where a run stands when it reports its {@link Progress}.
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
    /** A report of what one of several runs needs first, such as the training of its target. */
    PREPARING,
    /** A report on the way, about twice a second. */
    RUNNING,
    /**
     * The last report of a call that was stopped, or that had fewer steps to do than the whole run has ({@link Progress#isAsAsked}); training
     * can go on.
     */
    STOPPED,
    /** The last report of a run that has done all its steps. */
    FINISHED,
    /** The last report of {@link ProgressScope} that was stopped; called again, it starts anew. */
    CANCELLED,
    /** The last report of a call that ended with an exception; the run keeps its last good state. */
    FAILED
}
