package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkPanels;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.charts.internal.PanelRow;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.charts.internal.VectorPanels;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.language.LanguageModelRun;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.ComponentNorms;
import org.apd4j.measures.MethodSample;
import org.apd4j.measures.OneHotAttributions;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.measures.superposition.RecoveryOfSeeds;
import org.apd4j.sweep.SweepResult;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.training.Run;
import org.apd4j.training.SeedRuns;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The paper's figures, drawn from runs and from what {@link org.apd4j.measures measures} return.
 *
 * <pre>{@code
 * Figures.target(target);
 * Figures.components(run);
 * Figures.losses(run)
 * }</pre>
 */
public final class Figures {

    /** Largest number of panels that a reader looks at one by one. */
    private static final int MOST_COMPONENTS = 12;

    /** Part of a feature's row from which on a component counts as holding it. */
    private static final double HELD = 0.1;

    /** Powers of ten between the first and the last colour of losses. */
    private static final int DECADES = 4;
    /** Distance of the dots of neighbouring seeds, of a place's width. */
    private static final double APART = 0.05;

    private Figures() {
    }

    /** Returns a toy model of superposition as a network and, if it has two hidden dimensions, as arrows. */
    public static Figure target(TargetRun run) {
        return target(run.trained());
    }

    /** Returns the same for a trained target. */
    public static Figure target(Target target) {
        return panels("The target network " + target.name(), List.of("target"), List.<double[][]>of(rows(target.weights(Tms.ENCODER))));
    }

    /**
     * Returns Figure 3 of the paper: the target, the sum of the components and every component, in the order of the features of which they hold most,
     * with those that hold less than {@value #HELD} of every feature last; above, the rows of W as arrows, one colour for each feature; below, the
     * network, with darker edges for larger weights.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_COMPONENTS} components or the target is no TMS
     */
    public static Figure components(DecompositionSource decomposed) {
        Decomposition found = decomposed.decomposition();
        return components(found, byFeature(found));
    }

    private static List<Integer> byFeature(Decomposition decomposed) {
        double[][] target = rows(decomposed.target().weights(Tms.ENCODER));
        int[] feature = new int[decomposed.count()];
        double[] part = new double[decomposed.count()];
        for (int c = 0; c < feature.length; c++) {
            double[][] own = rows(decomposed.component(Tms.ENCODER, c));
            feature[c] = target.length;
            part[c] = 0;
            for (int i = 0; i < target.length; i++) {
                double held = product(own[i], target[i]) / product(target[i], target[i]);
                if (held >= HELD && held > part[c]) {
                    feature[c] = i;
                    part[c] = held;
                }
            }
        }
        return IntStream.range(0, feature.length).boxed()
                .sorted(Comparator.<Integer>comparingInt(c -> feature[c]).thenComparing(c -> -part[c])).toList();
    }

    private static double product(double[] left, double[] right) {
        return IntStream.range(0, left.length).mapToDouble(j -> left[j] * right[j]).sum();
    }

    /**
     * Returns the same with the components in a given order, such as that of the finished run for the frames of an animation.
     *
     * @param order indices of components, each at most once
     * @throws IllegalArgumentException if there are more than {@value #MOST_COMPONENTS} components or the target is no TMS
     */
    public static Figure components(DecompositionSource decomposed, List<Integer> order) {
        Decomposition found = decomposed.decomposition();
        if (found.count() > MOST_COMPONENTS) {
            throw new IllegalArgumentException("there are " + found.count() + " components; this figure shows at most " + MOST_COMPONENTS);
        }
        List<String> names = new ArrayList<>(List.of("target", "sum of components"));
        List<double[][]> matrices = new ArrayList<>();
        matrices.add(rows(found.target().weights(Tms.ENCODER)));
        matrices.add(rows(found.sum(Tms.ENCODER)));
        for (int c : order) {
            names.add("component " + c);
            matrices.add(rows(found.component(Tms.ENCODER, c)));
        }
        return panels(name(found) + ": target and components", names, matrices);
    }

    /**
     * Returns a toy model of superposition as a network in which only one feature's edges have colours.
     *
     * @throws IllegalArgumentException if the target is no TMS, or has no such feature
     */
    public static Figure target(TargetRun run, int feature) {
        double[][] encoder = rows(run.trained().weights(Tms.ENCODER));
        return NetworkPanels.feature("The target network " + run.trained().name() + ", the paths of feature " + feature,
                NetworkDiagram.dense("target", List.of(encoder, transposed(encoder))), feature);
    }

