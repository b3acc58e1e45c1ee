package org.apd4j.apd;

import org.apd4j.decomposition.Sparsity;

/**
 * The Lp formulation (paper appendix A): all components stay on, and their attributions are penalised by {@code (attr / d_out)^(q/2)} instead of
 * being selected by top-k. The losses are computed by {@link org.apd4j.apd.internal.LpLosses}.
 *
 * <pre>{@code
 * Sparsity lp = new LpPenalty(0.9);
 * }</pre>
 *
 * @param q the power, above 0
 */
public record LpPenalty(double q) implements Sparsity {

    @Override
    public String describe(int batch) {
        return "Lp, q = " + q;
    }
}
