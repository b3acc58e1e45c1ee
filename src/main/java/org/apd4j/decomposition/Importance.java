package org.apd4j.decomposition;

import org.apd4j.math.SparseRows;

/**
 * How a decomposition says which components an input needs: by attributions, by gates, or as whoever made the components knows it. A method
 * of decomposition brings its own.
 *
 * <pre>{@code
 * var decomposition = run.decomposition();
 * var batch = run.target().data().sample(0, decomposition.importance().batch());
 * SoftMask importances = decomposition.importance().of(batch, decomposition.evaluator());
 * }</pre>
 */
public interface Importance {

    /** Returns the importance of each component on each sample of a batch, at least 0; larger is more important. */
    SoftMask of(SparseRows x, Evaluator evaluator);

    /**
     * Returns the mask under which the method itself runs a batch: what it takes to be enough.
     *
     * @throws IllegalArgumentException if the method switches no component off
     */
    ComponentMask mask(SparseRows x, Evaluator evaluator);

    /** Returns whether the method switches components off, so that {@link #mask} has an answer. */
    default boolean isSelective() {
        return true;
    }

    /** Returns the number of samples of the batches that importances refer to: a selection over a batch depends on it. At least 1. */
    int batch();

    /** Returns what it is, in a few words for people. */
    String describe();
}
