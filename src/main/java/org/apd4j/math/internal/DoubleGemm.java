package org.apd4j.math.internal;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;

import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of matrices in double precision, computed by OpenBLAS in tiles of rows that the cores share. The division into tiles depends on the shapes
 * alone, so that the bits of a product do not depend on the number of threads.
 *
 * <pre>{@code
 * DoubleMatrix left = DoubleMatrix.of(new double[][] {{1, 2}, {3, 4}});
 * DoubleMatrix product = DoubleGemm.product(left, DoubleMatrix.identity(2));
 * }</pre>
 *
 * <p>Like {@link Gemm}, whose documentation names the side effect, it sets OpenBLAS to one thread. All methods throw an
 * {@link IllegalArgumentException} if the shapes do not match.
 */
public final class DoubleGemm {

    /** Multiplications of a tile, above which it is worth handing over. */
    private static final long TILE = 2_000_000;
    /** The smallest number of rows of a tile; below it, a product is limited by reading the other operand. */
    private static final int TILE_ROWS = 32;

    private static final ThreadLocal<Stage[]> STAGES = ThreadLocal.withInitial(() -> new Stage[] {new Stage(), new Stage(), new Stage()});

    static {
        Nd4j.getBackend(); // sets the number of threads, too, so it has to be initialised first
        blas_set_num_threads(1);
    }

    private DoubleGemm() {
    }

    /** Native memory that grows with what is copied to it. */
    private static final class Stage {
        private DoublePointer memory = new DoublePointer(1);

        DoublePointer reserve(long size) {
            if (memory.capacity() < size) {
                memory.close();
                memory = new DoublePointer(size);
            }
            return memory;
        }

        DoublePointer copyFrom(DoubleMatrix matrix) {
            DoublePointer pointer = reserve(matrix.data().length);
            pointer.put(matrix.data(), 0, matrix.data().length);
            return pointer;
        }
    }

    /** Returns {@code a · b}. */
    public static DoubleMatrix product(DoubleMatrix a, DoubleMatrix b) {
        return run(a, false, b, false, 0, DoubleMatrix.zeros(a.rows(), b.columns()));
    }

    /** Returns {@code a · bᵀ}. */
    public static DoubleMatrix productTransposed(DoubleMatrix a, DoubleMatrix b) {
        return run(a, false, b, true, 0, DoubleMatrix.zeros(a.rows(), b.rows()));
    }

    /** Returns {@code aᵀ · b}. */
    public static DoubleMatrix transposedProduct(DoubleMatrix a, DoubleMatrix b) {
        return run(a, true, b, false, 0, DoubleMatrix.zeros(a.columns(), b.columns()));
    }

    /** Computes {@code c += aᵀ · b} and returns c. */
    public static DoubleMatrix addTransposedProduct(DoubleMatrix a, DoubleMatrix b, DoubleMatrix c) {
        return run(a, true, b, false, 1, c);
    }

    private static DoubleMatrix run(DoubleMatrix a, boolean transposeA, DoubleMatrix b, boolean transposeB, int beta, DoubleMatrix c) {
        int rows = transposeA ? a.columns() : a.rows();
        int inner = transposeA ? a.rows() : a.columns();
        int columns = transposeB ? b.rows() : b.columns();
        if (inner != (transposeB ? b.columns() : b.rows()) || c.rows() != rows || c.columns() != columns) {
            throw new IllegalArgumentException("cannot multiply " + a + (transposeA ? "ᵀ" : "") + " by " + b + (transposeB ? "ᵀ" : "") + " into "
                    + c);
        }
        if (rows == 0 || columns == 0 || inner == 0) {
            return c;
        }
        Stage[] stages = STAGES.get();
        DoublePointer left = stages[0].copyFrom(a);
        DoublePointer right = stages[1].copyFrom(b);
        DoublePointer result = beta == 0 ? stages[2].reserve(c.data().length) : stages[2].copyFrom(c);
        int tile = (int) Math.max(TILE_ROWS, TILE / Math.max(1, (long) inner * columns));
        Workers.all().forEach((rows + tile - 1) / tile, part -> {
            int first = part * tile;
            DoublePointer from = left.getPointer(transposeA ? first : (long) first * inner);
            DoublePointer to = result.getPointer((long) first * columns);
            cblas_dgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, Math.min(tile, rows - first),
                    columns, inner, 1, from, a.columns(), right, b.columns(), beta, to, columns);
        });
        result.get(c.data(), 0, c.data().length);
        return c;
    }
}
