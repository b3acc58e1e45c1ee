package org.apd4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apd4j.kernel.Matrix;
import org.apd4j.network.Parameter.Role;

/**
 * A feed-forward network: an immutable list of nodes, each computed from earlier ones, and the parameters that they use.
 *
 * <p>This is all that the rest of the library knows of a network. Whatever makes its passes fast is derived from it, see
 * {@link Wiring}. Rows are samples: a linear map computes {@code h = x · W} with {@code W [d_in, d_out]}.
 *
 * <pre>{@code
 * Network tms = Network.builder(5)
 *         .parameter("W", Parameter.Role.DECOMPOSED, w)
 *         .parameter("b", Parameter.Role.TRAINED, b)
 *         .linear("linear1", "input", "W", false)
 *         .linear("linear2", "linear1", "W", true)
 *         .bias("sum", "linear2", "b")
 *         .activation("output", "sum", Activation.RELU)
 *         .build();
 * }</pre>
 */
public final class Network {

    /** A value of the network: what it is computed from. */
    public sealed interface Node {
        /** Its name, unique in the network. */
        String name();
    }

    /** The network's input {@code x}. */
    public record Input(String name) implements Node {
    }

    /** {@code from · W}, or {@code from · Wᵀ} when transposed. */
    public record Linear(String name, String from, String parameter, boolean transposed) implements Node {
    }

    /** {@code from + b}. */
    public record Bias(String name, String from, String parameter) implements Node {
    }

    /** The activation of every value of {@code from}. */
    public record Activate(String name, String from, Activation activation) implements Node {
    }

    /** {@code left + right}: a residual connection. */
    public record Sum(String name, String left, String right) implements Node {
    }

    /**
     * A layer whose output hidden reconstruction compares (method: hidden reconstruction).
     *
     * @param node      name of the linear node
     * @param rectified whether ReLU is taken of both sides before they are compared
     */
    public record Observed(String node, boolean rectified) {
    }

    private final int inputs;
    private final int outputs;
    private final List<Node> nodes;
    private final Map<String, Parameter> parameters;
    private final List<Observed> observed;

    private Network(int inputs, int outputs, List<Node> nodes, Map<String, Parameter> parameters, List<Observed> observed) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.nodes = List.copyOf(nodes);
        this.parameters = new LinkedHashMap<>(parameters);
        this.observed = List.copyOf(observed);
    }

    /** Begins a network with {@code inputs} input values; its input node is called {@code "input"}. */
    public static Builder builder(int inputs) {
        return new Builder(inputs);
    }

    /** Width of the input. */
    public int inputs() {
        return inputs;
    }

    /** Width of the output. */
    public int outputs() {
        return outputs;
    }

    /** The nodes in the order of their computation; the last is the output. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The parameters in the order in which they were given. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** The parameters that may be decomposed, or trained, or neither. */
    public List<Parameter> parameters(Role role) {
        return parameters.values().stream().filter(parameter -> parameter.role() == role).toList();
    }

    /**
     * A parameter by its name.
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

    /** The layers that hidden reconstruction compares. */
    public List<Observed> observed() {
        return observed;
    }

    /**
     * The same network with other values of some parameters.
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
        return new Network(inputs, outputs, nodes, changed, observed);
    }

    /** Builds a network node by node; every call names the node, then what it is computed from. */
    public static final class Builder {

        private final int inputs;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, Integer> widths = new LinkedHashMap<>();
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final List<Observed> observed = new ArrayList<>();

        private Builder(int inputs) {
            if (inputs < 1) {
                throw new IllegalArgumentException("a network needs at least one input, not " + inputs);
            }
            this.inputs = inputs;
            add(new Input("input"), inputs);
        }

        /** Gives a matrix {@code [d_in, d_out]} or a bias {@code [1, d_out]} that nodes can use by its name. */
        public Builder parameter(String name, Role role, Matrix values) {
            if (parameters.putIfAbsent(name, new Parameter(name, role, values)) != null) {
                throw new IllegalArgumentException("there are two parameters '" + name + "'");
            }
            return this;
        }

        /** {@code from · W}, or {@code from · Wᵀ}. */
        public Builder linear(String name, String from, String parameter, boolean transposed) {
            Matrix weights = values(parameter);
            int in = transposed ? weights.columns() : weights.rows();
            int out = transposed ? weights.rows() : weights.columns();
            if (width(from) != in) {
                throw new IllegalArgumentException("'" + name + "' multiplies '" + from + "', which is " + width(from) + " wide, by '"
                        + parameter + "' " + weights + (transposed ? " transposed" : "") + ", which takes " + in);
            }
            return add(new Linear(name, from, parameter, transposed), out);
        }

        /** {@code from + b}. */
        public Builder bias(String name, String from, String parameter) {
            Matrix bias = values(parameter);
            if (bias.rows() != 1 || bias.columns() != width(from)) {
                throw new IllegalArgumentException("'" + name + "' adds '" + parameter + "' " + bias + " to '" + from + "', which needs [1, "
                        + width(from) + "]");
            }
            if (parameters.get(parameter).role() == Role.DECOMPOSED) {
                throw new IllegalArgumentException("bias '" + parameter + "' cannot be decomposed; make it TRAINED or FIXED");
            }
            return add(new Bias(name, from, parameter), width(from));
        }

        /** The activation of every value. */
        public Builder activation(String name, String from, Activation activation) {
            return add(new Activate(name, from, activation), width(from));
        }

        /** {@code left + right}. */
        public Builder sum(String name, String left, String right) {
            if (width(left) != width(right)) {
                throw new IllegalArgumentException("'" + name + "' adds '" + left + "', " + width(left) + " wide, and '" + right + "', "
                        + width(right) + " wide");
            }
            return add(new Sum(name, left, right), width(left));
        }

        /** Marks a linear node for hidden reconstruction. */
        public Builder observe(String node, boolean rectified) {
            width(node);
            observed.add(new Observed(node, rectified));
            return this;
        }

        /**
         * The network; its output is the node that was added last.
         *
         * @throws IllegalArgumentException if nothing is decomposed
         */
        public Network build() {
            if (parameters.values().stream().noneMatch(parameter -> parameter.role() == Role.DECOMPOSED)) {
                throw new IllegalArgumentException("no parameter of the network is DECOMPOSED");
            }
            Node output = nodes.get(nodes.size() - 1);
            return new Network(inputs, width(output.name()), nodes, parameters, observed);
        }

        private Builder add(Node node, int width) {
            if (widths.putIfAbsent(node.name(), width) != null) {
                throw new IllegalArgumentException("there are two nodes '" + node.name() + "'");
            }
            nodes.add(node);
            return this;
        }

        private int width(String node) {
            Integer width = widths.get(node);
            if (width == null) {
                throw new IllegalArgumentException("there is no node '" + node + "' yet; there are " + widths.keySet());
            }
            return width;
        }

        private Matrix values(String parameter) {
            Parameter found = parameters.get(parameter);
            if (found == null) {
                throw new IllegalArgumentException("there is no parameter '" + parameter + "'; there are " + parameters.keySet());
            }
            return found.values();
        }
    }
}
