package org.apd4j.network.internal;

import org.apd4j.math.Matrix;

/**
 * The softmax of logits, {@code e^(y_o) / Σ_i e^(y_i)} in each row: how likely a classifier holds each class.
 *
 * <pre>{@code
 * Matrix probabilities = Softmax.probabilities(w);
 * }</pre>
 */
public final class Softmax {

    private Softmax() {
    }

    /** {@code log Σ_o e^(y_o)} of a row, which no size of y makes overflow. */
    public static double logSumExp(Matrix logits, int row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int o = 0; o < logits.columns(); o++) {
            largest = Math.max(largest, logits.get(row, o));
        }
        double sum = 0;
        for (int o = 0; o < logits.columns(); o++) {
            sum += Math.exp(logits.get(row, o) - largest);
        }
        return largest + Math.log(sum);
    }

    /** The probabilities {@code [rows, classes]}, a new block; each row sums to 1. */
    public static Matrix probabilities(Matrix logits) {
        Matrix probabilities = Matrix.zeros(logits.rows(), logits.columns());
        for (int row = 0; row < logits.rows(); row++) {
            double normal = logSumExp(logits, row);
            for (int o = 0; o < logits.columns(); o++) {
                probabilities.set(row, o, (float) Math.exp(logits.get(row, o) - normal));
            }
        }
        return probabilities;
    }
}
