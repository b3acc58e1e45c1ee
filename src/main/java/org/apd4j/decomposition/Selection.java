package org.apd4j.decomposition;

import java.util.Locale;

/**
 * Which components stay on: those of largest importance, over a batch or sample by sample (method: one training step, 3).
 *
 * <pre>{@code
 * ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.sparsity = Selection.perSampleTopK(2));
 * }</pre>
 */
public sealed interface Selection extends Sparsity {

    /**
     * The {@code floor(k · batch)} largest of all attributions of a batch are active.
     *
     * @param k mean number of active components a sample, above 0; need not be whole
     */
    record BatchTopK(double k) implements Selection {
        @Override
        public String describe(int batch) {
            return String.format(Locale.ROOT, "batch top-k %.4g (%d of %d × C)", k, (int) Math.floor(k * batch), batch);
        }
    }

    /**
     * The k largest attributions of each sample are active.
     *
     * @param k active components of every sample, at least 1
     */
    record PerSampleTopK(int k) implements Selection {
        @Override
        public String describe(int batch) {
            return "per-sample top-" + k;
        }
    }

    /** Returns batch top-k. */
    static Selection batchTopK(double k) {
        return new BatchTopK(k);
    }

    /** Returns per-sample top-k. */
    static Selection perSampleTopK(int k) {
        return new PerSampleTopK(k);
    }
}
