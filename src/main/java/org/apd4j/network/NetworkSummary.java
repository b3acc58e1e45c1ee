package org.apd4j.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apd4j.Summary;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Input;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.Parameter.Role;

/**
 * A description of a network in words: node by node, and what of it is trained.
 *
 * <pre>{@code
 * NetworkSummary.title(target.trained().network())
 * }</pre>
 */
public final class NetworkSummary {

    private NetworkSummary() {
    }

    static Summary of(Network network) {
        Map<String, String> entries = new LinkedHashMap<>();
        Map<String, Integer> widths = widths(network);
        for (Node node : network.nodes()) {
            entries.put(node.name(), described(node, network) + "  → " + widths.get(node.name()));
        }
        for (Role role : Role.values()) {
            List<Parameter> parameters = network.parameters(role);
            if (!parameters.isEmpty()) {
                entries.put(role.name().toLowerCase(Locale.ROOT), String.format(Locale.ROOT, "%,d values: ",
                        parameters.stream().mapToLong(parameter -> parameter.values().size()).sum())
                        + parameters.stream().map(parameter -> parameter.name() + " " + parameter.values()).collect(Collectors.joining(", ")));
            }
        }
        return new Summary(title(network), entries);
    }

    /** Returns the network's widths in one line. */
    public static String title(Network network) {
        return "Network " + network.inputs() + " → " + network.outputs() + (network.isSoftmax() ? " (logits)" : "");
    }

    /** Returns the width of every node's value, by the node's name. */
    public static Map<String, Integer> widths(Network network) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (Node node : network.nodes()) {
            int width = network.inputs();
            if (node instanceof Linear linear) {
                var values = network.parameter(linear.parameter()).values();
                width = linear.transposed() ? values.rows() : values.columns();
            } else if (!(node instanceof Input)) {
                width = Objects.requireNonNull(widths.get(node.reads().get(0)), node.name());
            }
            widths.put(node.name(), width);
        }
        return widths;
    }

    /** Returns what a node computes, and whether its weights are fixed. */
    public static String described(Node node, Network network) {
        boolean fixed = node instanceof Linear linear && network.parameter(linear.parameter()).role() == Role.FIXED;
        return formula(node) + (fixed ? " (fixed)" : "");
    }

    /** Returns what a node computes. */
    public static String formula(Node node) {
        if (node instanceof Input) {
            return "x";
        }
        String from = node.reads().get(0);
        if (node instanceof Linear linear) {
            return from + " · " + linear.parameter() + (linear.transposed() ? "ᵀ" : "");
        }
        if (node instanceof Bias bias) {
            return from + " + " + bias.parameter();
        }
        if (node instanceof Activate activate) {
            return activate.activation().label() + "(" + from + ")";
        }
        if (node instanceof Normalise) {
            return "layer norm(" + from + ")";
        }
        return node instanceof Softmax ? "softmax(" + from + ")" : from + " + " + node.reads().get(1);
    }
}
