package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.interaction.EdgeWeights.Above;
import org.apd4j.interaction.EdgeWeights.Searched;
import org.apd4j.interaction.internal.Leiden;
import org.apd4j.math.internal.Grid;

/**
 * The modules of an interaction graph: groups of nodes with strong edges inside and weak ones between, found by the Leiden algorithm (Traag, Waltman
 * and van Eck 2019). Nodes of all node layers but the logits take part; edges of constant nodes do not count.
 *
 * <pre>{@code
 * InteractionModules modules = InteractionModules.of(interactions, graph, EdgeWeights.squareRoots(), 1, 0);
 * System.out.println(modules.modularity() + " with " + modules.larger().size() + " modules");
 * }</pre>
 *
 * @param basis      the kind of basis that the nodes are of
 * @param resolution γ with which they were found
 * @param modules    the largest first; nodes without edges are modules of their own
 * @param modularity Q of the modules by Newman's definition, at most 1
 * @param edges      number of edges with a weight above 0
 * @param weight     sum of all weights
 */
public record InteractionModules(BasisKind basis, double resolution, List<List<Node>> modules, double modularity, int edges, double weight) {

    public InteractionModules {
        modules = modules.stream().map(List::copyOf).toList();
    }

    /**
     * A node.
     *
     * @param layer name of its node layer
     * @param index in its node layer
     */
    public record Node(String layer, int index) {
        @Override
        public String toString() {
            return layer + "." + index;
        }
    }

    /**
     * Looks for modules.
     *
     * @param resolution γ, above 0: larger values give smaller modules; the published graphs have 0.5 and 1
     * @param seed       of the order in which nodes are visited, on which the outcome depends a little
     * @throws IllegalArgumentException if the resolution is not above 0, a section has no search, or the edges are not those of the basis
     */
    public static InteractionModules of(InteractionBasis basis, InteractionGraph graph, EdgeWeights weights, double resolution, long seed) {
        if (!(resolution > 0 && resolution < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the resolution is " + resolution + "; it must be a finite number above 0");
        }
        List<Node> nodes = new ArrayList<>();
        Map<String, Integer> firstOf = new LinkedHashMap<>();
        for (NodeBasis layer : basis.layers()) {
            if (!layer.layer().equals(SectionedNetwork.OUTPUT)) {
                firstOf.put(layer.layer(), nodes.size());
                for (int i = 0; i < layer.nodes(); i++) {
                    nodes.add(new Node(layer.layer(), i));
                }
            }
        }
        int first = basis.config().centred() ? 1 : 0;
        List<Leiden.Edge> edges = new ArrayList<>();
        for (InteractionGraph.Edges section : graph.sections()) {
            Integer from = firstOf.get(section.from());
            Integer to = firstOf.get(section.to());
            if (from != null && to != null) {
                check(basis, section);
                double epsilon = epsilon(section, weights, first);
                Grid strength = section.strength();
                for (int i = first; i < strength.rows(); i++) {
                    for (int j = first; j < strength.columns(); j++) {
                        double weight = weights instanceof EdgeWeights.SquareRoots ? Math.sqrt(strength.get(i, j))
                                : Math.log10(strength.get(i, j) / epsilon);
                        if (weight > 0) {
                            edges.add(new Leiden.Edge(from + j, to + i, weight));
                        }
                    }
                }
            }
        }
        Leiden.Partition found = Leiden.partition(nodes.size(), edges, resolution, seed);
        Map<Integer, List<Node>> members = new LinkedHashMap<>();
        for (int v = 0; v < nodes.size(); v++) {
            members.computeIfAbsent(found.communities()[v], unused -> new ArrayList<>()).add(nodes.get(v));
        }
        List<List<Node>> modules = new ArrayList<>(members.values());
        modules.sort(Comparator.comparingInt((List<Node> module) -> module.size()).reversed());
        return new InteractionModules(basis.config().basis(), resolution, modules, found.modularity(), edges.size(),
                edges.stream().mapToDouble(Leiden.Edge::weight).sum());
    }

    private static void check(InteractionBasis basis, InteractionGraph.Edges section) {
        int rows = basis.layer(section.to()).nodes();
        int columns = basis.layer(section.from()).nodes();
        if (section.strength().rows() != rows || section.strength().columns() != columns) {
            throw new IllegalArgumentException("the edges from '" + section.from() + "' are " + section.strength() + "; the basis has nodes for ["
                    + rows + ", " + columns + "]");
        }
    }

    private static double epsilon(InteractionGraph.Edges section, EdgeWeights weights, int first) {
        if (weights instanceof Above above) {
            return above.epsilon();
        }
        if (!(weights instanceof Searched searched)) {
            return 1;
        }
        Grid mask = searched.searches().stream().filter(search -> search.layer().equals(section.from())).findFirst().orElseThrow(
                () -> new IllegalArgumentException("there is no search for the edges from '" + section.from() + "'; there are searches from "
                        + searched.searches().stream().map(EdgeSearch::layer).toList())).mask();
        Grid strength = section.strength();
        if (mask.rows() != strength.rows() || mask.columns() != strength.columns()) {
            throw new IllegalArgumentException("the search for the edges from '" + section.from() + "' has a mask " + mask + "; the edges are "
                    + strength);
        }
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = first; i < mask.rows(); i++) {
            for (int j = first; j < mask.columns(); j++) {
                smallest = mask.get(i, j) != 0 ? Math.min(smallest, strength.get(i, j)) : smallest;
            }
        }
        return smallest;
    }

