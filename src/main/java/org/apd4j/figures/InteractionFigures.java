package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.Palette;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.FourierLabel;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.ModularAdditionRun;
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
        List<Series> series = new ArrayList<>();
        curves.forEach((name, curve) -> series.add(new Series(name, counts.stream().mapToDouble(count -> value(curve, count)).toArray())));
        double[] base = new double[counts.size()];
        Arrays.fill(base, first.base());
        series.add(new Series("whole network", base).asReference());
        return Charts.markedLines("Nodes kept in " + layer, "nodes, the constant counted", counts.stream().map(Object::toString).toList(),
                scoreName(first), Scale.LINEAR, series);
    }

    private static String scoreName(AblationCurve curve) {
        return curve.score().name().toLowerCase(Locale.ROOT).replace('_', '-');
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
            series.add(new Series(name, own.stream().mapToDouble(EdgeSearch::required).toArray()));
        });
        return Charts.bars("Edges that the network needs", "section that begins at", layers, "edges", series);
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
            series.add(new Series("best node, " + name, own.stream().mapToDouble(FeatureMatch::correlation).toArray()));
        });
        series.add(new Series("best direction", first.stream().mapToDouble(FeatureMatch::best).toArray()));
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

    /** Returns the colour of a module, by its place among those of more than one node; grey for what is in none. */
    static Color color(int module) {
        return module < 0 ? Palette.REFERENCE : Palette.category(module);
    }
}
