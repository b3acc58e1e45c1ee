package org.apd4j.decomposition;

import java.util.Locale;

/**
 * A top-k selection of the components that stay on: those of largest importance, over a batch or for each sample (paper section 2; step 3 of APD).
 *
 * <pre>{@code
 * ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.sparsity = Selection.perSampleTopK(2));
 * }</pre>
 */
public sealed interface Selection extends Sparsity {

    /**
     * Batch top-k: the {@code floor(k · batch)} largest of all {@code batch × C} importances of a batch are active.
     *
     * @param k mean number of active components per sample, above 0, not necessarily whole
     */
    record BatchTopK(double k) implements Selection {
        @Override
        public String describe(int batch) {
            return String.format(Locale.ROOT, "batch top-k %.4g (%d of %d × C)", k, (int) Math.floor(k * batch), batch);
        }
    }

    /**
     * Per-sample top-k: the k largest importances of each sample are active.
     *
     * @param k number of active components per sample, at least 1
     */
    record PerSampleTopK(int k) implements Selection {
        @Override
        public String describe(int batch) {
            return "per-sample top-" + k;
        }
    }

    /** Returns batch top-k, with k active components per sample on average. */
    static Selection batchTopK(double k) {
        return new BatchTopK(k);
    }

    /** Returns per-sample top-k, with k active components in every sample. */
    static Selection perSampleTopK(int k) {
        return new PerSampleTopK(k);
    }
}
