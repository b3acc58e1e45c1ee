package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.interaction.internal.EdgeSums;
import org.apd4j.interaction.internal.LayerBasis;
import org.apd4j.math.internal.Grid;

/**
 * The edges between the nodes of neighbouring node layers.
 *
 * <pre>{@code
 * double strength = graph.from("layers.0").strength().get(2, 1); // of node 1 on node 2 of the next node layer
 * }</pre>
 *
 * @param sections the edges of each section, in order
 */
public record InteractionGraph(List<Edges> sections) {

    public InteractionGraph {
        sections = List.copyOf(sections);
    }

    /**
     * The edges of a section.
     *
     * @param from     name of the earlier node layer
     * @param to       name of the later node layer
     * @param strength E {@code [n_out, n_in]}: row i, column j for the effect of node j on node i
     */
    public record Edges(String from, String to, Grid strength) {
        @Override
        public String toString() {
            return from + " → " + to + ": " + strength;
        }
    }

    /**
     * Computes the edges of a basis.
     *
     * @throws IllegalArgumentException if the samples do not fit the network
     */
    public static InteractionGraph of(InteractionBasis basis, Samples samples) {
        basis.network().check(samples);
        List<LayerBasis> layers = basis.found();
        List<Edges> sections = new ArrayList<>();
        for (int l = 0; l + 1 < layers.size(); l++) {
            sections.add(new Edges(layers.get(l).boundary().name(), layers.get(l + 1).boundary().name(), EdgeSums.of(basis.network().program(),
                    layers.get(l), layers.get(l + 1), samples.inputs(), basis.config(), EdgeSums.signs(basis.config(), l)).toGrid()));
        }
        return new InteractionGraph(sections);
    }

    /**
     * Returns the edges that begin at a node layer.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Edges from(String layer) {
        return sections.stream().filter(section -> section.from().equals(layer)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "no edges begin at a node layer '" + layer + "'; they begin at " + sections.stream().map(Edges::from).toList()));
    }

    @Override
    public String toString() {
        return sections.toString();
    }
}
