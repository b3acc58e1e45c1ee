package org.apd4j.math.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apd4j.math.Statistics;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix; all NaN if an element is infinite or NaN.
 *
 * @param values  the eigenvalues, largest first
 * @param vectors {@code [n, n]}, whose columns are the unit eigenvectors in the order of the values
 */
public record SymmetricEigen(List<Double> values, Grid vectors) {

    /**
     * Returns the eigenvalues and eigenvectors of a matrix.
     *
     * @param matrix {@code [n, n]}, of which only the upper triangle is read
     */
    public static SymmetricEigen of(Grid matrix) {
        int n = matrix.rows();
        // products in single precision are not symmetric to the last digit, and commons-math takes any other matrix for a general one
        Grid symmetric = Grid.of(n, n, (i, j) -> matrix.get(Math.min(i, j), Math.max(i, j)));
        double[][] elements = symmetric.toArray();
        if (!Arrays.stream(elements).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)) {
            return new SymmetricEigen(Collections.nCopies(n, Double.NaN), Grid.of(n, n, (i, j) -> Double.NaN));
        }
        var found = new EigenDecomposition(new Array2DRowRealMatrix(elements, false));
        RealMatrix vectors = found.getV();
        return new SymmetricEigen(Statistics.list(found.getRealEigenvalues()), Grid.of(n, n, vectors::getEntry));
    }
}
