package org.apd4j.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.charts.internal.PanelRow;
import org.apd4j.charts.internal.VectorPanels;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.ComponentNorms;
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
     * Returns Figure 3 of the paper: the target, the sum of the components and every component; above, the rows of W as arrows, one colour for
     * each feature; below, the network, with darker edges for larger weights.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_COMPONENTS} components or the target is no TMS
     */
    public static Figure components(DecompositionSource decomposed) {
        Decomposition found = decomposed.decomposition();
        if (found.count() > MOST_COMPONENTS) {
            throw new IllegalArgumentException("there are " + found.count() + " components; this figure shows at most " + MOST_COMPONENTS);
        }
        List<String> names = new ArrayList<>(List.of("target", "sum of components"));
        List<double[][]> matrices = new ArrayList<>();
        matrices.add(rows(found.target().weights(Tms.ENCODER)));
        matrices.add(rows(found.sum(Tms.ENCODER)));
        for (int c = 0; c < found.count(); c++) {
            names.add("component " + c);
            matrices.add(rows(found.component(Tms.ENCODER, c)));
        }
        return panels(found.target().name() + ", target and components", names, matrices);
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

    /** Returns the losses of a run over its steps, each without its coefficient. */
    public static Figure losses(Run<?> run) {
        return Charts.lossCurves("Losses: " + run.name(), run.history());
    }

    /** Returns how well each feature is recovered: the cosine similarity with the target's row, and the ratio of the lengths. */
    public static Figure recovery(DecompositionSource decomposed) {
        Recovery recovery = Recovery.of(decomposed);
        List<String> features = numbers(recovery.features().size());
        return Charts.bars("Recovery of the features' directions and lengths", "feature", features, "ratio, 1 is perfect",
                List.of(new Series("cosine similarity", recovery.features().stream().mapToDouble(Recovery.Feature::cosine).toArray()),
                        new Series("L2 ratio", recovery.features().stream().mapToDouble(Recovery.Feature::l2Ratio).toArray())),
                1, "perfect");
    }

    /** Returns the largest cosine similarity of each feature's direction with that of a component, in the feature's colour. */
    public static Figure maxCosineSimilarity(DecompositionSource decomposed) {
        return BarChart.features("Largest cosine similarity of each feature", "cosine similarity",
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
        return Charts.markedLines("Loss against the number of active features", "active features", categories,
                "mean squared error to the labels", Scale.LOGARITHMIC,
                List.of(new Series("target", losses.stream().mapToDouble(LossByActiveFeatures.Losses::target).toArray()),
                        new Series("APD, as many components as active features",
                                losses.stream().mapToDouble(LossByActiveFeatures.Losses::decomposition).toArray()),
                        new Series("one feature a dimension", losses.stream().mapToDouble(LossByActiveFeatures.Losses::baseline).toArray())
                                .asReference()));
    }

    /** Returns the loss of each feature when a component is removed. */
    public static Figure ablation(ComponentAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(measured.none().stream().mapToDouble(Double::doubleValue).toArray());
        for (int c = 0; c < measured.components(); c++) {
            rows.add("component " + c);
            values.add(measured.removed().row(c));
        }
        return HeatMap.of("Loss when a component is removed", "removed", rows, "active feature", numbers(measured.features()),
                "mean squared error to the target's output", Scale.LOGARITHMIC, values.toArray(double[][]::new));
    }

    /**
     * Returns the fraction of seeds that succeed, and mean and standard deviation of the L2 ratio over all seeds, for each way to run an
     * experiment.
     */
    public static <S extends Record & DecompositionSettings> Figure variants(Map<String, SeedRuns<DecompositionRun<S>>> variants) {
        List<RecoveryOfSeeds> found = variants.values().stream().map(group -> RecoveryOfSeeds.of(group.runs())).toList();
        return Charts.bars("Seeds that succeed, and lengths", "variant", List.copyOf(variants.keySet()), "part of the seeds, ratio of lengths",
                List.of(new Series("seeds that succeed", found.stream().mapToDouble(RecoveryOfSeeds::successRate).toArray()),
                        new Series("ML2R, mean ± standard deviation", found.stream().mapToDouble(seeds -> seeds.mean(Recovery::ml2r)).toArray())
                                .withSpread(found.stream().mapToDouble(seeds -> seeds.deviation(Recovery::ml2r)).toArray())),
                1, "perfect");
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
        return HeatMap.of(found.title() + ": " + number, found.rowTitle(), found.rows().stream().map(NumberText::setting).toList(), found.columnTitle(),
                found.columns().stream().map(NumberText::setting).toList(), number, Scale.LINEAR, found.mean(number).toArray());
    }

    private static Figure map(String what, String valueTitle, RecoveryMap measured, Grid values) {
        return HeatMap.of(what + ": " + measured.title(), measured.rowTitle(), measured.rows().stream().map(NumberText::setting).toList(),
                measured.columnTitle(), measured.columns().stream().map(NumberText::setting).toList(), valueTitle, 0, 1, values.toArray());
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
