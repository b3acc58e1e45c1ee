package org.apd4j.network;

import java.util.Arrays;
import org.apd4j.math.Matrix;

/**
 * Layer normalisation with fixed gain g and bias b (Ba, Kiros and Hinton 2016): {@code g · (x − mean(x)) / √(var(x) + ε) + b}, mean and
 * variance over the values of a row, the variance divided by their number.
 *
 * <p>With {@code x̂ = (x − mean) / σ} and {@code σ = √(var + ε)} its derivative takes a change δ of the row to
 * {@code g · (δ − mean(δ) − x̂ · mean(x̂ · δ)) / σ}: every value of the row affects all others.
 *
 * <pre>{@code
 * LayerNorm plain = new LayerNorm(Matrix.zeros(1, 16).fill(1), Matrix.zeros(1, 16), 1e-5);
 * }</pre>
 */
public final class LayerNorm implements Nonlinearity {

    private final Matrix gain;
    private final Matrix bias;
    private final double epsilon;

    /**
     * @param gain    {@code [1, width]}
     * @param bias    {@code [1, width]}
     * @param epsilon ε, above 0
     */
    public LayerNorm(Matrix gain, Matrix bias, double epsilon) {
        this.gain = gain;
        this.bias = bias;
        this.epsilon = epsilon;
    }

    private static double mean(float[] values, int at, int width) {
        double sum = 0;
        for (int j = at; j < at + width; j++) {
            sum += values[j];
        }
        return sum / width;
    }

    /** Returns {@code 1 / σ} of a row. */
    private double inverseDeviation(float[] values, int at, int width, double mean) {
        double squares = 0;
        for (int j = at; j < at + width; j++) {
            squares += (values[j] - mean) * (values[j] - mean);
        }
        return 1 / Math.sqrt(squares / width + epsilon);
    }

    @Override
    public void apply(Matrix from, Matrix to) {
        int width = from.columns();
        for (int row = 0; row < from.rows(); row++) {
            int at = from.rowStart(row);
            double mean = mean(from.data(), at, width);
            double inverse = inverseDeviation(from.data(), at, width, mean);
            for (int j = 0; j < width; j++) {
                to.set(row, j, (float) (gain.get(0, j) * ((from.data()[at + j] - mean) * inverse) + bias.get(0, j)));
            }
        }
    }

    @Override
    public void pullBack(Matrix input, Matrix gradient) {
        Matrix derivatives = Matrix.zeros(1, derivativeColumns(input.columns()));
        for (int row = 0; row < input.rows(); row++) {
            System.arraycopy(input.data(), input.rowStart(row), derivatives.data(), 0, input.columns());
            differentiate(derivatives);
            pullGradient(derivatives, gradient.block(row, 1));
        }
    }

    @Override
    public int derivativeColumns(int width) {
        return width + 1;
    }

    /** Replaces the inputs by x̂, with {@code 1 / σ} in the last column. */
    @Override
    public void differentiate(Matrix inputs) {
        int width = inputs.columns() - 1;
        float[] values = inputs.data();
        for (int row = 0; row < inputs.rows(); row++) {
            int at = inputs.rowStart(row);
            double mean = mean(values, at, width);
            double inverse = inverseDeviation(values, at, width, mean);
            for (int j = at; j < at + width; j++) {
                values[j] = (float) ((values[j] - mean) * inverse);
            }
            values[at + width] = (float) inverse;
        }
    }

    @Override
    public void difference(Matrix input, Matrix change) {
        int width = input.columns();
        for (int row = 0; row < input.rows(); row++) {
            float[] values = input.data();
            float[] changes = change.data();
            int at = input.rowStart(row);
            int to = change.rowStart(row);
            double[] before = new double[width];
            double[] after = new double[width];
            for (int j = 0; j < width; j++) {
                before[j] = values[at + j];
                after[j] = before[j] - changes[to + j];
            }
            normalise(before);
            normalise(after);
            for (int j = 0; j < width; j++) {
                changes[to + j] = (float) (gain.get(0, j) * (before[j] - after[j]));
            }
        }
    }

    private void normalise(double[] row) {
        double mean = Arrays.stream(row).average().orElse(0);
        double squares = Arrays.stream(row).map(value -> (value - mean) * (value - mean)).sum();
        double inverse = 1 / Math.sqrt(squares / row.length + epsilon);
        Arrays.setAll(row, j -> (row[j] - mean) * inverse);
    }

    @Override
    public void pushChange(Matrix derivatives, Matrix change) {
        for (int row = 0; row < change.rows(); row++) {
            centre(derivatives, change, row);
            scaleByGain(change, row);
        }
    }

    @Override
    public void pullGradient(Matrix derivatives, Matrix gradient) {
        for (int row = 0; row < gradient.rows(); row++) {
            scaleByGain(gradient, row);
            centre(derivatives, gradient, row);
        }
    }

    /** Computes {@code δ ← (δ − mean(δ) − x̂ · mean(x̂ · δ)) / σ}, the product of a symmetric matrix and δ. */
    private static void centre(Matrix derivatives, Matrix change, int row) {
        int width = change.columns();
        float[] normal = derivatives.data();
        float[] values = change.data();
        int from = derivatives.rowStart(row);
        int at = change.rowStart(row);
        double sum = 0;
        double along = 0;
        for (int j = 0; j < width; j++) {
            sum += values[at + j];
            along += (double) normal[from + j] * values[at + j];
        }
        double mean = sum / width;
        double slope = along / width;
        double inverse = normal[from + width];
        for (int j = 0; j < width; j++) {
            values[at + j] = (float) ((values[at + j] - mean - normal[from + j] * slope) * inverse);
        }
    }

    private void scaleByGain(Matrix rows, int row) {
        int at = rows.rowStart(row);
        for (int j = 0; j < rows.columns(); j++) {
            rows.data()[at + j] *= gain.get(0, j);
        }
    }

    @Override
    public boolean isOffAtZero() {
        return false;
    }

    @Override
    public boolean keepsZero() {
        return bias.isZero();
    }

    @Override
    public String label() {
        return "layer norm";
    }

    @Override
    public String toString() {
        return label() + " of " + gain.columns() + " values";
    }
}
