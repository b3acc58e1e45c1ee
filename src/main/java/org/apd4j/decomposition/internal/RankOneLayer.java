package org.apd4j.decomposition.internal;

import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;

/**
 * A decomposed layer, {@code W ≈ Σ_c A[:,c] · B[c,:]}, whose components have rank one; components of a higher rank are several of these pieces. Both factors are stored component by component; where the use of
 * the parameter is transposed, they are exchanged and share their arrays with the other use.
 *
 * @param node    the name of the node
 * @param a       A transposed, {@code [C, in]}; a view of the parameter's factors
 * @param b       B, {@code [C, out]}; a view of the parameter's factors
 * @param weights the target's weights, {@code [in, out]}
 */
public record RankOneLayer(String node, Matrix a, Matrix b, Matrix weights) {

    /** Returns the view of a parameter's factors that one of its uses takes. */
    public static RankOneLayer of(Network network, NetworkGraph.Layer layer, Factors factors) {
        Matrix first = factors.a().reshaped(factors.components(), factors.in());
        Matrix second = factors.b().reshaped(factors.components(), factors.out()); // a view of its own: each use has gradients of its own
        Matrix weights = layer.weights(network.parameter(layer.parameter()).values());
        return layer.transposed() ? new RankOneLayer(layer.node(), second, first, weights) : new RankOneLayer(layer.node(), first, second, weights);
    }

    /** Returns the number of components C. */
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
