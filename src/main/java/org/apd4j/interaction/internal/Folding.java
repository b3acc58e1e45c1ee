package org.apd4j.interaction.internal;

import org.apd4j.math.internal.DoubleMatrix;

/** Weights with their biases as a further row, and the constant 1 as a further column. */
final class Folding {

    /** The name of the last node layer, the logits. */
    static final String OUTPUT = "output";

    private Folding() {
    }

    /**
     * Returns {@code [[W, 0], [b, carried]]}.
     *
     * @param weights {@code [in, out]}
     * @param bias    {@code [out]}
     * @param carried what the constant becomes
     * @param keep    whether there is a last column
     */
    static DoubleMatrix dense(DoubleMatrix weights, double[] bias, double carried, boolean keep) {
        int in = weights.rows();
        int out = weights.columns();
        return DoubleMatrix.of(in + 1, keep ? out + 1 : out, (i, j) -> {
            if (j < out) {
                return i < in ? weights.get(i, j) : bias[j];
            }
            return i < in ? 0 : carried;
        });
    }

    /** Returns rows with a further entry 1. */
    static DoubleMatrix withOnes(DoubleMatrix rows) {
        return DoubleMatrix.of(rows.rows(), rows.columns() + 1, (i, j) -> j < rows.columns() ? rows.get(i, j) : 1);
    }
}
