package org.apd4j.measures.residual;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * The contribution of each layer of a residual MLP to each feature: the sum of the positive neuron contributions in that layer (paper section 3.3,
 * cross-layer distributed representations). Negative contributions, which work against the feature, are left out.
 *
 * <pre>{@code
 * var shares = LayerShares.of(NeuronContributions.of(mlpRun));
 * System.out.println(shares.ofTarget(42, 0)); // of feature 42, in the first layer
 * }</pre>
 *
 * @param target     {@code [features, layers]}, the sums in the target, each at least 0
 * @param components {@code [features, layers]}, the sums in each feature's predominant component, each at least 0
 */
public record LayerShares(Grid target, Grid components) {

    /** Returns the sums of given neuron contributions. */
    public static LayerShares of(NeuronContributions contributions) {
        List<double[]> ofTarget = IntStream.range(0, contributions.features()).mapToObj(i -> contributions.target().row(i)).toList();
        List<double[]> ofPredominant = IntStream.range(0, contributions.features())
                .mapToObj(i -> contributions.components().get(contributions.predominant(i)).row(i)).toList();
        return new LayerShares(sums(contributions, ofTarget), sums(contributions, ofPredominant));
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

    /** Returns the number of features. */
    public int features() {
        return target.rows();
    }

    /** Returns the number of layers. */
    public int layers() {
        return target.columns();
    }

    /** Returns a layer's share of the target's positive contributions to a feature, 0 … 1; 0 if there are none. */
    public double ofTarget(int feature, int layer) {
        return share(target.row(feature), layer);
    }

    /** Returns a layer's share of the predominant component's positive contributions to a feature, 0 … 1; 0 if there are none. */
    public double ofComponent(int feature, int layer) {
        return share(components.row(feature), layer);
    }

    private static double share(double[] sums, int layer) {
        double all = IntStream.range(0, sums.length).mapToDouble(l -> sums[l]).sum();
        return all == 0 ? 0 : sums[layer] / all;
    }

    /** Returns the features in the order of the target's share in a layer, the smallest first. */
    public List<Integer> byTargetShare(int layer) {
        return IntStream.range(0, features()).boxed().sorted(Comparator.comparingDouble(i -> ofTarget(i, layer))).toList();
    }

    /**
     * Returns the features whose predominant component is spread over all layers.
     *
     * @param share the least share of each layer in the component's positive contributions, 0 … 1
     */
    public List<Integer> spread(double share) {
        return spread(share, this::ofComponent);
    }

    private interface Share {
        double of(int feature, int layer);
    }

    private List<Integer> spread(double least, Share share) {
        return IntStream.range(0, features()).filter(i -> IntStream.range(0, layers()).allMatch(l -> share.of(i, l) >= least)).boxed().toList();
    }

    /** Returns the rank correlation, over features, of a layer's share in the target and in the predominant component. */
    public double rankCorrelation(int layer) {
        return Statistics.rankCorrelation(IntStream.range(0, features()).mapToDouble(i -> ofTarget(i, layer)).toArray(),
                IntStream.range(0, features()).mapToDouble(i -> ofComponent(i, layer)).toArray());
    }

    /** Returns the first layer's shares, in the components beside the target, in one sentence. */
    public String summary() {
        double[] shares = IntStream.range(0, features()).mapToDouble(i -> ofComponent(i, 0)).toArray();
        double[] sharesOfTarget = IntStream.range(0, features()).mapToDouble(i -> ofTarget(i, 0)).toArray();
        return String.format(Locale.ROOT, "share of layer 1 in the components %.2f … %.2f, mean %.2f (target %.2f); rank correlation with the target's %.2f; "
                + "for %d of %d features the predominant component has at least a quarter of its contributions in each layer (target: for %d)",
                Statistics.quantile(0, shares), Statistics.quantile(1, shares), Statistics.mean(shares), Statistics.mean(sharesOfTarget),
                rankCorrelation(0), spread(0.25).size(), features(), spread(0.25, this::ofTarget).size());
    }
}
