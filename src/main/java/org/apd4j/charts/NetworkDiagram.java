package org.apd4j.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A layered network as nodes and weighted edges, for {@link NetworkPanels}.
 *
 * <pre>{@code
 * double[][] weights = {{1, -1}, {0.5, 0}}; // [inputs, outputs]
 * var diagram = NetworkDiagram.dense("two by two", List.<double[][]>of(weights));
 * }</pre>
 *
 * @param name   of its panel
 * @param layers from input to output
 * @param edges  between any two layers, each from a lower to a higher one
 */
public record NetworkDiagram(String name, List<Layer> layers, List<Edge> edges) {

    /**
     * A layer of nodes.
     *
     * @param name     label beside the layer
     * @param size     number of nodes, 1 or more
     * @param features whether node i is feature i, and has its colour
     * @param nodes    a name beside each node, or none at all
     */
    public record Layer(String name, int size, boolean features, List<String> nodes) {

        public Layer {
            Objects.requireNonNull(name, "name");
            nodes = List.copyOf(nodes);
            if (size < 1) {
                throw new IllegalArgumentException("layer '" + name + "' has " + size + " nodes, it needs 1 or more");
            }
            if (!nodes.isEmpty() && nodes.size() != size) {
                throw new IllegalArgumentException("layer '" + name + "' has " + size + " nodes and " + nodes.size()
                        + " names for them; it needs one for each, or none");
            }
        }

        /** Makes a layer of nodes without names. */
        public Layer(String name, int size, boolean features) {
            this(name, size, features, List.of());
        }

        /** Returns a layer of nodes with names that are not features. */
        public static Layer named(String name, List<String> nodes) {
            return new Layer(name, nodes.size(), false, nodes);
        }
    }

    /**
     * A weight between two nodes.
     *
     * @param owner index of the group that the weight belongs to, or {@link #NO_OWNER}
     */
    public record Edge(int fromLayer, int from, int toLayer, int to, double weight, int owner) {

        /** The owner of an edge that belongs to no group. */
        public static final int NO_OWNER = -1;
    }

    public NetworkDiagram {
        Objects.requireNonNull(name, "name");
        layers = List.copyOf(layers);
        edges = List.copyOf(edges);
        for (Edge edge : edges) {
            if (edge.fromLayer < 0 || edge.toLayer >= layers.size() || edge.fromLayer >= edge.toLayer
                    || edge.from < 0 || edge.from >= layers.get(edge.fromLayer).size
                    || edge.to < 0 || edge.to >= layers.get(edge.toLayer).size) {
                throw new IllegalArgumentException("network '" + name + "' has no nodes for " + edge);
            }
        }
    }

    /**
     * Returns a network whose neighbouring layers are fully connected; its first and last layer are features.
     *
     * @param weights one matrix [from, to] for each pair of neighbouring layers
     * @throws IllegalArgumentException if the shapes of neighbouring matrices do not match
     */
    public static NetworkDiagram dense(String name, List<double[][]> weights) {
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("network '" + name + "' has no weights; it needs at least one matrix");
        }
        var layers = new ArrayList<Layer>();
        var edges = new ArrayList<Edge>();
        layers.add(new Layer("in", weights.get(0).length, true));
        for (int l = 0; l < weights.size(); l++) {
            double[][] matrix = weights.get(l);
            int from = layers.get(l).size;
            int to = matrix.length == 0 ? 0 : matrix[0].length;
            if (matrix.length != from) {
                throw new IllegalArgumentException("network '" + name + "': weights " + l + " are [" + matrix.length + ", " + to
                        + "], the layer before has " + from + " nodes");
            }
            boolean last = l == weights.size() - 1;
            layers.add(new Layer(last ? "out" : weights.size() == 2 ? "hidden" : "hidden " + (l + 1), to, last));
            for (int i = 0; i < from; i++) {
                if (matrix[i].length != to) {
                    throw new IllegalArgumentException("network '" + name + "': row " + i + " of weights " + l + " has "
                            + matrix[i].length + " entries, the first has " + to);
                }
                for (int o = 0; o < to; o++) {
                    edges.add(new Edge(l, i, l + 1, o, matrix[i][o], Edge.NO_OWNER));
                }
            }
        }
        return new NetworkDiagram(name, layers, edges);
    }

    public double largestWeight() {
        return edges.stream().mapToDouble(edge -> Math.abs(edge.weight)).filter(Double::isFinite).max().orElse(0);
    }
}
