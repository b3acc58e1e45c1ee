package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The importance of every component when a single feature is active, with the value 1. Importances are those that training used: with APD,
 * attributions.
 *
 * <pre>{@code
 * var attributions = OneHotAttributions.of(run);
 * System.out.println("feature 0 has component " + attributions.componentOf(0));
 * }</pre>
 *
 * @param attributions {@code [features, C]}, each at least 0
 */
public record OneHotAttributions(Grid attributions) {

    /** Measures a decomposition. */
    public static OneHotAttributions of(DecompositionSource decomposed) {
        var subject = new MeasurementContext(decomposed);
        Matrix found = subject.evaluator().importances(SparseRows.of(Matrix.identity(subject.features()))).layer(0);
        return new OneHotAttributions(Grid.of(found.rows(), found.columns(), found::get));
    }

    /** Returns the component with the largest attribution on a feature, the lowest index among equal ones. */
    public int componentOf(int feature) {
        return largest(attributions.columns(), component -> attributions.get(feature, component));
    }

    /** Returns the feature on which a component has its largest attribution, the lowest index among equal ones. */
    public int featureOf(int component) {
        return largest(attributions.rows(), feature -> attributions.get(feature, component));
    }

    private static int largest(int count, IntToDoubleFunction value) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (value.applyAsDouble(i) > value.applyAsDouble(best)) {
                best = i;
            }
        }
        return best;
    }

    /** Returns the surplus components, those that have the {@linkplain #componentOf largest attribution} on no feature, in ascending order. */
    public List<Integer> surplus() {
        Set<Integer> chosen = chosen();
        return IntStream.range(0, attributions.columns()).filter(component -> !chosen.contains(component)).boxed().toList();
    }

    /**
     * Returns all components, ordered by the first feature on which each has the largest attribution, with surplus components last. In this order
     * the attributions are a diagonal matrix if each feature has a component of its own.
     */
    public List<Integer> order() {
        List<Integer> order = new ArrayList<>(chosen());
        order.addAll(surplus());
        return order;
    }

    private Set<Integer> chosen() {
        return IntStream.range(0, attributions.rows()).mapToObj(this::componentOf).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
