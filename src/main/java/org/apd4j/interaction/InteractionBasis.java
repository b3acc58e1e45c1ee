package org.apd4j.interaction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.interaction.internal.Boundary;
import org.apd4j.interaction.internal.LayerBases;
import org.apd4j.interaction.internal.LayerBasis;

/**
 * The bases of the node layers of a network, computed from its activations and Jacobians on some samples. Immutable.
 *
 * <pre>{@code
 * SectionedNetwork network = SectionedNetwork.of(digitsRun.target().network());
 * InteractionBasis lib = InteractionBasis.of(network, network.nodeLayers(), Samples.of(digits), InteractionConfig.paper());
 * InteractionGraph graph = lib.graph();
 * }</pre>
 */
public final class InteractionBasis implements Summarized {

    private final SectionedNetwork network;
    private final InteractionConfig config;
    private final Samples samples;
    private final List<LayerBasis> layers;

    private InteractionBasis(SectionedNetwork network, InteractionConfig config, Samples samples, List<LayerBasis> layers) {
        this.network = network;
        this.config = config;
        this.samples = samples;
        this.layers = layers;
    }

    /**
     * Computes the bases of node layers.
     *
     * @param nodeLayers names of at least two node layers, in order
     * @throws IllegalArgumentException if a node layer is missing or out of order, the samples do not fit or are too few for a Gram matrix, an
     *                                  activation is not finite, or the threshold leaves nothing of a node layer
     */
    public static InteractionBasis of(SectionedNetwork network, List<String> nodeLayers, Samples samples, InteractionConfig config) {
        return of(network, nodeLayers, samples, samples, config);
    }

    /**
     * Computes the bases with means and Gram matrices of other, usually more samples.
     *
     * @throws IllegalArgumentException for the same reasons
     */
    public static InteractionBasis of(SectionedNetwork network, List<String> nodeLayers, Samples samples, Samples gramSamples,
            InteractionConfig config) {
        network.check(samples);
        network.check(gramSamples);
        List<Boundary> boundaries = network.boundaries(nodeLayers);
        if (config.rotateLast() && config.centred() && boundaries.get(boundaries.size() - 1).isOutput()) {
            throw new IllegalArgumentException("InteractionConfig.rotateLast is true, and the last node layer is '" + SectionedNetwork.OUTPUT
                    + "', which has no constant to centre with; end with an earlier node layer, or set rotateLast or centred to false");
        }
        return new InteractionBasis(network, config, samples, LayerBases.of(network.program(), boundaries, samples.inputs(), gramSamples.inputs(),
                config));
    }

    /** Returns the network. */
    public SectionedNetwork network() {
        return network;
    }

    /** Returns the settings. */
    public InteractionConfig config() {
        return config;
    }

    Samples samples() {
        return samples;
    }

    List<LayerBasis> found() {
        return layers;
    }

    /** Returns the names of the node layers, in order. */
    public List<String> nodeLayers() {
        return layers.stream().map(layer -> layer.boundary().name()).toList();
    }

    /** Returns the basis of every node layer, in order. */
    public List<NodeBasis> layers() {
        return layers.stream().map(NodeBasis::of).toList();
    }

    /**
     * Returns the basis of a node layer.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public NodeBasis layer(String name) {
        return NodeBasis.of(layers.get(index(name)));
    }

    int index(String name) {
        int index = nodeLayers().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("there is no basis of a node layer '" + name + "'; there are " + nodeLayers());
        }
        return index;
    }

    /** Computes the edges between neighbouring node layers, on the samples of the basis. */
    public InteractionGraph graph() {
        return InteractionGraph.of(this, samples);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("basis", config.basis().label());
        entries.put("samples", samples.toString());
        layers.forEach(layer -> entries.put(layer.boundary().name(), layer.nodes() + " nodes of " + layer.width()));
        return new Summary("Bases of node layers", entries);
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        return summary().toString();
    }
}
