package org.apd4j.data;

import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;

/**
 * The distribution of the inputs of gated functions, a number and control bits (paper appendix B.1). The first feature is uniform in a range; each of
 * the others is independently 1 with a given probability and otherwise 0.
 *
 * <pre>{@code
 * // x in 0 ... 5 and four control bits, each set with probability 1/4
 * var inputs = new GatedInputs(4, 0.25, 0, 5);
 * System.out.println(inputs.sample(0, 8).toDense());
 * }</pre>
 *
 * @param bits        the number of control bits, at least 1
 * @param probability the probability that a bit is 1, in (0, 1]
 * @param low         the lower end of the range of the number
 * @param high        the upper end
 */
public record GatedInputs(int bits, double probability, double low, double high) implements Sampler {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public GatedInputs {
        if (bits < 1) {
            throw new IllegalArgumentException("bits is " + bits + "; it must be at least 1");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + "; it must be above 0 and at most 1");
        }
        if (!(low < high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException("the range is [" + low + ", " + high + "]; it must be finite and not empty");
        }
    }

    @Override
    public int features() {
        return 1 + bits;
    }

    @Override
    public void sample(RandomStream random, int rows, SparseRows batch) {
        batch.clear();
        for (int row = 0; row < rows; row++) {
            batch.add(0, (float) (low + (high - low) * random.nextDouble()));
            for (int bit = 1; bit <= bits; bit++) {
                if (random.nextDouble() < probability) {
                    batch.add(bit, 1);
                }
            }
            batch.endRow();
        }
    }
}
