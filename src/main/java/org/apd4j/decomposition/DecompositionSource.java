package org.apd4j.decomposition;

/**
 * A source of a decomposition: a decomposition itself, or a run in its current state. Measures, figures and tables accept either.
 *
 * <pre>{@code
 * // a run, finished or not, can be measured like its decomposition
 * Recovery now = Recovery.of(run);
 * Recovery kept = Recovery.of(run.decomposition());
 * }</pre>
 */
public interface DecompositionSource {

    /** Returns the current decomposition; it does not change when training goes on. */
    Decomposition decomposition();

    /**
     * Returns what moves the problems that a diagnosis may find: by default what can be said without the settings. A source that knows the settings
     * gives values to try.
     */
    default Remedies remedies() {
        return decomposition().importance().remedies();
    }
}
