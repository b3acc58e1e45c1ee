package org.apd4j.figures;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.Pen;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.InteractionModules.Node;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/** The picture of an interaction graph, that {@link InteractionFigures#graph} offers. XChart has no graphs. */
final class InteractionGraphFigure {

    /** What the box of a node holds beside its number. */
    private enum Box {
        LABELLED(214), PLAIN(66);

        final double width;

        Box(double width) {
            this.width = width;
        }
    }

    private static final double GAP = 170;
    private static final double LINE = 19;
    private static final double BETWEEN_MODULES = 7;
    private static final double TOP = 26;
    private static final double WIDEST = 6;
    /** Edges below this part of the strongest of their section are not drawn. */
    private static final double FAINTEST = 0.01;

    private InteractionGraphFigure() {
    }

    /** A node with its place in the picture. */
    private record Drawn(Node node, int module, String label, double x, double y) {
    }

    private record Line(Drawn from, Drawn to, double strength, double part) {
    }

    static Figure of(InteractionGraph graph, InteractionModules modules, Map<String, List<FourierLabel>> labels, int most) {
        Map<String, List<Node>> columns = modules.columns(graph, most);
        columns.keySet().forEach(layer -> requireLabels(layer, labels, Math.min(most, nodes(graph, layer) - 1)));
        return of(graph, modules, columns, Box.LABELLED,
                node -> Objects.requireNonNull(labels.get(node.layer())).get(node.index()).largest());
    }

    /** Returns the graph with the numbers of the nodes alone. */
    static Figure withoutLabels(InteractionGraph graph, InteractionModules modules, int most) {
        return of(graph, modules, modules.columns(graph, most), Box.PLAIN, node -> "");
    }

    private static void requireLabels(String layer, Map<String, List<FourierLabel>> labels, int needed) {
        List<FourierLabel> own = labels.getOrDefault(layer, List.of());
        if (own.size() <= needed) {
            throw new IllegalArgumentException("there are labels for " + own.size() + " nodes of '" + layer + "'; it needs them for the constant and "
                    + needed + " others");
        }
    }

    private static Figure of(InteractionGraph graph, InteractionModules modules, Map<String, List<Node>> columns, Box box,
                             Function<Node, String> labels) {
        Map<Node, Drawn> drawn = new LinkedHashMap<>();
        double height = TOP + LINE;
        double x = 0;
        for (List<Node> column : columns.values()) {
            height = Math.max(height, place(column, x, modules, labels, drawn));
            x += box.width + GAP;
        }
        List<Line> lines = lines(graph, drawn);
        var body = new Panel(x - GAP, height, canvas -> paint(new Pen(canvas), box, columns, drawn, lines));
        List<Key> keys = IntStream.range(0, modules.larger().size()).filter(m -> drawn.values().stream().anyMatch(node -> node.module() == m))
                .mapToObj(m -> new Key("module " + (m + 1) + ", " + modules.larger().get(m).size() + " nodes", InteractionFigures.color(m), Key.Mark.BOX)).toList();
        return new Figure(title(modules), "The width of a line is the strength of an edge, relative to the strongest of its section. Coloured lines are "
                + "inside a module, grey ones join modules. Nodes that are alone in their module are left out.",
                alternative(columns, drawn, lines, modules), keys, body, numbers(lines));
    }

    private static String title(InteractionModules modules) {
        return "Interactions of nodes: " + modules.basis().label() + ", modules with γ = " + PlainNumber.of(modules.resolution());
    }

    private static int nodes(InteractionGraph graph, String layer) {
        return graph.sections().stream().filter(section -> section.from().equals(layer) || section.to().equals(layer)).findFirst()
                .map(section -> section.from().equals(layer) ? section.strength().columns() : section.strength().rows()).orElseThrow();
    }

    /** Places the nodes of a column and returns its height. */
    private static double place(List<Node> nodes, double x, InteractionModules modules, Function<Node, String> labels, Map<Node, Drawn> drawn) {
        double y = TOP;
        int before = -1;
        for (Node node : nodes) {
            int module = modules.moduleOf(node);
            y += before >= 0 && module != before ? BETWEEN_MODULES : 0;
            before = module;
            drawn.put(node, new Drawn(node, module, labels.apply(node), x, y));
            y += LINE;
        }
        return y;
    }

