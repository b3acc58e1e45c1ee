package org.apd4j.decomposition;

import org.apd4j.decomposition.internal.SelectionRemedies;
import org.apd4j.math.SparseRows;

/**
 * The importance of a decomposition's components on an input, for example by attributions or by gates. Every method of decomposition has its own;
 * components given by hand may have any.
 *
 * <pre>{@code
 * var decomposition = run.decomposition();
 * var batch = run.target().data().sample(0, decomposition.importance().batch());
 * SoftMask importances = decomposition.importance().of(batch, decomposition.evaluator());
 * }</pre>
 */
public interface Importance {

    /** Returns the importance of each component on each sample of a batch, {@code [batch, C]}; at least 0, larger is more important. */
    SoftMask of(SparseRows x, Evaluator evaluator);

    /**
     * Returns the mask under which the decomposition runs a batch: the components that it considers sufficient for each sample.
     *
     * @throws IllegalArgumentException if the decomposition switches no components off
     */
    ComponentMask mask(SparseRows x, Evaluator evaluator);

    /** Returns whether the decomposition switches components off, so that {@link #mask} returns a mask. True by default. */
    default boolean isSelective() {
        return true;
    }

    /** Returns the number of samples in the batches of the training, at least 1; a selection over a whole batch depends on it. */
    int batch();

    /** Returns a short description for display. */
    String describe();

    /** Returns what moves the problems that a diagnosis may find, as far as it can be said without the settings; in general words by default. */
    default Remedies remedies() {
        return SelectionRemedies.general();
    }
}
