package org.apd4j.explore.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apd4j.charts.internal.Palette;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.NodeBasis;

/**
 * All that the page of an interaction graph knows.
 *
 * @param title    the title
 * @param note     what to do with the graph
 * @param size     what the size of a node is, such as its effect Λ; empty if the basis has none
 * @param columns  the node layers, in order
 * @param sections the edges between two of them
 * @param modules  the modules of more than one node, the largest first
 * @param grey     the colour of edges between modules
 */
public record GraphData(String title, String note, String size, List<Column> columns, List<Section> sections, List<Module> modules, String grey) {

    /**
     * A node layer.
     *
     * @param layer its name
     * @param nodes from top to bottom
     */
    public record Column(String layer, List<Node> nodes) {
    }

    /**
     * A node.
     *
     * @param index  in its node layer
     * @param module its place among the modules
     * @param label  the largest term of its label
     * @param terms  the whole label
     * @param size   Λ, or the variance of a principal component; 0 if the basis has neither
     */
    public record Node(int index, int module, String label, String terms, double size) {
    }

    /**
     * The edges between the nodes of two columns.
     *
     * @param from     number of the column where they begin
     * @param to       number of the column where they end
     * @param strength {@code [nodes of to, nodes of from]} in the order of the columns, as base64
     */
    public record Section(int from, int to, String strength) {
    }

    /**
     * A module.
     *
     * @param nodes number of its nodes, drawn or not
     * @param color its colour
     */
    public record Module(int nodes, String color) {
    }

    /**
     * Returns what the page of a graph knows; the other parameters are those of {@link org.apd4j.explore.GraphExplorer#of}.
     *
     * @param title of the still picture
     */
    public static GraphData of(String title, InteractionBasis basis, InteractionGraph graph, InteractionModules modules,
            Map<String, List<FourierLabel>> labels, int most) {
        Map<String, List<InteractionModules.Node>> drawn = modules.columns(graph, most);
        List<String> layers = List.copyOf(drawn.keySet());
        List<NodeBasis> bases = layers.stream().map(basis::layer).toList();
        boolean hasEffects = bases.stream().allMatch(own -> own.effects().size() == own.nodes());
        boolean hasVariances = bases.stream().allMatch(own -> own.variances().size() == own.nodes());
        List<Column> columns = new ArrayList<>();
        for (NodeBasis own : bases) {
            List<FourierLabel> ofLayer = Objects.requireNonNull(labels.get(own.layer()));
            columns.add(new Column(own.layer(), Objects.requireNonNull(drawn.get(own.layer())).stream().map(node -> new Node(node.index(),
                    modules.moduleOf(node), ofLayer.get(node.index()).largest(), ofLayer.get(node.index()).toString(),
                    hasEffects ? own.effects().get(node.index()) : hasVariances ? own.variances().get(node.index()) : 0)).toList()));
        }
        List<Section> sections = graph.sections().stream().filter(section -> layers.contains(section.from()) && layers.contains(section.to()))
                .map(section -> section(section, layers, columns)).toList();
        List<Module> keys = IntStream.range(0, modules.larger().size())
                .mapToObj(m -> new Module(modules.larger().get(m).size(), BoardStart.hex(Palette.category(m)))).toList();
        return new GraphData(title, "Point at a node, or go to one with the tab and arrow keys, to see its strongest edges; a click or the "
                + "enter key holds it. The width of a line is the strength E of an edge, relative to the strongest of its section that is drawn; edges "
                + "inside a module have its colour, those between modules are grey. Nodes that are alone in their module are left out.",
                hasEffects ? "effect \u039b" : hasVariances ? "variance" : "", columns, sections, keys, BoardStart.hex(Palette.REFERENCE));
    }

    private static Section section(InteractionGraph.Edges edges, List<String> layers, List<Column> columns) {
        int from = layers.indexOf(edges.from());
        int to = layers.indexOf(edges.to());
        List<Node> inputs = columns.get(from).nodes();
        List<Node> outputs = columns.get(to).nodes();
        double[] strength = new double[inputs.size() * outputs.size()];
        for (int i = 0; i < outputs.size(); i++) {
            for (int j = 0; j < inputs.size(); j++) {
                strength[i * inputs.size() + j] = edges.strength().get(outputs.get(i).index(), inputs.get(j).index());
            }
        }
        return new Section(from, to, Values.base64(strength));
    }
}
