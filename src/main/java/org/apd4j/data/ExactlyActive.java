package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * Samples with exactly so many active features, every choice of them equally likely (method: data, "exactly k active features").
 *
 * <pre>{@code
 * Sampler pairs = new SparseFeatures(5, 0.05, 0, 1).exactly(2);
 * System.out.println(pairs.sample(0, 4).toDense());
 * }</pre>
 *
 * @param of     range of the active values
 * @param active number of active features, 0 … features
 */
public record ExactlyActive(SparseFeatures of, int active) implements Sampler {

    /** @throws IllegalArgumentException if there are not so many features */
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
