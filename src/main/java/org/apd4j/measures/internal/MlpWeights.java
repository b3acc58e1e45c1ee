package org.apd4j.measures.internal;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;

/**
 * The weights of a residual MLP: an embedding, layers of neurons, and an unembedding.
 *
 * @param embedding   {@code W_E [features, residual]}
 * @param unembedding {@code W_U [residual, outputs]}
 * @param layers      the weights of each layer, first layer first
 */
public record MlpWeights(Matrix embedding, Matrix unembedding, List<Layer> layers) {

    /**
     * A layer of neurons.
     *
     * @param in  {@code W_in [residual, neurons]}
     * @param out {@code W_out [neurons, residual]}
     */
    public record Layer(Parameter in, Parameter out) {

        /** Returns the number of neurons in this layer. */
        public int neurons() {
            return in.values().columns();
        }
    }

    /**
     * Reads the weights of a target.
     *
     * @param measure name of the measure that needs them, with its article, for the message
     * @throws IllegalArgumentException if the target is no residual MLP
     */
    public static MlpWeights of(Target target, String measure) {
        Network network = target.network();
        List<String> names = network.weights().stream().map(Parameter::name).toList();
        List<Layer> layers = new ArrayList<>();
        while (names.contains(ResidualMlp.in(layers.size())) && names.contains(ResidualMlp.out(layers.size()))) {
            layers.add(new Layer(network.parameter(ResidualMlp.in(layers.size())), network.parameter(ResidualMlp.out(layers.size()))));
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(measure + " is defined for residual MLPs, which have the weights '"
                    + ResidualMlp.in(0) + "' and '" + ResidualMlp.out(0) + "'; '" + target.name() + "' has " + names);
        }
        NetworkGraph graph = NetworkGraph.of(network);
        LinearMap embedding = graph.path(graph.input(), graph.layerInput(layerOf(graph, ResidualMlp.in(0))));
        LinearMap unembedding = graph.path(graph.layerOutput(layerOf(graph, ResidualMlp.out(0))), graph.output());
        if (embedding.isZero() || unembedding.isZero()) {
            throw new IllegalArgumentException(measure + " needs an embedding and an unembedding that are not all zeros; in '" + target.name()
                    + "' the " + (embedding.isZero() ? "embedding" : "unembedding") + " is");
        }
        return new MlpWeights(embedding.toMatrix(), unembedding.toMatrix(), layers);
    }

    private static int layerOf(NetworkGraph graph, String parameter) {
        return graph.layers().stream().map(NetworkGraph.Layer::parameter).toList().indexOf(parameter);
    }

    /** Returns the number of neurons over all layers. */
    public int neurons() {
        return layers.stream().mapToInt(Layer::neurons).sum();
    }
}
