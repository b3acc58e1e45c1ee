package org.apd4j.decomposition;


/**
 * A rule that keeps the number of components that a sample uses small. A {@link Selection} switches components off; a method may have rules of
 * its own that leave all of them on, such as APD's Lp penalty (paper section 2.3).
 *
 * <pre>{@code
 * ApdConfig topK = ApdConfig.paperTms5to2().with(c -> c.sparsity = Selection.batchTopK(0.3));
 * ApdConfig lp = ApdConfig.paperTms5to2().with(c -> {
 *     c.sparsity = new LpPenalty(0.9);
 *     c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
 * });
 * }</pre>
 */
public interface Sparsity {

    /** Returns it in a few words, for batches of a size. */
    String describe(int batch);
}
