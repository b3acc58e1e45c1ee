package org.apd4j.apd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Bias;
import org.apd4j.network.Network.Linear;
import org.apd4j.network.Network.Node;

/**
 * A layer whose output hidden reconstruction compares between the target and the sparse pass (step 5 of the {@linkplain org.apd4j.apd method}).
 *
 * <pre>{@code
 * ApdConfig config = ApdConfig.paperCompressedComputation().with(c -> c.hiddenLayers = List.of(new HiddenLayer("hidden.linear", true)));
 * }</pre>
 *
 * @param node      the name of a linear node whose parameter is decomposed
 * @param rectified whether ReLU is applied to both outputs before they are compared
 */
public record HiddenLayer(String node, boolean rectified) {

    /**
     * Returns the layers that are compared by default: the decomposed linear maps that feed the activation of a hidden layer, rectified; where
     * there are none, as in the toy model of superposition, all decomposed linear maps, not rectified.
     *
     * @param network    the network
     * @param parameters names of the decomposed parameters
     */
    public static List<HiddenLayer> of(Network network, Collection<String> parameters) {
        List<HiddenLayer> all = new ArrayList<>();
        List<HiddenLayer> activated = new ArrayList<>();
        Set<String> feeding = feedingHiddenActivations(network);
        for (Node node : network.nodes()) {
            if (node instanceof Linear linear && parameters.contains(linear.parameter())) {
                all.add(new HiddenLayer(node.name(), false));
                if (feeding.contains(node.name())) {
                    activated.add(new HiddenLayer(node.name(), true));
                }
            }
        }
        return activated.isEmpty() ? all : activated;
    }

    /** Returns the names of the nodes that feed an activation, other than the output's, directly or through biases only. */
    private static Set<String> feedingHiddenActivations(Network network) {
        Map<String, Node> byName = new HashMap<>();
        network.nodes().forEach(node -> byName.put(node.name(), node));
        Set<String> feeding = new HashSet<>();
        for (Node node : network.nodes().subList(0, outputOf(network))) {
            if (node instanceof Activate activate && activate.activation() != Activation.IDENTITY) {
                Node from = node(byName, activate.from());
                while (from instanceof Bias bias) {
                    from = node(byName, bias.from());
                }
                feeding.add(from.name());
            }
        }
        return feeding;
    }

    private static Node node(Map<String, Node> byName, String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /** Returns the index of the node that computes the output y: the last node, or the one before a final softmax. */
    private static int outputOf(Network network) {
        return network.nodes().size() - (network.isSoftmax() ? 2 : 1);
    }
}
