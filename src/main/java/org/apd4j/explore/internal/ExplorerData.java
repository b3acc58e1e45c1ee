package org.apd4j.explore.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.charts.internal.Palette;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.FeatureComponents;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneFeatureResponse;
import org.apd4j.measures.residual.OneHotAblation;

/**
 * All that the page of an explorer knows. Neuron contributions are kept for the pairs of component and feature that matter to each other, those of
 * dead components for their largest features only, so that a page of 200 components stays small.
 *
 * @param title           the title
 * @param note            what to do with the explorer, and its provenance
 * @param features        number of features
 * @param neuronsOfLayers by layer, the number of its neurons
 * @param first           the feature that is picked at first
 * @param predominant     by feature, its predominant component
 * @param used            by feature, the component with the largest importance for x = 1
 * @param components      by component, what it represents
 * @param alive           the components that represent a feature
 * @param largest         {@code [alive, features]}, largest contributions, as base64
 * @param target          {@code [features, neurons]}, contributions in the target, as base64
 * @param pairs           pairs of component and feature whose contributions are kept
 * @param rows            {@code [pairs, neurons]}, these contributions, as base64
 * @param points          values of x
 * @param labels          the label for each of them
 * @param curves          {@code [4, features, points]}, output i over x_i of the target, of all components, of the predominant one alone and of all
 *                        without it, as base64
 * @param scrubs          {@code [features, 5]}, output i on x_i = 1 without the embedding path: target, mean and deviation scrubbed, mean and
 *                        deviation anti-scrubbed, as base64
 * @param ablations       number of random ablations
 * @param scale           colours of the map, from 0 to the largest value
 * @param colors          colours of lines and layers, by name
 */
