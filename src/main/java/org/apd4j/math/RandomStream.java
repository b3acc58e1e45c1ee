package org.apd4j.math;

import java.util.Locale;

/**
 * A stream of random numbers that is the same on every machine: SplitMix64 (Steele, Lea and Flood, 2014), a 64-bit counter and a mixing
 * function. Every combination of seed, purpose and index has a stream of its own, which is created without drawing from the others. Normal
 * values use {@link StrictMath}. Not thread-safe.
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

    /**
     * Returns the stream of a seed and a path.
     *
     * @param path tells the streams of one seed apart, for example by purpose, step and component
     */
    public static RandomStream of(long seed, long... path) {
        long state = mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA; // mixed in another way than the path, so that (1, 2) and (2, 1) differ
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

    /** Returns the next 64 random bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Returns the next number of the uniform distribution on [0, 1), a multiple of 2⁻⁵³. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Fills a part of an array with numbers of the uniform distribution on [0, 1), multiples of 2⁻²⁴; every 64 bits make two of them. */
    public void fillUniform(float[] values, int from, int count) {
        long counter = state;
        int end = from + count;
        int i = from;
        for (; i + 1 < end; i += 2) {
            counter += GOLDEN_GAMMA;
            long bits = mix(counter);
            values[i] = (bits >>> 40) * 0x1.0p-24f;
            values[i + 1] = ((bits >>> 16) & 0xffffff) * 0x1.0p-24f;
        }
        if (i < end) {
            counter += GOLDEN_GAMMA;
            values[i] = (mix(counter) >>> 40) * 0x1.0p-24f;
        }
        state = counter;
    }

    /** Returns the next integer of the uniform distribution on 0 … bound − 1; the bias is below bound / 2³². */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** Returns the next number of the standard normal distribution, by the polar method (Marsaglia and Bray, 1964). */
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
        return String.format(Locale.ROOT, "random stream in state %016x", state);
    }
}
