package org.apd4j.measures.internal;

import java.util.List;
import java.util.function.Function;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;

/** A network whose decomposed parameters have other values. */
public final class WeightedNetwork {

    private final DensePass pass;
    private final LinearParts parts;

    /**
     * Creates the network.
     *
     * @param values from the name of each decomposed parameter to its values
     */
    public WeightedNetwork(NetworkGraph graph, Function<String, Matrix> values) {
        List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(values.apply(layer.parameter()))).toList();
        this.parts = new LinearParts(graph, weights);
        this.pass = new DensePass(graph, Workers.all());
    }

    /** Returns the network with its own values. */
    public static WeightedNetwork of(Network network) {
        return new WeightedNetwork(NetworkGraph.of(network), name -> network.parameter(name).values());
    }

    /** Returns the output {@code [rows, outputs]}, which the next call overwrites. */
    public Matrix output(SparseRows x) {
        return pass.forward(x, parts).output();
    }
}
