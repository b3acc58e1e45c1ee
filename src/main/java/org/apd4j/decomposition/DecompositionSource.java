package org.apd4j.decomposition;

/**
 * Something that has a decomposition to show: a decomposition itself, or a run, as far as it has come.
 *
 * <pre>{@code
 * // a run, trained or not, and what it has found are both measured
 * Recovery now = Recovery.of(run);
 * Recovery kept = Recovery.of(run.decomposition());
 * }</pre>
 */
public interface DecompositionSource {

    /** The decomposition as it is now; it does not change any more. */
    Decomposition decomposition();
}
