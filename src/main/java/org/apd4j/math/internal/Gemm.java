package org.apd4j.math.internal;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.apd4j.math.Matrix;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of {@link Matrix} blocks, computed by the OpenBLAS that comes with ND4J. OpenBLAS is called directly: 0.1 µs a call and the copies
 * to native memory, instead of ND4J's 60 µs an operation.
 *
 * <pre>{@code
 * Matrix left = Matrix.over(new float[] {1, 2, 3, 4}, 2, 2);
 * Matrix product = Gemm.product(left, Matrix.identity(2), Matrix.zeros(2, 2));
 * }</pre>
 *
 * <p>Every product runs on the calling thread; the library distributes its work over the cores itself (see {@link Workers}). The bits of a
 * product therefore depend on the machine and the operands, never on the number of threads.
 *
 * <p><b>Side effect.</b> Loading this class sets OpenBLAS to one thread for the whole process, ND4J's own products included, since OpenBLAS knows
 * no setting per caller. A program that also needs multi-threaded products of ND4J can set the number of threads again
 * ({@code openblas_nolapack.blas_set_num_threads}); then the library's last digits may change with it.
 *
 * <p>The result must not overlap an operand. All methods throw an {@link IllegalArgumentException} if the shapes do not match.
 */
public final class Gemm {

    /** Up to this many multiplications, a loop in Java is faster than the copies to native memory and back. */
    private static final int SMALL = 2000;

    /** Up to this many columns, the sums of a row are kept in registers. */
    private static final int NARROW = 8;

    private static final ThreadLocal<NativeFloats[]> STAGES =
            ThreadLocal.withInitial(() -> new NativeFloats[] {new NativeFloats(), new NativeFloats(), new NativeFloats()});

    static {
        Nd4j.getBackend(); // sets the number of threads, too, so it has to be initialised first
        blas_set_num_threads(1);
    }

    private Gemm() {
    }

    /** Computes {@code c = a · b} and returns c. */
    public static Matrix product(Matrix a, Matrix b, Matrix c) {
        return run(1, a, false, b, false, 0, c);
    }

    /** Computes {@code c = a · bᵀ} and returns c. */
    public static Matrix productTransposed(Matrix a, Matrix b, Matrix c) {
        return run(1, a, false, b, true, 0, c);
    }

    /** Computes {@code c = aᵀ · b} and returns c. */
    public static Matrix transposedProduct(Matrix a, Matrix b, Matrix c) {
        return run(1, a, true, b, false, 0, c);
    }

    /** Computes {@code c += a · b} and returns c. */
    public static Matrix addProduct(Matrix a, Matrix b, Matrix c) {
        return run(1, a, false, b, false, 1, c);
    }

    /** Computes {@code c += a · bᵀ} and returns c. */
    public static Matrix addProductTransposed(Matrix a, Matrix b, Matrix c) {
        return run(1, a, false, b, true, 1, c);
    }

    /** Computes {@code c += aᵀ · b} and returns c. */
    public static Matrix addTransposedProduct(Matrix a, Matrix b, Matrix c) {
        return run(1, a, true, b, false, 1, c);
    }

    /**
     * Computes {@code c = alpha · op(a) · op(b) + beta · c}, where {@code op} is the identity or the transpose.
     *
     * @param beta 0 or 1
     * @return c
     * @throws IllegalArgumentException if the shapes do not match
     */
    public static Matrix run(float alpha, Matrix a, boolean transposeA, Matrix b, boolean transposeB, float beta, Matrix c) {
        int rows = transposeA ? a.columns() : a.rows();
        int inner = transposeA ? a.rows() : a.columns();
        int columns = transposeB ? b.rows() : b.columns();
        int innerB = transposeB ? b.columns() : b.rows();
        if (inner != innerB || c.rows() != rows || c.columns() != columns) {
            throw new IllegalArgumentException("cannot multiply " + a + (transposeA ? "ᵀ" : "") + " by " + b + (transposeB ? "ᵀ" : "")
                    + " into " + c);
        }
        if (rows == 0 || columns == 0) {
            return c;
        }
        if (inner == 0) {
            return beta == 0 ? c.fill(0) : c;
        }
        if ((long) rows * inner * columns <= SMALL) {
            loops(alpha, a, transposeA, b, transposeB, beta, c, rows, inner, columns);
        } else {
            blas(alpha, a, transposeA, b, transposeB, beta, c, rows, inner, columns);
        }
        return c;
    }

