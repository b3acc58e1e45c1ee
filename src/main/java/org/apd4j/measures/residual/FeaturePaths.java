package org.apd4j.measures.residual;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MlpWeights;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.targets.Target;

/**
 * What each neuron of a residual MLP reads of each feature, {@code W_E W_in}, and writes to each output, {@code W_out W_U} (paper section 3.2). The
 * neurons of all layers are numbered consecutively.
 *
 * <pre>{@code
 * ResidualMlpFigures.paths(FeaturePaths.of(mlpRun.target()), 0, 6)
 * }</pre>
 *
 * @param neuronsOfLayers by layer, the number of its neurons
 * @param reads           {@code [features, neurons]}
 * @param writes          {@code [neurons, features]}
 */
public record FeaturePaths(List<Integer> neuronsOfLayers, Grid reads, Grid writes) {

    public FeaturePaths {
        neuronsOfLayers = List.copyOf(neuronsOfLayers);
    }

    /**
     * Measures a target.
     *
     * @throws IllegalArgumentException if it is no residual MLP with an output for every feature
     */
    public static FeaturePaths of(Target target) {
        MlpWeights weights = MlpWeights.of(target, "the paths of features");
        Requirements.outputPerFeature(target, "the paths of features");
        List<Matrix> reads = weights.layers().stream().map(layer -> product(weights.embedding(), layer.in().values())).toList();
        List<Matrix> writes = weights.layers().stream().map(layer -> product(layer.out().values(), weights.unembedding())).toList();
        List<Integer> sizes = weights.layers().stream().map(MlpWeights.Layer::neurons).toList();
        int[] layerOf = IntStream.range(0, sizes.size()).flatMap(l -> IntStream.range(0, sizes.get(l)).map(n -> l)).toArray();
        int[] indexOf = IntStream.range(0, sizes.size()).flatMap(l -> IntStream.range(0, sizes.get(l))).toArray();
        int features = weights.embedding().rows();
        return new FeaturePaths(sizes, Grid.of(features, layerOf.length, (i, n) -> reads.get(layerOf[n]).get(i, indexOf[n])),
                Grid.of(layerOf.length, features, (n, i) -> writes.get(layerOf[n]).get(indexOf[n], i)));
    }

    private static Matrix product(Matrix left, Matrix right) {
        return Gemm.product(left, right, Matrix.zeros(left.rows(), right.columns()));
    }

    /** Returns the number of features. */
    public int features() {
        return reads.rows();
    }

    /** Returns the number of neurons over all layers. */
    public int neurons() {
        return reads.columns();
    }
}
