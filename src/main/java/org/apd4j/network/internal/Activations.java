package org.apd4j.network.internal;

import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;

/**
 * Elementwise loops over rows, shared by the passes.
 *
 * <pre>{@code
 * Matrix x = Matrix.over(new float[] {-1, 2}, 1, 2);
 * Matrix y = Matrix.zeros(1, 2);
 * Activations.apply(Activation.RELU, x, y); // 0, 2
 * }</pre>
 */
public final class Activations {

    private Activations() {
    }

    /** Computes {@code to ← activation(from)}, value by value. */
    public static void apply(Activation kind, Matrix from, Matrix to) {
        int at = from.offset();
        int shift = to.offset() - at;
        int end = at + from.size();
        float[] source = from.data();
        float[] target = to.data();
        if (kind == Activation.RELU) {
            // Equal to max(0, x) up to half of the largest float, and unlike Math.max vectorised by the JIT.
            for (int i = at; i < end; i++) {
                target[i + shift] = 0.5f * (source[i] + Math.abs(source[i]));
            }
        } else {
            for (int i = at; i < end; i++) {
                target[i + shift] = kind.value(source[i]);
            }
        }
    }

    /** Returns whether all of some non-negative values are 0, by or-ing their bits, which is cheaper than a test of each. */
    public static boolean isZero(float[] values, int first, int count) {
        int bits = 0;
        for (int i = first; i < first + count; i++) {
            bits |= Float.floatToRawIntBits(values[i]);
        }
        return bits == 0;
    }

    /** Computes {@code gradient ← gradient · derivative(preActivation)}, value by value. */
    public static void scaleByDerivative(Activation kind, Matrix preActivation, Matrix gradient) {
        float[] source = preActivation.data();
        float[] target = gradient.data();
        int from = preActivation.offset();
        int shift = gradient.offset() - from;
        int end = from + preActivation.size();
        if (kind == Activation.RELU) {
            for (int i = from; i < end; i++) {
                target[i + shift] = source[i] > 0 ? target[i + shift] : 0;
            }
        } else {
            for (int i = from; i < end; i++) {
                target[i + shift] *= kind.derivative(source[i]);
            }
        }
    }

    /** Computes {@code values ← derivative(values)}, value by value, for {@link #scale}, where one pre-activation serves several gradients. */
    public static void toDerivatives(Activation kind, Matrix preActivation) {
        float[] values = preActivation.data();
        for (int i = preActivation.offset(); i < preActivation.offset() + preActivation.size(); i++) {
            values[i] = kind.derivative(values[i]);
        }
    }

    /** Computes {@code gradient ← gradient · factors}, value by value. */
    public static void scale(Matrix factors, Matrix gradient) {
        float[] source = factors.data();
        float[] target = gradient.data();
        int from = factors.offset();
        int shift = gradient.offset() - from;
        for (int i = from; i < from + factors.size(); i++) {
            target[i + shift] *= source[i];
        }
    }

    /** Computes {@code changes ← f(inputs) − f(inputs − changes)}, value by value, in double precision because the two terms nearly cancel. */
    public static void toDifferences(Activation kind, Matrix inputs, Matrix changes) {
        float[] source = inputs.data();
        float[] target = changes.data();
        int from = inputs.offset();
        int shift = changes.offset() - from;
        for (int i = from; i < from + inputs.size(); i++) {
            double input = source[i];
            target[i + shift] = target[i + shift] == 0 ? 0 : (float) (kind.exact(input) - kind.exact(input - target[i + shift]));
        }
    }

    /** Sets every row to a row of constants {@code [1, columns]}. */
    public static void setConstant(Matrix constant, Matrix rows) {
        int done = Math.min(constant.size(), rows.size());
        System.arraycopy(constant.data(), constant.offset(), rows.data(), rows.offset(), done);
        while (done < rows.size()) {
            int more = Math.min(done, rows.size() - done);
            System.arraycopy(rows.data(), rows.offset(), rows.data(), rows.offset() + done, more);
            done += more;
        }
    }

    /** Adds a row of constants {@code [1, columns]} to every row. */
    public static void addConstant(Matrix constant, Matrix rows) {
        float[] source = constant.data();
        float[] target = rows.data();
        for (int row = 0; row < rows.rows(); row++) {
            int at = rows.rowStart(row);
            int shift = constant.offset() - at;
            for (int i = at; i < at + rows.columns(); i++) {
                target[i] += source[i + shift];
            }
        }
    }

    /** Computes the sum of all rows, {@code [1, columns]}. */
    public static Matrix sumRows(Matrix rows, Matrix out) {
        out.fill(0);
        for (int row = 0; row < rows.rows(); row++) {
            int at = rows.rowStart(row);
            for (int j = 0; j < rows.columns(); j++) {
                out.data()[out.offset() + j] += rows.data()[at + j];
            }
        }
        return out;
    }
}