    private static List<Line> lines(InteractionGraph graph, Map<Node, Drawn> drawn) {
        List<Line> lines = new ArrayList<>();
        for (InteractionGraph.Edges section : graph.sections()) {
            double largest = 0;
            List<Line> own = new ArrayList<>();
            for (Drawn from : drawn.values()) {
                for (Drawn to : drawn.values()) {
                    if (from.node().layer().equals(section.from()) && to.node().layer().equals(section.to())) {
                        double strength = section.strength().get(to.node().index(), from.node().index());
                        largest = Math.max(largest, strength);
                        own.add(new Line(from, to, strength, 0));
                    }
                }
            }
            for (Line line : own) {
                lines.add(new Line(line.from(), line.to(), line.strength(), largest == 0 ? 0 : line.strength() / largest));
            }
        }
        lines.sort(Comparator.comparingDouble(Line::part));
        return lines;
    }

    private static void paint(Pen pen, Box box, Map<String, List<Node>> columns, Map<Node, Drawn> drawn, List<Line> lines) {
        for (Line line : lines) {
            if (line.part() >= FAINTEST) {
                boolean inside = line.from().module() == line.to().module();
                Color color = Palette.pale(InteractionFigures.color(inside ? line.from().module() : -1), 0.35 + 0.65 * Math.sqrt(line.part()));
                double fromX = line.from().x() + box.width;
                double toX = line.to().x();
                double fromY = line.from().y() + LINE / 2;
                double toY = line.to().y() + LINE / 2;
                var path = new Path2D.Double();
                path.moveTo(fromX, fromY);
                path.curveTo(fromX + GAP / 2, fromY, toX - GAP / 2, toY, toX, toY);
                pen.draw(path, color, Math.max(0.4, WIDEST * line.part()));
            }
        }
        double x = 0;
        for (String layer : columns.keySet()) {
            pen.text(layer, x + box.width / 2, 8, Pen.MIDDLE, Pen.MIDDLE, Pen.HEADING, Pen.BLACK);
            x += box.width + GAP;
        }
        for (Drawn node : drawn.values()) {
            var outline = new RoundRectangle2D.Double(node.x() + 0.5, node.y() + 1, box.width - 1, LINE - 2.5, 6, 6);
            pen.fill(outline, Palette.pale(InteractionFigures.color(node.module()), 0.22));
            pen.draw(outline, InteractionFigures.color(node.module()), 1);
            double middle = node.y() + LINE / 2;
            String index = Integer.toString(node.node().index());
            if (box == Box.PLAIN) {
                pen.text(index, node.x() + box.width / 2, middle, Pen.MIDDLE, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
            } else {
                pen.text(index, node.x() + 24, middle, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
                pen.text(Pen.fit(node.label(), Pen.SMALL, box.width - 38), node.x() + 32, middle, Pen.START, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
            }
        }
    }

    private static String alternative(Map<String, List<Node>> columns, Map<Node, Drawn> drawn, List<Line> lines, InteractionModules modules) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "A graph with %d nodes in the columns %s. Modules of more than one node: %s.",
                drawn.size(), String.join(", ", columns.keySet()), modules.larger().isEmpty() ? "none" : modules.larger().stream().map(List::size).toList()));
        if (!lines.isEmpty()) {
            Line strongest = Objects.requireNonNull(lines.stream().max(Comparator.comparingDouble(Line::strength)).orElse(null));
            text.append(String.format(Locale.ROOT, " The strongest edge joins %s to %s.", named(strongest.from()), named(strongest.to())));
        }
        return text.toString();
    }

    private static String named(Drawn node) {
        return node.label().isEmpty() ? node.node().toString() : node.node() + " (" + node.label() + ")";
    }

    private static Table numbers(List<Line> lines) {
        List<Line> strongest = lines.stream().filter(line -> line.part() >= FAINTEST)
                .sorted(Comparator.comparingDouble(Line::strength).reversed()).toList();
        return NumberTable.named("Edges drawn")
                .texts("from", strongest.stream().map(line -> line.from().node().toString()).toList())
                .texts("label", strongest.stream().map(line -> line.from().label()).toList())
                .texts("to", strongest.stream().map(line -> line.to().node().toString()).toList())
                .texts("label of the target", strongest.stream().map(line -> line.to().label()).toList())
                .numbers("strength", strongest.stream().mapToDouble(Line::strength).toArray())
                .build();
    }
}
