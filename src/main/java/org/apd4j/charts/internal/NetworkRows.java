package org.apd4j.charts.internal;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkDiagram.Edge;
import org.apd4j.charts.NetworkDiagram.Layer;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/**
 * Rows of panels that show networks as nodes and edges on one scale: red for positive and blue for negative weights, darker for a larger |weight|
 * (the paper's Figure 3, lower row, which has no signs), or coloured by the group that a weight belongs to and wider for a larger |weight| (the
 * hand-coded gated functions).
 */
public final class NetworkRows {

    private static final double INVISIBLE = 0.01;
    /** Width from which on the colours of edges can be told apart. */
    private static final double NARROWEST_OWNED = 390;
    private static final double OWNED_ASPECT = 0.72;
    private static final String SIGNED = "Edges are red for positive weights and blue for negative ones, darker the larger they are";
    /** Colour of a weight near 0, which white would hide. */
    private static final double LEAST_COLOR = 0.08;
    private static final Color FAINT = new Color(0xEDEDED);
    private static final double WIDEST_OWNED = 430;

    private static final Color NAME_GROUND = new Color(255, 255, 255, 215);

    private NetworkRows() {
    }

    /**
     * Returns networks with edges that are red for positive and blue for negative weights, darker the larger they are, one scale for all.
     *
     * @throws IllegalArgumentException if there is no network, or their layers differ
     */
    public static PanelRow row(List<NetworkDiagram> networks) {
        return row(networks, List.of());
    }

    /**
     * Returns the same with a legend for the colours of the features, unless there are too many to be told apart.
     *
     * @throws IllegalArgumentException if there is no network, or their layers differ
     */
    public static PanelRow rowOfFeatures(List<NetworkDiagram> networks) {
        check(networks);
        int features = networks.get(0).layers().stream().filter(Layer::features).mapToInt(Layer::size).max().orElse(0);
        return row(networks, features > Palette.categories() ? List.of() : IntStream.range(0, features)
                .mapToObj(i -> new Key("feature " + i, Palette.feature(i, features), Key.Mark.DOT)).toList());
    }

    private static PanelRow row(List<NetworkDiagram> networks, List<Key> keys) {
        double largest = check(networks);
        PanelRow.Cell cell = (pen, panel, width, height) -> paint(pen, networks.get(panel), width, height, edge -> true,
                NetworkRows::signed, largest, 0.6, 2.2);
        return row(networks, cell, Optional.of(signedBar(largest)), keys, largest, SIGNED, 1.05, PanelRow.NARROWEST, PanelRow.WIDEST);
    }

    /**
     * Returns networks in which the paths of one feature, from its input and to its output, have the colours of {@link #row} and all other edges are
     * faint.
     *
     * @param feature index of a node in the first and in the last layer
     * @param width   of a panel, in logical pixels
     * @throws IllegalArgumentException if there is no network, their layers differ, or they have no such feature
     */
    public static PanelRow rowOfFeature(List<NetworkDiagram> networks, int feature, double width) {
        check(networks);
        List<Layer> layers = networks.get(0).layers();
        int last = layers.size() - 1;
        if (feature < 0 || feature >= layers.get(0).size() || feature >= layers.get(last).size()) {
            throw new IllegalArgumentException("there is no feature " + feature + "; the networks have " + layers.get(0).size() + " inputs and "
                    + layers.get(last).size() + " outputs");
        }
        Predicate<Edge> own = edge -> edge.fromLayer() == 0 && edge.from() == feature || edge.toLayer() == last && edge.to() == feature;
        double largest = networks.stream().flatMap(network -> network.edges().stream()).filter(own).mapToDouble(edge -> Math.abs(edge.weight()))
                .filter(Double::isFinite).max().orElse(0);
        double scale = largest > 0 ? largest : 1;
        PanelRow.Cell cell = (pen, panel, wide, height) -> paint(pen, networks.get(panel), wide, height, own,
                (edge, strength) -> own.test(edge) ? signed(edge, Math.min(1, strength)) : FAINT, scale, 0.5, 2.6);
        return row(networks, cell, Optional.of(signedBar(scale)), List.of(), scale,
                "Only the edges of feature " + feature + " are in colour. " + SIGNED, 0.5, width, width);
    }

