package org.apd4j.decomposition;

/**
 * What keeps the number of components that a sample uses small: components are switched off by a {@link Selection}, the top-k formulation, or
 * all stay on and a power of their attributions is penalised, the {@link LpPenalty Lp formulation} (paper section 2.3).
 *
 * <pre>{@code
 * ApdConfig topK = ApdConfig.paperTms5to2().with(c -> c.sparsity = Selection.batchTopK(0.3));
 * ApdConfig lp = ApdConfig.paperTms5to2().with(c -> {
 *     c.sparsity = Sparsity.lp(0.9);
 *     c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
 * });
 * }</pre>
 */
public sealed interface Sparsity permits Selection, LpPenalty {

    /** Returns the Lp formulation with a power q above 0. */
    static Sparsity lp(double q) {
        return new LpPenalty(q);
    }

    /** Returns it in a few words, for batches of a size. */
    String describe(int batch);
}
