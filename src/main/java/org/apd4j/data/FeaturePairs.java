package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * The distribution of sparse features that come in pairs: features 0 and 1, 2 and 3, … A feature is active as often as it is without pairs, but
 * where it is, its partner is active with a given probability, too. With an odd number of features the last one has no partner. The values of
 * active features are independent.
 *
 * <pre>{@code
 * // where feature 0 is active, feature 1 is in 80 % of the cases, too, and the other way round
 * var data = new FeaturePairs(new SparseFeatures(5, 0.05, 0, 1), 0.8);
 * var batch = data.sample(0, 2048);
 * }</pre>
 *
 * @param of       the distribution that the number of features, their probability and the values of active ones are taken from
 * @param together the probability that a feature's partner is active, given that it is active itself, 0 … 1; with the features' own probability the
 *                 features are independent
 */
public record FeaturePairs(SparseFeatures of, double together) implements Sampler {

    /**
     * Checks the probability.
     *
     * @throws IllegalArgumentException if {@code together} is not 0 … 1, or so small that a pair would be active more often than always
     */
    public FeaturePairs {
        if (!(together >= 0 && together <= 1)) {
            throw new IllegalArgumentException("together is " + together + "; it must be 0 … 1");
        }
        if (of.probability() * (2 - together) > 1) {
            throw new IllegalArgumentException("together is " + together + "; features that are active with probability " + of.probability()
                    + " come together at least in a fraction " + (2 - 1 / of.probability()) + " of the cases");
        }
    }

    @Override
    public int features() {
        return of.features();
    }

    @Override
    public void sample(RandomStream random, int rows, SparseRows batch) {
        double one = of.probability();
        double both = one * together;
        batch.clear();
        for (int row = 0; row < rows; row++) {
            for (int first = 0; first < features(); first += 2) {
                double draw = random.nextDouble();
                // 0 … both: both of them; … one: the first alone; … 2 one − both: the second alone
                if (draw < one) {
                    batch.add(first, of.active(random));
                }
                if (first + 1 < features() && (draw < both || draw >= one && draw < 2 * one - both)) {
                    batch.add(first + 1, of.active(random));
                }
            }
            batch.endRow();
        }
    }
}
