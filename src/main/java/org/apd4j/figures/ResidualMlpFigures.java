package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkPanels;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.charts.internal.ChartFrame;
import org.apd4j.charts.internal.Histogram;
import org.apd4j.charts.internal.Overlaid;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Pen;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.charts.internal.StackedBars;
import org.apd4j.math.RandomStream;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.FeaturePaths;
import org.apd4j.measures.residual.LayerShares;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneFeatureResponse;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/**
 * The figures of the experiments on residual MLPs (paper sections 3.2 and 3.3), drawn from what {@link org.apd4j.measures measures} return.
 *
 * <pre>{@code
 * ResidualMlpFigures.oneFeature(OneFeatureResponse.of(mlpRun.target(), 42, 201));
 * ResidualMlpFigures.categories(ComponentCategories.of(mlpRun));
 * ResidualMlpFigures.scrubbing(Scrubbing.of(mlpRun, 0, 20_000))
 * }</pre>
 */
public final class ResidualMlpFigures {

    private static final double WIDE = 900;
    private static final Color TARGET = Palette.category(0);
    private static final Color FOUND = Palette.category(1);
    private static final Color SCRUBBED = Palette.category(2);
    private static final Color ANTI_SCRUBBED = Palette.category(7);
    private static final Color PALE_TARGET = new Color(0xA9CDE6);
    private static final int BINS = 50;
    /** Largest number of components of a sketch. */
    private static final int SKETCHED = 40;
    private static final double LEAST_LOSS = 1e-7;

    private ResidualMlpFigures() {
    }

    /** Returns all outputs for {@code x_i = 1} beside their labels, and output i over the range of x_i beside its label. */
    public static Figure oneFeature(OneFeatureResponse measured) {
        int i = measured.feature();
        int n = measured.outputs().size();
        Figure outputs = Scatter.over("All outputs for x = 1 at feature " + i, "output index", n, "output", List.of(
                new Scatter.Points("label", numbers(n), Statistics.array(measured.labels()), Palette.REFERENCE, Scatter.Mark.CROSS),
                new Scatter.Points("target", numbers(n), Statistics.array(measured.outputs()), TARGET)), ChartFrame.WIDTH);
        Figure response = Charts.lines("Output " + i + " over its own input", "input x at feature " + i, Statistics.array(measured.inputs()),
                "output " + i,
                Scale.LINEAR, List.of(new Series("target", Statistics.array(measured.response())).in(TARGET),
                        new Series("label x + ReLU(x)", Statistics.array(measured.expected())).asReference()));
        return Figure.grid("What the target does with feature " + i, 2, List.of(outputs, response));
    }

    /**
     * Returns the same for all features in one chart, each in its colour.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Figure allFeatures(List<OneFeatureResponse> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("there is no feature to draw; the responses of at least one are needed");
        }
        OneFeatureResponse first = measured.get(0);
        double[][] outputs = measured.stream().map(one -> Statistics.array(one.outputs())).toArray(double[][]::new);
        double[][] responses = measured.stream().map(one -> Statistics.array(one.response())).toArray(double[][]::new);
        double[] own = new double[first.outputs().size()];
        Arrays.fill(own, first.labels().get(first.feature()));
        return Figure.grid("What the target does with every feature", 2, List.of(
                Overlaid.of("All outputs for x = 1 at one feature", "output index", numbers(own.length), "output", Overlaid.Form.DOTS, outputs,
                        new Series("label at the feature's own index", own)),
                Overlaid.of("Output i over its own input", "input x at feature i", Statistics.array(first.inputs()), "output i",
                        Overlaid.Form.LINE, responses,
                        new Series("label x + ReLU(x)", Statistics.array(first.expected())))));
    }

    /**
     * Returns the contribution of every neuron to each of the first features, in the target (above) and in the feature's predominant component
     * (below). The largest contributions have their neuron's number beside them. A neuron that is among the largest of one of the rows has the
     * same colour, and the same place in the feature's column, in both; with more than one layer the colour is the layer's.
     *
     * @param features how many of them
     * @throws IllegalArgumentException if there are not so many features
     */
    public static Figure neuronContributions(NeuronContributions measured, int features) {
        return NeuronFigures.first(measured, features);
    }

