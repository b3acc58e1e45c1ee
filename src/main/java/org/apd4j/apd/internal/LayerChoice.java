package org.apd4j.apd.internal;

import java.util.List;
import java.util.Set;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
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
        Set<String> matrices = network.matrices();
        for (String name : config.parameters()) {
            if (!matrices.contains(name)) {
                throw new IllegalArgumentException("ApdConfig.parameters names '" + name + "', which is not the matrix of a linear map; choose from "
                        + matrices);
            }
        }
        List<Parameter> chosen = config.parameters().isEmpty() ? network.weights()
                : network.parameters().stream().filter(parameter -> config.parameters().contains(parameter.name())).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("the network has no trained matrix to decompose; name matrices in ApdConfig.parameters, from "
                    + matrices);
        }
        return chosen;
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
        List<String> names = parameters(network, config).stream().map(Parameter::name).toList();
        boolean usual = names.equals(network.weights().stream().map(Parameter::name).toList());
        boolean usuallyObserved = config.hiddenReconstruction() == 0 || config.hiddenLayers().equals(HiddenLayer.of(network, names));
        return config.with(c -> {
            c.parameters = usual ? List.of() : names;
            c.hiddenLayers = usuallyObserved ? List.of() : c.hiddenLayers;
        });
    }
}
