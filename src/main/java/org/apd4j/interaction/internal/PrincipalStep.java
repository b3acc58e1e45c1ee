package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.SymmetricEigenSolver;

/**
 * The principal components of a node layer: {@code G = U D Uᵀ} without the directions of small variance, {@code W = Y U} with the centring Y.
 *
 * @param variances D {@code [k]}: that of the constant first, then of an isolated variance, then largest first
 * @param vectors   U {@code [d, k]}
 * @param basis     W {@code [d, k]}
 * @param inverse   W⁺ {@code [k, d]}
 * @param apart     number m of leading directions that are kept apart: the constant, if centred, and an isolated variance
 */
public record PrincipalStep(double[] variances, DoubleMatrix vectors, DoubleMatrix basis, DoubleMatrix inverse, int apart) {

    /**
     * Takes the principal components of a Gram matrix.
     *
     * @param layer     name of the node layer, for messages
     * @param gram      G {@code [d, d]}, of centred activations if centred
     * @param mean      μ {@code [d]}
     * @param isolated  whether entry 0 is kept apart
     * @throws IllegalArgumentException if the threshold leaves nothing
     */
    public static PrincipalStep of(String layer, DoubleMatrix gram, double[] mean, boolean centred, boolean isolated, double threshold) {
        int d = gram.rows();
        int first = isolated ? 1 : 0;
        // the constant's row of a centred Gram matrix is 0 but for its diagonal; taken apart, it cannot mix with another direction of variance 1
        int last = centred ? d - 1 : d;
        List<Direction> directions = new ArrayList<>();
        if (centred) {
            directions.add(unit(d, d - 1, gram));
        }
        if (isolated) {
            directions.add(unit(d, 0, gram));
        }
        int apart = directions.size();
        SymmetricEigenSolver found = SymmetricEigenSolver.of(DoubleMatrix.of(last - first, last - first, (i, j) -> gram.get(first + i, first + j)));
        List<Direction> others = new ArrayList<>();
        for (int c = 0; c < last - first; c++) {
            double[] vector = new double[d];
            System.arraycopy(found.vectors().data(), c * (last - first), vector, first, last - first);
            others.add(new Direction(Math.abs(found.values()[c]), vector));
        }
        others.sort((a, b) -> Double.compare(b.variance, a.variance));
        directions.addAll(others);
        List<Direction> kept = directions.stream().filter(direction -> direction.variance > threshold).toList();
        if (kept.size() <= (centred ? 1 : 0)) {
            throw new IllegalArgumentException("the threshold " + threshold + " leaves nothing of node layer '" + layer + "'"
                    + (centred ? " but the constant" : "") + "; its largest variance is " + (others.isEmpty() ? 0 : others.get(0).variance));
        }
        int keptApart = (int) directions.subList(0, apart).stream().filter(direction -> direction.variance > threshold).count();
        DoubleMatrix vectors = DoubleMatrix.of(d, kept.size(), (i, c) -> kept.get(c).vector[i]);
        double[] variances = kept.stream().mapToDouble(Direction::variance).toArray();
        if (!centred) {
            return new PrincipalStep(variances, vectors, vectors, vectors.transposed(), keptApart);
        }
        DoubleMatrix basis = DoubleGemm.product(centring(mean, -1), vectors);
        DoubleMatrix inverse = DoubleGemm.transposedProduct(vectors, centring(mean, 1));
        return new PrincipalStep(variances, vectors, basis, inverse, keptApart);
    }

    private record Direction(double variance, double[] vector) { }

    private static Direction unit(int d, int entry, DoubleMatrix gram) {
        double[] vector = new double[d];
        vector[entry] = 1;
        return new Direction(Math.abs(gram.get(entry, entry)), vector);
    }

    /** Returns Y for sign −1, Y⁻¹ for sign 1: the identity with the means in its last row. */
    private static DoubleMatrix centring(double[] mean, int sign) {
        DoubleMatrix matrix = DoubleMatrix.identity(mean.length);
        for (int j = 0; j < mean.length - 1; j++) {
            matrix.set(mean.length - 1, j, sign * mean[j]);
        }
        return matrix;
    }

    /** Returns {@code R = W D^(−1/2)}, {@code [d, k]}. */
    DoubleMatrix whitening() {
        return DoubleMatrix.of(basis.rows(), basis.columns(), (i, c) -> basis.get(i, c) / Math.sqrt(variances[c]));
    }

    /** Returns {@code R⁺ = D^(1/2) W⁺}, {@code [k, d]}. */
    DoubleMatrix whiteningInverse() {
        return DoubleMatrix.of(inverse.rows(), inverse.columns(), (c, i) -> inverse.get(c, i) * Math.sqrt(variances[c]));
    }
}
