package org.apd4j.apd.internal;

import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.decomposition.internal.ParameterChoice;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;

/** The choice of the parameters that are decomposed and of the layers that hidden reconstruction compares. */
public final class LayerChoice {

    private LayerChoice() {
    }

    /**
     * Returns the decomposed parameters in the network's order: those that the settings name, or else all weights of the network.
     *
     * @throws IllegalArgumentException if the settings name anything but the matrix of a linear map, or there is nothing to decompose
     */
    public static List<Parameter> parameters(Network network, ApdConfig config) {
        return ParameterChoice.of(network, config.parameters(), "ApdConfig.parameters");
    }

    /**
     * Returns the layers that hidden reconstruction compares, in the order of the graph's layers.
     *
     * @param graph the graph whose layers are the decomposed linear maps
     * @throws IllegalArgumentException if the settings name a node that is not a decomposed linear map
     */
    public static List<NetworkGraph.Observed> observed(NetworkGraph graph, ApdConfig config) {
        List<String> nodes = graph.layers().stream().map(NetworkGraph.Layer::node).toList();
        List<HiddenLayer> hidden = config.hiddenLayers().isEmpty()
                ? HiddenLayer.of(graph.network(), graph.layers().stream().map(NetworkGraph.Layer::parameter).toList()) : config.hiddenLayers();
        for (HiddenLayer layer : hidden) {
            if (!nodes.contains(layer.node())) {
                throw new IllegalArgumentException("ApdConfig.hiddenLayers names '" + layer.node()
                        + "', which is not a decomposed linear map; choose from " + nodes);
            }
        }
        return hidden.stream().map(layer -> new NetworkGraph.Observed(nodes.indexOf(layer.node()), layer.rectified())).toList();
    }

    /** Returns the settings without choices that are the default, so that naming a default and omitting it describe the same run. */
    public static ApdConfig withoutDefaults(Network network, ApdConfig config) {
        List<Parameter> chosen = parameters(network, config);
        List<String> names = chosen.stream().map(Parameter::name).toList();
        boolean usuallyObserved = config.hiddenReconstruction() == 0 || config.hiddenLayers().equals(HiddenLayer.of(network, names));
        return config.with(c -> {
            c.parameters = ParameterChoice.withoutDefault(network, chosen);
            c.hiddenLayers = usuallyObserved ? List.of() : c.hiddenLayers;
        });
    }
}
