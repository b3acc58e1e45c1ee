package org.apd4j.reference;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.testsupport.RandomNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network as a graph in SameDiff, ND4J's automatic differentiation, in double precision. */
public final class SameDiffNetwork {

    /** What a decomposed linear map computes. */
    @FunctionalInterface
    public interface Layer {
        /**
         * @param layer number among the decomposed linear maps, in the order of the nodes
         * @param from  its input {@code [batch, in]}
         */
        SDVariable output(int layer, Network.Linear node, SDVariable from);
    }

    private SameDiffNetwork() {
    }

    /**
     * The output {@code [batch, outputs]} of a network on x, logits where there is a softmax.
     *
     * @param layers what decomposed maps compute; null for what the network has, its parameters then being variables {@code p_[name]}
     */
    public static SDVariable output(SameDiff graph, Network network, SDVariable x, Layer layers) {
        return values(graph, network, x, layers).get(network.nodes().get(network.nodes().size() - 1).name());
    }

    /** The value of every node, by its name. */
    public static Map<String, SDVariable> values(SameDiff graph, Network network, SDVariable x, Layer layers) {
        Map<String, SDVariable> parameters = new HashMap<>();
        network.parameters().forEach(p -> parameters.put(p.name(),
                layers == null ? graph.var("p_" + p.name(), array(p.values())) : graph.constant(array(p.values()))));
        Map<String, SDVariable> values = new HashMap<>();
        int layer = 0;
        for (Network.Node node : network.nodes()) {
            SDVariable from = node.reads().isEmpty() ? x : values.get(node.reads().get(0));
            SDVariable value = from;
            if (node instanceof Network.Linear linear) {
                if (layers != null && RandomNetwork.decomposed(network).contains(linear.parameter())) {
                    value = layers.output(layer++, linear, from);
                } else {
                    SDVariable w = parameters.get(linear.parameter());
                    value = from.mmul(linear.transposed() ? graph.transpose(w) : w);
                }
            } else if (node instanceof Network.Bias bias) {
                value = from.add(parameters.get(bias.parameter()));
            } else if (node instanceof Network.Activate activate) {
                value = switch (activate.activation()) {
                    case RELU -> graph.nn().relu(from, 0);
                    case GELU -> from.mul(graph.math().erf(from.div(Math.sqrt(2))).add(1)).mul(0.5);
                    case TANH -> graph.math().tanh(from);
                    case SIGMOID -> graph.nn().sigmoid(from);
                    case IDENTITY -> from;
                };
            } else if (node instanceof Network.Normalise norm) {
                int width = network.parameter(norm.gain()).values().columns();
                SDVariable centred = from.sub(sumOfRows(graph, from, width).div(width));
                SDVariable variance = sumOfRows(graph, centred.mul(centred), width).div(width);
                value = centred.div(graph.math().sqrt(variance.add(norm.epsilon()))).mul(parameters.get(norm.gain()))
                        .add(parameters.get(norm.bias()));
            } else if (node instanceof Network.Sum sum) {
                value = from.add(values.get(sum.right()));
            }
            values.put(node.name(), value);
        }
        return values;
    }

    /** The sum of every row, {@code [rows, 1]}. ND4J does not sum rows of one. */
    public static SDVariable sumOfRows(SameDiff graph, SDVariable matrix, int columns) {
        return columns == 1 ? matrix : graph.sum(matrix, true, 1);
    }

    /** {@code a · b}. ND4J cannot go back through a product whose result is a single number. */
    public static SDVariable product(SameDiff graph, SDVariable a, SDVariable b, int rows, int inner, int columns) {
        return rows == 1 && columns == 1 ? sumOfRows(graph, a.mul(graph.transpose(b)), inner) : a.mmul(b);
    }

    /** In double precision. */
    public static INDArray array(Matrix matrix) {
        return Nd4j.create(matrix.toArray(), new long[] {matrix.rows(), matrix.columns()}, 'c').castTo(DataType.DOUBLE);
    }

    /** The gradients of a loss, a scalar, by the names of variables; null for those that it does not depend on. */
    public static Map<String, INDArray> gradients(SameDiff graph, SDVariable loss, Map<String, INDArray> placeholders, List<String> names) {
        graph.setLossVariables(loss);
        return quietly(() -> graph.calculateGradients(placeholders, names));
    }

    /** ND4J prints every operation that it differentiates. */
    private static <T> T quietly(Supplier<T> call) {
        PrintStream console = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            return call.get();
        } finally {
            System.setOut(console);
        }
    }
}
