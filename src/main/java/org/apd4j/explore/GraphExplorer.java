package org.apd4j.explore;

import java.util.List;
import java.util.Map;
import org.apd4j.charts.Figure;
import org.apd4j.explore.internal.GraphData;
import org.apd4j.figures.InteractionFigures;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;

/**
 * The graph of a network's interactions: nodes in columns by node layer, sorted by module, with the edges between them. A node that is pointed at, or
 * reached with the keyboard, shows its label, its effect Λ and its strongest edges; a slider leaves weak edges out.
 *
 * <pre>{@code
 * InteractionModules modules = InteractionModules.of(interactions, graph, EdgeWeights.squareRoots(), 1, 0);
 * Map<String, List<FourierLabel>> labels = Map.of("ln1.0", FourierLabel.ofNodes(interactions, "ln1.0", 113));
 * GraphExplorer.of(interactions, graph, modules, labels, 30)
 * }</pre>
 */
public final class GraphExplorer extends PageOutput {

    private static final Form FORM = new Form("This is a still picture of an interaction graph. Where scripts may run, it is interactive: run the cell, "
            + "or trust the notebook, to see the edges of each node.",
            "graph", List.of("dom.js", "graph.js"), List.of("frame.css", "controls.css", "graph.css"));

    private GraphExplorer(GraphData data, Figure still) {
        super(data.title(), still, FORM, data);
    }

    /**
     * Returns the graph of the strongest nodes.
     *
     * @param basis   the nodes
     * @param graph   their edges
     * @param modules of the same graph; nodes that are alone in their module are left out
     * @param labels  by node layer, in the order of the nodes
     * @param most    the number of nodes of each node layer that are taken, strongest first; constants are left out
     * @throws IllegalArgumentException if {@code most} is below 1, or a node layer has no basis, no labels, or fewer labels than nodes that are drawn
     */
    public static GraphExplorer of(InteractionBasis basis, InteractionGraph graph, InteractionModules modules, Map<String, List<FourierLabel>> labels,
            int most) {
        Figure still = InteractionFigures.graph(graph, modules, labels, most);
        return new GraphExplorer(GraphData.of(still.title(), basis, graph, modules, labels, most), still);
    }
}
