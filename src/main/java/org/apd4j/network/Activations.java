package org.apd4j.network;

import org.apd4j.kernel.Matrix;

/** Loops over whole rows that the passes share. */
public final class Activations {

    private Activations() {
    }

    /**
     * Applies an activation to a row.
     *
     * @return whether any value or derivative of the row is not 0
     */
    public static boolean apply(Activation kind, Matrix from, Matrix to, int row) {
        int at = from.rowStart(row);
        int shift = to.rowStart(row) - at;
        int end = at + from.columns();
        if (kind != Activation.RELU) {
            for (int i = at; i < end; i++) {
                to.data()[i + shift] = kind.value(from.data()[i]);
            }
            return true;
        }
        float[] source = from.data();
        float[] target = to.data();
        float largest = 0;
        for (int i = at; i < end; i++) {
            float value = Math.max(0, source[i]);
            target[i + shift] = value;
            largest = Math.max(largest, value);
        }
        return largest > 0;
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
