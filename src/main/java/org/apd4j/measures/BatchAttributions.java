package org.apd4j.measures;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.AttributionImportance;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Mask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The attributions of every sample of a batch, and the components that a selection over the whole batch keeps for it.
 *
 * <pre>{@code
 * var attributions = BatchAttributions.of(run, batch);
 * System.out.println("sample 0 keeps the components " + attributions.kept().get(0));
 * }</pre>
 *
 * @param attributions {@code [samples, C]}
 * @param kept         for each sample, the components that are kept, in their order
 */
public record BatchAttributions(Grid attributions, List<List<Integer>> kept) {

    public BatchAttributions {
        kept = kept.stream().map(List::copyOf).toList();
    }

    /**
     * Measures the importances that training used, and its own selection.
     *
     * @param batch the whole batch
     * @throws IllegalArgumentException if the training switched no component off
     */
    public static BatchAttributions of(DecompositionSource decomposed, SparseRows batch) {
        Evaluator evaluator = decomposed.decomposition().evaluator();
        return of(evaluator.importances(batch).layer(0), evaluator.ownMask(batch));
    }

    /**
     * Measures attributions of another kind than training used, with its selection.
     *
     * @throws IllegalArgumentException if the decomposition selects no components by attributions
     */
    public static BatchAttributions of(AttributionKind kind, DecompositionSource decomposed, SparseRows batch) {
        Decomposition found = decomposed.decomposition();
        if (!(found.importance() instanceof AttributionImportance own) || own.selection().isEmpty()) {
            throw new IllegalArgumentException("this decomposition selects no components by attributions: " + found.importance().describe());
        }
        Matrix attributions = found.evaluator().attributions(kind, batch);
        return of(attributions, Mask.of(own.selection().get(), attributions));
    }

    private static BatchAttributions of(Matrix attributions, ComponentMask mask) {
        return new BatchAttributions(Grid.of(attributions.rows(), attributions.columns(), attributions::get), IntStream.range(0, attributions.rows())
                .mapToObj(row -> IntStream.range(0, attributions.columns()).filter(c -> mask.value(row, c) > MeasurementContext.ACTIVE).boxed()
                        .toList())
                .toList());
    }

    /** Returns the number of components, C. */
    public int components() {
        return attributions.columns();
    }
}
