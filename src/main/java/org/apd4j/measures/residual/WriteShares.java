package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.SymmetricEigenSolver;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The shares of a residual MLP's neurons that features' own components hold ({@link FeatureOwners}), and what they write with them. Let
 * {@code O = W_out W_U [neurons, outputs]} be what the neurons of all layers write, {@code O⁺} its pseudoinverse, and {@code P_c} a component's part of
 * O. Then the component's share is {@code tr(P_c O⁺)}. If all components sum to the target, their shares sum to {@code tr(O O⁺)}, the rank of O, which is
 * at most the number of neurons.
 *
 * <p>Let h be the target's activations when a feature alone is active, and the rows of O independent. If the feature's component has rank one and writes
 * the same fraction φ of what the target writes at every output, {@code hᵀP_c = φ hᵀO}, its share is φ. So where components of all features do, and the
 * others have no share, φ is the number of neurons per feature, on average. A component can write a larger fraction at some outputs only by writing a
 * smaller one at others.
 *
 * <pre>{@code
 * var shares = WriteShares.of(mlpRun, 1);
 * System.out.println(shares.summary());
 * }</pre>
 *
 * @param neurons         the number of neurons, over all layers
 * @param features        the number of features
 * @param share           the share {@code tr(P_c O⁺)} of a feature's component, the mean over the features
 * @param cosine          cosine similarity, over all outputs, of what the component writes, {@code hᵀP_c}, to what the neurons write, {@code hᵀO}, the mean
 *                        over the features for which they write something
 * @param ownOutput       the part of the squared length of {@code hᵀP_c} that is in the feature's own output, the mean over the same features
 * @param targetOwnOutput the same of {@code hᵀO}
 */
public record WriteShares(int neurons, int features, double share, double cosine, double ownOutput, double targetOwnOutput) {

    private static final String MEASURE = "the shares of what components write";
    /** Relative to the largest eigenvalue of {@code O Oᵀ}; smaller ones are 0 but for rounding, and are left out. */
    private static final double NEGLIGIBLE = 1e-9;

    /**
     * Measures a decomposition.
     *
     * @param value the value of the active feature
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or each matrix has components of its own
     */
    public static WriteShares of(DecompositionSource decomposed, double value) {
        var context = new MeasurementContext(decomposed);
        MlpWeights weights = MlpWeights.of(context.target(), MEASURE);
        Requirements.outputPerFeature(context.target(), MEASURE);
        Components components = context.decomposition().components();
        Requirements.sharedComponents(components, MEASURE);
        DoubleMatrix whole = written(weights, out -> out.values());
        SymmetricEigenSolver gram = SymmetricEigenSolver.of(DoubleGemm.productTransposed(whole, whole));
        DoubleMatrix activations = activations(context.target().network(), weights, context.features(), value);
        DoubleMatrix ofTarget = DoubleGemm.product(activations, whole);
        List<Integer> owners = FeatureOwners.of(decomposed, value).layers().get(0).owner();
        Map<Integer, DoubleMatrix> parts = new HashMap<>();
        List<Double> cosines = new ArrayList<>();
        List<Double> ownOutputs = new ArrayList<>();
        List<Double> targetOwnOutputs = new ArrayList<>();
        double shares = 0;
        for (int i = 0; i < owners.size(); i++) {
            DoubleMatrix part = parts.computeIfAbsent(owners.get(i), c -> written(weights, out -> components.component(out.name(), c)));
            shares += share(part, whole, gram);
            double[] wanted = ofTarget.rows(i, 1).data();
            double[] written = DoubleGemm.product(activations.rows(i, 1), part).data();
            if (dot(wanted, wanted) > 0) {
                cosines.add(dot(written, wanted) / Math.sqrt(dot(written, written) * dot(wanted, wanted)));
                ownOutputs.add(written[i] * written[i] / dot(written, written));
                targetOwnOutputs.add(wanted[i] * wanted[i] / dot(wanted, wanted));
            }
        }
        return new WriteShares(whole.rows(), owners.size(), shares / owners.size(), mean(cosines), mean(ownOutputs), mean(targetOwnOutputs));
    }

    /** Returns what the neurons of all layers write to outputs, {@code [neurons, outputs]}, with a matrix in place of each W_out. */
    private static DoubleMatrix written(MlpWeights weights, Function<Parameter, Matrix> matrix) {
        DoubleMatrix unembedding = DoubleMatrix.of(weights.unembedding());
        DoubleMatrix all = DoubleMatrix.zeros(weights.neurons(), unembedding.columns());
        int first = 0;
        for (MlpWeights.Layer layer : weights.layers()) {
            DoubleMatrix own = DoubleGemm.product(DoubleMatrix.of(matrix.apply(layer.out())), unembedding);
            System.arraycopy(own.data(), 0, all.data(), first * all.columns(), own.data().length);
            first += own.rows();
        }
        return all;
    }

    /** Returns the neurons' activations when each feature alone is active, {@code [features, neurons]}. */
    private static DoubleMatrix activations(Network network, MlpWeights weights, int features, double value) {
        Map<String, Matrix> values = LayeredPass.values(network, MeasurementContext.oneHot(features, value));
        List<NetworkGraph.Layer> layers = NetworkGraph.of(network).layers();
        List<Matrix> ofLayers = weights.layers().stream().map(own -> layers.stream().filter(use -> use.parameter().equals(own.out().name())).findFirst()
                .map(use -> LayeredPass.value(values, network.node(use.node()).reads().get(0))).orElseThrow()).toList();
        DoubleMatrix all = DoubleMatrix.zeros(features, weights.neurons());
        int first = 0;
        for (Matrix own : ofLayers) {
            for (int i = 0; i < features; i++) {
                for (int n = 0; n < own.columns(); n++) {
                    all.set(i, first + n, own.get(i, n));
                }
            }
            first += own.columns();
        }
        return all;
    }

    /** Returns {@code tr(P Oᵀ (O Oᵀ)⁺)}, by the eigenvectors of {@code O Oᵀ}. */
    private static double share(DoubleMatrix part, DoubleMatrix whole, SymmetricEigenSolver gram) {
        DoubleMatrix inner = DoubleGemm.productTransposed(DoubleGemm.product(gram.vectors(), DoubleGemm.productTransposed(part, whole)), gram.vectors());
        double largest = gram.values()[gram.values().length - 1];
        return IntStream.range(0, inner.rows()).filter(k -> gram.values()[k] > NEGLIGIBLE * largest).mapToDouble(k -> inner.get(k, k) / gram.values()[k]).sum();
    }

    private static double dot(double[] left, double[] right) {
        return IntStream.range(0, left.length).mapToDouble(i -> left[i] * right[i]).sum();
    }

    /** Leaves out components that write nothing. */
    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    /** Returns the means in words. */
    public String summary() {
        return String.format(Locale.ROOT, "components have a share of %.3f neurons on average (%d neurons for %d features); what they write has a cosine of %.3f to "
                + "what the target's neurons write, and %.2f of its squared length in their own output (the target %.2f)", share, neurons, features, cosine,
                ownOutput, targetOwnOutput);
    }
}
