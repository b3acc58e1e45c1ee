package org.apd4j.explore.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Network.Sum;
import org.apd4j.network.Parameter;

/**
 * A network and its components in a page, from which the page computes outputs node by node.
 *
 * <pre>{@code
 * NetworkData data = NetworkData.of(target.trained().network(), run.decomposition().components());
 * }</pre>
 *
 * @param nodes      the nodes in the order of their computation, each with its kind, its name, and what it reads and uses
 * @param parameters the target's parameters, by name
 * @param components the components of each decomposed parameter
 */
public record NetworkData(List<Map<String, Object>> nodes, Map<String, Values> parameters, List<Part> components) {

    /**
     * The components of one parameter: their factors, or their products where these take less room.
     *
     * @param parameter name of the parameter
     * @param in        d_in
     * @param out       d_out
     * @param rank      m, or 0 if products are stored
     * @param a         factors {@code A [C, d_in, m]}; empty if products are stored
     * @param b         factors {@code B [C, m, d_out]}, or products {@code P [C, d_in, d_out]}
     */
    public record Part(String parameter, int in, int out, int rank, String a, String b) {

        static Part of(Components components, Factors factors) {
            int in = factors.in();
            int out = factors.out();
            if (factors.rank() * (in + out) < in * out) {
                return new Part(factors.parameter(), in, out, factors.rank(), Values.base64(factors.a().toArray()),
                        Values.base64(factors.b().toArray()));
            }
            float[] products = new float[factors.components() * in * out];
            for (int c = 0; c < factors.components(); c++) {
                System.arraycopy(components.component(factors.parameter(), c).toArray(), 0, products, c * in * out, in * out);
            }
            return new Part(factors.parameter(), in, out, 0, "", Values.base64(products));
        }
    }

    /** Returns the number of floats that a page needs for a network and its components. */
    public static long floats(Network network, Components components) {
        long sum = network.parameters().stream().mapToLong(parameter -> parameter.values().size()).sum();
        for (Factors own : components.factors()) {
            sum += own.components() * Math.min((long) own.rank() * (own.in() + own.out()), (long) own.in() * own.out());
        }
        return sum;
    }

    /** Returns the description of a network and its components. */
    public static NetworkData of(Network network, Components components) {
        List<Map<String, Object>> nodes = new ArrayList<>();
        network.nodes().forEach(node -> nodes.add(describe(node)));
        Map<String, Values> parameters = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            parameters.put(parameter.name(), Values.of(parameter.values()));
        }
        return new NetworkData(nodes, parameters, components.factors().stream().map(own -> Part.of(components, own)).toList());
    }

    private static Map<String, Object> describe(Node node) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("name", node.name());
        if (node instanceof Input) {
            entries.put("op", "input");
        } else if (node instanceof Linear linear) {
            entries.putAll(Map.of("op", "linear", "from", linear.from(), "parameter", linear.parameter(), "transposed", linear.transposed()));
        } else if (node instanceof Bias bias) {
            entries.putAll(Map.of("op", "bias", "from", bias.from(), "parameter", bias.parameter()));
        } else if (node instanceof Activate activate) {
            entries.putAll(Map.of("op", "activate", "from", activate.from(), "activation",
                    activate.activation().name().toLowerCase(Locale.ROOT)));
        } else if (node instanceof Sum sum) {
            entries.putAll(Map.of("op", "sum", "left", sum.left(), "right", sum.right()));
        } else if (node instanceof Normalise norm) {
            entries.putAll(Map.of("op", "normalise", "from", norm.from(), "gain", norm.gain(), "bias", norm.bias(), "epsilon", norm.epsilon()));
        } else if (node instanceof Softmax softmax) {
            entries.putAll(Map.of("op", "softmax", "from", softmax.from()));
        }
        return entries;
    }
}
