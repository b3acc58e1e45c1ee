package org.apd4j.data;

import java.util.List;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * The distribution of sparse features of unequal sizes: the values of each feature are multiplied by its size.
 *
 * <pre>{@code
 * // the first feature is uniform in 0 ... 1 where it is active, the second one in 0 ... 0.4
 * var data = new SizedFeatures(new SparseFeatures(2, 0.05, 0, 1), List.of(1.0, 0.4));
 * }</pre>
 *
 * @param of    the distribution of the features before they are multiplied
 * @param sizes the size of each feature, above 0
 */
public record SizedFeatures(SparseFeatures of, List<Double> sizes) implements Sampler {

    /**
     * Checks and copies the sizes.
     *
     * @throws IllegalArgumentException if there is not one for each feature, or one is not above 0 and finite
     */
    public SizedFeatures {
        sizes = List.copyOf(sizes);
        if (sizes.size() != of.features()) {
            throw new IllegalArgumentException("there are " + sizes.size() + " sizes for " + of.features() + " features; there must be one for each");
        }
        if (!sizes.stream().allMatch(size -> size > 0 && Double.isFinite(size))) {
            throw new IllegalArgumentException("the sizes are " + sizes + "; each must be above 0 and finite");
        }
    }

    @Override
    public int features() {
        return of.features();
    }

    @Override
    public void sample(RandomStream random, int rows, SparseRows batch) {
        SparseRows plain = new SparseRows(features());
        of.sample(random, rows, plain);
        batch.clear();
        for (int row = 0; row < rows; row++) {
            for (int i = plain.start(row); i < plain.start(row + 1); i++) {
                batch.add(plain.column(i), (float) (sizes.get(plain.column(i)) * plain.value(i)));
            }
            batch.endRow();
        }
    }
}
