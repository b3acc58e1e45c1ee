package org.apd4j.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposed;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.LossByActiveFeatures;
import org.apd4j.measures.Recovery;
import org.apd4j.target.Target;
import org.apd4j.target.TargetRun;
import org.apd4j.target.Tms;
import org.apd4j.training.Run;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The paper's figures, drawn from runs and from what {@link org.apd4j.measures measures} return. */
public final class Figures {

    /** More panels than these are no longer looked at one by one. */
    private static final int MOST_COMPONENTS = 12;

    private Figures() {
    }

    /** A target that is a toy model of superposition, as the network that it is, and with two hidden dimensions as arrows too. */
    public static Figure target(TargetRun run) {
        return target(run.target());
    }

    /** The same for a target that was trained. */
    public static Figure target(Target target) {
        return panels("The target network " + target.name(), List.of("target"), List.<double[][]>of(rows(target.weights(Tms.ENCODER))));
    }

    /**
     * Figure 3 of the paper: the target, the sum of the components and every component; above, the rows of W as arrows, one colour a
     * feature; below, the network, darker edges for larger weights.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_COMPONENTS} components or the target is no TMS
     */
    public static Figure components(Decomposed decomposed) {
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
        PanelRow drawings = NetworkPanels.row(networks);
        return encoders.get(0)[0].length == 2 ? PanelGrid.figure(title, VectorPanels.row(names, encoders), drawings)
                : PanelGrid.figure(title, drawings);
    }

    /** The losses of a run over its steps, each without its coefficient. */
    public static Figure losses(Run<?> run) {
        return Charts.lossCurves("Losses: " + run.name(), run.history());
    }

    /** How well each feature is recovered: cosine similarity with the target's row, and length beside it. */
    public static Figure recovery(Decomposed decomposed) {
        Recovery recovery = Recovery.of(decomposed);
        List<String> features = numbers(recovery.features().size());
        return Charts.bars("Recovery of the features' directions and lengths", "feature", features, "ratio, 1 is perfect",
                List.of(new Series("cosine similarity", recovery.features().stream().mapToDouble(Recovery.Feature::cosine).toArray()),
                        new Series("L2 ratio", recovery.features().stream().mapToDouble(Recovery.Feature::l2Ratio).toArray())),
                1, "perfect");
    }

    /** The largest cosine similarity of each feature's direction with that of a component, in the feature's colour; bars begin at 0. */
    public static Figure maxCosineSimilarity(Decomposed decomposed) {
        return Charts.featureBars("Largest cosine similarity of each feature", "cosine similarity",
                Recovery.of(decomposed).features().stream().mapToDouble(Recovery.Feature::cosine).toArray(), 1, "perfect");
    }

    /** Mean squared error to the true labels over the number of active features. */
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

    /** What removing a component does to each feature. */
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
