package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.ImageSheet;
import org.apd4j.charts.internal.Palette;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.BlockEdges;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.interaction.NodeBasis;
import org.apd4j.interaction.Score;
import org.apd4j.language.FeatureMatch;
import org.apd4j.training.LossHistory;

/**
 * The figures of the Local Interaction Basis (arXiv 2405.10928): how many nodes and edges a network needs, and the graph of their interactions.
 *
 * <pre>{@code
 * AblationCurve curve = ablation.nodes("layers.1", AblationSchedule.paper());
 * InteractionFigures.nodes(Map.of("LIB", List.of(curve)), 20)
 * }</pre>
 */
public final class InteractionFigures {

    /** Powers of ten below the largest edge that a map of edges shows. */
    private static final int BLOCK_DECADES = 8;

    /** Each of these has the colour of its place in every figure. */
    private static final List<String> BASES = List.of(BasisComparison.LIB, BasisComparison.PCA);

    private InteractionFigures() {
    }

    /** Returns the accuracies of a training that learns to add, on the pairs that it sees and on those that it does not. */
    public static Figure learning(LossHistory history) {
        double[] epochs;
        List<Series> series;
        synchronized (history) {
            epochs = Arrays.stream(history.steps()).asDoubleStream().toArray();
            series = List.of(new Series("training pairs", history.values(ModularAdditionRun.TRAIN_ACCURACY)),
                    new Series("test pairs", history.values(ModularAdditionRun.TEST_ACCURACY)));
        }
        return Charts.lines("Accuracy while the network learns to add", "epoch", epochs, "accuracy", Scale.LINEAR, series);
    }

