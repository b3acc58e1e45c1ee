package org.apd4j.apd.internal;

import java.util.Optional;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Loss;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.internal.SparsePass;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;

/** The top-k formulation: a mask of the largest attributions, the pass under it, and its losses (steps 3 to 5 of APD). */
public final class TopKObjective extends ApdObjective {

    private final Selection selection;
    private final Mask mask;
    private final SparsePass sparse;
    private final SparseLosses sparseLosses;

    TopKObjective(Network network, Components components, ApdConfig config, Selection selection, long seed, Workers workers) {
        super(network, components, config, seed, workers);
        this.selection = selection;
        this.mask = new Mask(components.count());
        this.sparse = new SparsePass(components, workers);
        this.sparseLosses = new SparseLosses(config, graph);
    }

    @Override
    void computeSparsity(SparseRows x, double[] losses) {
        mask.select(selection, attributions.values(), attributions.rows(), x.rows());   // 3. mask
        sparse.forward(x, mask);                                                        // 4. sparse pass
        sparseLosses.compute(sparse, target, x.rows());                                 // 5. losses
        losses[Loss.MINIMALITY.ordinal()] = sparseLosses.minimality();
        losses[Loss.HIDDEN_RECONSTRUCTION.ordinal()] = config.hiddenReconstruction() > 0 ? sparseLosses.hiddenReconstruction() : Double.NaN;
        losses[Loss.SIMPLICITY.ordinal()] = simplicity.compute(mask, workers);
        sparse.backward();
    }

    @Override
    void addFactorGradients(Factors factors, int c, Matrix aGradient, Matrix bGradient) {
        sparse.addFactorGradients(factors, c, aGradient, bGradient);
    }

    @Override
    public Optional<Mask> mask() {
        return Optional.of(mask);
    }
}
