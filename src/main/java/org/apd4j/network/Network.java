package org.apd4j.network;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.math.Matrix;
import org.apd4j.network.Parameter.Role;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;

/**
 * A feed-forward network: an immutable list of nodes, each computed from earlier ones, and the parameters that they use.
 *
 * <p>The description is all that the library knows of a network; fast passes are derived from it, see {@link NetworkGraph}. Rows are samples: a linear map computes {@code h = x · W} with {@code W [d_in, d_out]}.
 *
 * <pre>{@code
 * Network classifier = Network.builder(64)
 *         .dense("hidden", "input", 32, RandomStream.of(0))
 *         .activation("relu", "hidden", Activation.RELU)
 *         .dense("logits", "relu", 10, RandomStream.of(1))
 *         .softmax("digit", "logits")
 *         .build();
 *
 * Network tms = Network.builder(5)
 *         .parameter("W", Parameter.Role.TRAINED, w)
 *         .parameter("b", Parameter.Role.TRAINED, b)
 *         .linear("encoder", "input", "W", false)
 *         .linear("decoder", "encoder", "W", true)
 *         .bias("sum", "decoder", "b")
 *         .activation("output", "sum", Activation.RELU)
 *         .build();
 * }</pre>
 *
 * Printed, or at the end of a notebook cell, a network shows its nodes, their shapes and what is trained.
 */
public final class Network implements Summarized {

    /** A value of the network and the nodes that it is computed from. */
    public sealed interface Node {
        /** Returns the name, unique in the network. */
        String name();

        /** Returns the names of the nodes that it is computed from. */
        List<String> reads();

        /** Returns the names of the parameters that it uses. */
        default List<String> uses() {
            return List.of();
        }
    }

    /** The network's input {@code x}. */
    public record Input(String name) implements Node {
        @Override
        public List<String> reads() {
            return List.of();
        }
    }

    /** {@code from · W}, or {@code from · Wᵀ} when transposed. */
    public record Linear(String name, String from, String parameter, boolean transposed) implements Node {
        @Override
        public List<String> reads() {
            return List.of(from);
        }

        @Override
        public List<String> uses() {
            return List.of(parameter);
        }
    }

    /** {@code from + b}. */
    public record Bias(String name, String from, String parameter) implements Node {
        @Override
        public List<String> reads() {
            return List.of(from);
        }

        @Override
        public List<String> uses() {
            return List.of(parameter);
        }
    }

    /** The activation of every value of {@code from}. */
    public record Activate(String name, String from, Activation activation) implements Node {
        @Override
        public List<String> reads() {
            return List.of(from);
        }
    }

    /** {@code left + right}: a residual connection. */
    public record Sum(String name, String left, String right) implements Node {
        @Override
        public List<String> reads() {
            return List.of(left, right);
        }
    }

    /**
     * Layer norm of {@code from}: {@code gain · (from − mean) / √(variance + epsilon) + bias}, mean and variance (over n, not n − 1) of the values
     * of a row.
     */
    public record Normalise(String name, String from, String gain, String bias, double epsilon) implements Node {
        @Override
        public List<String> reads() {
            return List.of(from);
        }

        @Override
        public List<String> uses() {
            return List.of(gain, bias);
        }
    }

    /**
     * The softmax of {@code from}, which marks the outputs as logits, to be compared as distributions. It is not computed: the output y of passes,
     * attributions and measures is {@code from} (for a network with logits, y is the logits); see
     * {@link org.apd4j.network.internal.Softmax#probabilities}.
     */
    public record Softmax(String name, String from) implements Node {
        @Override
        public List<String> reads() {
            return List.of(from);
        }
    }

    private final int inputs;
    private final int outputs;
    private final List<Node> nodes;
    private final Map<String, Parameter> parameters;

    Network(int inputs, int outputs, List<Node> nodes, Map<String, Parameter> parameters) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.nodes = List.copyOf(nodes);
        this.parameters = new LinkedHashMap<>(parameters);
    }

    /** Returns a builder of a network with {@code inputs} input values; the input node is called {@code "input"}. */
    public static NetworkBuilder builder(int inputs) {
        return new NetworkBuilder(inputs);
    }

    /** Returns the width of the input. */
    public int inputs() {
        return inputs;
    }

    /** Returns the width of the output. */
    public int outputs() {
        return outputs;
    }

    /** Returns whether the outputs are the logits of a softmax. */
    public boolean isSoftmax() {
        return nodes.get(nodes.size() - 1) instanceof Softmax;
    }

    /** Returns the nodes in the order of their computation; the last is the output. */
    public List<Node> nodes() {
        return nodes;
    }

    /**
     * Returns a node by its name.
     *
     * @throws NoSuchElementException if there is none of that name
     */
    public Node node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow(() -> new NoSuchElementException(
                "the network has no node '" + name + "'; it has " + nodes.stream().map(Node::name).toList()));
    }

    /** Returns the parameters in the order in which they were added. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** Returns the parameters of a role, in order. */
    public List<Parameter> parameters(Role role) {
        return parameters.values().stream().filter(parameter -> parameter.role() == role).toList();
    }

    /** Returns the trained matrices that linear maps multiply by, biases left out, in order: what a method decomposes unless told otherwise. */
    public List<Parameter> weights() {
        Set<String> matrices = matrices();
        return parameters(Role.TRAINED).stream().filter(parameter -> matrices.contains(parameter.name())).toList();
    }

    /** Returns the names of the parameters that linear maps use and nothing else does. */
    public Set<String> matrices() {
        Set<String> matrices = new LinkedHashSet<>();
        nodes.stream().filter(Linear.class::isInstance).forEach(node -> matrices.addAll(node.uses()));
        nodes.stream().filter(node -> !(node instanceof Linear)).forEach(node -> node.uses().forEach(matrices::remove));
        return matrices;
    }

    /**
     * Returns the output on a batch, computed node by node: logits, if a softmax follows.
     *
     * @param x {@code [rows, inputs]}
     * @return {@code [rows, outputs]}, a new matrix
     * @throws IllegalArgumentException if x is of another width
     */
    public Matrix forward(Matrix x) {
        return LayeredPass.value(LayeredPass.values(this, x), nodes.get(nodes.size() - 1).name());
    }

    /**
     * Returns a parameter by its name.
     *
     * @throws NoSuchElementException if there is none of that name
     */
    public Parameter parameter(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new NoSuchElementException("the network has no parameter '" + name + "'; it has " + parameters.keySet());
        }
        return parameter;
    }

    /**
     * Returns the same network with other values of some parameters.
     *
     * @throws IllegalArgumentException if a shape differs or a value is not finite
     * @throws NoSuchElementException   if there is no parameter of a name
     */
    public Network with(Map<String, Matrix> values) {
        Map<String, Parameter> changed = new LinkedHashMap<>(parameters);
        values.forEach((name, matrix) -> {
            Parameter old = parameter(name);
            if (old.values().rows() != matrix.rows() || old.values().columns() != matrix.columns()) {
                throw new IllegalArgumentException("parameter '" + name + "' is " + old.values() + ", the new values are " + matrix);
            }
            changed.put(name, old.with(matrix));
        });
        return new Network(inputs, outputs, nodes, changed);
    }

    @Override
    public Summary summary() {
        return NetworkSummary.of(this);
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        return summary().toString();
    }
}
