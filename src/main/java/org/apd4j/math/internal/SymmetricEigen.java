package org.apd4j.math.internal;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, computed by Jacobi rotations (Golub and Van Loan, section 8.5) to nearly full
 * precision, at a cost that suits a few hundred rows.
 *
 * @param values  the eigenvalues, largest first
 * @param vectors {@code [n, n]}, whose columns are the unit eigenvectors in the order of the values
 */
public record SymmetricEigen(List<Double> values, Grid vectors) {

    private static final int MOST_SWEEPS = 50;
    private static final double NEGLIGIBLE = 1e-24;

    /**
     * Returns the eigenvalues and eigenvectors of a matrix.
     *
     * @param matrix {@code [n, n]}, of which only the upper triangle is read
     */
    public static SymmetricEigen of(Grid matrix) {
        double[][] a = matrix.toArray();
        int n = a.length;
        double[][] v = Grid.of(n, n, (i, j) -> i == j ? 1 : 0).toArray();
        double size = squares(a, 0);
        for (int sweep = 0; sweep < MOST_SWEEPS && squares(a, 1) > NEGLIGIBLE * size; sweep++) {
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, v, p, q);
                }
            }
        }
        int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble((Integer i) -> -a[i][i])).mapToInt(i -> i).toArray();
        return new SymmetricEigen(IntStream.of(order).mapToObj(i -> a[i][i]).toList(), Grid.of(n, n, (i, j) -> v[order[j]][i]));
    }

    /** Returns the sum of squares of the upper triangle, from the given diagonal on. */
    private static double squares(double[][] a, int diagonal) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = i + diagonal; j < a.length; j++) {
                sum += a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    /** Rotates {@code a[p][q]} to zero and applies the rotation to v, whose rows become the eigenvectors. */
    private static void rotate(double[][] a, double[][] v, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        double change = t * a[p][q];
        for (int i = 0; i < a.length; i++) {
            if (i != p && i != q) {
                // only the upper triangle is kept up to date
                double[] rowP = a[Math.min(i, p)];
                double[] rowQ = a[Math.min(i, q)];
                double ip = rowP[Math.max(i, p)];
                double iq = rowQ[Math.max(i, q)];
                rowP[Math.max(i, p)] = c * ip - s * iq;
                rowQ[Math.max(i, q)] = s * ip + c * iq;
            }
            double vp = v[p][i];
            double vq = v[q][i];
            v[p][i] = c * vp - s * vq;
            v[q][i] = s * vp + c * vq;
        }
        a[p][p] -= change;
        a[q][q] += change;
        a[p][q] = 0;
    }
}