public record ExplorerData(String title, String note, int features, List<Integer> neuronsOfLayers, int first, List<Integer> predominant,
                           List<Integer> used, List<Part> components, List<Integer> alive, String largest, String target, List<List<Integer>> pairs,
                           String rows, List<Double> points, List<Double> labels, String curves, String scrubs, int ablations, List<String> scale,
                           Map<String, String> colors) {

    private static final int POINTS = 17;
    private static final int COLORS = 64;
    /** Number of components whose contributions to a feature are kept. */
    private static final int COMPONENTS_OF_FEATURE = 3;
    /** Largest number of features of a component that are listed. */
    private static final int FEATURES_OF_COMPONENT = 5;
    /** Number of contributions from which no further pair is kept. */
    private static final int MOST_CONTRIBUTIONS = 20_000;
    /** Features of a dead component that are listed. */
    private static final int FEATURES_OF_DEAD = 2;

    /**
     * A component.
     *
     * @param category how many features it represents, in a word
     * @param top      the features with its largest contributions, largest first: those that it represents, and at least one
     * @param values   these contributions
     */
    public record Part(String category, List<Integer> top, List<Float> values) {
    }

    /** Measures a decomposition for an explorer. */
    public static ExplorerData of(Decomposition decomposition, NeuronContributions contributions, long seed, int ablations) {
        ComponentCategories categories = ComponentCategories.of(contributions, ComponentCategories.CUT_OFF);
        int features = contributions.features();
        int count = contributions.components().size();
        Grid largest = Grid.of(count, features, contributions::largest);
        List<Part> parts = IntStream.range(0, count).mapToObj(c -> part(categories, largest, c)).toList();
        // a decomposition without a living component still has a predominant one for every feature
        List<Integer> alive = categories.alive().isEmpty() ? contributions.predominant().stream().distinct().sorted().toList() : categories.alive();
        List<List<Integer>> pairs = pairs(largest, parts, contributions.neurons());
        List<OneFeatureResponse> responses = OneFeatureResponse.all(decomposition.target(), POINTS);
        List<OneHotAblation> scrubs = OneHotAblation.all(decomposition, seed, ablations);
        return new ExplorerData("Component explorer: " + decomposition.target().name(), note(decomposition, categories), features,
                contributions.neuronsOfLayers(), 0, contributions.predominant(),
                FeatureComponents.of(decomposition).components(), parts, alive,
                HoverMap.base64(Grid.of(alive.size(), features, (row, i) -> largest.get(alive.get(row), i))), HoverMap.base64(contributions.target()),
                pairs, HoverMap.base64(Grid.of(pairs.size(), contributions.neurons(),
                        (pair, n) -> contributions.components().get(pairs.get(pair).get(0)).get(pairs.get(pair).get(1), n))),
                responses.get(0).inputs(), responses.get(0).expected(),
                Values.base64(curves(decomposition, contributions, responses)), Values.base64(scrubs(scrubs)), ablations,
                IntStream.range(0, COLORS).mapToObj(i -> BoardStart.hex(Palette.viridis(i / (COLORS - 1.0)))).toList(),
                colors(contributions.neuronsOfLayers().size()));
    }

    private static String note(Decomposition decomposition, ComponentCategories categories) {
        return "Pick a feature, a component, or a cell of the map. A component represents a feature when its largest neuron contribution exceeds "
                + categories.cutOff() + "; living components represent at least one. " + decomposition.count() + " components, seed "
                + decomposition.provenance().seed() + ", " + decomposition.provenance().step() + " steps.";
    }

    private static Map<String, String> colors(int layers) {
        Map<String, String> colors = new LinkedHashMap<>();
        colors.put("target", BoardStart.hex(BoardStart.TARGET));
        colors.put("all", BoardStart.hex(BoardStart.ALL));
        colors.put("kept", BoardStart.hex(BoardStart.TICKED));
        colors.put("label", BoardStart.hex(Palette.REFERENCE));
        colors.put("without", BoardStart.hex(Palette.category(4)));
        IntStream.range(0, layers).forEach(l -> colors.put("layer" + l, BoardStart.hex(Palette.category(l))));
        return colors;
    }

    private static Part part(ComponentCategories categories, Grid largest, int c) {
        int represented = categories.representedFeatures().get(c).size();
        String category = switch (represented) {
            case 0 -> "dead";
            case 1 -> "monosemantic";
            case 2 -> "duosemantic";
            default -> "polysemantic";
        };
        int wanted = represented == 0 ? FEATURES_OF_DEAD : Math.min(FEATURES_OF_COMPONENT, represented + 1);
        List<Integer> top = IntStream.range(0, largest.columns()).boxed().sorted(Comparator.comparingDouble(i -> -largest.get(c, i)))
                .limit(wanted).toList();
        return new Part(category, top, top.stream().map(i -> (float) largest.get(c, i)).toList());
    }

    /**
     * Returns the pairs whose contributions are kept: for every feature its predominant component and for every component its first feature; then, as
     * long as there is room, for every feature its next components and for every component its other features.
     */
    private static List<List<Integer>> pairs(Grid largest, List<Part> parts, int neurons) {
        Set<List<Integer>> pairs = new LinkedHashSet<>();
        List<List<Integer>> ofFeatures = IntStream.range(0, largest.columns()).mapToObj(i -> IntStream.range(0, largest.rows()).boxed()
                .sorted(Comparator.comparingDouble(c -> -largest.get(c, i))).limit(COMPONENTS_OF_FEATURE).toList()).toList();
        int most = Math.max(1, MOST_CONTRIBUTIONS / neurons);
        for (int rank = 0; rank < FEATURES_OF_COMPONENT; rank++) {
            for (int i = 0; i < ofFeatures.size(); i++) {
                if (rank < ofFeatures.get(i).size() && (rank == 0 || pairs.size() < most)) {
                    pairs.add(List.of(ofFeatures.get(i).get(rank), i));
                }
            }
            for (int c = 0; c < parts.size(); c++) {
                if (rank < parts.get(c).top().size() && (rank == 0 || pairs.size() < most)) {
                    pairs.add(List.of(c, parts.get(c).top().get(rank)));
                }
            }
        }
        return List.copyOf(pairs);
    }

    private static double[] curves(Decomposition decomposition, NeuronContributions contributions, List<OneFeatureResponse> responses) {
        List<double[]> curves = new ArrayList<>();
        responses.forEach(own -> curves.add(Statistics.array(own.response())));
        curves.addAll(FeatureCurves.of(decomposition, contributions.predominant(), responses.get(0).inputs()));
        return curves.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] scrubs(List<OneHotAblation> scrubs) {
        double[] values = new double[5 * scrubs.size()];
        for (OneHotAblation own : scrubs) {
            OneHotAblation.Output output = own.outputs().get(own.feature());
            double[] five = {output.target(), output.scrubbedMean(), output.scrubbedDeviation(), output.antiScrubbedMean(),
                output.antiScrubbedDeviation()};
            System.arraycopy(five, 0, values, 5 * own.feature(), 5);
        }
        return values;
    }
}
