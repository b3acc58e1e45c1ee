package org.apd4j.decomposition;

/**
 * How few components a sample may use (method: one training step, 3, and the Lp formulation).
 *
 * <pre>{@code
 * ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.selection = Selection.perSampleTopK(2));
 * }</pre>
 */
public sealed interface Selection {

    /**
     * The {@code floor(k · batch)} largest of all attributions of a batch are active.
     *
     * @param k mean number of active components a sample, above 0; need not be whole
     */
    record BatchTopK(double k) implements Selection {
    }

    /**
     * The k largest attributions of each sample are active.
     *
     * @param k active components of every sample, at least 1
     */
    record PerSampleTopK(int k) implements Selection {
    }

    /**
     * No component is switched off; attributions are penalised by {@code (attr / d_out)^(q/2)} instead (paper section 2.3, the Lp
     * formulation).
     *
     * @param q the power, above 0
     */
    record Lp(double q) implements Selection {
    }

    /** Batch top-k. */
    static Selection batchTopK(double k) {
        return new BatchTopK(k);
    }

    /** Per-sample top-k. */
    static Selection perSampleTopK(int k) {
        return new PerSampleTopK(k);
    }

    /** The Lp formulation. */
    static Selection lp(double q) {
        return new Lp(q);
    }
}
