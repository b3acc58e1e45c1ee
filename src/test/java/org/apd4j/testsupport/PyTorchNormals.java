package org.apd4j.testsupport;

import org.apache.commons.math3.random.MersenneTwister;

/** The normal numbers in double precision that PyTorch draws on a CPU after {@code torch.manual_seed(seed)}, at least 16 at a time. */
public final class PyTorchNormals {

    private static final int TOGETHER = 16;

    private final MersenneTwister generator;

    public PyTorchNormals(long seed) {
        this.generator = new MersenneTwister((int) seed);
    }

    private double uniform() {
        long bits = Integer.toUnsignedLong(generator.nextInt()) << 32 | Integer.toUnsignedLong(generator.nextInt());
        return (bits & (1L << 53) - 1) / (double) (1L << 53);
    }

    /** Returns {@code torch.randn(count, dtype=float64)} for a count of at least 16. */
    public double[] doubles(int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = uniform();
        }
        for (int first = 0; first + TOGETHER <= count; first += TOGETHER) {
            transform(values, first);
        }
        if (count % TOGETHER != 0) {
            for (int i = count - TOGETHER; i < count; i++) {
                values[i] = uniform();
            }
            transform(values, count - TOGETHER);
        }
        return values;
    }

    private static void transform(double[] values, int first) {
        for (int j = first; j < first + TOGETHER / 2; j++) {
            double radius = Math.sqrt(-2 * Math.log(1 - values[j]));
            double angle = 2 * Math.PI * values[j + TOGETHER / 2];
            values[j] = radius * Math.cos(angle);
            values[j + TOGETHER / 2] = radius * Math.sin(angle);
        }
    }
}
