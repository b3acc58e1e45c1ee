package org.apd4j.decomposition.internal;

import java.util.Optional;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;

/** Random projections of a network's outputs, new ones at every step, see {@link GradientAttributions#compute(org.apd4j.network.internal.DensePass, Matrix)}. */
public final class Projections {

    private static final long SIGNS = 0x7369676e73L;

    private final int count;
    private final int outputs;

    /** @param count k; 0 for none */
    public Projections(int count, int outputs) {
        this.count = count;
        this.outputs = outputs;
    }

    /** Returns the signs {@code R [outputs, k]} of a step, each 1/√k or −1/√k; empty where the exact sum is wanted, or has no more terms than k. */
    public Optional<Matrix> of(long seed, int step) {
        if (count == 0 || count >= outputs) {
            return Optional.empty();
        }
        RandomStream random = RandomStream.of(seed, SIGNS, step);
        Matrix signs = Matrix.zeros(outputs, count);
        float size = (float) (1 / Math.sqrt(count));
        long bits = 0;
        for (int i = 0; i < signs.size(); i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            signs.data()[i] = (bits & 1) == 0 ? size : -size;
        }
        return Optional.of(signs);
    }
}