    private static Color signed(Edge edge, double strength) {
        return Palette.diverging(Math.signum(edge.weight()) * (LEAST_COLOR + (1 - LEAST_COLOR) * strength));
    }

    private static ColorBar signedBar(double largest) {
        return new ColorBar(Axis.exactly("weight", -largest, largest), t -> Palette.diverging(2 * t - 1));
    }

    /**
     * Returns networks with edges in the colours of their owners, wider the larger their |weight|, one scale for all. Edges without an
     * owner are purple.
     *
     * @param owners  names of the groups, [owners]
     * @param unowned what it means to have no owner, for the legend ("weight 0 in the target")
     * @throws IllegalArgumentException if there is no network, their layers differ, or an edge has an unknown owner
     */
    public static PanelRow rowByOwner(List<NetworkDiagram> networks, List<String> owners, String unowned) {
        double largest = check(networks);
        boolean homeless = false;
        for (NetworkDiagram network : networks) {
            for (Edge edge : network.edges()) {
                if (edge.owner() >= owners.size()) {
                    throw new IllegalArgumentException("network '" + network.name() + "' has an edge of owner " + edge.owner()
                            + ", there are " + owners.size() + " owners");
                }
                homeless |= edge.owner() < 0 && edge.weight() != 0;
            }
        }
        var keys = new ArrayList<Key>();
        for (int o = 0; o < owners.size(); o++) {
            keys.add(new Key(owners.get(o), Palette.feature(o, owners.size()), Key.Mark.LINE));
        }
        if (homeless) {
            keys.add(new Key(unowned, Palette.UNOWNED, Key.Mark.LINE));
        }
        PanelRow.Cell cell = (pen, panel, width, height) -> paint(pen, networks.get(panel), width, height, edge -> true,
                (edge, strength) -> edge.owner() < 0 ? Palette.UNOWNED : Palette.feature(edge.owner(), owners.size()),
                largest, 0.15, 2.6);
        return row(networks, cell, Optional.empty(), keys, largest, "Edges are wider the larger their |weight|, and dashed where it is negative",
                OWNED_ASPECT, NARROWEST_OWNED, WIDEST_OWNED);
    }

    @FunctionalInterface
    private interface EdgeColor {
        Color of(Edge edge, double strength);
    }

    private static PanelRow row(List<NetworkDiagram> networks, PanelRow.Cell cell, Optional<ColorBar> bar, List<Key> keys, double largest,
                                String rule, double aspect, double narrowest, double widestPanel) {
        List<Layer> layers = networks.get(0).layers();
        double widest = layers.stream().mapToDouble(layer -> Pen.width(layer.name(), Pen.TINY)).max().orElse(0);
        PanelRow.Side left = (pen, width, height) -> {
            for (int l = 0; l < layers.size(); l++) {
                pen.text(layers.get(l).name(), width - 6, down(l, layers.size(), height), Pen.END, Pen.MIDDLE, Pen.TINY, Pen.GREY);
            }
        };
        String description = "Networks with layers of " + String.join(", ", layers.stream().map(layer -> layer.size() + " ("
                + layer.name() + ")").toList()) + " nodes. " + rule + "; the largest is " + NumberText.of(largest) + ".";
        List<String> names = networks.stream().map(NetworkDiagram::name).toList();
        return new PanelRow(names, aspect, narrowest, widestPanel, cell, left, widest + 10, 0, bar, keys, numbers(networks), description);
    }

