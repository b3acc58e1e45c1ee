package org.apd4j.measures.residual;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.SymmetricEigen;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.targets.Target;

/**
 * The share of each neuron's input direction that lies in the subspace in which the residual path mixes features (Bhagat et al. 2026).
 *
 * <p>To {@code x W_E W_U [features]}, which takes the residual path, the neurons of a residual MLP have to add {@code ReLU(x) + x (I − W_E W_U)}. The
 * second term is there only because the features' embeddings are not orthogonal; its matrix {@code I − W_E W_U [features, features]}, which is
 * symmetric, is the <em>mixing matrix</em>. A neuron's input direction is its column of {@code W_E W_in [features, neurons]}.
 *
 * <pre>{@code
 * var subspace = MixingSubspace.of(mlpRun.target());
 * System.out.println(subspace.meanShare() + " against " + subspace.chance() + " by chance");
 * }</pre>
 *
 * @param eigenvalues eigenvalues of the mixing matrix, largest first
 * @param shares      by neuron over all layers, the fraction of the squared length of its input direction that lies in the span of the eigenvectors
 *                    of the largest eigenvalues, 0 … 1
 * @param dimensions  number of those eigenvectors
 */
public record MixingSubspace(List<Double> eigenvalues, List<Double> shares, int dimensions) {

    public MixingSubspace {
        eigenvalues = List.copyOf(eigenvalues);
        shares = List.copyOf(shares);
    }

    /**
     * Measures a target with as many eigenvectors as it has neurons.
     *
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or has more neurons than features
     */
    public static MixingSubspace of(Target target) {
        MlpWeights weights = MlpWeights.of(target, "the mixing subspace");
        return of(target, weights.neurons());
    }

    /**
     * Measures a target with a given number of eigenvectors.
     *
     * @param dimensions 1 … number of features
     * @throws IllegalArgumentException if the target is no residual MLP with an output for every feature, or {@code dimensions} is out of range
     */
    public static MixingSubspace of(Target target, int dimensions) {
        MlpWeights weights = MlpWeights.of(target, "the mixing subspace");
        Requirements.outputPerFeature(target, "the mixing subspace");
        int features = weights.embedding().rows();
        if (dimensions < 1 || dimensions > features) {
            throw new IllegalArgumentException("dimensions is " + dimensions + "; it must be 1 … " + features + ", the number of features");
        }
        Matrix path = product(weights.embedding(), weights.unembedding());
        SymmetricEigen mixing = SymmetricEigen.of(Grid.of(features, features,
                (i, j) -> (i == j ? 1 : 0) - (path.get(i, j) + path.get(j, i)) / 2.0));
        List<Double> shares = weights.layers().stream().flatMap(layer -> {
            Matrix directions = product(weights.embedding(), layer.in().values());
            return IntStream.range(0, layer.neurons()).mapToObj(n -> share(directions, n, mixing, dimensions));
        }).toList();
        return new MixingSubspace(mixing.values(), shares, dimensions);
    }

    private static Matrix product(Matrix left, Matrix right) {
        return Gemm.product(left, right, Matrix.zeros(left.rows(), right.columns()));
    }

    private static double share(Matrix directions, int neuron, SymmetricEigen mixing, int dimensions) {
        double all = 0;
        double within = 0;
        for (int i = 0; i < directions.rows(); i++) {
            all += (double) directions.get(i, neuron) * directions.get(i, neuron);
        }
        for (int v = 0; v < dimensions; v++) {
            double along = 0;
            for (int i = 0; i < directions.rows(); i++) {
                along += mixing.vectors().get(i, v) * directions.get(i, neuron);
            }
            within += along * along;
        }
        return all == 0 ? 0 : within / all;
    }

    /** Returns the mean share over neurons. */
    public double meanShare() {
        return Statistics.mean(shares);
    }

    /** Returns the mean share of random directions: the number of dimensions divided by the number of features. */
    public double chance() {
        return dimensions / (double) eigenvalues.size();
    }

    /** Returns the mean share in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "mean share in the %d eigenvectors of the largest eigenvalues %.3f; by chance %.3f", dimensions, meanShare(),
                chance());
    }
}