    /**
     * Returns the contribution of every neuron to every feature, in the target (across) against the feature's predominant component (up). The largest
     * neuron of each feature has a colour, with more than one layer that of its layer.
     */
    public static Figure allNeuronContributions(NeuronContributions measured) {
        return NeuronFigures.all(measured);
    }

    /**
     * Returns what the neurons read of the first features and write to their outputs, as a network in which only one feature's edges have colours.
     *
     * @param feature the feature in colour
     * @param shown   number of features that are drawn
     * @throws IllegalArgumentException if there are not so many features, or the feature is not among them
     */
    public static Figure paths(FeaturePaths measured, int feature, int shown) {
        if (shown < 1 || shown > measured.features() || feature < 0 || feature >= shown) {
            throw new IllegalArgumentException("feature " + feature + " of the first " + shown + " cannot be drawn; there are " + measured.features()
                    + " features");
        }
        double[][] reads = IntStream.range(0, shown).mapToObj(measured.reads()::row).toArray(double[][]::new);
        double[][] writes = IntStream.range(0, measured.neurons())
                .mapToObj(n -> Arrays.copyOf(measured.writes().row(n), shown)).toArray(double[][]::new);
        String layers = measured.neuronsOfLayers().size() == 1 ? "" : "; neurons from left to right: "
                + String.join(", ", IntStream.range(0, measured.neuronsOfLayers().size())
                        .mapToObj(l -> measured.neuronsOfLayers().get(l) + " of layer " + (l + 1)).toList());
        return NetworkPanels.feature("The paths of feature " + feature, NetworkDiagram.dense("target", List.of(reads, writes)), feature)
                .withNote("In grey the edges of the other " + (shown - 1) + " features" + layers + ".");
    }

    /**
     * Returns the same for one component and some features, whichever component is predominant for them.
     *
     * @param features at least one, such as those that the component represents
     * @throws IllegalArgumentException if there is no such component or feature, or none is given
     */
    public static Figure component(NeuronContributions measured, int component, List<Integer> features) {
        return NeuronFigures.component(measured, component, features);
    }

