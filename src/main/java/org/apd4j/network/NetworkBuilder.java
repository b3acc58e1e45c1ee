package org.apd4j.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Objects;
import java.util.Set;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.Parameter.Role;

/**
 * A builder of networks, node by node; every call names the node, then the nodes that it is computed from. A node can only be computed from earlier
 * ones, so no cycle can arise. A call that is refused leaves the builder as it was.
 *
 * <pre>{@code
 * Network small = Network.builder(3)
 *         .dense("hidden", "input", 5, RandomStream.of(0))
 *         .activation("gelu", "hidden", Activation.GELU)
 *         .dense("output", "gelu", 2, RandomStream.of(1))
 *         .build();
 * }</pre>
 */
public final class NetworkBuilder {

    private final int inputs;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> widths = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    NetworkBuilder(int inputs) {
        if (inputs < 1) {
            throw new IllegalArgumentException("a network needs at least one input, not " + inputs);
        }
        this.inputs = inputs;
        add(new Input("input"), inputs);
    }

    /**
     * Adds a parameter, a matrix {@code [d_in, d_out]} or a bias {@code [1, d_out]}, that nodes can use by its name.
     *
     * @throws IllegalArgumentException if there is one of that name, it is empty, or a value is not finite
     */
    public NetworkBuilder parameter(String name, Role role, Matrix values) {
        if (parameters.putIfAbsent(name, new Parameter(name, role, values)) != null) {
            throw twoParameters(name);
        }
        return this;
    }

    private static IllegalArgumentException twoParameters(String name) {
        return new IllegalArgumentException("there are two parameters '" + name + "'");
    }

    /**
     * {@code from · W}, or {@code from · Wᵀ}.
     *
     * @throws IllegalArgumentException if there is no such node or parameter, or they do not fit
     */
    public NetworkBuilder linear(String name, String from, String parameter, boolean transposed) {
        Matrix weights = values(parameter);
        int in = transposed ? weights.columns() : weights.rows();
        int out = transposed ? weights.rows() : weights.columns();
        if (width(from) != in) {
            throw doesNotFit(name, from, parameter, weights, transposed);
        }
        return add(new Linear(name, from, parameter, transposed), out);
    }

    private IllegalArgumentException doesNotFit(String name, String from, String parameter, Matrix weights, boolean transposed) {
        return new IllegalArgumentException("'" + name + "' multiplies '" + from + "', which is " + width(from) + " wide, by '" + parameter
                + "' " + weights + (transposed ? " transposed" : "") + ", which takes " + (transposed ? weights.columns() : weights.rows())
                + ((transposed ? weights.rows() : weights.columns()) != width(from) ? ""
                : "; the other way round it would fit (weights are [in, out] here, PyTorch's Linear stores [out, in])"));
    }

    /**
     * {@code from · W + b}: the parameters {@code name.weight} and {@code name.bias}, both trained, and the nodes {@code name.linear}
     * and {@code name}; without a bias only {@code name}.
     *
     * @param weights {@code [in, out]}
     * @param bias    {@code [1, out]}, or null for none
     * @throws IllegalArgumentException if there is no such node, or shapes do not fit
     */
    public NetworkBuilder dense(String name, String from, Matrix weights, Matrix bias) {
        String parameter = name + ".weight";
        if (width(from) != weights.rows()) {
            throw doesNotFit(name, from, parameter, weights, false);
        }
        if (bias != null && (bias.rows() != 1 || bias.columns() != weights.columns())) {
            throw new IllegalArgumentException("'" + name + "' has weights " + weights + " and a bias " + bias + ", which should be [1, "
                    + weights.columns() + "]");
        }
        // all that can be refused comes before the first change
        for (String node : bias == null ? List.of(name) : List.of(name + ".linear", name)) {
            if (widths.containsKey(node)) {
                throw twoNodes(node);
            }
        }
        List<Parameter> all = new ArrayList<>(List.of(new Parameter(parameter, Role.TRAINED, weights)));
        if (bias != null) {
            all.add(new Parameter(name + ".bias", Role.TRAINED, bias));
        }
        for (Parameter own : all) {
            if (parameters.containsKey(own.name())) {
                throw twoParameters(own.name());
            }
        }
        all.forEach(own -> parameters.put(own.name(), own));
        if (bias == null) {
            return linear(name, from, parameter, false);
        }
        return linear(name + ".linear", from, parameter, false).bias(name, name + ".linear", name + ".bias");
    }

