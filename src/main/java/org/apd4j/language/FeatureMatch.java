package org.apd4j.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.Samples;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.SymmetricEigenSolver;

/**
 * How well single nodes of a basis show something that is known of the text: the node whose values go most closely with it. A basis of interpretable
 * directions has such a node for what the model computes; the best direction that there is bounds what any basis can reach.
 *
 * <pre>{@code
 * boolean[] isGirl = new boolean[interactions.network().positions("unembed")];
 * List<FeatureMatch> matches = FeatureMatch.best(interactions, "unembed", Samples.ofTokens(new int[] {0, 1, 2}), Map.of("a girl", isGirl));
 * }</pre>
 *
 * @param feature     what is known
 * @param share       part of the positions at which it is true
 * @param node        the node of the largest correlation, the constant left out
 * @param correlation absolute correlation of this node's values with it, 0 … 1; NaN if it is true nowhere or everywhere
 * @param best        the same of the best direction of the node layer, by least squares
 */
public record FeatureMatch(String feature, double share, int node, double correlation, double best) {

    /** Directions with less than this part of the largest variance are rounding. */
    private static final double SMALL = 1e-9;

    /**
     * Finds the best node for each feature.
     *
     * @param layer    name of the node layer
     * @param features whether each is true, at all positions of the node layer, sample by sample
     * @throws IllegalArgumentException if the node layer has no basis, the samples do not fit the network, or a feature has another number of positions
     */
    public static List<FeatureMatch> best(InteractionBasis basis, String layer, Samples samples, Map<String, boolean[]> features) {
        DoubleMatrix activations = DoubleMatrix.of(basis.network().values(layer, samples));
        DoubleMatrix nodes = standardised(DoubleGemm.product(activations, DoubleMatrix.of(basis.layer(layer).basis())));
        DoubleMatrix centred = standardised(activations);
        List<FeatureMatch> matches = new ArrayList<>();
        features.forEach((name, isTrue) -> {
            if (isTrue.length != nodes.rows()) {
                throw new IllegalArgumentException("the feature '" + name + "' has " + isTrue.length + " values; '" + layer + "' has "
                        + nodes.rows() + " positions of these samples");
            }
            DoubleMatrix indicator = DoubleMatrix.of(isTrue.length, 1, (row, column) -> isTrue[row] ? 1 : 0);
            double share = Arrays.stream(indicator.data()).sum() / isTrue.length;
            DoubleMatrix target = standardised(indicator);
            DoubleMatrix correlations = DoubleGemm.transposedProduct(nodes, target).scale(1.0 / isTrue.length);
            int node = 0;
            for (int i = 1; i < correlations.rows(); i++) {
                node = Math.abs(correlations.get(i, 0)) > Math.abs(correlations.get(node, 0)) ? i : node;
            }
            boolean isConstant = share == 0 || share == 1;
            matches.add(new FeatureMatch(name, share, node, isConstant ? Double.NaN : Math.abs(correlations.get(node, 0)),
                    isConstant ? Double.NaN : multiple(centred, target)));
        });
        return matches;
    }

    /** Returns columns with mean 0 and variance 1; those without variance are 0. */
    private static DoubleMatrix standardised(DoubleMatrix values) {
        DoubleMatrix result = values.copy();
        for (int j = 0; j < values.columns(); j++) {
            double mean = 0;
            for (int row = 0; row < values.rows(); row++) {
                mean += values.get(row, j) / values.rows();
            }
            double variance = 0;
            for (int row = 0; row < values.rows(); row++) {
                variance += (values.get(row, j) - mean) * (values.get(row, j) - mean) / values.rows();
            }
            double deviation = Math.sqrt(variance);
            boolean isConstant = deviation <= 1e-10 * Math.abs(mean) || deviation == 0;
            for (int row = 0; row < values.rows(); row++) {
                result.set(row, j, isConstant ? 0 : (values.get(row, j) - mean) / deviation);
            }
        }
        return result;
    }

    /** Returns the multiple correlation: that of the target with its least-squares fit by standardised columns. */
    private static double multiple(DoubleMatrix x, DoubleMatrix target) {
        SymmetricEigenSolver gram = SymmetricEigenSolver.of(DoubleGemm.transposedProduct(x, x).scale(1.0 / x.rows()));
        double[] along = DoubleGemm.product(gram.vectors(), DoubleGemm.transposedProduct(x, target).scale(1.0 / x.rows())).data();
        double largest = Arrays.stream(gram.values()).max().orElse(0);
        double explained = 0;
        for (int i = 0; i < along.length; i++) {
            explained += gram.values()[i] > SMALL * largest ? along[i] * along[i] / gram.values()[i] : 0;
        }
        return Math.sqrt(explained);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: node %d with %.2f, at best %.2f", feature, node, correlation, best);
    }
}
