package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * The distribution of samples with exactly k active features, all choices of which are equally likely.
 *
 * <pre>{@code
 * Sampler pairs = new SparseFeatures(5, 0.05, 0, 1).exactly(2);
 * System.out.println(pairs.sample(0, 4).toDense());
 * }</pre>
 *
 * @param of     the distribution that the number of features and the values of active ones are taken from
 * @param active the number k of active features, 0 … features
 */
public record ExactlyActive(SparseFeatures of, int active) implements Sampler {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if {@code active} is not 0 … features
     */
    public ExactlyActive {
        if (active < 0 || active > of.features()) {
            throw new IllegalArgumentException("active is " + active + "; it must be 0 … " + of.features());
        }
    }

    @Override
    public int features() {
        return of.features();
    }

    @Override
    public void sample(RandomStream random, int rows, SparseRows batch) {
        batch.clear();
        for (int row = 0; row < rows; row++) {
            int left = active;
            for (int feature = 0; feature < features() && left > 0; feature++) {
                if (random.nextInt(features() - feature) < left) {
                    batch.add(feature, of.active(random));
                    left--;
                }
            }
            batch.endRow();
        }
    }
}
