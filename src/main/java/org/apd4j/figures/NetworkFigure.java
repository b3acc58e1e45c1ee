package org.apd4j.figures;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.Pen;
import org.apd4j.network.Network;
import org.apd4j.network.Network.Activate;
import org.apd4j.network.Network.Node;
import org.apd4j.network.Network.Normalise;
import org.apd4j.network.Network.Softmax;
import org.apd4j.network.NetworkSummary;
import org.apd4j.network.Parameter;
import org.apd4j.network.Parameter.Role;
import org.apd4j.tables.internal.NetworkTable;

/**
 * A network's description as a drawing: its nodes from the input down to the output, what each computes and how wide it is, coloured by what
 * is trained; connections that skip nodes run beside them.
 *
 * <pre>{@code
 * NetworkFigure.of(target.trained().network())
 * }</pre>
 */
public final class NetworkFigure {

    private static final double BOX_HEIGHT = 34;
    private static final double GAP = 14;
    private static final double PAD = 9;
    private static final double LANE = 14;

    private static final Color WEIGHTS = new Color(0xBFDDF2);
    private static final Color BIAS = new Color(0xDDEBD5);
    private static final Color FUNCTION = new Color(0xFBE6C8);
    private static final Color OTHER = new Color(0xF1F1F1);

    private NetworkFigure() {
    }

    /** A connection that skips nodes, in a lane of its own. */
    private record Bypass(int from, int to, int lane) {
    }

    /** Returns the drawing; its numbers are the table of {@link NetworkTable}. */
    public static Figure of(Network network) {
        List<Node> nodes = network.nodes();
        Map<String, Integer> widths = NetworkSummary.widths(network);
        List<String> formulas = new ArrayList<>();
        List<String> sizes = new ArrayList<>();
        double widest = 60;
        double widestSize = 0;
        for (Node node : nodes) {
            String formula = NetworkSummary.formula(node);
            String shape = node.uses().isEmpty() ? "" : "   " + network.parameter(node.uses().get(0)).values();
            formulas.add(Pen.fit(formula + shape, Pen.TINY, 330));
            sizes.add(String.format(Locale.ROOT, "%,d", widths.get(node.name())));
            widest = Math.max(widest, Math.max(Pen.width(node.name(), Pen.HEADING), Pen.width(formulas.get(formulas.size() - 1), Pen.TINY)));
            widestSize = Math.max(widestSize, Pen.width(sizes.get(sizes.size() - 1), Pen.SMALL));
        }
        List<Bypass> bypasses = bypasses(nodes);
        int lanes = bypasses.stream().mapToInt(bypass -> bypass.lane() + 1).max().orElse(0);
        double box = Math.ceil(widest + widestSize + 3 * PAD);
        double height = nodes.size() * (BOX_HEIGHT + GAP) - GAP;
        Panel body = new Panel(Math.max(300, box + (lanes + 1) * LANE), height, canvas -> {
            Pen pen = new Pen(canvas);
            for (int i = 0; i < nodes.size(); i++) {
                double y = top(i);
                var shape = new RoundRectangle2D.Double(0.5, y + 0.5, box - 1, BOX_HEIGHT - 1, 8, 8);
                pen.fill(shape, color(nodes.get(i), network));
                pen.draw(shape, Pen.AXIS, 1);
                pen.text(nodes.get(i).name(), PAD, y + 0.31 * BOX_HEIGHT, Pen.START, Pen.MIDDLE, Pen.HEADING, Pen.BLACK);
                pen.text(formulas.get(i), PAD, y + 0.72 * BOX_HEIGHT, Pen.START, Pen.MIDDLE, Pen.TINY, Pen.GREY);
                pen.text(sizes.get(i), box - PAD, y + 0.5 * BOX_HEIGHT, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
                if (i > 0 && nodes.get(i).reads().contains(nodes.get(i - 1).name())) {
                    pen.arrow(box / 2, y - GAP, box / 2, y, Pen.GREY, 1.4);
                }
            }
            for (Bypass bypass : bypasses) {
                double x = box + LANE * (bypass.lane() + 0.9);
                double from = top(bypass.from()) + 0.68 * BOX_HEIGHT;
                double to = top(bypass.to()) + 0.32 * BOX_HEIGHT;
                var path = new Path2D.Double();
                path.moveTo(box, from);
                path.quadTo(x, from, x, from + Math.min(10, (to - from) / 2));
                path.lineTo(x, to - Math.min(10, (to - from) / 2));
                path.quadTo(x, to, x - 5, to);
                pen.draw(path, Pen.GREY, 1.4);
                pen.arrow(x - 5, to, box, to, Pen.GREY, 1.4);
            }
        });
        String alternative = NetworkSummary.title(network) + ", drawn from the input down: " + String.join("; ", nodes.stream()
                .map(node -> node.name() + " = " + NetworkSummary.described(node, network) + ", " + widths.get(node.name()) + " wide").toList())
                        + ".";
        return new Figure(NetworkSummary.title(network), "The number in a box is the width of what it computes.", alternative, keys(network), body,
                NetworkTable.of(network));
    }

    private static double top(int node) {
        return node * (BOX_HEIGHT + GAP);
    }

    private static List<Bypass> bypasses(List<Node> nodes) {
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            place.put(nodes.get(i).name(), i);
        }
        List<Bypass> bypasses = new ArrayList<>();
        for (int to = 0; to < nodes.size(); to++) {
            for (String read : nodes.get(to).reads().stream().distinct().toList()) {
                int from = Objects.requireNonNull(place.get(read));
                if (to - from > 1) {
                    int lane = 0;
                    while (isTaken(bypasses, lane, from, to)) {
                        lane++;
                    }
                    bypasses.add(new Bypass(from, to, lane));
                }
            }
        }
        return bypasses;
    }

    private static boolean isTaken(List<Bypass> bypasses, int lane, int from, int to) {
        return bypasses.stream().anyMatch(bypass -> bypass.lane() == lane && bypass.from() < to && from < bypass.to());
    }

    private static Color color(Node node, Network network) {
        if (node instanceof Activate || node instanceof Normalise || node instanceof Softmax) {
            return FUNCTION;
        }
        if (node.uses().isEmpty()) {
            return OTHER;
        }
        Parameter parameter = network.parameter(node.uses().get(0));
        return network.weights().contains(parameter) ? WEIGHTS : parameter.role() == Role.TRAINED ? BIAS : OTHER;
    }

    private static List<Key> keys(Network network) {
        List<Key> keys = new ArrayList<>();
        if (!network.weights().isEmpty()) {
            keys.add(new Key("weights, trained", WEIGHTS, Key.Mark.BOX));
        }
        if (network.parameters(Role.TRAINED).size() > network.weights().size()) {
            keys.add(new Key("bias, trained", BIAS, Key.Mark.BOX));
        }
        if (network.nodes().stream().anyMatch(node -> color(node, network).equals(FUNCTION))) {
            keys.add(new Key("not linear", FUNCTION, Key.Mark.BOX));
        }
        return keys;
    }
}
