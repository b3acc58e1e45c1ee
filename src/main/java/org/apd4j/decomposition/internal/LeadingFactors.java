package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.SymmetricEigen;

/**
 * The leading singular values and vectors of the components of a parameter, {@code P_c = A_c B_c ≈ U_c (U_cᵀ A_c B_c)}, where the columns of
 * {@code U_c} are the first left singular vectors of {@code P_c}.
 *
 * <p>They follow from two symmetric matrices of size m, and P_c is never formed: with {@code A_cᵀ A_c = V D Vᵀ}, the columns of
 * {@code Q = A_c V D^-½} are orthonormal, {@code P_c = Q (D^½ Vᵀ B_c)}, and the left singular vectors are Q times the eigenvectors of
 * {@code (D^½ Vᵀ B_c)(D^½ Vᵀ B_c)ᵀ}, whose eigenvalues are the squares of the singular values.
 *
 * @param factors what is left, with as many columns as the largest rank that is left; the others are 0
 * @param ranks   the rank that is left of each component
 */
public record LeadingFactors(Factors factors, List<Integer> ranks) {

    /**
     * The numbers of a vector are whole multiples, up to this one, of a step that makes its largest number this many steps: a byte each in files, and an
     * error far below that of the cut.
     */
    public static final int STEPS = 127;

    /** Directions of A whose squared length is below this, relative to the longest, are rounding errors of double precision. */
    private static final double ROUNDING = 1e-14;

    /** The singular values of a component, largest first, and its left singular vectors {@code [m][in]}. */
    private record Singular(double[] values, double[][] vectors) {
    }

    /**
     * Returns the factors with the singular values that are not below a tolerance.
     *
     * @param tolerance relative to the largest singular value of all components
     */
    public static LeadingFactors of(Factors whole, double tolerance) {
        List<Singular> all = new ArrayList<>();
        double largest = 0;
        for (int c = 0; c < whole.components(); c++) {
            all.add(singular(whole.a(c), whole.b(c)));
            largest = Math.max(largest, all.get(c).values()[0]);
        }
        List<Integer> ranks = new ArrayList<>();
        for (Singular own : all) {
            int rank = 1;
            while (rank < own.values().length && own.values()[rank] > 0 && own.values()[rank] >= tolerance * largest) {
                rank++;
            }
            ranks.add(rank);
        }
        int most = ranks.stream().mapToInt(rank -> rank).max().orElseThrow();
        Factors left = Factors.zeros(whole.parameter(), whole.components(), whole.in(), whole.out(), most);
        for (int c = 0; c < whole.components(); c++) {
            for (int r = 0; r < ranks.get(c); r++) {
                project(whole, c, all.get(c).vectors()[r], left, r);
            }
        }
        return new LeadingFactors(left, List.copyOf(ranks));
    }

    /** Sets column r of A to a left singular vector u, and row r of B to {@code uᵀ A B}. */
    private static void project(Factors whole, int c, double[] u, Factors left, int r) {
        Matrix a = whole.a(c);
        Matrix b = whole.b(c);
        double[] rounded = rounded(u);
        for (int i = 0; i < u.length; i++) {
            left.a(c).set(i, r, (float) rounded[i]);
        }
        double[] projected = new double[whole.rank()];
        double square = 0;
        for (int i = 0; i < u.length; i++) {
            square += rounded[i] * rounded[i];
            for (int k = 0; k < projected.length; k++) {
                projected[k] += rounded[i] * a.get(i, k);
            }
        }
        double[] written = new double[whole.out()]; // what rounded u leaves of the best B
        for (int o = 0; square > 0 && o < written.length; o++) {
            for (int k = 0; k < projected.length; k++) {
                written[o] += projected[k] * b.get(k, o) / square;
            }
        }
        written = rounded(written);
        for (int o = 0; o < written.length; o++) {
            left.b(c).set(r, o, (float) written[o]);
        }
    }

    private static double[] rounded(double[] vector) {
        float step = stepOf(Arrays.stream(vector).map(Math::abs).max().orElse(0));
        return step == 0 ? new double[vector.length] : Arrays.stream(vector).map(value -> Math.rint(value / step) * step).toArray();
    }

    /** Returns the step of a vector whose largest number has this size. */
    static float stepOf(double largest) {
        return (float) (largest / STEPS);
    }

    private static Singular singular(Matrix a, Matrix b) {
        int m = a.columns();
        SymmetricEigen ofA = SymmetricEigen.of(gram(m, a.rows(), (k, i) -> a.get(i, k)));
        double longest = Math.max(0, ofA.values().get(0));
        double[] lengths = new double[m]; // D^½
        for (int j = 0; j < m; j++) {
            double value = ofA.values().get(j);
            lengths[j] = value > ROUNDING * longest ? Math.sqrt(value) : 0;
        }
        Grid v = ofA.vectors();
        double[][] rest = new double[m][b.columns()]; // D^½ Vᵀ B
        for (int j = 0; j < m; j++) {
            for (int k = 0; k < m; k++) {
                double factor = lengths[j] * v.get(k, j);
                for (int o = 0; factor != 0 && o < rest[j].length; o++) {
                    rest[j][o] += factor * b.get(k, o);
                }
            }
        }
        SymmetricEigen ofRest = SymmetricEigen.of(gram(m, b.columns(), (j, o) -> rest[j][o]));
        double[] values = new double[m];
        double[][] vectors = new double[m][a.rows()];
        for (int r = 0; r < m; r++) {
            values[r] = Math.sqrt(Math.max(0, ofRest.values().get(r)));
            double[] inA = new double[m]; // V D^-½ times an eigenvector
            for (int j = 0; j < m; j++) {
                double factor = lengths[j] == 0 ? 0 : ofRest.vectors().get(j, r) / lengths[j];
                for (int k = 0; factor != 0 && k < m; k++) {
                    inA[k] += factor * v.get(k, j);
                }
            }
            for (int i = 0; i < a.rows(); i++) {
                for (int k = 0; k < m; k++) {
                    vectors[r][i] += a.get(i, k) * inA[k];
                }
            }
        }
        return new Singular(values, vectors);
    }

    /** Returns the products of m vectors with each other. */
    private static Grid gram(int m, int length, Grid.Cell element) {
        double[][] vectors = new double[m][length];
        for (int k = 0; k < m; k++) {
            for (int i = 0; i < length; i++) {
                vectors[k][i] = element.at(k, i);
            }
        }
        return Grid.of(m, m, (j, k) -> {
            double sum = 0;
            for (int i = 0; i < length && j <= k; i++) {
                sum += vectors[j][i] * vectors[k][i];
            }
            return sum;
        });
    }
}