    /** Returns the modules of more than one node, the largest first. */
    public List<List<Node>> larger() {
        return modules.stream().filter(module -> module.size() > 1).toList();
    }

    /** Returns the place of a node's module among those of more than one node, the largest first; −1 if the node is in none of them. */
    public int moduleOf(Node node) {
        List<List<Node>> larger = larger();
        return IntStream.range(0, larger.size()).filter(m -> larger.get(m).contains(node)).findFirst().orElse(-1);
    }

    /**
     * Returns the nodes to be drawn: those of each node layer that has modules, in the order of the network, sorted by module and then by index.
     * Constants and nodes that are alone in their module are left out.
     *
     * @param graph the graph of the modules
     * @param most  the number of nodes of each node layer that are considered, strongest first
     * @throws IllegalArgumentException if {@code most} is below 1
     */
    public Map<String, List<Node>> columns(InteractionGraph graph, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("the number of nodes drawn of each node layer is " + most + "; it must be at least 1");
        }
        Map<Node, Integer> place = new HashMap<>();
        List<List<Node>> larger = larger();
        for (int m = 0; m < larger.size(); m++) {
            for (Node node : larger.get(m)) {
                place.put(node, m);
            }
        }
        Set<String> layers = new HashSet<>();
        modules.forEach(module -> module.forEach(node -> layers.add(node.layer())));
        Map<String, List<Node>> columns = new LinkedHashMap<>();
        for (InteractionGraph.Edges section : graph.sections()) {
            Map<String, Integer> sizes = new LinkedHashMap<>();
            sizes.put(section.from(), section.strength().columns());
            sizes.put(section.to(), section.strength().rows());
            sizes.forEach((layer, size) -> {
                if (layers.contains(layer)) {
                    columns.put(layer, IntStream.rangeClosed(1, Math.min(most, size - 1)).mapToObj(index -> new Node(layer, index))
                            .filter(place::containsKey).sorted(Comparator.comparing((Node node) -> place.get(node)).thenComparing(Node::index)).toList());
                }
            });
        }
        return columns;
    }

    /** The sizes of the modules of more than one node, and Q: {@code 3 modules, of 10, 9 and 8 nodes; modularity 0.3352}. */
    @Override
    public String toString() {
        List<String> sizes = larger().stream().map(module -> Integer.toString(module.size())).toList();
        int last = sizes.size() - 1;
        String text = last < 0 ? "no module of more than one node" : last == 0 ? "one module of " + sizes.get(0) + " nodes"
                : sizes.size() + " modules, of " + String.join(", ", sizes.subList(0, last)) + " and " + sizes.get(last) + " nodes";
        // the sum of roundings that should be 0 is no number to read
        return text + "; modularity " + (Math.abs(modularity) < 5e-5 ? "0" : String.format(Locale.ROOT, "%.4f", modularity));
    }
}
