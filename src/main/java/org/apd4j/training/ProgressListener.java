package org.apd4j.training;

/**
 * Is told how a run gets on. Called on the thread that trains, at the start, about twice a second and at the end of every
 * call of {@code train}; what it throws ends the training.
 *
 * <pre>{@code
 * ProgressListener listener = progress -> System.out.println(TextProgress.line(progress));
 * run.listen(listener).train();
 * }</pre>
 */
@FunctionalInterface
public interface ProgressListener {

    /** Takes one report. */
    void on(Progress progress);
}
