package org.apd4j.interaction;

import java.util.List;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.PlainNumber;

/**
 * A layer {@code x · W + b} of an MLP in double precision.
 *
 * <pre>{@code
 * DenseLayer layer = DenseLayer.of(new double[][] {{1, 0}, {0, 2}, {3, 0}}, new double[] {0.5, 0});
 * }</pre>
 *
 * @param weights W {@code [in, out]}
 * @param bias    b {@code [out]}
 */
public record DenseLayer(Grid weights, List<Double> bias) {

    /** @throws IllegalArgumentException if the bias does not fit the weights, or a value is not finite */
    public DenseLayer {
        bias = List.copyOf(bias);
        if (bias.size() != weights.columns()) {
            throw new IllegalArgumentException("the weights are " + weights + " and the bias has " + bias.size() + " values; it needs "
                    + weights.columns());
        }
        if (!DoubleMatrix.of(weights).isFinite()) {
            throw new IllegalArgumentException("a weight is infinite or NaN");
        }
        bias.stream().filter(value -> !Double.isFinite(value)).findFirst().ifPresent(value -> {
            throw new IllegalArgumentException("a bias is " + PlainNumber.of(value));
        });
    }

    /** Returns a layer of copies of the given values. */
    public static DenseLayer of(double[][] weights, double[] bias) {
        return new DenseLayer(DoubleMatrix.of(weights).toGrid(), Statistics.list(bias));
    }
}
