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
import org.apd4j.measures.ComponentCategories;
import org.apd4j.measures.Grid;
import org.apd4j.measures.LayerShares;
import org.apd4j.measures.NeuronContributions;
import org.apd4j.measures.OneFeatureResponse;
import org.apd4j.measures.OneHotAblation;
import org.apd4j.measures.PerFeatureLoss;
import org.apd4j.measures.Scrubbing;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.NumberText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of the experiments on residual MLPs (paper sections 3.2 and 3.3), drawn from what {@link org.apd4j.measures measures} return. */
public final class ResidualMlpFigures {

    private static final double WIDE = 900;
    /** Largest contributions to a feature that are labelled. */
    private static final int LABELLED = 3;
    /** Features in a line of the full figure of neuron contributions. */
    private static final int IN_A_LINE = 25;
    private static final Color TARGET = Palette.category(0);
    private static final Color FOUND = Palette.category(1);
    private static final Color PALE_TARGET = new Color(0xA9CDE6);
    private static final Color FAINT = new Color(0xC4C4C4);
    private static final int BINS = 50;
    private static final double LEAST_LOSS = 1e-7;

    private ResidualMlpFigures() {
    }

    /** All outputs for {@code x_i = 1} beside the label, and output i over the range of x_i beside what it should be. */
    public static Figure oneFeature(OneFeatureResponse measured) {
        int i = measured.feature();
        int n = measured.outputs().size();
        Figure outputs = Scatter.over("All outputs for x" + " = 1 at feature " + i, "output", n, "value", List.of(
                new Scatter.Points("label", numbers(n), array(measured.labels()), null, Palette.REFERENCE, Scatter.Mark.CROSS),
                new Scatter.Points("output", numbers(n), array(measured.outputs()), TARGET)), Charts.WIDTH);
        Figure response = Charts.lines("Output " + i + " over its input", "input x at feature " + i, array(measured.inputs()), "output " + i, Scale.LINEAR, List.of(
                new Series("target", array(measured.response())).in(TARGET),
                new Series("label x + ReLU(x)", array(measured.expected())).asReference()));
        return Figure.grid("One feature in the target: feature " + i, 2, List.of(outputs, response));
    }

    /** The same for every feature, one line each. */
    public static Figure allFeatures(List<OneFeatureResponse> measured) {
        int n = measured.size();
        int outputs = measured.get(0).outputs().size();
        double[][] all = measured.stream().map(one -> array(one.outputs())).toArray(double[][]::new);
        double[][] responses = measured.stream().map(one -> array(one.response())).toArray(double[][]::new);
        return Figure.grid("All features in the target", 2, List.of(
                overlaid("All outputs for x = 1 at one feature", "output", numbers(outputs), "value", all, n),
                overlaid("Output i over its input", "input x at feature i", array(measured.get(0).inputs()), "output i", responses, n)));
    }

    /** Many lines, coloured by feature, with the colour scale at the right. */
    private static Figure overlaid(String title, String xTitle, double[] x, String yTitle, double[][] lines, int features) {
        Axis across = Axis.around(xTitle, Scale.LINEAR, 0, List.of(x));
        Axis up = Axis.around(yTitle, Scale.LINEAR, 0.05, Arrays.asList(lines));
        var bar = new ColorBar(Axis.exactly("feature", 0, features - 1), t -> Palette.feature((int) Math.round(t * (features - 1)), features));
        NumberTable table = NumberTable.named(title).numbers(xTitle, x);
        var chart = new XYChart((int) Charts.WIDTH, (int) Charts.HEIGHT);
        for (int i = 0; i < features; i++) {
            var drawn = chart.addSeries("feature " + i, x, lines[i]);
            drawn.setMarker(SeriesMarkers.NONE).setLineColor(Palette.feature(i, features)).setLineStyle(Pen.stroke(0.9));
            drawn.setLineWidth(0.9f);
            table.numbers("feature " + i, lines[i]);
        }
        var frame = new ChartFrame(Charts.WIDTH - bar.width(), Charts.HEIGHT, across, up).with(chart);
        return new Figure(title, null, title + ". " + yTitle + " against " + xTitle + ", one line for each of " + features + " features.", List.of(),
                beside(frame, bar), wide -> beside(frame.resized(wide - bar.width()), bar), table.build());
    }

    private static Panel beside(ChartFrame frame, ColorBar bar) {
        Panel plot = frame.panel();
        return new Panel(plot.width() + bar.width(), plot.height(), canvas -> {
            plot.paintAt(canvas, 0, 0);
            bar.paint(new Pen(canvas), plot.width() - 4, 12, plot.height() - 70);
        });
    }

