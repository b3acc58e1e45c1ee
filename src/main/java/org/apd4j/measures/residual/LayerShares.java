package org.apd4j.measures.residual;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.internal.Grid;

/**
 * How the work on each feature is divided among the layers of a residual MLP: the sum of its positive neuron contributions in each layer (paper
 * section 3.3: cross-layer distributed representations). Negative contributions, which work against the feature, are left out.
 *
 * <pre>{@code
 * var shares = LayerShares.of(NeuronContributions.of(mlpRun));
 * System.out.println(shares.ofTarget(42, 0)); // of feature 42, in the first layer
 * }</pre>
 *
 * @param target     of the target, {@code [features, layers]}, each ≥ 0
 * @param components of every feature's predominant component, {@code [features, layers]}, each ≥ 0
 */
public record LayerShares(Grid target, Grid components) {

    /** From neuron contributions. */
    public static LayerShares of(NeuronContributions contributions) {
        return new LayerShares(sums(contributions, IntStream.range(0, contributions.features()).mapToObj(i -> contributions.target().row(i)).toList()),
                sums(contributions, IntStream.range(0, contributions.features())
                        .mapToObj(i -> contributions.components().get(contributions.predominant(i)).row(i)).toList()));
    }

    private static Grid sums(NeuronContributions contributions, List<double[]> byFeature) {
        double[][] sums = new double[byFeature.size()][contributions.neuronsOfLayers().size()];
        for (int i = 0; i < sums.length; i++) {
            for (int n = 0; n < contributions.neurons(); n++) {
                sums[i][contributions.layerOf(n)] += Math.max(0, byFeature.get(i)[n]);
            }
        }
        return Grid.of(sums.length, sums[0].length, (i, l) -> sums[i][l]);
    }

    /** Number of features. */
    public int features() {
        return target.rows();
    }

    /** Number of layers. */
    public int layers() {
        return target.columns();
    }

    /** The share of a layer in what the target does for a feature, 0 … 1; 0 if it does nothing. */
    public double ofTarget(int feature, int layer) {
        return share(target.row(feature), layer);
    }

    /** The share of a layer in what the predominant component does for a feature, 0 … 1; 0 if it does nothing. */
    public double ofComponent(int feature, int layer) {
        return share(components.row(feature), layer);
    }

    private static double share(double[] sums, int layer) {
        double all = IntStream.range(0, sums.length).mapToDouble(l -> sums[l]).sum();
        return all == 0 ? 0 : sums[layer] / all;
    }

    /**
     * The features to which every layer of the predominant component contributes at least so much.
     *
     * @param share of all its positive contributions, 0 … 1
     */
    public List<Integer> spread(double share) {
        return IntStream.range(0, features()).filter(i -> IntStream.range(0, layers()).allMatch(l -> ofComponent(i, l) >= share)).boxed().toList();
    }
}
