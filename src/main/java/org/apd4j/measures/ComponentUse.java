package org.apd4j.measures;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;

/**
 * Which rows of a data set use which components: attributions, and who is active under the selection of the training when all rows are one batch.
 *
 * <pre>{@code
 * ComponentUse use = ComponentUse.of(digitsRun, digits);
 * use.mostActivating(0, 5)
 * }</pre>
 *
 * @param data         the rows
 * @param attributions {@code [rows, C]}
 * @param active       1 where the component is active on the row, else 0, {@code [rows, C]}
 */
public record ComponentUse(Dataset data, Grid attributions, Grid active) {

    /**
     * Measured by attributions of the kind that training used.
     *
     * @throws IllegalArgumentException if the rows do not fit the network, or for the Lp formulation, which switches nothing off
     */
    public static ComponentUse of(DecompositionSource decomposed, Dataset data) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        if (data.features() != subject.features()) {
            throw new IllegalArgumentException("the data has " + data.features() + " values a row, the network takes " + subject.features());
        }
        ComponentMask mask = subject.ownMasking("the use of components").mask(data.all());
        Matrix importances = subject.evaluator().importances(data.all()).layer(0);
        return new ComponentUse(data, Grid.of(data.size(), subject.components(), importances::get),
                Grid.of(data.size(), subject.components(), (row, c) -> mask.value(row, c) > MeasurementContext.ACTIVE ? 1 : 0));
    }

    /** C. */
    public int components() {
        return attributions.columns();
    }

    /** The part of all rows on which a component is active, 0 … 1. */
    public double frequency(int component) {
        return IntStream.range(0, data.size()).mapToDouble(row -> active.get(row, component)).average().orElseThrow();
    }

    /** The part of the rows of each class on which each component is active, {@code [C, classes]}; NaN for a class without rows. */
    public Grid byClass() {
        int[][] rows = IntStream.range(0, data.classes().size()).mapToObj(data::ofClass).toArray(int[][]::new);
        return Grid.of(components(), rows.length,
                (c, label) -> IntStream.of(rows[label]).mapToDouble(row -> active.get(row, c)).average().orElse(Double.NaN));
    }

    /** The rows with the largest attributions of a component, largest first. */
    public List<Integer> mostActivating(int component, int count) {
        return IntStream.range(0, data.size()).boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -attributions.get(row, component))).limit(count).toList();
    }

    /** The components by how often they are active, the most frequent first. */
    public List<Integer> byFrequency() {
        return IntStream.range(0, components()).boxed().sorted(Comparator.comparingDouble((Integer c) -> -frequency(c))).toList();
    }
}