    /**
     * How much every neuron carries of the first features, in the target (above) and in each feature's predominant component (below). The
     * largest contributions have their neuron's number beside them. A neuron has the same colour, and the same place in a feature's column, in
     * both rows; with more than one layer the colour is the layer's.
     *
     * @param features how many of them
     * @throws IllegalArgumentException if there are not so many features
     */
    public static Figure neuronContributions(NeuronContributions measured, int features) {
        requireFeatures(measured, features);
        int[] first = IntStream.range(0, features).toArray();
        Axis up = axis(measured, first, measured::predominant);
        return Figure.grid("Neuron contributions, features 0 to " + (features - 1), 1,
                pair(measured, first, measured::predominant, "Predominant components", up, 250, "")).withNote(noteOn(measured));
    }

    /** The same for all features, {@value #IN_A_LINE} in a line. */
    public static Figure allNeuronContributions(NeuronContributions measured) {
        Axis up = axis(measured, IntStream.range(0, measured.features()).toArray(), measured::predominant);
        List<Figure> lines = new ArrayList<>();
        for (int first = 0; first < measured.features(); first += IN_A_LINE) {
            int[] line = IntStream.range(first, Math.min(measured.features(), first + IN_A_LINE)).toArray();
            lines.addAll(pair(measured, line, measured::predominant, "Predominant components", up, 150,
                    ", features " + first + " to " + line[line.length - 1]));
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
        int[] columns = features.stream().mapToInt(Integer::intValue).toArray();
        Axis up = axis(measured, columns, i -> component);
        return Figure.grid("Component " + component, 1, pair(measured, columns, i -> component, "Component " + component, up, 230, ""))
                .withNote(noteOn(measured));
    }

    private static void requireFeatures(NeuronContributions measured, int features) {
        if (features < 1 || features > measured.features()) {
            throw new IllegalArgumentException("features is " + features + "; there are 1 … " + measured.features());
        }
    }

    private static String noteOn(NeuronContributions measured) {
        return "Every dot is a neuron; the " + LABELLED + " largest of each feature have the neuron's number"
                + (measured.neuronsOfLayers().size() > 1 ? "." : " and colour.");
    }

    private static Axis axis(NeuronContributions measured, int[] features, IntUnaryOperator componentOf) {
        List<double[]> values = new ArrayList<>();
        for (int i : features) {
            values.add(measured.target().row(i));
            values.add(measured.components().get(componentOf.applyAsInt(i)).row(i));
        }
        return Axis.around("contribution", Scale.LINEAR, 0.08, values);
    }

    private static List<Figure> pair(NeuronContributions measured, int[] features, IntUnaryOperator componentOf, String below, Axis up, double height,
                                     String range) {
        List<String> components = IntStream.of(features).map(componentOf).mapToObj(Integer::toString).toList();
        List<DotColumns.Dot> ofTarget = new ArrayList<>();
        List<DotColumns.Dot> ofComponents = new ArrayList<>();
        for (int column = 0; column < features.length; column++) {
            int i = features[column];
            int c = componentOf.applyAsInt(i);
            addDots(measured, column, measured.target(), i, measured.largestNeurons(i, LABELLED), ofTarget);
            addDots(measured, column, measured.components().get(c), i, measured.largestNeurons(c, i, LABELLED), ofComponents);
        }
        List<String> names = IntStream.of(features).mapToObj(Integer::toString).toList();
        List<Key> keys = keys(measured);
        return List.of(
                DotColumns.of("Target" + range, "feature", names, measured.neurons(), up, ofTarget, keys, WIDE, height),
                DotColumns.of(below + range, "component", components, measured.neurons(), up, ofComponents, keys, WIDE, height));
    }

    private static void addDots(NeuronContributions measured, int column, Grid values, int feature, List<Integer> largest,
                                List<DotColumns.Dot> dots) {
        for (int neuron = 0; neuron < measured.neurons(); neuron++) {
            boolean labelled = largest.contains(neuron);
            dots.add(new DotColumns.Dot(column, neuron, values.get(feature, neuron), colorOf(measured, neuron, labelled),
                    labelled ? Integer.toString(neuron) : ""));
        }
    }

    private static Color colorOf(NeuronContributions measured, int neuron, boolean labelled) {
        if (measured.neuronsOfLayers().size() == 1) {
            return labelled ? Palette.feature(neuron, measured.neurons()) : FAINT;
        }
        Color own = Palette.category(measured.layerOf(neuron));
        return labelled ? own : pale(own);
    }

    private static Color pale(Color color) {
        return new Color((color.getRed() + 2 * 255) / 3, (color.getGreen() + 2 * 255) / 3, (color.getBlue() + 2 * 255) / 3);
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
        counts.put("features", measured.featuresRepresented());
        return Charts.counts("Components by the number of features they represent", "", "number", counts)
                .withNote("Of " + measured.representedFeatures().size() + " components, and of " + measured.features()
                        + " features those that some component represents: a neuron's contribution exceeds " + measured.cutOff() + ".");
    }

    /** How many features are represented by no, one, two or more components. */
    public static Figure componentsByFeature(ComponentCategories measured) {
        int[] counts = new int[4];
        for (int i = 0; i < measured.features(); i++) {
            counts[Math.min(3, measured.componentsOf(i).size())]++;
        }
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
        return StackedBars.of(title, "feature", sorted.stream().map(String::valueOf).toList(), "share of contributions", parts, 1, WIDE);
    }

    /** Every output on one input under random ablations of half the components, with the feature's own component on or off. */
    public static Figure oneHotAblation(OneHotAblation measured) {
        int n = measured.outputs().size();
        ToDoubleFunction<OneHotAblation.Output> zero = output -> 0;
        return Scatter.over("Outputs for x = 1 at feature " + measured.feature() + " under " + measured.ablations() + " random ablations", "output", n,
                        "output − embedding path", List.of(
                                points("scrubbed, ± standard deviation", n, -0.16, measured, OneHotAblation.Output::scrubbedMean,
                                        OneHotAblation.Output::scrubbedDeviation, Palette.category(2), Scatter.Mark.DOT),
                                points("anti-scrubbed, ± standard deviation", n, 0.16, measured, OneHotAblation.Output::antiScrubbedMean,
                                        OneHotAblation.Output::antiScrubbedDeviation, FOUND, Scatter.Mark.DOT),
                                points("target", n, 0, measured, OneHotAblation.Output::target, zero, Pen.BLACK, Scatter.Mark.CROSS)), WIDE)
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
        kinds.put(Scrubbing.Kind.TOP_K, TARGET);
        kinds.put(Scrubbing.Kind.SCRUBBED, Palette.category(2));
        kinds.put(Scrubbing.Kind.ANTI_SCRUBBED, FOUND);
        List<Histogram.Sample> samples = new ArrayList<>();
        List<Histogram.Line> means = new ArrayList<>();
        kinds.forEach((kind, color) -> {
            samples.add(new Histogram.Sample(kind.label(), measured.of(kind).values(), color));
            means.add(new Histogram.Line("mean " + NumberText.of(measured.of(kind).mean()), measured.of(kind).mean(), color));
        });
        double baseline = measured.of(Scrubbing.Kind.BASELINE).mean();
        means.add(new Histogram.Line("monosemantic baseline, mean " + NumberText.of(baseline), baseline, Pen.GREY));
        return Histogram.logarithmic("Loss when components are removed", "mean squared error to the target's output", LEAST_LOSS, BINS, "samples",
                samples, means);
    }

    /** The target's loss by feature and what the decomposition adds, with one component a sample (above) and with batch top-k (below). */
    public static Figure perFeatureLoss(PerFeatureLoss measured) {
        List<PerFeatureLoss.Feature> sorted = measured.features().stream().filter(feature -> feature.samples() > 0)
                .sorted(Comparator.comparingDouble(PerFeatureLoss.Feature::target)).toList();
        double highest = 1.05 * sorted.stream().mapToDouble(f -> Math.max(f.target(), Math.max(f.batchTopK(), f.perSampleTop1()))).max().orElse(1);
        return Figure.grid("Loss to the labels by feature, sorted by the target's", 1, List.of(
                stacked("One component a sample (per-sample top-1)", sorted, PerFeatureLoss.Feature::perSampleTop1, highest),
                stacked("Batch top-k", sorted, PerFeatureLoss.Feature::batchTopK, highest)));
    }

    private static Figure stacked(String title, List<PerFeatureLoss.Feature> sorted, ToDoubleFunction<PerFeatureLoss.Feature> found, double highest) {
        List<String> names = sorted.stream().map(f -> Integer.toString(f.feature())).toList();
        return StackedBars.of(title, "feature", names, "mean squared error", List.of(
                new Series("target", sorted.stream().mapToDouble(f -> Math.min(f.target(), found.applyAsDouble(f))).toArray()).in(TARGET),
                new Series("target, where the decomposition is lower",
                        sorted.stream().mapToDouble(f -> Math.max(0, f.target() - found.applyAsDouble(f))).toArray()).in(PALE_TARGET),
                new Series("added by the decomposition",
                        sorted.stream().mapToDouble(f -> Math.max(0, found.applyAsDouble(f) - f.target())).toArray()).in(FOUND)), highest, WIDE);
    }

    /** Whether features that keep more components are those that one component serves badly: a point for each feature. */
    public static Figure activeComponents(PerFeatureLoss measured) {
        List<PerFeatureLoss.Feature> features = measured.features().stream().filter(feature -> feature.samples() > 0).toList();
        return Scatter.of("Active components against the loss with one component", "loss that per-sample top-1 adds to the target's",
                "active components, mean", List.of(new Scatter.Points("feature",
                        features.stream().mapToDouble(f -> f.perSampleTop1() - f.target()).toArray(),
                        features.stream().mapToDouble(PerFeatureLoss.Feature::activeComponents).toArray(), TARGET)));
    }

    private static double[] numbers(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
