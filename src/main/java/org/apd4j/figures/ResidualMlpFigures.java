package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.Axis;
import org.apd4j.charts.internal.DotColumns;
import org.apd4j.charts.internal.Histogram;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Overlaid;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Pen;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.charts.internal.StackedBars;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.residual.ComponentCategories;
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
    /** Largest contributions to a feature that are labelled. */
    private static final int LABELLED = 3;
    /** Features in a line of the full figure of neuron contributions. */
    private static final int IN_A_LINE = 25;
    private static final Color TARGET = Palette.category(0);
    private static final Color FOUND = Palette.category(1);
    private static final Color SCRUBBED = Palette.category(2);
    private static final Color ANTI_SCRUBBED = Palette.category(7);
    private static final Color PALE_TARGET = new Color(0xA9CDE6);
    private static final Color FAINT = new Color(0xB8B8B8);
    /** More features than these are not told one by one in the words for those who cannot see. */
    private static final int MOST_TOLD = 12;
    private static final int BINS = 50;
    private static final double LEAST_LOSS = 1e-7;

    private ResidualMlpFigures() {
    }

    /** All outputs for {@code x_i = 1} beside the label, and output i over the range of x_i beside what it should be. */
    public static Figure oneFeature(OneFeatureResponse measured) {
        int i = measured.feature();
        int n = measured.outputs().size();
        Figure outputs = Scatter.over("All outputs for x = 1 at feature " + i, "output index", n, "output", List.of(
                new Scatter.Points("label", numbers(n), Statistics.array(measured.labels()), null, Palette.REFERENCE, Scatter.Mark.CROSS),
                new Scatter.Points("target", numbers(n), Statistics.array(measured.outputs()), TARGET)), Charts.WIDTH);
        Figure response = Charts.lines("Output " + i + " over its own input", "input x at feature " + i, Statistics.array(measured.inputs()), "output " + i,
                Scale.LINEAR, List.of(new Series("target", Statistics.array(measured.response())).in(TARGET),
                        new Series("label x + ReLU(x)", Statistics.array(measured.expected())).asReference()));
        return Figure.grid("What the target does with feature " + i, 2, List.of(outputs, response));
    }

    /**
     * The same for every feature over one another, each in its colour.
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
                Overlaid.of("Output i over its own input", "input x at feature i", Statistics.array(first.inputs()), "output i", Overlaid.Form.LINE, responses,
                        new Series("label x + ReLU(x)", Statistics.array(first.expected())))));
    }

    /**
     * How much every neuron carries of the first features, in the target (above) and in each feature's predominant component (below). The
     * largest contributions have their neuron's number beside them. A neuron that is among the largest of one of the rows has the same colour,
     * and the same place in the feature's column, in both; with more than one layer the colour is the layer's.
     *
     * @param features how many of them
     * @throws IllegalArgumentException if there are not so many features
     */
    public static Figure neuronContributions(NeuronContributions measured, int features) {
        requireFeatures(measured, features);
        List<Integer> first = IntStream.range(0, features).boxed().toList();
        Axis up = axis(measured, first, measured::predominant);
        return Figure.grid("Neuron contributions, features 0 to " + (features - 1), 1,
                pair(measured, first, measured::predominant, "Predominant components", up, 250, "")).withNote(noteOn(measured));
    }

    /** The same for all features, {@value #IN_A_LINE} in a line. */
    public static Figure allNeuronContributions(NeuronContributions measured) {
        Axis up = axis(measured, IntStream.range(0, measured.features()).boxed().toList(), measured::predominant);
        List<Figure> lines = new ArrayList<>();
        for (int first = 0; first < measured.features(); first += IN_A_LINE) {
            List<Integer> line = IntStream.range(first, Math.min(measured.features(), first + IN_A_LINE)).boxed().toList();
            lines.addAll(pair(measured, line, measured::predominant, "Predominant components", up, 150,
                    ", features " + first + " to " + line.get(line.size() - 1)));
        }
        return Figure.grid("Neuron contributions, all features", 1, lines).withNote(noteOn(measured));
    }

    /**
     * The same for one component and some features, whichever component is predominant for them.
     *
     * @param features at least one, such as those that the component represents
     * @throws IllegalArgumentException if there is no such component or feature, or none is given
     */
    public static Figure component(NeuronContributions measured, int component, List<Integer> features) {
        if (component < 0 || component >= measured.components().size()) {
            throw new IllegalArgumentException("component is " + component + "; there are 0 … " + (measured.components().size() - 1));
        }
        if (features.isEmpty() || features.stream().anyMatch(i -> i < 0 || i >= measured.features())) {
            throw new IllegalArgumentException("features are " + features + "; one or more of 0 … " + (measured.features() - 1) + " are allowed");
        }
        Axis up = axis(measured, features, i -> component);
        return Figure.grid("Component " + component, 1, pair(measured, features, i -> component, "Component " + component, up, 230, ""))
                .withNote(noteOn(measured));
    }

    private static void requireFeatures(NeuronContributions measured, int features) {
        if (features < 1 || features > measured.features()) {
            throw new IllegalArgumentException("features is " + features + "; there are 1 … " + measured.features());
        }
    }

    private static String noteOn(NeuronContributions measured) {
        return "Every dot is a neuron, at the same place of its column in both rows; the " + LABELLED
                + " largest have the neuron's number" + (measured.neuronsOfLayers().size() > 1 ? "." : " and its colour.");
    }

    private static Axis axis(NeuronContributions measured, List<Integer> features, IntUnaryOperator componentOf) {
        List<double[]> values = new ArrayList<>();
        for (int i : features) {
            values.add(measured.target().row(i));
            values.add(measured.components().get(componentOf.applyAsInt(i)).row(i));
        }
        return Axis.around("contribution", Scale.LINEAR, 0.08, values);
    }

    private static List<Figure> pair(NeuronContributions measured, List<Integer> features, IntUnaryOperator componentOf, String belowTitle, Axis up,
                                     double height, String range) {
        List<Integer> components = features.stream().map(componentOf::applyAsInt).toList();
        List<double[]> above = new ArrayList<>();
        List<double[]> below = new ArrayList<>();
        List<List<Integer>> largestAbove = new ArrayList<>();
        List<List<Integer>> largestBelow = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            above.add(measured.target().row(features.get(i)));
            below.add(measured.components().get(components.get(i)).row(features.get(i)));
            largestAbove.add(measured.largestNeurons(features.get(i), LABELLED));
            largestBelow.add(measured.largestNeurons(components.get(i), features.get(i), LABELLED));
        }
        List<DotColumns.Dot> dotsAbove = dots(measured, above, largestAbove, largestBelow);
        List<DotColumns.Dot> dotsBelow = dots(measured, below, largestBelow, largestAbove);
        List<Key> keys = keys(measured);
        return List.of(
                DotColumns.of("Target" + range, "feature", names(features), measured.neurons(), up, dotsAbove, keys,
                        words("Target", features, largestAbove, above), table(measured, features, null, dotsAbove), WIDE, height),
                DotColumns.of(belowTitle + range, "component for the feature above", names(components), measured.neurons(), up, dotsBelow, keys,
                        words(belowTitle, features, largestBelow, below), table(measured, features, components, dotsBelow), WIDE, height));
    }

    private static List<DotColumns.Dot> dots(NeuronContributions measured, List<double[]> values, List<List<Integer>> largest,
                                             List<List<Integer>> largestInOther) {
        List<DotColumns.Dot> dots = new ArrayList<>();
        for (int column = 0; column < values.size(); column++) {
            for (int neuron = 0; neuron < measured.neurons(); neuron++) {
                boolean labelled = largest.get(column).contains(neuron);
                dots.add(new DotColumns.Dot(column, neuron, values.get(column)[neuron],
                        colorOf(measured, neuron, labelled || largestInOther.get(column).contains(neuron)), labelled ? Integer.toString(neuron) : ""));
            }
        }
        return dots;
    }

    private static String words(String what, List<Integer> features, List<List<Integer>> largest, List<double[]> values) {
        var words = new StringBuilder(what).append(": ");
        if (features.size() <= MOST_TOLD) {
            words.append("neurons with the largest contributions, largest first, to ");
        }
        for (int i = 0; i < features.size() && features.size() <= MOST_TOLD; i++) {
            words.append("feature ").append(features.get(i)).append(": ").append(String.join(", ", names(largest.get(i)))).append("; ");
        }
        double[] first = IntStream.range(0, features.size()).mapToDouble(i -> values.get(i)[largest.get(i).get(0)]).toArray();
        return words.append("the largest contribution to a feature is between ").append(NumberText.of(Arrays.stream(first).min().orElseThrow()))
                .append(" and ").append(NumberText.of(Arrays.stream(first).max().orElseThrow())).append('.').toString();
    }

    private static Table table(NeuronContributions measured, List<Integer> features, List<Integer> components, List<DotColumns.Dot> dots) {
        NumberTable table = NumberTable.named("Neuron contributions")
                .integers("feature", dots.stream().mapToInt(dot -> features.get(dot.column())).toArray());
        if (components != null) {
            table.integers("component", dots.stream().mapToInt(dot -> components.get(dot.column())).toArray());
        }
        table.integers("neuron", dots.stream().mapToInt(DotColumns.Dot::number).toArray());
        if (measured.neuronsOfLayers().size() > 1) {
            table.integers("layer", dots.stream().mapToInt(dot -> measured.layerOf(dot.number()) + 1).toArray());
        }
        return table.numbers("contribution", dots.stream().mapToDouble(DotColumns.Dot::value).toArray()).build();
    }

    private static Color colorOf(NeuronContributions measured, int neuron, boolean large) {
        if (measured.neuronsOfLayers().size() == 1) {
            return large ? Palette.feature(neuron, measured.neurons()) : FAINT;
        }
        Color own = Palette.category(measured.layerOf(neuron));
        return large ? own : Palette.pale(own, 1 / 3.0);
    }

    private static List<Key> keys(NeuronContributions measured) {
        List<Key> keys = new ArrayList<>();
        int first = 0;
        List<Integer> layers = measured.neuronsOfLayers();
        for (int l = 0; l < layers.size() && layers.size() > 1; l++) {
            keys.add(new Key("layer " + (l + 1) + ", neurons " + first + " to " + (first + layers.get(l) - 1), Palette.category(l), Key.Mark.DOT));
            first += layers.get(l);
        }
        return keys;
    }

    /** How many components represent no, one, two or more features, and how many features are represented. */
    public static Figure categories(ComponentCategories measured) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("dead", measured.dead());
        counts.put("monosemantic", measured.monosemantic());
        counts.put("duosemantic", measured.duosemantic());
        counts.put("polysemantic", measured.polysemantic());
        counts.put("features represented", measured.featuresRepresented());
        int last = counts.size() - 1;
        return Charts.counts("How many features the components represent", "", "number", counts,
                        place -> place == last ? Palette.category(0) : Palette.category(1))
                .withNote(measured.representedFeatures().size() + " components, " + measured.features()
                        + " features. To represent: the largest neuron contribution exceeds " + measured.cutOff() + ".");
    }

    /** How many features are represented by no, one, two or more components. */
    public static Figure componentsByFeature(ComponentCategories measured) {
        int[] counts = new int[4];
        measured.componentsOfFeatures().forEach(count -> counts[Math.min(3, count)]++);
        Map<String, Integer> named = new LinkedHashMap<>();
        for (int n = 0; n < counts.length; n++) {
            named.put(List.of("none", "one", "two", "more").get(n), counts[n]);
        }
        return Charts.counts("Features by the number of components that represent them", "components", "features", named);
    }

    /**
     * How the positive contributions to each feature are divided among the layers, in the target (above) and in the predominant component
     * (below), sorted by the share of the target's first layer.
     */
    public static Figure layerShares(LayerShares measured) {
        List<Integer> sorted = IntStream.range(0, measured.features()).boxed()
                .sorted(Comparator.comparingDouble(i -> measured.ofTarget(i, 0))).toList();
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

    /** Every output on one input under random ablations of half the components, with the feature's own component on or off. */
    public static Figure oneHotAblation(OneHotAblation measured) {
        int n = measured.outputs().size();
        ToDoubleFunction<OneHotAblation.Output> zero = output -> 0;
        return Scatter.over("Outputs for x = 1 at feature " + measured.feature() + " under " + measured.ablations() + " random ablations", "output index", n,
                        "output − embedding path", List.of(
                                points("scrubbed, ± standard deviation", n, -0.16, measured, OneHotAblation.Output::scrubbedMean,
                                        OneHotAblation.Output::scrubbedDeviation, SCRUBBED, Scatter.Mark.DOT),
                                points("anti-scrubbed, ± standard deviation", n, 0.16, measured, OneHotAblation.Output::antiScrubbedMean,
                                        OneHotAblation.Output::antiScrubbedDeviation, ANTI_SCRUBBED, Scatter.Mark.DOT),
                                points("target", n, 0, measured, OneHotAblation.Output::target, zero, TARGET, Scatter.Mark.CROSS)), WIDE)
                .withNote("Scrubbed: component " + measured.component() + ", that of the feature, is always on; anti-scrubbed: always off.");
    }

    private static Scatter.Points points(String name, int n, double shift, OneHotAblation measured, ToDoubleFunction<OneHotAblation.Output> value,
                                         ToDoubleFunction<OneHotAblation.Output> spread, Color color, Scatter.Mark mark) {
        double[] spreads = measured.outputs().stream().mapToDouble(spread).toArray();
        return new Scatter.Points(name, IntStream.range(0, n).mapToDouble(o -> o + shift).toArray(),
                measured.outputs().stream().mapToDouble(value).toArray(), DoubleStream.of(spreads).anyMatch(s -> s != 0) ? spreads : null, color, mark);
    }

    /** Losses to the target's output when components are removed: by top-k, all but the needed ones, or the needed ones themselves. */
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
     * The target's loss by feature and what the decomposition adds, with one component a sample (above) and with batch top-k (below). A loss
     * of the decomposition below the target's shows as a pale end of the target's bar.
     *
     * @throws IllegalArgumentException if no feature has a sample
     */
    public static Figure perFeatureLoss(PerFeatureLoss measured) {
        List<PerFeatureLoss.Feature> sorted = seen(measured).stream().sorted(Comparator.comparingDouble(PerFeatureLoss.Feature::target)).toList();
        double highest = 1.05 * sorted.stream().mapToDouble(f -> Math.max(f.target(), Math.max(f.batchTopK(), f.perSampleTop1()))).max().orElseThrow();
        return Figure.grid("Loss to the labels by feature, sorted by the target's", 1, List.of(
                stacked("One component a sample (per-sample top-1)", sorted, PerFeatureLoss.Feature::perSampleTop1, highest),
                stacked("Batch top-k", sorted, PerFeatureLoss.Feature::batchTopK, highest)));
    }

    private static Figure stacked(String title, List<PerFeatureLoss.Feature> sorted, ToDoubleFunction<PerFeatureLoss.Feature> loss, double highest) {
        double[] target = sorted.stream().mapToDouble(PerFeatureLoss.Feature::target).toArray();
        double[] found = sorted.stream().mapToDouble(loss).toArray();
        double[] added = new double[target.length];
        Arrays.setAll(added, i -> found[i] - target[i]);
        Table table = NumberTable.named(title).integers("feature", sorted.stream().mapToInt(PerFeatureLoss.Feature::feature).toArray())
                .numbers("target", target).numbers("decomposition", found).numbers("added", added).build();
        int most = IntStream.range(0, added.length).boxed().max(Comparator.comparingDouble(i -> added[i])).orElseThrow();
        String words = title + ". Mean squared error by feature: target from " + NumberText.of(target[0]) + " to "
                + NumberText.of(target[target.length - 1]) + "; the decomposition adds " + NumberText.of(Arrays.stream(added).average().orElseThrow())
                + " on average and at most " + NumberText.of(added[most]) + ", to feature " + sorted.get(most).feature() + "; it is lower than the target for "
                + Arrays.stream(added).filter(a -> a < 0).count() + " of " + added.length + " features.";
        List<Series> bars = new ArrayList<>();
        bars.add(new Series("target", sorted.stream().mapToDouble(f -> Math.min(f.target(), loss.applyAsDouble(f))).toArray()).in(TARGET));
        if (Arrays.stream(added).anyMatch(a -> a < 0)) {
            bars.add(new Series("target, where the decomposition is lower", Arrays.stream(added).map(a -> Math.max(0, -a)).toArray()).in(PALE_TARGET));
        }
        bars.add(new Series("added by the decomposition", Arrays.stream(added).map(a -> Math.max(0, a)).toArray()).in(FOUND));
        return StackedBars.of(title, "feature, sorted by the target's loss", names(sorted.stream().map(PerFeatureLoss.Feature::feature).toList()),
                "mean squared error", bars, highest, words, table, WIDE);
    }

    /**
     * Whether features that keep more components are those that one component serves badly: a point for each feature.
     *
     * @throws IllegalArgumentException if no feature has a sample
     */
    public static Figure activeComponents(PerFeatureLoss measured) {
        List<PerFeatureLoss.Feature> features = seen(measured);
        return Scatter.of("Active components against the error with one component",
                "mean squared error of per-sample top-1 to the target's output",
                "active components in batch top-k, mean", List.of(new Scatter.Points("feature",
                        features.stream().mapToDouble(PerFeatureLoss.Feature::top1ToTarget).toArray(),
                        features.stream().mapToDouble(PerFeatureLoss.Feature::activeComponents).toArray(), FOUND)))
                .withNote("Every dot is a feature.");
    }

    private static List<PerFeatureLoss.Feature> seen(PerFeatureLoss measured) {
        List<PerFeatureLoss.Feature> seen = measured.features().stream().filter(feature -> feature.samples() > 0).toList();
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("none of the " + measured.features().size()
                    + " features has a sample in which it alone is active; losses by feature need at least one");
        }
        return seen;
    }

    private static List<String> names(List<Integer> numbers) {
        return numbers.stream().map(number -> Integer.toString(number)).toList();
    }

    private static double[] numbers(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }
}
