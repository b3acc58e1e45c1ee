package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.Requirements;

/**
 * How well a feature's own component alone ({@link FeatureOwners}) computes the feature's output: the squared error of output i against the target's
 * for inputs in which feature i alone is active, over the range of the data, with c*(i) kept and all others deleted, and with all deleted. Where each
 * layer has components of its own, c*(i) of every layer that reads features is kept, and the other layers have all their components, each as much as
 * its importance.
 *
 * <pre>{@code
 * var errors = KeepOnlyError.of(run, 0.75);
 * System.out.println("own components leave " + errors.share() + " of the error");
 * }</pre>
 *
 * @param kept by feature, the mean squared error with its own component
 * @param none by feature, the mean squared error without any component
 */
public record KeepOnlyError(List<Double> kept, List<Double> none) {

    /** The number of values of a feature, evenly spaced over the range of the data. */
    private static final int VALUES = 64;

    /** Copies the lists. */
    public KeepOnlyError {
        kept = List.copyOf(kept);
        none = List.copyOf(none);
    }

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature that decides what its component is: 0.75 for TMS, 1 for residual MLPs
     * @throws IllegalArgumentException if the target lacks an output for every feature, or its data is not made of sparse features
     */
    public static KeepOnlyError of(DecompositionSource decomposed, double value) {
        return of(decomposed, FeatureOwners.of(decomposed, value));
    }

    /**
     * Measures a decomposition whose features' own components are known.
     *
     * @throws IllegalArgumentException if the target lacks an output for every feature, or its data is not made of sparse features
     */
    public static KeepOnlyError of(DecompositionSource decomposed, FeatureOwners owners) {
        var context = new MeasurementContext(decomposed);
        Requirements.outputPerFeature(context.target(), "the error of a feature's own component");
        SparseFeatures data = Requirements.sparseFeatures(context.target(), "the error of a feature's own component");
        Evaluator evaluator = context.evaluator();
        List<Double> kept = new ArrayList<>();
        List<Double> none = new ArrayList<>();
        for (int i = 0; i < context.features(); i++) {
            SparseRows x = values(context.features(), i, data.low(), data.high());
            Matrix target = evaluator.target(x);
            kept.add(error(evaluator.masked(x, ownOnly(evaluator, x, owners, i)), target, i));
            none.add(error(evaluator.masked(x, nothing(evaluator, x.rows())), target, i));
        }
        return new KeepOnlyError(kept, none);
    }

    private static SparseRows values(int features, int feature, double low, double high) {
        Matrix rows = Matrix.zeros(VALUES, features);
        for (int row = 0; row < VALUES; row++) {
            rows.set(row, feature, (float) (low + (high - low) * (row + 0.5) / VALUES));
        }
        return SparseRows.of(rows);
    }

    private static SoftMask nothing(Evaluator evaluator, int rows) {
        Components components = evaluator.components();
        return mask(components.graph().layers().stream().map(layer -> components.factors(layer.parameter()).components())
                .map(count -> Matrix.zeros(rows, count)).toList(), evaluator);
    }

    private static SoftMask mask(List<Matrix> layers, Evaluator evaluator) {
        return evaluator.components().isShared() ? SoftMask.shared(layers.get(0)) : SoftMask.ofLayers(layers);
    }

    private static SoftMask ownOnly(Evaluator evaluator, SparseRows x, FeatureOwners owners, int feature) {
        List<Matrix> layers = new ArrayList<>();
        if (evaluator.components().isShared()) {
            layers.add(Matrix.zeros(x.rows(), evaluator.components().count()));
        } else {
            SoftMask own = evaluator.importanceMask(x);
            for (int l = 0; l < own.layers(); l++) {
                layers.add(own.layer(l));
            }
        }
        for (FeatureOwners.Layer layer : owners.layers()) {
            Matrix mask = layers.get(layer.index()).fill(0);
            for (int row = 0; row < mask.rows(); row++) {
                mask.set(row, layer.owner().get(feature), 1);
            }
        }
        return mask(layers, evaluator);
    }

    private static double error(Matrix output, Matrix target, int feature) {
        double sum = 0;
        for (int row = 0; row < output.rows(); row++) {
            double difference = (double) output.get(row, feature) - target.get(row, feature);
            sum += difference * difference;
        }
        return sum / output.rows();
    }

    /** Returns the error of a feature's output with its own component, divided by that without any component. */
    public double share(int feature) {
        return kept.get(feature) / none.get(feature);
    }

    /** Returns {@link #share()} in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "with its own component alone an output has %.4f of the error that it has without any", share());
    }

    /** Returns the sum of the errors with the features' own components, divided by the sum of those without any component. */
    public double share() {
        return kept.stream().mapToDouble(error -> error).sum() / none.stream().mapToDouble(error -> error).sum();
    }
}
