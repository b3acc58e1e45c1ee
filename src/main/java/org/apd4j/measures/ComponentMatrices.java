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
 * What the components of one parameter are as matrices: how many directions each has, and how alike they are. Whether a parameter is
 * many mechanisms or one shows here (Bushnaq et al. 2025 take W_out of the residual MLP for one).
 *
 * <pre>{@code
 * var matrices = ComponentMatrices.of(run, Tms.ENCODER);
 * System.out.println(matrices.effectiveRanks());
 * }</pre>
 *
 * @param parameter      the parameter's name
 * @param norms          by component, {@code |P_c|}, the square root of the sum of squares
 * @param effectiveRanks by component, see {@link #effectiveRank}
 * @param similarity     {@code [C, C]}, the cosine of {@code P_c} and {@code P_d} as vectors; 0 where one of them is zero
 * @param wholeRank      effective rank of the target's own matrix
 */
public record ComponentMatrices(String parameter, List<Double> norms, List<Double> effectiveRanks, Grid similarity, double wholeRank) {

    public ComponentMatrices {
        norms = List.copyOf(norms);
        effectiveRanks = List.copyOf(effectiveRanks);
    }

    /** @throws java.util.NoSuchElementException if there is no such decomposed parameter */
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

    /**
     * The effective rank: {@code exp(−Σ p_j ln p_j)} with {@code p_j = σ_j² / Σ σ²} of the singular values. It is r for r equal ones, and
     * does not count the small ones; 0 for a matrix of zeros.
     */
    static double effectiveRank(Matrix matrix) {
        boolean tall = matrix.rows() > matrix.columns();
        int side = Math.min(matrix.rows(), matrix.columns());
        // σ² are the eigenvalues of the smaller of the products with the transpose
        Matrix square = Gemm.run(1, matrix, tall, matrix, !tall, 0, Matrix.zeros(side, side));
        double[] squares = SymmetricEigen.of(Grid.of(side, side, square::get)).values().stream().mapToDouble(v -> Math.max(0, v)).toArray();
        double sum = Arrays.stream(squares).sum();
        if (sum == 0) {
            return 0;
        }
        return Math.exp(-Arrays.stream(squares).map(value -> value / sum).filter(p -> p > 0).map(p -> p * Math.log(p)).sum());
    }

    /** Mean effective rank of some components. */
    public double meanEffectiveRank(List<Integer> components) {
        return Statistics.mean(components.stream().map(effectiveRanks::get).toList());
    }

    /** Mean |cosine| over all pairs of different ones of some components. */
    public double meanSimilarity(List<Integer> components) {
        return Statistics.mean(components.stream().flatMap(c -> components.stream().filter(d -> !d.equals(c))
                .map(d -> Math.abs(similarity.get(c, d)))).toList());
    }

    /** The similarity of some components to each other, in their order. */
    public Grid similarity(List<Integer> components) {
        return Grid.of(components.size(), components.size(), (i, j) -> similarity.get(components.get(i), components.get(j)));
    }
}