    /** Returns how many components represent no, one, two or more features, and how many features are represented. */
    public static Figure categories(ComponentCategories measured) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("none (dead)", measured.dead());
        counts.put("one (monosemantic)", measured.monosemantic());
        counts.put("two (duosemantic)", measured.duosemantic());
        counts.put("more (polysemantic)", measured.polysemantic());
        counts.put("features represented", measured.featuresRepresented());
        int last = counts.size() - 1;
        return BarChart.counts("How many features the components represent", "", "number", counts,
                        place -> place == last ? Palette.category(0) : Palette.category(1))
                .withNote(measured.representedFeatures().size() + " components, " + measured.features()
                        + " features. To represent: the largest neuron contribution exceeds " + measured.cutOff() + ".");
    }

    /** Returns how many features are represented by no, one, two or more components. */
    public static Figure componentsByFeature(ComponentCategories measured) {
        List<String> names = List.of("none", "one", "two", "more");
        List<Integer> counts = measured.featuresByComponents(names.size() - 1);
        Map<String, Integer> named = new LinkedHashMap<>();
        for (int n = 0; n < names.size(); n++) {
            named.put(names.get(n), counts.get(n));
        }
        return BarChart.counts("Features by the number of components that represent them", "components", "features", named,
                place -> Palette.category(0));
    }

    /**
     * Returns how the positive contributions to each feature are divided among the layers, in the target (above) and in the predominant component
     * (below), sorted by the share of the target's first layer.
     */
    public static Figure layerShares(LayerShares measured) {
        List<Integer> sorted = measured.byTargetShare(0);
        return Figure.grid("Layers that work for each feature, sorted by the target's", 1, List.of(
                shares("Target", sorted, measured.layers(), measured::ofTarget),
                shares("Predominant components", sorted, measured.layers(), measured::ofComponent)));
    }

    private static Figure shares(String title, List<Integer> sorted, int layers, Grid.Cell share) {
        List<Series> parts = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            int layer = l;
            parts.add(new Series("layer " + (l + 1), sorted.stream().mapToDouble(i -> share.at(i, layer)).toArray()).in(Palette.category(l)));
        }
        NumberTable table = NumberTable.named(title).integers("feature", sorted.stream().mapToInt(Integer::intValue).toArray());
        parts.forEach(part -> table.numbers(part.name(), part.values()));
        String words = title + ": share of the first layer from " + NumberText.of(Arrays.stream(parts.get(0).values()).min().orElse(Double.NaN))
                + " to " + NumberText.of(Arrays.stream(parts.get(0).values()).max().orElse(Double.NaN)) + ".";
        return StackedBars.of(title, "feature", names(sorted), "share of contributions", parts, 1, words, table.build(), WIDE);
    }

    /**
     * Returns a sketch of scrubbing: which of some components are on, in one random draw, when a feature's own component is forced on (scrubbed) or
     * off (anti-scrubbed).
     *
     * @param components number of components, 2 … 40
     * @param own        the feature's own component
     * @param seed       of the draw
     * @throws IllegalArgumentException if there are too few or too many components, or there is no such component
     */
    public static Figure scrubbingSketch(int components, int own, long seed) {
        if (components < 2 || components > SKETCHED || own < 0 || own >= components) {
            throw new IllegalArgumentException("component " + own + " of " + components + " cannot be sketched; 2 … " + SKETCHED
                    + " components are allowed, numbered from 0");
        }
        RandomStream random = RandomStream.of(seed);
        boolean[] half = new boolean[components];
        for (int c = 0; c < components; c++) {
            half[c] = random.nextDouble() < 0.5;
        }
        List<String> rows = List.of("all components", "a random half", "scrubbed", "anti-scrubbed");
        boolean[][] on = new boolean[rows.size()][];
        for (int r = 0; r < on.length; r++) {
            on[r] = half.clone();
        }
        Arrays.fill(on[0], true);
        on[2][own] = true;
        on[3][own] = false;
        double left = 120;
        double cell = 18;
        double line = 28;
        NumberTable table = NumberTable.named("Scrubbing").integers("component", IntStream.range(0, components).toArray());
        for (int r = 0; r < on.length; r++) {
            boolean[] row = on[r];
            table.integers(rows.get(r), IntStream.range(0, components).map(c -> row[c] ? 1 : 0).toArray());
        }
        return Figure.of("Scrubbing, one draw", "Which of " + components + " components are on. Scrubbed: a random half, and component " + own
                + ", the feature's own, forced on. Anti-scrubbed: the same half, and component " + own + " forced off.", left + cell * components,
                line * on.length + 20, canvas -> {
                    var pen = new Pen(canvas);
                    for (int r = 0; r < on.length; r++) {
                        double y = line * (r + 0.5);
                        pen.text(rows.get(r), left - 10, y, Pen.END, Pen.MIDDLE, Pen.LABEL, Pen.BLACK);
                        for (int c = 0; c < components; c++) {
                            double x = left + cell * (c + 0.5);
                            pen.disc(x, y, 6.5, on[r][c] ? c == own ? SCRUBBED : Pen.GREY : Pen.GRID);
                        }
                    }
                    pen.text("↑ the feature's own component", left + cell * (own + 0.5) - 4, line * on.length + 8, Pen.START, Pen.MIDDLE, Pen.SMALL,
                            SCRUBBED);
                }, table.build()).withNote("Every disc is a component: dark or green where it is on, pale where it is off.");
    }

    /** Returns every output on one input under random ablations of half the components, with the feature's own component on or off. */
    public static Figure oneHotAblation(OneHotAblation measured) {
        int n = measured.outputs().size();
        ToDoubleFunction<OneHotAblation.Output> zero = output -> 0;
        return Scatter.over("Outputs for x = 1 at feature " + measured.feature() + " under " + measured.ablations() + " random ablations",
                "output index", n,
                        "output − embedding path", List.of(
                                points("scrubbed, ± standard deviation", n, -0.16, measured, OneHotAblation.Output::scrubbedMean,
                                        OneHotAblation.Output::scrubbedDeviation, SCRUBBED, Scatter.Mark.DOT),
                                points("anti-scrubbed, ± standard deviation", n, 0.16, measured, OneHotAblation.Output::antiScrubbedMean,
                                        OneHotAblation.Output::antiScrubbedDeviation, ANTI_SCRUBBED, Scatter.Mark.DOT),
                                points("target", n, 0, measured, OneHotAblation.Output::target, zero, TARGET, Scatter.Mark.CROSS)), WIDE)
                .withNote("Every other component is on with probability ½. Component " + measured.component()
                        + ", that of the feature, is always on (scrubbed) or always off (anti-scrubbed).");
    }

    private static Scatter.Points points(String name, int n, double shift, OneHotAblation measured, ToDoubleFunction<OneHotAblation.Output> value,
                                         ToDoubleFunction<OneHotAblation.Output> spread, Color color, Scatter.Mark mark) {
        double[] spreads = measured.outputs().stream().mapToDouble(spread).toArray();
        return new Scatter.Points(name, IntStream.range(0, n).mapToDouble(o -> o + shift).toArray(),
                measured.outputs().stream().mapToDouble(value).toArray(),
                DoubleStream.of(spreads).anyMatch(s -> s != 0) ? spreads : new double[0], color, mark);
    }

    /** Returns the losses to the target's output when components are removed: by top-k, all but the needed ones, or the needed ones themselves. */
    public static Figure scrubbing(Scrubbing measured) {
        Map<Scrubbing.Kind, Color> kinds = new LinkedHashMap<>();
        kinds.put(Scrubbing.Kind.TOP_K, FOUND);
        kinds.put(Scrubbing.Kind.SCRUBBED, SCRUBBED);
        kinds.put(Scrubbing.Kind.ANTI_SCRUBBED, ANTI_SCRUBBED);
        List<Histogram.Sample> samples = new ArrayList<>();
        List<Histogram.Line> means = new ArrayList<>();
        kinds.forEach((kind, color) -> {
            samples.add(new Histogram.Sample(kind.label(), measured.of(kind).values(), color));
            means.add(new Histogram.Line(kind.label() + ", mean " + NumberText.of(measured.of(kind).mean()), measured.of(kind).mean(), color));
        });
        double baseline = measured.of(Scrubbing.Kind.BASELINE).mean();
        means.add(new Histogram.Line("monosemantic baseline, mean " + NumberText.of(baseline), baseline, Pen.GREY));
        return Histogram.logarithmic("Loss when components are removed", "mean squared error to the target's output", LEAST_LOSS, BINS, "samples",
                samples, means);
    }

    /**
     * Returns the target's loss by feature and what the decomposition adds, with one component a sample (above) and with batch top-k (below). A loss
     * of the decomposition below the target's shows as a pale end of the target's bar.
     *
     * @throws IllegalArgumentException if no feature has a sample
     */
    public static Figure perFeatureLoss(PerFeatureLoss measured) {
        requireMeasured(measured);
        List<PerFeatureLoss.Feature> sorted = measured.byTargetLoss();
        double highest = 1.05 * sorted.stream().mapToDouble(f -> Math.max(f.target(), Math.max(f.batchTopK(), f.perSampleTop1())))
                .max().orElseThrow();
        return Figure.grid("Loss to the labels by feature, sorted by the target's", 1, List.of(
                stacked("One component a sample (per-sample top-1)", sorted, PerFeatureLoss.Feature::perSampleTop1,
                        PerFeatureLoss.Feature::addedByTop1, highest),
                stacked("Batch top-k", sorted, PerFeatureLoss.Feature::batchTopK, PerFeatureLoss.Feature::addedByBatchTopK, highest)));
    }

    private static Figure stacked(String title, List<PerFeatureLoss.Feature> sorted, ToDoubleFunction<PerFeatureLoss.Feature> loss,
                                  ToDoubleFunction<PerFeatureLoss.Feature> difference, double highest) {
        double[] target = sorted.stream().mapToDouble(PerFeatureLoss.Feature::target).toArray();
        double[] found = sorted.stream().mapToDouble(loss).toArray();
        double[] added = sorted.stream().mapToDouble(difference).toArray();
        Table table = NumberTable.named(title).integers("feature", sorted.stream().mapToInt(PerFeatureLoss.Feature::feature).toArray())
                .numbers("target", target).numbers("decomposition", found).numbers("added", added).build();
        List<Series> bars = new ArrayList<>();
        bars.add(new Series("target", sorted.stream().mapToDouble(f -> Math.min(f.target(), loss.applyAsDouble(f))).toArray()).in(TARGET));
        if (Arrays.stream(added).anyMatch(a -> a < 0)) {
            bars.add(new Series("target, where the decomposition is lower", Arrays.stream(added)
                    .map(a -> Math.max(0, -a)).toArray()).in(PALE_TARGET));
        }
        bars.add(new Series("added by the decomposition", Arrays.stream(added).map(a -> Math.max(0, a)).toArray()).in(FOUND));
        return StackedBars.of(title, "feature, sorted by the target's loss", names(sorted.stream().map(PerFeatureLoss.Feature::feature).toList()),
                "mean squared error", bars, highest, words(title, sorted, added), table, WIDE);
    }

    private static String words(String title, List<PerFeatureLoss.Feature> sorted, double[] added) {
        Distribution differences = Distribution.of(added);
        double most = differences.quantile(1);
        int where = IntStream.range(0, added.length).filter(i -> added[i] == most).findFirst().orElseThrow();
        return title + ". Mean squared error by feature: target from " + NumberText.of(sorted.get(0).target()) + " to "
                + NumberText.of(sorted.get(sorted.size() - 1).target()) + "; the decomposition adds " + NumberText.of(differences.mean())
                + " on average and at most " + NumberText.of(most) + ", to feature " + sorted.get(where).feature()
                        + "; it is lower than the target for "
                + Arrays.stream(added).filter(a -> a < 0).count() + " of " + added.length + " features.";
    }

    /**
     * Returns the number of components that are kept for a feature against the error with one component, a point for each feature.
     *
     * @throws IllegalArgumentException if no feature has a sample
     */
    public static Figure activeComponents(PerFeatureLoss measured) {
        requireMeasured(measured);
        List<PerFeatureLoss.Feature> features = measured.measured();
        return Scatter.of("Active components against the error with one component",
                "mean squared error of per-sample top-1 to the target's output",
                "active components in batch top-k, mean", List.of(new Scatter.Points("feature",
                        features.stream().mapToDouble(PerFeatureLoss.Feature::top1ToTarget).toArray(),
                        features.stream().mapToDouble(PerFeatureLoss.Feature::activeComponents).toArray(), FOUND)))
                .withNote("Every dot is a feature.");
    }

    private static void requireMeasured(PerFeatureLoss measured) {
        if (measured.measured().isEmpty()) {
            throw new IllegalArgumentException("none of the " + measured.features().size()
                    + " features has a sample in which it alone is active; losses by feature need at least one");
        }
    }

    private static List<String> names(List<Integer> numbers) {
        return numbers.stream().map(number -> Integer.toString(number)).toList();
    }

    private static double[] numbers(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }
}
