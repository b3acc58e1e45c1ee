package org.apd4j.spd.internal;

import org.apd4j.math.RandomStream;

/**
 * The random numbers r of stochastic masks, {@code U[0, 1)}, independent for every loss, draw, layer, sample and component. The masks δ of the delta
 * component are those of the component C, one more than there are.
 */
@FunctionalInterface
public interface MaskNumbers {

    /**
     * Fills in the numbers of a component for some samples.
     *
     * @param layerwise whether they are for the layer-wise loss
     * @param samples   the indices of the samples in the batch
     * @param count     the number of samples
     * @param to        receives the numbers from index {@code at} on
     */
    void fill(int step, boolean layerwise, int draw, int layer, int component, int[] samples, int count, float[] to, int at);

    /** Returns the numbers of a seed. A sample's numbers depend on where it stands among the samples of the batch that are not all zero. */
    static MaskNumbers of(long seed) {
        final long purpose = 0x7370645f6d61L;
        return (step, layerwise, draw, layer, component, samples, count, to, at) -> {
            if (count > 0) {
                RandomStream.of(seed, purpose, step, layerwise ? 1 : 0, draw, layer, component, samples[0]).fillUniform(to, at, count);
            }
        };
    }
}
