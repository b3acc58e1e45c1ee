package org.apd4j.apd.internal;

import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Loss;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;

/** The Lp formulation: no mask; powers of the attributions are penalised, and their gradient flows into the products P_c. */
public final class LpObjective extends ApdObjective {

    private final LpLosses lpLosses;
    private final Pool<Matrix[]> ownProductGradients = new Pool<>(this::parameterSized);

    LpObjective(Network network, Components components, ApdConfig config, LpPenalty penalty, long seed, Workers workers) {
        super(network, components, config, seed, workers);
        this.lpLosses = new LpLosses(config, penalty, components, workers);
    }

    @Override
    void computeSparsity(SparseRows x, double[] losses) {
        losses[Loss.MINIMALITY.ordinal()] = lpLosses.minimality(attributions, x.rows());
        losses[Loss.SIMPLICITY.ordinal()] = lpLosses.simplicity(simplicity);
    }

    @Override
    void prepareGradients() {
        attributions.prepareBackward();
    }

    @Override
    Matrix[] takeProductGradients(int c, Matrix[] shared) {
        Matrix[] own = ownProductGradients.take();
        for (int p = 0; p < own.length; p++) {
            own[p].copyFrom(shared[p]);
        }
        attributions.addComponentGradients(c, lpLosses.attributionGradient(), own);
        return own;
    }

    @Override
    void giveProductGradients(Matrix[] gradients) {
        ownProductGradients.give(gradients);
    }

    @Override
    void addFactorGradients(Factors factors, int c, Matrix aGradient, Matrix bGradient) {
        // all losses of this formulation act on the products
    }
}
