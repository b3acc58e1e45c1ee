package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * Sparse features (paper section 3, method: data): each is active independently with a probability and then uniform in a range;
 * an inactive one is 0.
 *
 * <pre>{@code
 * // each of 40 features is active with probability 0.05, and then uniform in 0 ... 1
 * var data = new SparseFeatures(40, 0.05, 0, 1);
 * var batch = data.sample(0, 2048);
 * }</pre>
 *
 * @param features    number of features
 * @param probability of being active, in (0, 1]; a multiple of 2⁻³² is used
 * @param low         least value of an active feature
 * @param high        largest value
 */
public record SparseFeatures(int features, double probability, double low, double high) implements Sampler {

    /** @throws IllegalArgumentException naming the value that is out of its range */
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
                bits = half ? bits >>> 32 : random.nextLong(); // two decisions a draw
                half = !half;
                if ((bits & 0xffffffffL) < threshold) {
                    batch.add(feature, active(random));
                }
            }
            batch.endRow();
        }
    }

    /** The value of an active feature. */
    float active(RandomStream random) {
        return (float) (low + (high - low) * random.nextDouble());
    }

    /** The same values with exactly {@code active} active features a sample. */
    public Sampler exactly(int active) {
        return new ExactlyActive(this, active);
    }
}
