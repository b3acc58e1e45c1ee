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

    /**
     * Returns this layer with the gain g and the shift c of a layer norm before it folded in, {@code diag(g) W} and {@code b + c W}: what is left of
     * the layer norm has no parameters.
     *
     * @throws IllegalArgumentException if gain or shift do not fit the weights
     */
    public DenseLayer afterNorm(double[] gain, double[] shift) {
        if (gain.length != weights.rows() || shift.length != weights.rows()) {
            throw new IllegalArgumentException("the layer norm has " + gain.length + " gains and " + shift.length + " shifts; the layer has "
                    + weights.rows() + " inputs");
        }
        double[] moved = new double[weights.columns()];
        for (int j = 0; j < moved.length; j++) {
            moved[j] = bias.get(j);
            for (int i = 0; i < gain.length; i++) {
                moved[j] += shift[i] * weights.get(i, j);
            }
        }
        return new DenseLayer(Grid.of(weights.rows(), weights.columns(), (i, j) -> gain[i] * weights.get(i, j)), Statistics.list(moved));
    }

    /** Returns a layer of copies of the given values. */
    public static DenseLayer of(double[][] weights, double[] bias) {
        return new DenseLayer(DoubleMatrix.of(weights).toGrid(), Statistics.list(bias));
    }
}
