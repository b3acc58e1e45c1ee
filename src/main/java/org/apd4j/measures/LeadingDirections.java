package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.SymmetricEigen;

/**
 * The direction that each component reads and the one that it writes in a weight matrix: the largest singular value σ of {@code P_c [d_in, d_out]}
 * with its singular vectors u and v, {@code P_c ≈ σ u vᵀ}. For images, {@code σ u} is a picture of what the component responds to.
 *
 * <pre>{@code
 * LeadingDirections.of(digitsRun, "hidden.weight").components().get(0).share()
 * }</pre>
 *
 * @param parameter  name of the matrix
 * @param components the leading directions of each component
 */
public record LeadingDirections(String parameter, List<Leading> components) {

    /**
     * The leading directions of one component.
     *
     * @param reads  {@code σ u [d_in]}; its sign makes the sum of v positive, so that on balance the outputs grow along it
     * @param writes {@code v [d_out]}, of length 1
     * @param share  {@code σ² / ‖P_c‖²}, 0 … 1: 1 for a matrix of rank one or zero, which the two directions describe completely
     */
    public record Leading(List<Double> reads, List<Double> writes, double share) {
    }

    public LeadingDirections {
        components = List.copyOf(components);
    }

    /**
     * Measures the components of a parameter.
     *
     * @throws java.util.NoSuchElementException if there is no decomposed parameter of that name
     */
    public static LeadingDirections of(DecompositionSource decomposed, String parameter) {
        var components = decomposed.decomposition().components();
        components.factors(parameter);
        List<Leading> found = new ArrayList<>();
        for (int c = 0; c < components.count(); c++) {
            found.add(leading(components.component(parameter, c)));
        }
        return new LeadingDirections(parameter, found);
    }

    /** Computes the directions from the eigenvectors of {@code PᵀP} or {@code PPᵀ}, whichever is smaller. */
    static Leading leading(Matrix p) {
        boolean wide = p.columns() > p.rows();
        Matrix tall = wide ? p.transposed() : p;
        int n = tall.columns();
        SymmetricEigen eigen = SymmetricEigen.of(Grid.of(n, n, (i, j) -> {
            double sum = 0;
            for (int row = 0; row < tall.rows(); row++) {
                sum += (double) tall.get(row, i) * tall.get(row, j);
            }
            return sum;
        }));
        double[] small = new double[n];
        double[] large = new double[tall.rows()];
        for (int i = 0; i < n; i++) {
            small[i] = eigen.vectors().get(i, 0);
        }
        for (int row = 0; row < large.length; row++) {
            for (int i = 0; i < n; i++) {
                large[row] += tall.get(row, i) * small[i]; // σ times the unit vector
            }
        }
        double sigma = Math.sqrt(Math.max(0, eigen.values().get(0)));
        double total = eigen.values().stream().mapToDouble(value -> value).sum();
        double[] writes = wide ? scaled(large, sigma == 0 ? 0 : 1 / sigma) : small;
        double[] reads = wide ? scaled(small, sigma) : large;
        double sign = sum(writes) < 0 ? -1 : 1;
        return new Leading(Statistics.list(scaled(reads, sign)), Statistics.list(scaled(writes, sign)), total == 0 ? 1 : sigma * sigma / total);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static double[] scaled(double[] values, double factor) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = factor * values[i];
        }
        return result;
    }
}
