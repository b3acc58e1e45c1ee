package org.apd4j.math.internal;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.ObjIntConsumer;
import org.apache.commons.math3.random.MersenneTwister;
import org.apd4j.math.RandomStream;

/**
 * The random numbers that PyTorch draws on a CPU after {@code torch.manual_seed(seed)}, for reproducing data that was made with PyTorch. Everything
 * else in the library draws from a {@link RandomStream}.
 *
 * <pre>{@code
 * PyTorchRandom random = new PyTorchRandom(0);
 * double first = random.nextUniform(); // torch.rand(1): 0.4963
 * }</pre>
 */
public final class PyTorchRandom {

    private static final int FLOAT_BITS = 24;

    /** The number of normal numbers that are computed from as many uniform ones. */
    private static final int TOGETHER = 16;
    private static final int DOUBLE_BITS = 53;

    private final MersenneTwister generator;

    /**
     * Creates a generator.
     *
     * @param seed as given to {@code torch.manual_seed}; only the lowest 32 bits count, as in PyTorch
     */
    public PyTorchRandom(long seed) {
        this.generator = new MersenneTwister((int) seed);
    }

    /** Returns the next number of {@code torch.rand}, in [0, 1) and of single precision. */
    public double nextUniform() {
        return (generator.nextInt() & ((1 << FLOAT_BITS) - 1)) / (double) (1 << FLOAT_BITS);
    }

    /** Returns the next number of {@code torch.rand} with {@code dtype=torch.float64}. */
    private double nextDouble() {
        long bits = Integer.toUnsignedLong(generator.nextInt()) << Integer.SIZE | Integer.toUnsignedLong(generator.nextInt());
        return (bits & (1L << DOUBLE_BITS) - 1) / (double) (1L << DOUBLE_BITS);
    }

    /**
     * Returns {@code torch.randn(count, dtype=torch.float64)}.
     *
     * @throws IllegalArgumentException if {@code count} is less than 16; PyTorch draws so few in another way
     */
    public double[] nextNormals(int count) {
        return normals(count, this::nextDouble, PyTorchRandom::transform);
    }

    /**
     * Returns {@code torch.randn(count)}, numbers of single precision.
     *
     * @throws IllegalArgumentException if {@code count} is less than 16
     */
    public float[] nextFloatNormals(int count) {
        double[] values = normals(count, this::nextUniform, PyTorchRandom::transformSingle);
        float[] result = new float[count];
        for (int i = 0; i < count; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    private static double[] normals(int count, DoubleSupplier uniform, ObjIntConsumer<double[]> transform) {
        if (count < TOGETHER) {
            throw new IllegalArgumentException("count is " + count + "; it must be at least " + TOGETHER);
        }
        double[] values = new double[count];
        Arrays.setAll(values, i -> uniform.getAsDouble());
        for (int first = 0; first + TOGETHER <= count; first += TOGETHER) {
            transform.accept(values, first);
        }
        if (count % TOGETHER != 0) {
            for (int i = count - TOGETHER; i < count; i++) {
                values[i] = uniform.getAsDouble();
            }
            transform.accept(values, count - TOGETHER);
        }
        return values;
    }

    /** Box and Muller's transform of a group of uniform numbers. */
    private static void transform(double[] values, int first) {
        for (int j = first; j < first + TOGETHER / 2; j++) {
            double radius = Math.sqrt(-2 * Math.log(1 - values[j]));
            double angle = 2 * Math.PI * values[j + TOGETHER / 2];
            values[j] = radius * Math.cos(angle);
            values[j + TOGETHER / 2] = radius * Math.sin(angle);
        }
    }

    /** The same with intermediate results of single precision; near a zero of cosine or sine, the rounding of the angle can be seen. */
    private static void transformSingle(double[] values, int first) {
        for (int j = first; j < first + TOGETHER / 2; j++) {
            float radius = (float) Math.sqrt(-2 * (float) Math.log(1 - values[j]));
            float angle = (float) (2 * Math.PI) * (float) values[j + TOGETHER / 2];
            values[j] = radius * (float) Math.cos(angle);
            values[j + TOGETHER / 2] = radius * (float) Math.sin(angle);
        }
    }

    /** Returns {@code torch.randperm(count)}, the numbers 0 … count − 1 in random order. */
    public int[] nextPermutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int i = 0; i < count - 1; i++) {
            int other = i + (int) (Integer.toUnsignedLong(generator.nextInt()) % (count - i));
            int value = order[i];
            order[i] = order[other];
            order[other] = value;
        }
        return order;
    }
}
