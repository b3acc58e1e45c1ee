package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;

/**
 * How much of each W_out of a residual MLP the features' own components have ({@link FeatureOwners}), and to which outputs they write. With
 * {@code O = W_out W_U [neurons, outputs]}, its right inverse {@code O⁺}, and {@code P_c} a component's part of O, a component's share is
 * {@code tr(P_c O⁺)}. Components that sum to the target have shares that sum to the number of neurons ({@code tr(O O⁺)}), however many components there
 * are; one that writes all that the neurons write when its feature is active, {@code P_c = h hᵀ O / |h|²} with their activations h, has a share of 1.
 * Where there are more features than neurons, components therefore write less than that: of all outputs, or of those that are not their feature's.
 *
 * <pre>{@code
 * var shares = WriteShares.of(mlpRun, 1);
 * System.out.println(shares.summary());
 * }</pre>
 *
 * @param layers by layer of neurons
 */
public record WriteShares(List<Layer> layers) {

    private static final String MEASURE = "the shares of what components write";
    /** Relative to the largest eigenvalue of {@code O Oᵀ}; neurons that write the same have an eigenvalue that is 0 but for rounding. */
    private static final double NEGLIGIBLE = 1e-9;

    /** Copies the list. */
    public WriteShares {
        layers = List.copyOf(layers);
    }

    /**
     * Means over the features in a layer.
     *
     * @param neurons     the number of neurons
     * @param features    the number of features
     * @param share       the share {@code tr(P_c O⁺)} of a feature's component
     * @param own         the part of the squared length of {@code P_c} that is written to the feature's own output
     * @param ownInTarget the same of what the target's neurons write when the feature alone is active
     */
    public record Layer(int neurons, int features, double share, double own, double ownInTarget) {
    }

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
        if (!components.isShared()) {
            throw new IllegalArgumentException(MEASURE + " need components that span all matrices; here each matrix has its own");
        }
        List<Integer> owners = FeatureOwners.of(decomposed, value).layers().get(0).owner();
        DoubleMatrix unembedding = DoubleMatrix.of(weights.unembedding());
        List<Layer> layers = new ArrayList<>();
        for (MlpWeights.Layer layer : weights.layers()) {
            DoubleMatrix written = DoubleGemm.product(DoubleMatrix.of(layer.out().values()), unembedding);
            SymmetricEigenSolver gram = SymmetricEigenSolver.of(DoubleGemm.productTransposed(written, written));
            DoubleMatrix ofTarget = DoubleGemm.product(activations(context.target().network(), layer.out().name(), context.features(), value), written);
            Map<Integer, DoubleMatrix> parts = new HashMap<>();
            double share = 0;
            double own = 0;
            double ownInTarget = 0;
            for (int i = 0; i < owners.size(); i++) {
                DoubleMatrix part = parts.computeIfAbsent(owners.get(i),
                        c -> DoubleGemm.product(DoubleMatrix.of(components.component(layer.out().name(), c)), unembedding));
                share += share(part, written, gram) / owners.size();
                own += ofColumn(part, i) / owners.size();
                ownInTarget += ofColumn(ofTarget.rows(i, 1), i) / owners.size();
            }
            layers.add(new Layer(written.rows(), owners.size(), share, own, ownInTarget));
        }
        return new WriteShares(layers);
    }

    /** Returns what W_out reads when each feature alone is active, {@code [features, neurons]}. */
    private static DoubleMatrix activations(Network network, String out, int features, double value) {
        Matrix inputs = Matrix.identity(features);
        for (int i = 0; i < features; i++) {
            inputs.set(i, i, (float) value);
        }
        NetworkGraph.Layer layer = NetworkGraph.of(network).layers().stream().filter(use -> use.parameter().equals(out)).findFirst().orElseThrow();
        return DoubleMatrix.of(LayeredPass.value(LayeredPass.values(network, inputs), network.node(layer.node()).reads().get(0)));
    }

    /** Returns {@code tr(P Oᵀ (O Oᵀ)⁻¹)}, by the eigenvectors of {@code O Oᵀ}. */
    private static double share(DoubleMatrix part, DoubleMatrix written, SymmetricEigenSolver gram) {
        DoubleMatrix inner = DoubleGemm.productTransposed(DoubleGemm.product(gram.vectors(), DoubleGemm.productTransposed(part, written)), gram.vectors());
        double largest = gram.values()[gram.values().length - 1];
        return IntStream.range(0, inner.rows()).filter(k -> gram.values()[k] > NEGLIGIBLE * largest).mapToDouble(k -> inner.get(k, k) / gram.values()[k]).sum();
    }

    /** Returns the part of the squared length of a matrix that is in a column; 0 if the matrix is. */
    private static double ofColumn(DoubleMatrix matrix, int column) {
        double own = 0;
        double all = 0;
        for (int i = 0; i < matrix.rows(); i++) {
            own += matrix.get(i, column) * matrix.get(i, column);
            for (int j = 0; j < matrix.columns(); j++) {
                all += matrix.get(i, j) * matrix.get(i, j);
            }
        }
        return all == 0 ? 0 : own / all;
    }

    /** Returns the means of each layer in words. */
    public String summary() {
        return String.join("; ", IntStream.range(0, layers.size()).mapToObj(l -> {
            Layer layer = layers.get(l);
            return String.format(Locale.ROOT, "%sa component has a share of %.3f (%d neurons for %d features); its own output is %.2f of what it writes, "
                    + "and %.2f of what the target's neurons write", layers.size() == 1 ? "" : "layer " + (l + 1) + ": ", layer.share(), layer.neurons(),
                    layer.features(), layer.own(), layer.ownInTarget());
        }).toList());
    }
}