    private static void blas(float alpha, Matrix a, boolean transposeA, Matrix b, boolean transposeB, float beta, Matrix c,
                             int rows, int inner, int columns) {
        NativeFloats[] stages = STAGES.get();
        FloatPointer nativeA = stage(a, stages[0]);
        FloatPointer nativeB = stage(b, stages[1]);
        FloatPointer nativeC = beta == 0 ? stages[2].reserve(c.size()) : stages[2].copyFrom(c.data(), c.offset(), c.size());
        cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, rows, columns, inner,
                alpha, nativeA, a.columns(), nativeB, b.columns(), beta, nativeC, columns);
        stages[2].copyTo(c.data(), c.offset(), c.size());
    }

    private static FloatPointer stage(Matrix matrix, NativeFloats stage) {
        NativeFloats shared = matrix.shared();
        return shared != null ? shared.pointer() : stage.copyFrom(matrix.data(), matrix.offset(), matrix.size());
    }

    private static void loops(float alpha, Matrix a, boolean transposeA, Matrix b, boolean transposeB, float beta, Matrix c,
                              int rows, int inner, int columns) {
        if (columns <= NARROW) {
            if (transposeB) {
                narrowTransposed(alpha, a, transposeA, b, beta, c, rows, inner, columns);
            } else {
                narrow(alpha, a, transposeA, b, beta, c, rows, inner, columns);
            }
        } else if (transposeB) {
            dotProducts(alpha, a, transposeA, b, beta, c, rows, inner, columns);
        } else {
            sumsOfRows(alpha, a, transposeA, b, beta, c, rows, inner, columns);
        }
    }

    private static void dotProducts(float alpha, Matrix a, boolean transposeA, Matrix b, float beta, Matrix c, int rows, int inner, int columns) {
        float[] left = a.data();
        float[] right = b.data();
        float[] result = c.data();
        int stepRow = transposeA ? 1 : a.columns();
        int stepInner = transposeA ? a.columns() : 1;
        for (int i = 0; i < rows; i++) {
            int to = c.rowStart(i);
            int from = a.offset() + i * stepRow;
            for (int j = 0; j < columns; j++) {
                int other = b.rowStart(j);
                float sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(left[from + k * stepInner], right[other + k], sum);
                }
                result[to + j] = Math.fma(alpha, sum, beta == 0 ? 0 : result[to + j]);
            }
        }
    }

    private static void sumsOfRows(float alpha, Matrix a, boolean transposeA, Matrix b, float beta, Matrix c, int rows, int inner, int columns) {
        float[] left = a.data();
        float[] right = b.data();
        float[] result = c.data();
        int stepRow = transposeA ? 1 : a.columns();
        int stepInner = transposeA ? a.columns() : 1;
        for (int i = 0; i < rows; i++) {
            int to = c.rowStart(i);
            if (beta == 0) {
                for (int j = 0; j < columns; j++) {
                    result[to + j] = 0;
                }
            }
            int from = a.offset() + i * stepRow;
            for (int k = 0; k < inner; k++) {
                float factor = alpha * left[from + k * stepInner];
                int other = b.rowStart(k);
                for (int j = 0; j < columns; j++) {
                    result[to + j] = Math.fma(factor, right[other + j], result[to + j]);
                }
            }
        }
    }

    /** {@link #sumsOfRows} for few columns: two sums at a time in registers, each with its terms in the same order and so with the same digits. */
    private static void narrow(float alpha, Matrix a, boolean transposeA, Matrix b, float beta, Matrix c, int rows, int inner, int columns) {
        float[] left = a.data();
        float[] right = b.data();
        float[] result = c.data();
        int stepRow = transposeA ? 1 : a.columns();
        int stepInner = transposeA ? a.columns() : 1;
        int width = b.columns();
        for (int i = 0; i < rows; i++) {
            int to = c.rowStart(i);
            int from = a.offset() + i * stepRow;
            int j = 0;
            for (; j + 1 < columns; j += 2) {
                float first = beta == 0 ? 0 : result[to + j];
                float second = beta == 0 ? 0 : result[to + j + 1];
                int other = b.offset() + j;
                for (int k = 0, at = from; k < inner; k++, at += stepInner, other += width) {
                    float factor = alpha * left[at];
                    first = Math.fma(factor, right[other], first);
                    second = Math.fma(factor, right[other + 1], second);
                }
                result[to + j] = first;
                result[to + j + 1] = second;
            }
            if (j < columns) {
                float sum = beta == 0 ? 0 : result[to + j];
                for (int k = 0, at = from, other = b.offset() + j; k < inner; k++, at += stepInner, other += width) {
                    sum = Math.fma(alpha * left[at], right[other], sum);
                }
                result[to + j] = sum;
            }
        }
    }

    /** {@link #dotProducts} for few columns: two sums at a time in registers, each with its terms in the same order and so with the same digits. */
    private static void narrowTransposed(float alpha, Matrix a, boolean transposeA, Matrix b, float beta, Matrix c, int rows, int inner, int columns) {
        float[] left = a.data();
        float[] right = b.data();
        float[] result = c.data();
        int stepRow = transposeA ? 1 : a.columns();
        int stepInner = transposeA ? a.columns() : 1;
        int width = b.columns();
        for (int i = 0; i < rows; i++) {
            int to = c.rowStart(i);
            int from = a.offset() + i * stepRow;
            int j = 0;
            for (; j + 1 < columns; j += 2) {
                float first = 0;
                float second = 0;
                int other = b.rowStart(j);
                for (int k = 0, at = from; k < inner; k++, at += stepInner, other++) {
                    first = Math.fma(left[at], right[other], first);
                    second = Math.fma(left[at], right[other + width], second);
                }
                result[to + j] = Math.fma(alpha, first, beta == 0 ? 0 : result[to + j]);
                result[to + j + 1] = Math.fma(alpha, second, beta == 0 ? 0 : result[to + j + 1]);
            }
            if (j < columns) {
                float sum = 0;
                for (int k = 0, at = from, other = b.rowStart(j); k < inner; k++, at += stepInner, other++) {
                    sum = Math.fma(left[at], right[other], sum);
                }
                result[to + j] = Math.fma(alpha, sum, beta == 0 ? 0 : result[to + j]);
            }
        }
    }
}
