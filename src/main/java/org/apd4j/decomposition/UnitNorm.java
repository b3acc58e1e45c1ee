package org.apd4j.decomposition;

import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.Workers;

/** Keeps every column {@code A_c[:, j]} at norm 1 (method: one training step, 7). */
final class UnitNorm {

    private UnitNorm() {
    }

    /** Scales all columns to norm 1; a column of zeros, which has no direction, stays as it is. */
    static void normalise(Components components, Workers workers) {
        for (Factors factors : components.factors()) {
            workers.forEach(components.count(), 2L * factors.in() * factors.rank(), c -> normalise(factors.a(c)));
        }
    }

    private static void normalise(Matrix a) {
        int columns = a.columns();
        float[] data = a.data();
        double[] scale = new double[columns]; // squares of floats can leave the range of floats
        for (int i = 0; i < a.rows(); i++) {
            int at = a.rowStart(i);
            for (int j = 0; j < columns; j++) {
                scale[j] += (double) data[at + j] * data[at + j];
            }
        }
        for (int j = 0; j < columns; j++) {
            scale[j] = scale[j] > 0 ? 1 / Math.sqrt(scale[j]) : 1;
        }
        for (int i = 0; i < a.rows(); i++) {
            int at = a.rowStart(i);
            for (int j = 0; j < columns; j++) {
                data[at + j] = (float) (data[at + j] * scale[j]);
            }
        }
    }

    /** {@code g ← g − (g · a) a}, column by column. */
    static void removeParallelPart(Matrix a, Matrix gradient) {
        float[] dots = dots(gradient, a);
        float[] from = a.data();
        float[] to = gradient.data();
        for (int i = 0; i < a.rows(); i++) {
            int source = a.rowStart(i);
            int at = gradient.rowStart(i);
            for (int j = 0; j < dots.length; j++) {
                to[at + j] -= dots[j] * from[source + j];
            }
        }
    }

    /** The product of every column of one with the same column of the other. */
    static float[] dots(Matrix left, Matrix right) {
        float[] sums = new float[left.columns()];
        float[] one = left.data();
        float[] other = right.data();
        for (int i = 0; i < left.rows(); i++) {
            int at = left.rowStart(i);
            int from = right.rowStart(i);
            for (int j = 0; j < sums.length; j++) {
                sums[j] = Math.fma(one[at + j], other[from + j], sums[j]);
            }
        }
        return sums;
    }
}
