package org.apd4j.measures;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;

/**
 * The size of each component: the Frobenius norm {@code ‖P_c‖} over all decomposed parameters together. A component that the decomposition does not
 * need is close to 0.
 *
 * <pre>{@code
 * System.out.println(ComponentNorms.of(run).norms());
 * }</pre>
 *
 * @param norms by component, each at least 0
 */
public record ComponentNorms(List<Double> norms) {

    public ComponentNorms {
        norms = List.copyOf(norms);
    }

    /** Measures the components of a decomposition. */
    public static ComponentNorms of(DecompositionSource decomposed) {
        Components components = decomposed.decomposition().components();
        return new ComponentNorms(IntStream.range(0, components.count()).mapToObj(c -> norm(components, c)).toList());
    }

    private static double norm(Components components, int c) {
        double sum = 0;
        for (Factors factors : components.factors()) {
            Matrix weights = components.component(factors.parameter(), c);
            for (int row = 0; row < weights.rows(); row++) {
                for (int column = 0; column < weights.columns(); column++) {
                    double weight = weights.get(row, column);
                    sum += weight * weight;
                }
            }
        }
        return Math.sqrt(sum);
    }

    /** Returns the norm of a component. */
    public double of(int component) {
        return norms.get(component);
    }
}
