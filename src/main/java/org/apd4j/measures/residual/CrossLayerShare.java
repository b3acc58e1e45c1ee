package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MlpWeights;

/**
 * Whether the components that features make most important ({@link FeatureOwners}) reach over the layers of a residual MLP. The size of a component in
 * a layer is the norm of its pieces of W_in and W_out together.
 *
 * <pre>{@code
 * var shares = CrossLayerShare.of(mlpRun, 1);
 * System.out.println(shares.share() + " of the features' components are in all layers");
 * }</pre>
 *
 * @param norms for each different component that owns a feature, its size in each layer; empty where each layer has components of its own, whose
 *              index means nothing in other layers
 */
public record CrossLayerShare(List<List<Double>> norms) {

    /** The part of a component's largest size in any layer that it must exceed in every layer. */
    public static final double LEAST = 0.1;

    /** Copies the lists. */
    public CrossLayerShare {
        norms = norms.stream().map(List::copyOf).toList();
    }

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature that decides what its component is
     * @throws IllegalArgumentException if the target is no residual MLP
     */
    public static CrossLayerShare of(DecompositionSource decomposed, double value) {
        var context = new MeasurementContext(decomposed);
        MlpWeights weights = MlpWeights.of(context.target(), "the share of components across layers");
        Components components = context.decomposition().components();
        if (!components.isShared()) {
            return new CrossLayerShare(List.of());
        }
        List<List<Double>> norms = new ArrayList<>();
        for (int c : FeatureOwners.of(decomposed, value).layers().get(0).owner().stream().distinct().toList()) {
            norms.add(weights.layers().stream().map(layer -> Math.sqrt(square(components.component(layer.in().name(), c))
                    + square(components.component(layer.out().name(), c)))).toList());
        }
        return new CrossLayerShare(norms);
    }

    private static double square(Matrix matrix) {
        double sum = 0;
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                sum += (double) matrix.get(i, j) * matrix.get(i, j);
            }
        }
        return sum;
    }

    /** Returns the share of these components whose smallest size exceeds {@link #LEAST} of their largest; empty where it has no meaning. */
    public OptionalDouble share() {
        return norms.stream().mapToDouble(sizes -> {
            double largest = sizes.stream().mapToDouble(size -> size).max().orElse(0);
            return sizes.stream().allMatch(size -> size > LEAST * largest) ? 1 : 0;
        }).average();
    }

    /** Returns the share in a few words. */
    public String summary() {
        return share().isEmpty() ? "each layer has components of its own"
                : String.format(Locale.ROOT, "%.2f of the components live in all layers", share().getAsDouble());
    }
}
