package org.apd4j.apd;

import org.apd4j.decomposition.Sparsity;

/**
 * The Lp formulation: no component is switched off; attributions are penalised by {@code (attr / d_out)^(q/2)} instead (method: Lp
 * formulation).
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
