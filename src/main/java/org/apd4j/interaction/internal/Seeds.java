package org.apd4j.interaction.internal;

import org.apd4j.interaction.InteractionConfig;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * The vectors φ along which the outputs of a section are differentiated, {@code g = ∂(Σ φ f̂′)/∂f}: one unit vector for each output position and
 * node, or random signs that replace the sum over positions, over nodes, or over both.
 */
public interface Seeds {

    /** Returns the number of vectors. */
    int count();

    /** Returns the number of vectors that are averaged over rather than summed. */
    int averaged();

    /**
     * Returns a vector, {@code [samples · T, n]}, for some samples.
     *
     * @param number      of the vector
     * @param firstSample index of the first sample in the data
     */
    DoubleMatrix vector(int number, int firstSample, int samples);

    /** Returns one vector for each node, which is 1 at all positions. */
    static Seeds ofNodes(int positions, int nodes) {
        return new Seeds() {
            @Override
            public int count() {
                return nodes;
            }

            @Override
            public int averaged() {
                return 1;
            }

            @Override
            public DoubleMatrix vector(int number, int firstSample, int samples) {
                return DoubleMatrix.of(samples * positions, nodes, (row, i) -> i == number ? 1 : 0);
            }
        };
    }

    /**
     * Returns the seeds of a section.
     *
     * @param layer     index of the node layer, so that each has signs of its own
     * @param positions T, output positions
     * @param nodes     n, output nodes
     */
    static Seeds of(InteractionConfig config, int layer, int positions, int nodes) {
        int ofPositions = config.positionSources();
        int ofNodes = config.hiddenSources();
        int outer = ofPositions > 0 ? ofPositions : positions;
        int inner = ofNodes > 0 ? ofNodes : nodes;
        return new Seeds() {
            @Override
            public int count() {
                return outer * inner;
            }

            @Override
            public int averaged() {
                return Math.max(1, ofPositions) * Math.max(1, ofNodes);
            }

            @Override
            public DoubleMatrix vector(int number, int firstSample, int samples) {
                int position = number / inner;
                int node = number % inner;
                DoubleMatrix vector = DoubleMatrix.zeros(samples * positions, nodes);
                boolean isRandom = ofPositions > 0 || ofNodes > 0;
                for (int x = 0; x < samples; x++) {
                    // one stream a sample: the signs do not depend on how the data is divided
                    RandomStream signs = isRandom ? RandomStream.of(config.seed(), layer, number, firstSample + x) : null;
                    for (int t = ofPositions > 0 ? 0 : position; t < (ofPositions > 0 ? positions : position + 1); t++) {
                        for (int i = ofNodes > 0 ? 0 : node; i < (ofNodes > 0 ? nodes : node + 1); i++) {
                            vector.set(x * positions + t, i, signs == null || signs.nextInt(2) == 0 ? 1 : -1);
                        }
                    }
                }
                return vector;
            }
        };
    }
}
