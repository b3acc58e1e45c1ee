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

/**
 * What every component is credited with when a single feature is active, at the value 1. Attributions are of the kind that training
 * used.
 *
 * <pre>{@code
 * var attributions = OneHotAttributions.of(run);
 * System.out.println("feature 0 has component " + attributions.componentOf(0));
 * }</pre>
 *
 * @param attributions {@code [features, components]}, at least 0
 */
public record OneHotAttributions(Grid attributions) {

    /** Measures them. */
    public static OneHotAttributions of(DecompositionSource decomposed) {
        return of(new MeasurementContext(decomposed));
    }

    static OneHotAttributions of(MeasurementContext subject) {
        Matrix found = subject.evaluator().importances(SparseRows.of(Matrix.identity(subject.features()))).layer(0);
        return new OneHotAttributions(Grid.of(found.rows(), found.columns(), found::get));
    }

    /** The component of largest attribution to a feature, the lowest of equal ones. */
    public int componentOf(int feature) {
        return largest(attributions.columns(), component -> attributions.get(feature, component));
    }

    /** The feature on which a component has its largest attribution, the lowest of equal ones. */
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

    /** The components that are the {@linkplain #componentOf first choice} of no feature, in their order. */
    public List<Integer> surplus() {
        Set<Integer> chosen = chosen();
        return IntStream.range(0, attributions.columns()).filter(component -> !chosen.contains(component)).boxed().toList();
    }

    /** All components: first choices by their features, then the surplus. In this order a map of one component a feature is a diagonal. */
    public List<Integer> order() {
        List<Integer> order = new ArrayList<>(chosen());
        order.addAll(surplus());
        return order;
    }

    private Set<Integer> chosen() {
        return IntStream.range(0, attributions.rows()).mapToObj(this::componentOf).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
