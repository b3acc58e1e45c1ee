package org.apd4j.network.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.LayerNorm;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.Nonlinearity;

/**
 * A forward pass that follows the description node by node: for one-off passes, and where multiplying out the fixed maps, as {@link DensePass}
 * does, would cost more than it saves.
 *
 * <pre>{@code
 * Matrix ones = Matrix.zeros(1, target.trained().network().inputs()).fill(1);
 * Matrix output = LayeredPass.values(target.trained().network(), ones).get("output");
 * }</pre>
 */
public final class LayeredPass {

    private LayeredPass() {
    }

    /**
     * Returns the value {@code [rows, width]} of every node by its name; that of a softmax node is its logits.
     *
     * @param x {@code [rows, inputs]}
     * @throws IllegalArgumentException if x is of another width
     */
    public static Map<String, Matrix> values(Network network, Matrix x) {
        if (x.columns() != network.inputs()) {
            throw new IllegalArgumentException("the inputs are " + x.columns() + " wide, the network takes " + network.inputs());
        }
        Map<String, Matrix> values = new HashMap<>();
        for (Node node : network.nodes()) {
            values.put(node.name(), value(node, network, x, values));
        }
        return values;
    }

    /** Returns the value of a node, by its name, that was computed before. */
    public static Matrix value(Map<String, Matrix> values, String node) {
        return Objects.requireNonNull(values.get(node), node);
    }

    private static Matrix value(Node node, Network network, Matrix x, Map<String, Matrix> values) {
        if (node instanceof Input) {
            return x;
        }
        Matrix from = value(values, node.reads().get(0));
        if (node instanceof Linear linear) {
            Matrix weights = network.parameter(linear.parameter()).values();
            return linear.transposed() ? Gemm.productTransposed(from, weights, Matrix.zeros(from.rows(), weights.rows()))
                    : Gemm.product(from, weights, Matrix.zeros(from.rows(), weights.columns()));
        }
        if (node instanceof Bias bias) {
            Matrix sum = from.copy();
            Activations.addConstant(network.parameter(bias.parameter()).values(), sum);
            return sum;
        }
        if (node instanceof Activate activate) {
            return applied(activate.activation(), from);
        }
        if (node instanceof Normalise norm) {
            return applied(new LayerNorm(network.parameter(norm.gain()).values(), network.parameter(norm.bias()).values(), norm.epsilon()), from);
        }
        if (node instanceof Sum sum) {
            Matrix both = from.copy();
            LinearMap.identity(both.columns()).addApplied(value(values, sum.right()), both);
            return both;
        }
        return from;
    }

    private static Matrix applied(Nonlinearity function, Matrix from) {
        Matrix values = Matrix.zeros(from.rows(), from.columns());
        function.apply(from, values);
        return values;
    }
}
