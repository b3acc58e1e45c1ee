package org.apd4j.math.internal;

import java.util.Arrays;
import org.apd4j.math.Matrix;

/**
 * Column-wise loops over matrices. Rows are often shorter than a vector register is worth, so several rows are processed as one run of
 * values, with the column factors repeated; the JIT compiler turns such a run into vector instructions.
 *
 * <pre>{@code
 * Matrix a = Matrix.over(new float[] {1, 2, 3, 4}, 2, 2);
 * float[] sums = new float[2];
 * ColumnOps.dots(a, a, sums); // 1 + 9, 4 + 16
 * }</pre>
 */
public final class ColumnOps {

    /** Approximate length of a run. */
    private static final int RUN = 512;

    private static final ThreadLocal<float[]> RUNS = ThreadLocal.withInitial(() -> new float[2 * RUN]);

    private ColumnOps() {
    }

    private static int runLength(Matrix matrix) {
        return Math.max(1, RUN / matrix.columns()) * matrix.columns();
    }

    private static float[] memory(int length) {
        float[] run = RUNS.get();
        if (run.length < length) {
            run = new float[length];
            RUNS.set(run);
        }
        return run;
    }

    /** Computes the dot products of corresponding columns, {@code out[j] = Σ_i left[i, j] · right[i, j]}. */
    public static void dots(Matrix left, Matrix right, float[] out) {
        int length = runLength(left);
        float[] sums = memory(length);
        Arrays.fill(sums, 0, length, 0);
        float[] one = left.data();
        float[] other = right.data();
        for (int done = 0; done < left.size(); done += length) {
            int count = Math.min(length, left.size() - done);
            int a = left.offset() + done;
            int b = right.offset() + done;
            for (int i = 0; i < count; i++) {
                sums[i] = Math.fma(one[a + i], other[b + i], sums[i]);
            }
        }
        int columns = left.columns();
        Arrays.fill(out, 0, columns, 0);
        for (int from = 0; from < length; from += columns) {
            for (int j = 0; j < columns; j++) {
                out[j] += sums[from + j];
            }
        }
    }

    /** Multiplies every column by its factor, {@code matrix[i, j] *= factors[j]}. */
    public static void scale(Matrix matrix, float[] factors) {
        int length = runLength(matrix);
        float[] repeated = repeat(factors, matrix.columns(), length);
        float[] data = matrix.data();
        for (int done = 0; done < matrix.size(); done += length) {
            int count = Math.min(length, matrix.size() - done);
            int at = matrix.offset() + done;
            for (int i = 0; i < count; i++) {
                data[at + i] *= repeated[i];
            }
        }
    }

    /** Adds scaled columns, {@code to[i, j] += factors[j] · from[i, j]}. */
    public static void addScaled(Matrix from, float[] factors, Matrix to) {
        int length = runLength(from);
        float[] repeated = repeat(factors, from.columns(), length);
        float[] source = from.data();
        float[] target = to.data();
        for (int done = 0; done < from.size(); done += length) {
            int count = Math.min(length, from.size() - done);
            int a = from.offset() + done;
            int b = to.offset() + done;
            for (int i = 0; i < count; i++) {
                target[b + i] = Math.fma(repeated[i], source[a + i], target[b + i]);
            }
        }
    }

    private static float[] repeat(float[] factors, int columns, int length) {
        float[] repeated = memory(length);
        for (int from = 0; from < length; from += columns) {
            System.arraycopy(factors, 0, repeated, from, columns);
        }
        return repeated;
    }

    /** Returns {@code Σ |value|}, which is not finite if one of the values is not. */
    public static float sumOfAbsolutes(Matrix matrix) {
        float[] sums = memory(RUN);
        Arrays.fill(sums, 0, RUN, 0);
        float[] data = matrix.data();
        for (int done = 0; done < matrix.size(); done += RUN) {
            int count = Math.min(RUN, matrix.size() - done);
            int at = matrix.offset() + done;
            for (int i = 0; i < count; i++) {
                sums[i] += Math.abs(data[at + i]);
            }
        }
        float total = 0;
        for (int i = 0; i < RUN; i++) {
            total += sums[i];
        }
        return total;
    }

    /** Computes {@code out[i] = Σ_j matrix[i, j]²}. */
    public static void rowSquares(Matrix matrix, float[] out) {
        float[] data = matrix.data();
        for (int row = 0; row < matrix.rows(); row++) {
            out[row] = shortDot(data, matrix.rowStart(row), data, matrix.rowStart(row), matrix.columns());
        }
    }

    /** Returns the sum of few products, in eight partial sums: additions to a single sum would wait for each other. */
    public static float shortDot(float[] x, int xFrom, float[] y, int yFrom, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 7 < count; i += 8) {
            int p = xFrom + i;
            int q = yFrom + i;
            s0 = Math.fma(x[p], y[q], s0);
            s1 = Math.fma(x[p + 1], y[q + 1], s1);
            s2 = Math.fma(x[p + 2], y[q + 2], s2);
            s3 = Math.fma(x[p + 3], y[q + 3], s3);
            s4 = Math.fma(x[p + 4], y[q + 4], s4);
            s5 = Math.fma(x[p + 5], y[q + 5], s5);
            s6 = Math.fma(x[p + 6], y[q + 6], s6);
            s7 = Math.fma(x[p + 7], y[q + 7], s7);
        }
        for (; i < count; i++) {
            s0 = Math.fma(x[xFrom + i], y[yFrom + i], s0);
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** Returns the sum of products; in several sums at a time, which the processor can compute side by side. */
    public static double dot(float[] x, int xFrom, float[] y, int yFrom, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int whole = count - count % 8;
        for (int i = 0; i < whole; i += 8) {
            int p = xFrom + i;
            int q = yFrom + i;
            s0 = Math.fma(x[p], y[q], s0);
            s1 = Math.fma(x[p + 1], y[q + 1], s1);
            s2 = Math.fma(x[p + 2], y[q + 2], s2);
            s3 = Math.fma(x[p + 3], y[q + 3], s3);
            s4 = Math.fma(x[p + 4], y[q + 4], s4);
            s5 = Math.fma(x[p + 5], y[q + 5], s5);
            s6 = Math.fma(x[p + 6], y[q + 6], s6);
            s7 = Math.fma(x[p + 7], y[q + 7], s7);
        }
        double sum = ((double) s0 + s1) + ((double) s2 + s3) + (((double) s4 + s5) + ((double) s6 + s7));
        for (int i = whole; i < count; i++) {
            sum += (double) x[xFrom + i] * y[yFrom + i];
        }
        return sum;
    }

    /** Returns the sum of values. */
    public static double sum(float[] x, int from, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int whole = count - count % 4;
        for (int i = from; i < from + whole; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        double sum = ((double) s0 + s1) + ((double) s2 + s3);
        for (int i = from + whole; i < from + count; i++) {
            sum += x[i];
        }
        return sum;
    }
}
