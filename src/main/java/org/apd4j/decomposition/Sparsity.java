package org.apd4j.decomposition;

/**
 * A rule that keeps the number of components that a sample uses small. A {@link Selection} switches components off; a method may have other rules
 * that leave all of them on, such as APD's Lp penalty.
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

    /** Returns a short description for display, for batches of the given number of samples. */
    String describe(int batch);
}
