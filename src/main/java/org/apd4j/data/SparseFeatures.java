package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * The distribution of sparse features (paper section 3): each feature is independently active with a given probability, then uniform in a range, and
 * otherwise 0.
 *
 * <pre>{@code
 * // each of 40 features is active with probability 0.05, and then uniform in 0 ... 1
 * var data = new SparseFeatures(40, 0.05, 0, 1);
 * var batch = data.sample(0, 2048);
 * }</pre>
 *
 * @param features    the number of features, at least 1
 * @param probability the probability that a feature is active, in (0, 1]; it is rounded to a multiple of 2⁻³²
 * @param low         the lower end of the range of an active feature
 * @param high        the upper end
 */
public record SparseFeatures(int features, double probability, double low, double high) implements Sampler {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public SparseFeatures {
        if (features < 1) {
            throw new IllegalArgumentException("features is " + features + "; it must be at least 1");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + "; it must be above 0 and at most 1");
        }
        if (!(low < high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException("the range is [" + low + ", " + high + "]; it must be finite and not empty");
        }
    }

    @Override
    public void sample(RandomStream random, int rows, SparseRows batch) {
        long threshold = Math.round(probability * 0x1.0p32);
        batch.clear();
        long bits = 0;
        boolean half = false;
        for (int row = 0; row < rows; row++) {
            for (int feature = 0; feature < features; feature++) {
                bits = half ? bits >>> 32 : random.nextLong(); // one draw decides about two features
                half = !half;
                if ((bits & 0xffffffffL) < threshold) {
                    batch.add(feature, active(random));
                }
            }
            batch.endRow();
        }
    }

    /** Draws the value of an active feature. */
    float active(RandomStream random) {
        return (float) (low + (high - low) * random.nextDouble());
    }

    /**
     * Returns the distribution in which every sample has exactly {@code active} active features, with values of the same range.
     *
     * @throws IllegalArgumentException if {@code active} is not 0 … features
     */
    public Sampler exactly(int active) {
        return new ExactlyActive(this, active);
    }
}
