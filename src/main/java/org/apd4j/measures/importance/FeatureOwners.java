package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Tms;

/**
 * The component c*(i) that each feature i makes most important when it is active alone, and whether every feature has one, and one of its own. For a
 * method that selects components by attributions, c* has the largest attribution, and the importances are those of a batch top-k that keeps one
 * component a feature. Where each layer has components of its own, the layers that read features are looked at: the encoder of TMS, every W_in of a
 * residual MLP; in other networks, all layers.
 *
 * <pre>{@code
 * var owners = FeatureOwners.of(run, 0.75);
 * System.out.println("coverage " + owners.coverage() + ", separation " + owners.separation());
 * }</pre>
 *
 * @param value  the value of the active feature
 * @param layers the owners in each layer; one entry where components are shared by all layers
 */
public record FeatureOwners(double value, List<Layer> layers) {

    /** The importance above which a feature counts as covered. */
    public static final double COVERED = 0.5;

    /** Copies the list. */
    public FeatureOwners {
        layers = List.copyOf(layers);
    }

    /**
     * The owners of features among the components of a layer.
     *
     * @param name       the name of the layer
     * @param index      the index of the layer among the decomposed ones; 0 where components are shared
     * @param owner      for each feature, c*(i), the lowest index among equal ones
     * @param importance for each feature, the importance of c*(i) on it, 0 … 1
     */
    public record Layer(String name, int index, List<Integer> owner, List<Double> importance) {

        /** Copies the lists. */
        public Layer {
            owner = List.copyOf(owner);
            importance = List.copyOf(importance);
        }

        /** Returns the share of features whose owner's importance is above {@link #COVERED}. */
        public double coverage() {
            return covered().size() / (double) owner.size();
        }

        /** Returns the number of different owners of covered features, divided by the number of these features; NaN if there are none. */
        public double separation() {
            Set<Integer> distinct = new HashSet<>();
            covered().forEach(i -> distinct.add(owner.get(i)));
            return distinct.size() / (double) covered().size();
        }

        private List<Integer> covered() {
            return IntStream.range(0, owner.size()).filter(i -> importance.get(i) > COVERED).boxed().toList();
        }
    }

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature: 0.75 for TMS, 1 for residual MLPs
     * @throws IllegalArgumentException if the decomposition switches no components off
     */
    public static FeatureOwners of(DecompositionSource decomposed, double value) {
        var context = new MeasurementContext(decomposed);
        Evaluator evaluator = context.evaluator();
        SparseRows x = SparseRows.of(MeasurementContext.oneHot(context.features(), value));
        if (evaluator.components().isShared() && !(evaluator.ownMask(x) instanceof SoftMask)) {
            Matrix attributions = evaluator.attributions(x);
            var kept = evaluator.select(Selection.batchTopK(1), x);
            return new FeatureOwners(value, List.of(layer("all layers", 0, attributions, (i, c) -> kept.value(i, c))));
        }
        SoftMask found = evaluator.importanceMask(x);
        List<Layer> layers = new ArrayList<>();
        for (int l : found.isShared() ? List.of(0) : readingLayers(evaluator.components().graph().layers())) {
            Matrix own = found.layer(l);
            layers.add(layer(OneHotImportances.name(evaluator, found, l), l, own, own::get));
        }
        return new FeatureOwners(value, layers);
    }

    /** Returns the indices of the layers that read features. */
    static List<Integer> readingLayers(List<NetworkGraph.Layer> layers) {
        List<Integer> reading = IntStream.range(0, layers.size()).filter(l -> {
            String parameter = layers.get(l).parameter();
            return !layers.get(l).transposed() && (parameter.equals(Tms.ENCODER)
                    || IntStream.range(0, layers.size()).anyMatch(number -> parameter.equals(ResidualMlp.in(number))));
        }).boxed().toList();
        return reading.isEmpty() ? IntStream.range(0, layers.size()).boxed().toList() : reading;
    }

    private interface ImportanceOf {
        double at(int input, int component);
    }

    private static Layer layer(String name, int index, Matrix scores, ImportanceOf importance) {
        List<Integer> owners = new ArrayList<>();
        List<Double> importances = new ArrayList<>();
        for (int i = 0; i < scores.rows(); i++) {
            int best = 0;
            for (int c = 1; c < scores.columns(); c++) {
                if (scores.get(i, c) > scores.get(i, best)) {
                    best = c;
                }
            }
            owners.add(best);
            importances.add(importance.at(i, best));
        }
        return new Layer(name, index, owners, importances);
    }

    /** Returns the smallest coverage of any layer. */
    public double coverage() {
        return layers.stream().mapToDouble(Layer::coverage).min().orElse(Double.NaN);
    }

    /** Returns the smallest separation of any layer; NaN if in one of them no feature is covered. */
    public double separation() {
        return layers.stream().mapToDouble(Layer::separation).min().orElse(Double.NaN);
    }

    /** Returns coverage and separation in a few words. */
    public String summary() {
        return String.format(Locale.ROOT, "coverage %.2f, separation %.2f", coverage(), separation());
    }
}
