package org.apd4j.math.internal;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;

import org.nd4j.linalg.factory.Nd4j;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's divide and conquer ({@code dsyevd}): as accurate for matrices of low rank,
 * whose eigenvalues coincide, as for any other, and fast for hundreds of rows.
 *
 * <pre>{@code
 * SymmetricEigenSolver found = SymmetricEigenSolver.of(DoubleMatrix.of(new double[][] {{2, 1}, {1, 2}})); // 3 and 1
 * }</pre>
 *
 * @param values  the eigenvalues, smallest first
 * @param vectors {@code [n, n]}, whose rows are the unit eigenvectors in the order of the values
 */
public record SymmetricEigenSolver(double[] values, DoubleMatrix vectors) {

    static {
        Nd4j.getBackend();
        blas_set_num_threads(1);
    }

    /**
     * Returns the eigenvalues and eigenvectors of a matrix.
     *
     * @param matrix {@code [n, n]}, of which only the upper triangle is read
     * @throws ArithmeticException if a value is not finite, or LAPACK does not converge
     */
    public static SymmetricEigenSolver of(DoubleMatrix matrix) {
        int n = matrix.rows();
        if (n == 0) {
            return new SymmetricEigenSolver(new double[0], matrix);
        }
        if (!matrix.isFinite()) {
            throw new ArithmeticException("a matrix with values that are not finite has no eigenvalues");
        }
        double[] vectors = matrix.data().clone();
        double[] values = new double[n];
        // the lower triangle by columns is the upper one by rows
        int failed = LAPACKE_dsyevd(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'L', n, vectors, n, values);
        if (failed != 0) {
            throw new ArithmeticException("LAPACK found no eigenvectors of a " + matrix + " matrix (" + failed + ")");
        }
        return new SymmetricEigenSolver(values, DoubleMatrix.over(vectors, n, n));
    }
}
