package org.apd4j.measures;

import java.util.List;
import java.util.function.Function;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;

/** A network with other values in its decomposed parameters. */
final class WeightedNetwork {

    private final DensePass pass;
    private final LinearParts parts;

    /** @param values the decomposed parameters' values by their names */
    WeightedNetwork(NetworkGraph graph, Function<String, Matrix> values) {
        List<Matrix> weights = graph.layers().stream().map(layer -> layer.weights(values.apply(layer.parameter()))).toList();
        this.parts = new LinearParts(graph, weights);
        this.pass = new DensePass(graph, Workers.all());
    }

    /** The network as it is. */
    static WeightedNetwork of(Network network) {
        return new WeightedNetwork(NetworkGraph.of(network), name -> network.parameter(name).values());
    }

    /** Its output {@code [rows, outputs]}, valid until the next call. */
    Matrix output(SparseRows x) {
        return pass.forward(x, parts).output();
    }
}
