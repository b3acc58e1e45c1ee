package org.apd4j.measures;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.SymmetricEigen;
import org.apd4j.math.internal.Workers;

/**
 * The components of one parameter as matrices: the effective rank of each, and their cosine similarities. They show whether a parameter holds many
 * mechanisms or one (Bushnaq et al. 2025 argue that {@code W_out} of the residual MLP is one).
 *
 * <pre>{@code
 * var matrices = ComponentMatrices.of(run, Tms.ENCODER);
 * System.out.println(matrices.effectiveRanks());
 * }</pre>
 *
 * @param parameter      name of the parameter, a matrix {@code [d_in, d_out]}
 * @param norms          by component, the Frobenius norm {@code ‖P_c‖}
 * @param effectiveRanks by component, {@code exp(−Σ_j p_j ln p_j)} with {@code p_j = σ_j² / Σ_i σ_i²} of its singular values: r for r equal ones,
 *                       less if some are smaller; 0 for a matrix of zeros
 * @param similarity     {@code [C, C]}, the cosine similarity of {@code P_c} and {@code P_d} as vectors; 0 where either is zero
 * @param wholeRank      effective rank of the target's own matrix
 */
public record ComponentMatrices(String parameter, List<Double> norms, List<Double> effectiveRanks, Grid similarity, double wholeRank) {

    public ComponentMatrices {
        norms = List.copyOf(norms);
        effectiveRanks = List.copyOf(effectiveRanks);
    }

    /**
     * Measures the components of a parameter.
     *
     * @throws java.util.NoSuchElementException if there is no decomposed parameter of that name
     */
    public static ComponentMatrices of(DecompositionSource decomposed, String parameter) {
        Components components = decomposed.decomposition().components();
        Factors factors = components.factors(parameter);
        int count = components.count();
        Matrix flat = Matrix.zeros(count, factors.in() * factors.out());
        double[] ranks = new double[count];
        Workers.all().forEach(count, c -> {
            Matrix product = flat.block(c, 1).reshaped(factors.in(), factors.out());
            Gemm.product(factors.a(c), factors.b(c), product);
            ranks[c] = effectiveRank(product);
        });
        Matrix inner = Gemm.productTransposed(flat, flat, Matrix.zeros(count, count));
        double[] norms = IntStream.range(0, count).mapToDouble(c -> Math.sqrt(inner.get(c, c))).toArray();
        Grid similarity = Grid.of(count, count, (c, d) -> norms[c] == 0 || norms[d] == 0 ? 0 : inner.get(c, d) / (norms[c] * norms[d]));
        double whole = effectiveRank(decomposed.decomposition().target().network().parameter(parameter).values());
        return new ComponentMatrices(parameter, Statistics.list(norms), Statistics.list(ranks), similarity, whole);
    }

    static double effectiveRank(Matrix matrix) {
        boolean tall = matrix.rows() > matrix.columns();
        int side = Math.min(matrix.rows(), matrix.columns());
        // σ² are the eigenvalues of the product with the transpose; the smaller of the two products is cheaper
        Matrix square = Gemm.run(1, matrix, tall, matrix, !tall, 0, Matrix.zeros(side, side));
        double[] squares = SymmetricEigen.of(Grid.of(side, side, square::get)).values().stream().mapToDouble(v -> Math.max(0, v)).toArray();
        double sum = Arrays.stream(squares).sum();
        if (sum == 0) {
            return 0;
        }
        return Math.exp(-Arrays.stream(squares).map(value -> value / sum).filter(p -> p > 0).map(p -> p * Math.log(p)).sum());
    }

    /** Returns the mean effective rank of the given components. */
    public double meanEffectiveRank(List<Integer> components) {
        return Statistics.mean(components.stream().map(effectiveRanks::get).toList());
    }

    /** Returns the mean absolute cosine similarity over all pairs of the given components. */
    public double meanSimilarity(List<Integer> components) {
        return Statistics.mean(components.stream().flatMap(c -> components.stream().filter(d -> !d.equals(c))
                .map(d -> Math.abs(similarity.get(c, d)))).toList());
    }

    /** Returns the cosine similarities of the given components to each other, in the given order. */
    public Grid similarity(List<Integer> components) {
        return Grid.of(components.size(), components.size(), (i, j) -> similarity.get(components.get(i), components.get(j)));
    }
}
