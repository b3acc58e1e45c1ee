package org.apd4j.math.internal;

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
