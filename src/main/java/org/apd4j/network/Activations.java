package org.apd4j.network;

import org.apd4j.kernel.Matrix;

/** Loops over whole rows that the passes share. */
public final class Activations {

    private Activations() {
    }

    /** {@code to ← activation(from)}, value by value. */
    public static void apply(Activation kind, Matrix from, Matrix to) {
        int at = from.offset();
        int shift = to.offset() - at;
        int end = at + from.size();
        float[] source = from.data();
        float[] target = to.data();
        if (kind == Activation.RELU) {
            for (int i = at; i < end; i++) {
                target[i + shift] = Math.max(0, source[i]);
            }
        } else {
            for (int i = at; i < end; i++) {
                target[i + shift] = kind.value(source[i]);
            }
        }
    }

    /** {@code gradient ← gradient · derivative(preActivation)}, value by value. */
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

    /** Adds a row of constants {@code [1, columns]} to every row. */
    public static void addConstant(Matrix constant, Matrix rows) {
        for (int row = 0; row < rows.rows(); row++) {
            int at = rows.rowStart(row);
            for (int j = 0; j < rows.columns(); j++) {
                rows.data()[at + j] += constant.data()[constant.offset() + j];
            }
        }
    }

    /** The sum of all rows, {@code [1, columns]}. */
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