    private static double check(List<NetworkDiagram> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("there is no network to draw");
        }
        double largest = 0;
        for (NetworkDiagram network : networks) {
            if (!network.layers().equals(networks.get(0).layers())) {
                throw new IllegalArgumentException("networks '" + networks.get(0).name() + "' and '" + network.name()
                        + "' have different layers: " + networks.get(0).layers() + " and " + network.layers());
            }
            largest = Math.max(largest, network.largestWeight());
        }
        return largest > 0 ? largest : 1;
    }

    private static void paint(Pen pen, NetworkDiagram network, double width, double height, Predicate<Edge> above, EdgeColor color, double largest,
                              double thinnest, double widest) {
        List<Layer> layers = network.layers();
        var edges = new ArrayList<>(network.edges());
        // Large weights are drawn last, over small ones, and those that matter over the others.
        edges.sort(Comparator.comparing(above::test).thenComparingDouble(edge -> Math.abs(edge.weight())));
        for (Edge edge : edges) {
            double strength = Math.abs(edge.weight()) / largest;
            if (strength >= INVISIBLE && Double.isFinite(strength)) {
                var line = new Line2D.Double(across(edge.from(), layers.get(edge.fromLayer()), width), down(edge.fromLayer(), layers.size(), height),
                        across(edge.to(), layers.get(edge.toLayer()), width), down(edge.toLayer(), layers.size(), height));
                double thickness = above.test(edge) ? thinnest + (widest - thinnest) * Math.min(1, strength) : thinnest;
                // The colour says whose the edge is, or its sign; where it is the owner's, dashes say the sign.
                if (edge.owner() >= 0 && edge.weight() < 0) {
                    pen.drawDashed(line, color.of(edge, strength), thickness);
                } else {
                    pen.draw(line, color.of(edge, strength), thickness);
                }
            }
        }
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            double radius = Math.max(1.2, Math.min(5, 0.36 * width / layer.size()));
            for (int i = 0; i < layer.size(); i++) {
                double x = across(i, layer, width);
                double y = down(l, layers.size(), height);
                if (layer.features()) {
                    pen.disc(x, y, radius, Palette.feature(i, layer.size()));
                } else {
                    pen.disc(x, y, radius, Color.WHITE);
                    pen.draw(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), Pen.GREY, Math.min(1.2, radius / 3));
                }
                if (!layer.nodes().isEmpty()) {
                    nameNode(pen, layer.nodes().get(i), x + radius + 2, y);
                }
            }
        }
    }

    /** Writes a node's name on a light ground, since edges may pass behind it. */
    private static void nameNode(Pen pen, String name, double x, double y) {
        double half = 0.5 * Pen.height(Pen.TINY);
        pen.rectangle(x, y - half, Pen.width(name, Pen.TINY) + 4, 2 * half, NAME_GROUND);
        pen.text(name, x + 2, y, Pen.START, Pen.MIDDLE, Pen.TINY, Pen.BLACK);
    }

    private static double across(int node, Layer layer, double width) {
        return width * (node + 0.5) / layer.size();
    }

    private static double down(int layer, int layers, double height) {
        double margin = 8;
        return layers == 1 ? height / 2 : margin + (height - 2 * margin) * layer / (layers - 1);
    }

    private static Table numbers(List<NetworkDiagram> networks) {
        record Row(String panel, Edge edge, List<Layer> layers) {
        }

        List<Row> rows = networks.stream()
                .flatMap(network -> network.edges().stream().map(edge -> new Row(network.name(), edge, network.layers()))).toList();
        NumberTable table = NumberTable.named("network")
                .texts("panel", rows.stream().map(Row::panel).toList())
                .texts("from layer", rows.stream().map(row -> row.layers.get(row.edge.fromLayer()).name()).toList())
                .integers("from", rows.stream().mapToInt(row -> row.edge.from()).toArray())
                .texts("to layer", rows.stream().map(row -> row.layers.get(row.edge.toLayer()).name()).toList())
                .integers("to", rows.stream().mapToInt(row -> row.edge.to()).toArray())
                .numbers("weight", rows.stream().mapToDouble(row -> row.edge.weight()).toArray());
        boolean owned = IntStream.range(0, rows.size()).anyMatch(i -> rows.get(i).edge.owner() >= 0);
        return owned ? table.integers("owner", rows.stream().mapToInt(row -> row.edge.owner()).toArray()).build() : table.build();
    }
}