    /**
     * The same at a random start, to be trained or to be given weights later: W uniform in {@code ±√(6 / in)} (He et al. 2015), b = 0.
     *
     * @param width of the output
     */
    public NetworkBuilder dense(String name, String from, int width, RandomStream random) {
        Matrix weights = Matrix.zeros(width(from), width);
        double bound = Math.sqrt(6.0 / weights.rows());
        for (int i = 0; i < weights.size(); i++) {
            weights.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return dense(name, from, weights, Matrix.zeros(1, width));
    }

    /** {@code from + b}. */
    public NetworkBuilder bias(String name, String from, String parameter) {
        Matrix bias = values(parameter);
        if (bias.rows() != 1 || bias.columns() != width(from)) {
            throw new IllegalArgumentException("'" + name + "' adds '" + parameter + "' " + bias + " to '" + from + "', which needs [1, "
                    + width(from) + "]");
        }
        return add(new Bias(name, from, parameter), width(from));
    }

    /** The activation of every value. */
    public NetworkBuilder activation(String name, String from, Activation activation) {
        return add(new Activate(name, from, activation), width(from));
    }

    /** {@code left + right}. */
    public NetworkBuilder sum(String name, String left, String right) {
        if (width(left) != width(right)) {
            throw new IllegalArgumentException("'" + name + "' adds '" + left + "', " + width(left) + " wide, and '" + right + "', "
                    + width(right) + " wide");
        }
        return add(new Sum(name, left, right), width(left));
    }

    /**
     * Layer norm of every row of {@code from}.
     *
     * @param gain    a fixed parameter {@code [1, width]}; ones for none
     * @param bias    a fixed parameter {@code [1, width]}; zeros for none
     * @param epsilon added to the variance, above 0; PyTorch's is 1e-5
     * @throws IllegalArgumentException if there is no such node or parameter, they do not fit, or the parameters are not fixed
     */
    public NetworkBuilder layerNorm(String name, String from, String gain, String bias, double epsilon) {
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException("the epsilon of '" + name + "' is " + epsilon + "; it must be finite and above 0");
        }
        for (String parameter : List.of(gain, bias)) {
            Matrix values = values(parameter);
            Role role = Objects.requireNonNull(parameters.get(parameter)).role();
            if (values.rows() != 1 || values.columns() != width(from)) {
                throw new IllegalArgumentException("'" + name + "' uses '" + parameter + "' " + values + " on '" + from + "', which needs [1, "
                        + width(from) + "]");
            }
            if (role != Role.FIXED) {
                throw new IllegalArgumentException("'" + parameter + "' of the layer norm '" + name + "' is " + role
                        + "; it must be FIXED");
            }
        }
        return add(new Normalise(name, from, gain, bias, epsilon), width(from));
    }

    /**
     * Says that the output {@code from} are logits; the last node.
     *
     * @throws IllegalArgumentException if there is no such node, or it has one value only, whose softmax is 1 whatever it is
     */
    public NetworkBuilder softmax(String name, String from) {
        if (width(from) < 2) {
            throw new IllegalArgumentException("the softmax '" + name + "' of '" + from + "', which is 1 wide, is 1 whatever the value; it needs at least two");
        }
        return add(new Softmax(name, from), width(from));
    }

    /**
     * Returns the network; its output is the node that was added last.
     *
     * @throws IllegalArgumentException if a node does not lead to the output, or a parameter is not used
     */
    public Network build() {
        Node output = nodes.get(nodes.size() - 1);
        Set<String> unread = new LinkedHashSet<>(widths.keySet());
        Set<String> unused = new LinkedHashSet<>(parameters.keySet());
        unread.remove(output.name());
        for (Node node : nodes) {
            unread.removeAll(node.reads());
            unused.removeAll(node.uses());
        }
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("nothing reads " + unread + "; every node but the output, which is '" + output.name()
                    + "', the last, must lead to it");
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("no node uses the parameters " + unused);
        }
        return new Network(inputs, width(output.name()), nodes, parameters);
    }

    private NetworkBuilder add(Node node, int width) {
        if (nodes.size() > 0 && nodes.get(nodes.size() - 1) instanceof Softmax last) {
            throw new IllegalArgumentException("'" + node.name() + "' comes after the softmax '" + last.name() + "', which must be the last node");
        }
        if (widths.putIfAbsent(Objects.requireNonNull(node.name(), "name"), width) != null) {
            throw twoNodes(node.name());
        }
        nodes.add(node);
        return this;
    }

    private static IllegalArgumentException twoNodes(String node) {
        return new IllegalArgumentException("there are two nodes '" + node + "'");
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

    @Override
    public String toString() {
        return inputs + " inputs, " + String.join(", ", widths.keySet());
    }
}
