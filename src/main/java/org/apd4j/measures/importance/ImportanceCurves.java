package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.Requirements;

/**
 * The importance of each feature's own component ({@link FeatureOwners}) as a function of the input: over the size of the feature while it is
 * active alone, and over the size of whichever other feature opens the component's gate widest while that one is active alone. Where each layer has
 * components of its own, the first layer that reads features is measured.
 *
 * <pre>{@code
 * var curves = ImportanceCurves.of(run, 0.75, 101);
 * System.out.println("the gates are half open from " + curves.halfOpen() + " on");
 * }</pre>
 *
 * @param inputs the sizes of the active feature, ascending
 * @param curves the importances of each feature's component
 */
public record ImportanceCurves(List<Double> inputs, List<Curve> curves) {

    private static final double HALF = 0.5;

    /**
     * The importance of the component of one feature.
     *
     * @param feature   the index of the feature
     * @param component the index of its component
     * @param own       by size, the importance where the feature alone is active
     * @param others    by size, the largest importance where another feature alone is active
     */
    public record Curve(int feature, int component, List<Double> own, List<Double> others) {

        /** Copies the lists. */
        public Curve {
            own = List.copyOf(own);
            others = List.copyOf(others);
        }
    }

    /** Copies the lists. */
    public ImportanceCurves {
        inputs = List.copyOf(inputs);
        curves = List.copyOf(curves);
    }

    /**
     * Measures a decomposition.
     *
     * @param value  the value of the active feature that decides what its component is: 0.75 for TMS, 1 for residual MLPs
     * @param points the number of sizes, evenly spaced over the range of the data, both ends included; at least 2
     * @throws IllegalArgumentException if there are fewer than 2 points, the target's data is not made of sparse features, or the importances of the
     *                                  decomposition depend on other samples of a batch, as those of a selection do
     */
    public static ImportanceCurves of(DecompositionSource decomposed, double value, int points) {
        Requirements.atLeast(2, points, "points");
        var context = new MeasurementContext(decomposed);
        SparseFeatures data = Requirements.sparseFeatures(context.target(), "importance as a function of the input");
        double[] inputs = IntStream.range(0, points).mapToDouble(k -> data.low() + (data.high() - data.low()) * k / (points - 1)).toArray();
        return of(context.evaluator(), FeatureOwners.of(decomposed, value).layers().get(0), inputs);
    }

    private static ImportanceCurves of(Evaluator evaluator, FeatureOwners.Layer owners, double[] inputs) {
        int features = owners.owner().size();
        double[][] own = new double[features][];
        double[][] others = new double[features][inputs.length];
        for (int active = 0; active < features; active++) {
            Matrix g = importances(evaluator, owners.index(), alone(active, features, inputs));
            for (int i = 0; i < features; i++) {
                double[] found = new double[inputs.length];
                for (int k = 0; k < found.length; k++) {
                    found[k] = g.get(k, owners.owner().get(i));
                    others[i][k] = i == active ? others[i][k] : Math.max(others[i][k], found[k]);
                }
                own[i] = i == active ? found : own[i];
            }
        }
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            curves.add(new Curve(i, owners.owner().get(i), Statistics.list(own[i]), Statistics.list(others[i])));
        }
        return new ImportanceCurves(Statistics.list(inputs), curves);
    }

    private static SparseRows alone(int feature, int features, double[] inputs) {
        Matrix rows = Matrix.zeros(inputs.length, features);
        for (int k = 0; k < inputs.length; k++) {
            rows.set(k, feature, (float) inputs[k]);
        }
        return SparseRows.of(rows);
    }

    private static Matrix importances(Evaluator evaluator, int layer, SparseRows x) {
        if (!(evaluator.ownMask(x) instanceof SoftMask)) {
            throw new IllegalArgumentException("this decomposition selects components by comparing the samples of a batch, so that importance is no "
                    + "function of the input; decompose with gates");
        }
        SoftMask found = evaluator.importanceMask(x);
        return found.layer(found.isShared() ? 0 : layer);
    }

    /**
     * Returns the mean, over the features, of the smallest size at which a feature's own component is at least half important; features whose
     * component never is do not count. NaN if there are none.
     */
    public double halfOpen() {
        return curves.stream().mapToDouble(curve -> IntStream.range(0, inputs.size()).filter(k -> curve.own().get(k) >= HALF)
                .mapToDouble(k -> Math.abs(inputs.get(k))).min().orElse(Double.NaN)).filter(size -> !Double.isNaN(size)).average().orElse(Double.NaN);
    }

    /** Returns the largest importance of any feature's component while another feature alone is active. */
    public double largestOther() {
        return curves.stream().flatMap(curve -> curve.others().stream()).mapToDouble(g -> g).max().orElse(Double.NaN);
    }

    /** Returns where the gates open, and how far another feature opens one, in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "half open at %.2f on average; another feature opens a gate to at most %.3f", halfOpen(), largestOther());
    }

    /** Returns by size the largest importance of any feature's component while another feature alone is active. */
    public List<Double> others() {
        double[] largest = new double[inputs.size()];
        curves.forEach(curve -> Arrays.setAll(largest, k -> Math.max(largest[k], curve.others().get(k))));
        return Statistics.list(largest);
    }
}