    /**
     * Returns the score against the number of nodes kept, of several bases: a chart for each node layer.
     *
     * @param curves by the name of the basis, in order: a curve for each node layer, of the same node layers in the same order
     * @param most   the largest number of nodes that is shown
     * @throws IllegalArgumentException if there are no curves, the bases have curves of different node layers, or no count up to {@code most} was run
     */
    public static Figure nodes(Map<String, List<AblationCurve>> curves, int most) {
        List<String> layers = curves.values().stream().findFirst().orElse(List.of()).stream().map(AblationCurve::layer).toList();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("there are no curves to draw");
        }
        curves.forEach((name, own) -> requireSame(layers, own.stream().map(AblationCurve::layer).toList(), "curves", name));
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Map<String, AblationCurve> ofLayer = new LinkedHashMap<>();
            for (Map.Entry<String, List<AblationCurve>> basis : curves.entrySet()) {
                ofLayer.put(basis.getKey(), basis.getValue().get(i));
            }
            figures.add(ofLayer(layers.get(i), ofLayer, most));
        }
        return figures.size() == 1 ? figures.get(0) : Figure.grid("Score with the first nodes only", Math.min(2, figures.size()), figures);
    }

    private static void requireSame(List<String> layers, List<String> own, String what, String name) {
        if (!own.equals(layers)) {
            throw new IllegalArgumentException("the " + what + " of " + name + " are those of " + own + ", others are those of " + layers);
        }
    }

    private static Figure ofLayer(String layer, Map<String, AblationCurve> curves, int most) {
        AblationCurve first = curves.values().iterator().next();
        TreeSet<Integer> counts = new TreeSet<>();
        curves.values().forEach(curve -> curve.points().stream().map(AblationCurve.Point::kept).filter(kept -> kept <= most).forEach(counts::add));
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("the curves of '" + layer + "' have no point with at most " + most + " nodes");
        }
        List<String> names = List.copyOf(curves.keySet());
        List<Series> series = new ArrayList<>();
        curves.forEach((name, curve) -> series.add(ofBasis(name, names, name, counts.stream().mapToDouble(count -> value(curve, count)).toArray())));
        double[] base = new double[counts.size()];
        Arrays.fill(base, first.base());
        series.add(new Series("whole network", base).asReference());
        return Charts.markedLines("Nodes kept in " + layer, "nodes kept, with the constant", counts.stream().mapToDouble(Integer::intValue).toArray(),
                scoreName(first.score()), Scale.LINEAR, series);
    }

    private static String scoreName(Score score) {
        return score == Score.ACCURACY ? "accuracy" : "cross-entropy (nats)";
    }

    /** Returns the values of a basis in its own colour; bases that are neither of {@link #BASES} have the following ones, in their order. */
    private static Series ofBasis(String basis, List<String> all, String name, double... values) {
        int own = BASES.indexOf(basis);
        int place = own >= 0 ? own : BASES.size() + all.stream().filter(one -> !BASES.contains(one)).toList().indexOf(basis);
        return new Series(name, values).in(Palette.category(place));
    }

    private static double value(AblationCurve curve, int kept) {
        return curve.points().stream().filter(point -> point.kept() == kept).mapToDouble(AblationCurve.Point::value).findFirst().orElse(Double.NaN);
    }

    /**
     * Returns the numbers of edges that a network needs, of several bases.
     *
     * @param searches by the name of the basis, in order: a search for each section, of the same sections in the same order
     * @throws IllegalArgumentException if the bases have searches of different sections
     */
    public static Figure edges(Map<String, List<EdgeSearch>> searches) {
        List<String> layers = searches.values().stream().findFirst().orElse(List.of()).stream().map(EdgeSearch::layer).toList();
        List<Series> series = new ArrayList<>();
        searches.forEach((name, own) -> {
            requireSame(layers, own.stream().map(EdgeSearch::layer).toList(), "searches", name);
            series.add(ofBasis(name, List.copyOf(searches.keySet()), name, own.stream().mapToDouble(EdgeSearch::required).toArray()));
        });
        return Charts.bars("Edges that the network needs", "section that begins at", layers, "edges", series);
    }

    /**
     * Returns the numbers of edges that several networks need, of several bases: a chart for each section.
     *
     * @param networks names of the networks, in order
     * @param required by the node layer at which the section begins, and by the name of the basis: the edges that each network needs
     * @throws IllegalArgumentException if there is no section, or a basis has another number of values than there are networks
     */
    public static Figure edges(List<String> networks, Map<String, Map<String, List<Integer>>> required) {
        if (required.isEmpty()) {
            throw new IllegalArgumentException("there are no sections to draw");
        }
        List<Figure> figures = new ArrayList<>();
        required.forEach((layer, bases) -> {
            List<Series> series = new ArrayList<>();
            bases.forEach((name, own) -> series.add(ofBasis(name, List.copyOf(bases.keySet()), name, own.stream().mapToDouble(Integer::intValue).toArray())));
            figures.add(Charts.bars("From " + layer, "network", networks, "edges", series));
        });
        return figures.size() == 1 ? figures.get(0) : Figure.grid("Edges that each network needs", Math.min(2, figures.size()), figures);
    }

    /**
     * Returns how well the best single node of each basis shows what is known of a text, and the best direction that there is.
     *
     * @param layer   name of the node layer
     * @param matches by the name of the basis, in order: of the same features in the same order
     * @throws IllegalArgumentException if the bases have matches of different features
     */
    public static Figure matches(String layer, Map<String, List<FeatureMatch>> matches) {
        List<FeatureMatch> first = matches.values().stream().findFirst().orElse(List.of());
        List<String> features = first.stream().map(FeatureMatch::feature).toList();
        List<Series> series = new ArrayList<>();
        matches.forEach((name, own) -> {
            requireSame(features, own.stream().map(FeatureMatch::feature).toList(), "matches", name);
            series.add(ofBasis(name, List.copyOf(matches.keySet()), "best node, " + name,
                    own.stream().mapToDouble(FeatureMatch::correlation).toArray()));
        });
        series.add(new Series("best direction", first.stream().mapToDouble(FeatureMatch::best).toArray()).in(Palette.REFERENCE));
        return Charts.bars("What single directions of " + layer + " show", "what is known", features, "absolute correlation", series);
    }

    /**
     * Returns the graph of the strongest nodes, a column for each node layer, sorted by modules, with the largest terms of their labels. Lines are edges, the
     * wider the stronger within their section; those inside a module have its colour.
     *
     * @param modules of the same graph; nodes that are alone in their module are left out
     * @param labels  by node layer, in the order of the nodes
     * @param most    the number of nodes of each node layer that are taken, strongest first; constants are left out
     * @throws IllegalArgumentException if a node layer has no labels, or fewer than nodes that are drawn
     */
    public static Figure graph(InteractionGraph graph, InteractionModules modules, Map<String, List<FourierLabel>> labels, int most) {
        return InteractionGraphFigure.of(graph, modules, labels, most);
    }

    /**
     * Returns the same graph with the numbers of the nodes alone.
     *
     * @param modules of the same graph; nodes that are alone in their module are left out
     * @param most    the number of nodes of each node layer that are taken, strongest first; node 0, the constant, is left out
     */
    public static Figure graph(InteractionGraph graph, InteractionModules modules, int most) {
        return InteractionGraphFigure.withoutLabels(graph, modules, most);
    }

    /**
     * Returns the patterns that the first nodes of the input stand for, as images: row i of C⁺, what one unit of node i adds to an image. Red adds,
     * blue takes away; the sign of a node is arbitrary. The constant is left out.
     *
     * @param bases by the name of the basis, in order: that of the node layer of the input, centred
     * @param count nodes of each basis, at least 1
     * @throws IllegalArgumentException if the inputs are not square images of one colour, or a basis has fewer nodes besides the constant
     */
    public static Figure patterns(Map<String, NodeBasis> bases, int count) {
        List<ImageSheet.Line> lines = new ArrayList<>();
        bases.forEach((name, basis) -> {
            if (count < 1 || count >= basis.nodes()) {
                throw new IllegalArgumentException("the number of nodes to be shown is " + count + "; " + name + " has " + (basis.nodes() - 1)
                        + " besides the constant");
            }
            lines.add(new ImageSheet.Line(name, IntStream.rangeClosed(1, count).mapToObj(node -> ImageSheet.Picture.signed("node " + node,
                    Arrays.copyOf(basis.inverse().row(node), basis.width() - 1))).toList()));
        });
        return ImageSheet.of("Patterns of the first nodes of the input", "For " + String.join(" and ", bases.keySet()) + ", the patterns of the first "
                + count + " nodes, the strongest first; red adds to an image, blue takes away.", lines);
    }

    /**
     * Returns the share of the sum of edges that joins blocks which do not interact, section by section and for several bases, on a logarithmic scale. A basis
     * without such edges is named in a note.
     *
     * @param bases by the name of the basis, in order; all of the same sections
     * @throws IllegalArgumentException if the bases have different sections, or none of them has such edges
     */
    public static Figure blocks(Map<String, BlockEdges> bases) {
        List<String> sections = bases.values().stream().findFirst().map(blocks -> blocks.sections().stream().map(BlockEdges.Section::from).toList())
                .orElse(List.of());
        List<Series> series = new ArrayList<>();
        List<String> without = new ArrayList<>();
        bases.forEach((name, blocks) -> {
            requireSame(sections, blocks.sections().stream().map(BlockEdges.Section::from).toList(), "sections", name);
            if (blocks.largestShare() == 0) {
                without.add(name);
            } else {
                series.add(ofBasis(name, List.copyOf(bases.keySet()), name,
                        blocks.sections().stream().mapToDouble(BlockEdges.Section::share).toArray()));
            }
        });
        if (series.isEmpty()) {
            throw new IllegalArgumentException("no edge joins blocks in the bases " + bases.keySet() + "; there is nothing to draw");
        }
        Figure figure = Charts.markedLines("Edges that join the blocks", "section that begins at", sections, "share of the sum of edges", Scale.LOGARITHMIC,
                series);
        return without.isEmpty() ? figure : figure.withNote("No edge joins blocks in the basis of " + String.join(" and ", without) + ".");
    }

    /**
     * Returns the edges of a section of several bases, nodes sorted by their block and then by their order: where blocks do not interact, and the basis
     * finds them, two corners are dark. Constants are left out. Each basis has a colour scale of its own.
     *
     * @param bases by the name of the basis, in order
     * @param from  name of the node layer at which the section begins
     * @throws IllegalArgumentException if no section begins there
     */
    public static Figure blockEdges(Map<String, BlockEdges> bases, String from) {
        List<Figure> maps = new ArrayList<>();
        bases.forEach((name, blocks) -> {
            BlockEdges.Section section = blocks.section(from);
            List<Integer> rows = sorted(section.toBlocks());
            List<Integer> columns = sorted(section.fromBlocks());
            double[][] values = new double[rows.size()][columns.size()];
            for (int i = 0; i < rows.size(); i++) {
                for (int j = 0; j < columns.size(); j++) {
                    values[i][j] = section.strength().get(rows.get(i), columns.get(j));
                }
            }
            maps.add(HeatMap.logarithmic(name, "node of " + section.to(), named(rows, section.toBlocks()), "node of " + from, named(columns,
                    section.fromBlocks()), "edge", BLOCK_DECADES, values));
        });
        return maps.size() == 1 ? maps.get(0) : Figure.grid("Edges from " + from + ", nodes sorted by block", Math.min(2, maps.size()), maps)
                .withNote("Each panel has a colour scale of its own: the edges of different bases have different units.");
    }

    /** Returns the nodes that have a block, sorted by it. */
    private static List<Integer> sorted(List<Integer> blocks) {
        return IntStream.range(0, blocks.size()).boxed().filter(node -> blocks.get(node) >= 0).sorted(Comparator.comparing(blocks::get)).toList();
    }

    private static List<String> named(List<Integer> nodes, List<Integer> blocks) {
        return nodes.stream().map(node -> Character.toString('A' + blocks.get(node)) + node).toList();
    }

    /** Returns the colour of a module, by its place among those of more than one node; grey for what is in none. */
    static Color color(int module) {
        return module < 0 ? Palette.REFERENCE : Palette.category(module);
    }
}
