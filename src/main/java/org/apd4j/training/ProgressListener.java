package org.apd4j.training;

/**
 * A listener for the progress of a run. It is called on the thread that trains: at the beginning of every call of {@code train}, about twice a
 * second and at the end. An exception that it throws ends the call.
 *
 * <pre>{@code
 * ProgressListener listener = progress -> System.out.println(TextProgress.line(progress));
 * run.listen(listener).train();
 * }</pre>
 */
@FunctionalInterface
public interface ProgressListener {

    /** Receives a report. */
    void on(Progress progress);
}
