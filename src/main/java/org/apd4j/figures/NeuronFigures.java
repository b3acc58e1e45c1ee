package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.internal.Axis;
import org.apd4j.charts.internal.DotColumns;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/** The figures of neuron contributions, target above and components below, that {@link ResidualMlpFigures} offers. */
final class NeuronFigures {

    private static final double WIDE = 900;
    /** Largest contributions to a feature that are labelled. */
    private static final int LABELLED = 3;
    /** Largest number of features whose neurons the text alternative names one by one. */
    private static final int MOST_TOLD = 12;
    private static final Color FAINT = new Color(0xB8B8B8);

    private NeuronFigures() {
    }

    static Figure first(NeuronContributions measured, int features) {
        requireFeatures(measured, features);
        List<Integer> first = IntStream.range(0, features).boxed().toList();
        Axis up = axis(measured, first, measured::predominant);
        return Figure.grid("Neuron contributions, features 0 to " + (features - 1), 1,
                pair(measured, first, measured::predominant, "Predominant components", up, 250, "")).withNote(noteOn(measured));
    }

    static Figure all(NeuronContributions measured) {
        List<double[]> others = new ArrayList<>();
        List<List<double[]>> largest = new ArrayList<>();
        measured.neuronsOfLayers().forEach(size -> largest.add(new ArrayList<>()));
        for (int i = 0; i < measured.features(); i++) {
            double[] above = measured.target().row(i);
            double[] below = measured.components().get(measured.predominant(i)).row(i);
            int first = measured.largestNeurons(i, 1).get(0);
            for (int n = 0; n < measured.neurons(); n++) {
                (n == first ? largest.get(measured.layerOf(n)) : others).add(new double[] {above[n], below[n]});
            }
        }
        List<Scatter.Points> points = new ArrayList<>();
        points.add(points("other neurons", others, FAINT));
        for (int l = 0; l < largest.size(); l++) {
            points.add(points("each feature's largest neuron" + (largest.size() > 1 ? ", layer " + (l + 1) : ""), largest.get(l),
                    Palette.category(l)));
        }
        return Scatter.compared("Neuron contributions, all features", "contribution in the target",
                "contribution in the predominant component", points,
                "as large as in the target").withNote("Every dot is a neuron and a feature.");
    }

    private static Scatter.Points points(String name, List<double[]> pairs, Color color) {
        return new Scatter.Points(name, pairs.stream().mapToDouble(pair -> pair[0]).toArray(), pairs.stream().mapToDouble(pair -> pair[1]).toArray(),
                color, Scatter.Mark.SMALL_DOT);
    }

    static Figure component(NeuronContributions measured, int component, List<Integer> features) {
        if (component < 0 || component >= measured.components().size()) {
            throw new IllegalArgumentException("component is " + component + "; it must be 0 … " + (measured.components().size() - 1));
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
        return "Every dot is a neuron, at the same place of its column in both rows. A neuron that is among the " + LABELLED
                + " largest of a feature in either row has a " + (measured.neuronsOfLayers().size() > 1 ? "strong colour" : "colour")
                + " in both, and its number where it is among them.";
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
                        words("Target", features, largestAbove, above), table(measured, features, List.of(), dotsAbove), WIDE, height),
                DotColumns.of(belowTitle + range, "component for the feature above", components.stream().map(measured.names()::get).toList(), measured.neurons(), up, dotsBelow, keys,
                        words(belowTitle, features, largestBelow, below), table(measured, features, components, dotsBelow), WIDE, height));
    }

    private static List<DotColumns.Dot> dots(NeuronContributions measured, List<double[]> values, List<List<Integer>> largest,
                                             List<List<Integer>> largestInOther) {
        List<DotColumns.Dot> dots = new ArrayList<>();
        for (int column = 0; column < values.size(); column++) {
            for (int neuron = 0; neuron < measured.neurons(); neuron++) {
                boolean labelled = largest.get(column).contains(neuron);
                dots.add(new DotColumns.Dot(column, neuron, values.get(column)[neuron],
                        colorOf(measured, neuron, labelled || largestInOther.get(column).contains(neuron)), labelled ? Integer.toString(neuron)
                                : ""));
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

    /** Returns the numbers of dots; without components, those of the target. */
    private static Table table(NeuronContributions measured, List<Integer> features, List<Integer> components, List<DotColumns.Dot> dots) {
        NumberTable table = NumberTable.named("Neuron contributions")
                .integers("feature", dots.stream().mapToInt(dot -> features.get(dot.column())).toArray());
        if (!components.isEmpty()) {
            if (measured.isAssembled()) {
                table.texts("component", dots.stream().map(dot -> measured.names().get(components.get(dot.column()))).toList());
            } else {
                table.integers("component", dots.stream().mapToInt(dot -> components.get(dot.column())).toArray());
            }
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

    private static List<String> names(List<Integer> numbers) {
        return numbers.stream().map(number -> Integer.toString(number)).toList();
    }
}