    private static Figure panels(String title, List<String> names, List<double[][]> encoders) {
        List<NetworkDiagram> networks = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            networks.add(NetworkDiagram.dense(names.get(i), List.of(encoders.get(i), transposed(encoders.get(i)))));
        }
        PanelRow drawings = NetworkRows.row(networks);
        return encoders.get(0)[0].length == 2 ? PanelGrid.figure(title, VectorPanels.row(names, encoders), drawings)
                : PanelGrid.figure(title, drawings);
    }

    /**
     * Returns one step of the method on one sample, with its numbers: target pass, attributions, mask, sparse pass, losses.
     *
     * @throws IllegalArgumentException if there are more than twelve features, outputs or components
     */
    public static Figure method(MethodSample sample) {
        return MethodFigure.of(sample);
    }

    /** Returns the losses of a run over its steps, each without its coefficient. Those of a language model are in nats per token. */
    public static Figure losses(Run<?> run) {
        Figure drawn = Charts.lossCurves("Losses: " + run.name(), run instanceof LanguageModelRun ? "loss (nats per token)" : "loss", run.history());
        return run instanceof DecompositionRun<?> decomposing ? drawn.withTitle("Losses: " + decomposing.target().name() + ", "
                + decomposing.method().name() + ", seed " + decomposing.seed()) : drawn;
    }

    /** Returns how well each feature is recovered: the cosine similarity with the target's row, and the ratio of the lengths. */
    public static Figure recovery(DecompositionSource decomposed) {
        Recovery recovery = Recovery.of(decomposed);
        List<String> features = numbers(recovery.features().size());
        return Charts.bars("Recovery of the features' directions and lengths: " + name(decomposed.decomposition()), "feature", features,
                "ratio, 1 is perfect",
                List.of(new Series("cosine similarity", recovery.features().stream().mapToDouble(Recovery.Feature::cosine).toArray()),
                        new Series("L2 ratio", recovery.features().stream().mapToDouble(Recovery.Feature::l2Ratio).toArray())),
                1, "perfect");
    }

    /** Returns the largest cosine similarity of each feature's direction with that of a component, in the feature's colour. */
    public static Figure maxCosineSimilarity(DecompositionSource decomposed) {
        return BarChart.features("Largest cosine similarity of each feature: " + name(decomposed.decomposition()), "cosine similarity",
                Recovery.of(decomposed).features().stream().mapToDouble(Recovery.Feature::cosine).toArray(), 1, "perfect");
    }

    /** Returns the mean squared error to the true labels over the number of active features. */
    public static Figure lossByActiveFeatures(LossByActiveFeatures measured) {
        List<String> categories = new ArrayList<>();
        List<LossByActiveFeatures.Losses> losses = new ArrayList<>();
        measured.exactly().forEach(exactly -> {
            categories.add(Integer.toString(exactly.active()));
            losses.add(exactly.losses());
        });
        categories.add("natural");
        losses.add(measured.natural());
        return Charts.markedLines("Loss against the number of active features", "active features", categories, categories.size() - 1,
                "mean squared error to the labels", Scale.LOGARITHMIC,
                List.of(new Series("target", losses.stream().mapToDouble(LossByActiveFeatures.Losses::target).toArray()),
                        new Series("APD, as many components as active features",
                                losses.stream().mapToDouble(LossByActiveFeatures.Losses::decomposition).toArray()),
                        new Series("one feature a dimension", losses.stream().mapToDouble(LossByActiveFeatures.Losses::baseline).toArray())
                                .asReference()));
    }

    /**
     * Returns the loss of each feature when a component is removed, with the components in the order that puts each feature's own on the diagonal.
     * The colours span four powers of ten: what lies below is rounding.
     */
    public static Figure ablation(ComponentAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(measured.none().stream().mapToDouble(Double::doubleValue).toArray());
        for (int c : measured.order()) {
            rows.add("component " + c);
            values.add(measured.removed().row(c));
        }
        return HeatMap.logarithmic("Loss when a component is removed", "removed", rows, "active feature", numbers(measured.features()),
                "mean squared error to the target's output", DECADES, values.toArray(double[][]::new));
    }

    /**
     * Returns the mean L2 ratio of every seed, for each way to run an experiment, with seeds that succeed apart from those that fail.
     */
    public static <S extends Record & DecompositionSettings> Figure variants(Map<String, SeedRuns<DecompositionRun<S>>> variants) {
        List<RecoveryOfSeeds> found = variants.values().stream().map(group -> RecoveryOfSeeds.of(group.runs())).toList();
        return Scatter.byCategory("Seeds that succeed, and their lengths", "variant", List.copyOf(variants.keySet()),
                found.stream().map(RecoveryOfSeeds::successText).toList(), "ML2R",
                List.of(seeds("succeeds", found, true, Palette.category(2), Scatter.Mark.DOT),
                        seeds("fails", found, false, Palette.category(1), Scatter.Mark.CROSS)), 1, "perfect")
                .withNote("Every mark is a seed. Above: how many of them succeed.");
    }

    private static Scatter.Points seeds(String name, List<RecoveryOfSeeds> variants, boolean success, Color color, Scatter.Mark mark) {
        List<double[]> places = new ArrayList<>();
        for (int v = 0; v < variants.size(); v++) {
            List<Recovery> runs = variants.get(v).runs();
            for (int s = 0; s < runs.size(); s++) {
                if (runs.get(s).success() == success) {
                    places.add(new double[] {v + APART * (s - (runs.size() - 1) / 2.0), runs.get(s).ml2r()});
                }
            }
        }
        return new Scatter.Points(name, places.stream().mapToDouble(place -> place[0]).toArray(),
                places.stream().mapToDouble(place -> place[1]).toArray(), color, mark);
    }

    /**
     * Returns the fraction of seeds that {@linkplain Recovery#succeedsAtLength succeed and keep the lengths}, over a grid of settings. A place
     * where all seeds succeed with short pieces of the features' rows is dark in it.
     */
    public static Figure successRateAtLength(RecoveryMap measured) {
        return map("Seeds that succeed and keep the lengths", "part of the seeds", measured, measured.successRateAtLength());
    }

    /** Returns the fraction of seeds that succeed, over a grid of settings. */
    public static Figure successRate(RecoveryMap measured) {
        return map("Seeds that succeed", "part of the seeds", measured, measured.successRate());
    }

    /** Returns the mean L2 ratio, averaged over the seeds, over a grid of settings. */
    public static Figure ml2r(RecoveryMap measured) {
        return map("Mean L2 ratio", "ML2R", measured, measured.mean(Recovery::ml2r));
    }

    /** Returns the mean of a number over the seeds, for every pair of a sweep's values. */
    public static Figure sweep(SweepResult found, String number) {
        return HeatMap.of(capital(number) + " by " + found.rowTitle() + " and " + found.columnTitle(), found.rowTitle(), found.rows().stream().map(NumberText::setting).toList(), found.columnTitle(),
                found.columns().stream().map(NumberText::setting).toList(), number, Scale.LINEAR, found.mean(number).toArray()).withNote(found.title() + ".");
    }

    private static Figure map(String what, String valueTitle, RecoveryMap measured, Grid values) {
        return HeatMap.of(what + " by " + measured.rowTitle() + " and " + measured.columnTitle(), measured.rowTitle(), measured.rows().stream().map(NumberText::setting).toList(),
                measured.columnTitle(), measured.columns().stream().map(NumberText::setting).toList(), valueTitle, 0, 1, values.toArray())
                        .withNote(measured.title() + ".");
    }

    private static String capital(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Returns the attributions on inputs with one active feature, with the components in the order that puts each feature's own on the diagonal. */
    public static Figure oneHotAttributions(OneHotAttributions measured) {
        Grid attributions = measured.attributions();
        List<Integer> order = measured.order();
        double[][] values = new double[order.size()][attributions.rows()];
        for (int row = 0; row < values.length; row++) {
            int component = order.get(row);
            Arrays.setAll(values[row], feature -> attributions.get(feature, component));
        }
        return HeatMap.of("Attributions when one feature is active", "component", order.stream().map(c -> Integer.toString(c)).toList(),
                "active feature", numbers(attributions.rows()), "attribution", Scale.LINEAR, values);
    }

    /** Returns the norms of the components, largest first, in one colour for a feature's first choice and another for surplus components. */
    public static Figure componentNorms(ComponentNorms norms, OneHotAttributions attributions) {
        List<Integer> surplus = attributions.surplus();
        List<Integer> order = norms.largestFirst();
        return BarChart.bars("Size of the components", "component, largest first", order.stream().map(c -> Integer.toString(c)).toList(),
                "Frobenius norm", List.of(new Series("Frobenius norm", order.stream().mapToDouble(norms::of).toArray())), Double.NaN, "",
                place -> surplus.contains(order.get(place)) ? Palette.category(1) : Palette.category(0),
                List.of(new Key("a feature's first choice", Palette.category(0), Key.Mark.BOX),
                        new Key("surplus", Palette.category(1), Key.Mark.BOX)));
    }

    /** Returns which decomposition it is: the name of its target and its seed. */
    private static String name(Decomposition decomposition) {
        return decomposition.target().name() + ", seed " + decomposition.provenance().seed();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static double[][] rows(INDArray matrix) {
        return matrix.toDoubleMatrix();
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] result = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[0].length; j++) {
                result[j][i] = matrix[i][j];
            }
        }
        return result;
    }
}
