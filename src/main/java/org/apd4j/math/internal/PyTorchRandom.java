package org.apd4j.math.internal;

import org.apache.commons.math3.random.MersenneTwister;
import org.apd4j.math.RandomStream;

/**
 * The numbers that PyTorch draws on a CPU after {@code torch.manual_seed(seed)}: for what others have drawn with it and we want to have,
 * number for number. All else here is drawn from a {@link RandomStream}.
 *
 * <pre>{@code
 * PyTorchRandom random = new PyTorchRandom(0);
 * double first = random.nextUniform(); // torch.rand(1): 0.4963
 * }</pre>
 */
public final class PyTorchRandom {

    private static final int FLOAT_BITS = 24;

    private final MersenneTwister generator;

    /** @param seed as given to {@code torch.manual_seed}; of a larger one PyTorch takes the lowest 32 bits, too */
    public PyTorchRandom(long seed) {
        this.generator = new MersenneTwister((int) seed);
    }

    /** The next number of {@code torch.rand}, a single-precision one in [0, 1). */
    public double nextUniform() {
        return (generator.nextInt() & ((1 << FLOAT_BITS) - 1)) / (double) (1 << FLOAT_BITS);
    }

    /** {@code torch.randperm(count)}: 0 … count − 1 in random order. */
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
