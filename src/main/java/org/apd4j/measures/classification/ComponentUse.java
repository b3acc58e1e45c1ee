package org.apd4j.measures.classification;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * Which rows of a data set use which components: importances, and the components that are active under the selection that training used. All rows are
 * one batch.
 *
 * <pre>{@code
 * ComponentUse use = ComponentUse.of(digitsRun, digits);
 * use.mostActivating(0, 5)
 * }</pre>
 *
 * @param data         the rows
 * @param attributions {@code [rows, C]}, the importance of each component on each row, at least 0
 * @param active       {@code [rows, C]}, 1 where the component is active on the row, otherwise 0
 */
public record ComponentUse(Dataset data, Grid attributions, Grid active) {

    /**
     * Measures a decomposition on the rows of a data set.
     *
     * @throws IllegalArgumentException if the rows do not have the network's number of inputs, or the decomposition was trained without switching
     *                                  components off (the Lp formulation)
     */
    public static ComponentUse of(DecompositionSource decomposed, Dataset data) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        if (data.features() != subject.features()) {
            throw new IllegalArgumentException("the data set has " + data.features() + " values per row; the network takes " + subject.features());
        }
        ComponentMask mask = subject.ownMasking("the use of components").mask(data.all());
        Matrix importances = subject.evaluator().importances(data.all()).layer(0);
        return new ComponentUse(data, Grid.of(data.size(), subject.components(), importances::get),
                Grid.of(data.size(), subject.components(), (row, c) -> mask.value(row, c) > MeasurementContext.ACTIVE ? 1 : 0));
    }

    /** Returns the number of components C. */
    public int components() {
        return attributions.columns();
    }

    /** Returns the fraction of all rows on which a component is active, 0 … 1. */
    public double frequency(int component) {
        return IntStream.range(0, data.size()).mapToDouble(row -> active.get(row, component)).average().orElseThrow();
    }

    /** Returns the fraction of each class's rows on which each component is active, {@code [C, classes]}; NaN for a class without rows. */
    public Grid byClass() {
        int[][] rows = IntStream.range(0, data.classes().size()).mapToObj(data::ofClass).toArray(int[][]::new);
        return Grid.of(components(), rows.length,
                (c, label) -> IntStream.of(rows[label]).mapToDouble(row -> active.get(row, c)).average().orElse(Double.NaN));
    }

    /** Returns the {@code count} rows on which a component has its largest attributions, largest first. */
    public List<Integer> mostActivating(int component, int count) {
        return IntStream.range(0, data.size()).boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -attributions.get(row, component))).limit(count).toList();
    }

    /** Returns all components, the most frequently active first. */
    public List<Integer> byFrequency() {
        return IntStream.range(0, components()).boxed().sorted(Comparator.comparingDouble((Integer c) -> -frequency(c))).toList();
    }
}
