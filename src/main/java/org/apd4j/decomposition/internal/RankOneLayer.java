package org.apd4j.decomposition.internal;

import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;

/**
 * A decomposed layer, {@code W ≈ Σ_c A[:,c] · B[c,:]}, whose components have rank one; components of a higher rank are several of these pieces. Both
 * factors are stored component by component; where the use of the parameter is transposed, they are exchanged and share their arrays with the other use.
 *
 * @param node    the name of the node
 * @param a       A transposed, {@code [C, in]}; a view of the parameter's factors
 * @param b       B, {@code [C, out]}; a view of the parameter's factors
 * @param weights the target's weights, {@code [in, out]}
 * @param fixed   the number of the last components that are not trained and sum to the target's weights ({@link #withWeights}); 0 as a rule
 */
public record RankOneLayer(String node, Matrix a, Matrix b, Matrix weights, int fixed) {

    /** Returns the view of a parameter's factors that one of its uses takes. */
    public static RankOneLayer of(Network network, NetworkGraph.Layer layer, Factors factors) {
        Matrix first = factors.a().reshaped(factors.components(), factors.in());
        Matrix second = factors.b().reshaped(factors.components(), factors.out()); // a view of its own: each use has gradients of its own
        Matrix weights = layer.weights(network.parameter(layer.parameter()).values());
        return layer.transposed() ? new RankOneLayer(layer.node(), second, first, weights, 0)
                : new RankOneLayer(layer.node(), first, second, weights, 0);
    }

    /**
     * Returns the layer with further components that sum to the target's weights, in memory of its own, for passes with a delta component: its
     * {@code δ · x (W − A B)} is δ times these components less δ times the others. {@link #take} sets the values of the others.
     */
    public RankOneLayer withWeights() {
        int more = Math.min(in(), out());
        Matrix wideA = Matrix.zeros(components() + more, in());
        Matrix wideB = Matrix.zeros(components() + more, out());
        for (int k = 0; k < more; k++) {
            int row = components() + k;
            (in() <= out() ? wideA : wideB).set(row, k, 1);
            for (int i = 0; i < Math.max(in(), out()); i++) {
                if (in() <= out()) {
                    wideB.set(row, i, weights.get(k, i));
                } else {
                    wideA.set(row, i, weights.get(i, k));
                }
            }
        }
        return new RankOneLayer(node, wideA, wideB, weights, more);
    }

    /** Takes over the current factors of the layer that {@link #withWeights} made this one of. */
    public void take(RankOneLayer trained) {
        System.arraycopy(trained.a.data(), trained.a.offset(), a.data(), 0, trained.a.size());
        System.arraycopy(trained.b.data(), trained.b.offset(), b.data(), 0, trained.b.size());
    }

    /** Returns the number of components that are trained. */
    public int trained() {
        return components() - fixed;
    }

    /** Returns the number of components, with those that are fixed. */
    public int components() {
        return a.rows();
    }

    /** Returns the width of the input. */
    public int in() {
        return a.columns();
    }

    /** Returns the width of the output. */
    public int out() {
        return b.columns();
    }
}
