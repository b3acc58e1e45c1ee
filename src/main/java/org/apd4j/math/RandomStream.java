package org.apd4j.math;

import java.util.Locale;

/**
 * Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014), a 64-bit counter and a mixing function,
 * so that a stream can be had for every (seed, purpose, number) without drawing the others. Normal values use
 * {@link StrictMath}.
 *
 * <pre>{@code
 * RandomStream random = RandomStream.of(0, 7); // seed 0, purpose 7
 * double uniform = random.nextDouble();
 * double normal = random.nextNormal();
 * }</pre>
 */
public final class RandomStream {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;
    private double spareNormal = Double.NaN;

    private RandomStream(long state) {
        this.state = state;
    }

    /** The stream of a seed and any further numbers: what it is for, which step, which component. */
    public static RandomStream of(long seed, long... path) {
        long state = mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA; // the seed is no number of the path: (1, 2) is not (2, 1)
        for (long number : path) {
            state = mix(state ^ mix(number + GOLDEN_GAMMA)) + GOLDEN_GAMMA;
        }
        return new RandomStream(state);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** 64 random bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in 0 … bound − 1; the bias is below bound / 2³². */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** Standard normal, by the polar method. */
    public double nextNormal() {
        if (!Double.isNaN(spareNormal)) {
            double value = spareNormal;
            spareNormal = Double.NaN;
            return value;
        }
        double u;
        double v;
        double square;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        double scale = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spareNormal = v * scale;
        return u * scale;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "random numbers from state %016x", state);
    }
}
