package org.apd4j.decomposition;

import java.util.Objects;
import java.util.Optional;
import org.apd4j.decomposition.internal.SelectionRemedies;
import org.apd4j.math.SparseRows;

/**
 * Importance by attributions, with a top-k selection of the components that stay on (paper section 2; steps 2 and 3 of APD).
 *
 * <pre>{@code
 * Importance importance = new AttributionImportance(AttributionKind.GRADIENT_FROM_TARGET, Optional.of(Selection.batchTopK(1.28)), 256);
 * }</pre>
 *
 * @param kind      the kind of attributions
 * @param selection the rule that selects the components that stay on; empty if all of them do
 * @param batch     number of samples in the batches of the training, at least 1
 */
public record AttributionImportance(AttributionKind kind, Optional<Selection> selection, int batch) implements Importance {

    /** @throws IllegalArgumentException if the batch has no samples */
    public AttributionImportance {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(selection, "selection");
        if (batch < 1) {
            throw new IllegalArgumentException("batch is " + batch + "; it must be at least 1");
        }
    }

    @Override
    public SoftMask of(SparseRows x, Evaluator evaluator) {
        return SoftMask.shared(evaluator.attributions(kind, x));
    }

    @Override
    public Mask mask(SparseRows x, Evaluator evaluator) {
        Selection own = selection.orElseThrow(() -> new IllegalArgumentException("this decomposition was trained with all components on; "
                + "give a selection, for example Selection.batchTopK(1)"));
        return evaluator.select(own, x);
    }

    @Override
    public boolean isSelective() {
        return selection.isPresent();
    }

    @Override
    public String describe() {
        return selection.map(own -> own.describe(batch)).orElse("attributions; no component is switched off, as in the Lp formulation");
    }

    @Override
    public Remedies remedies() {
        return selection.<Remedies>map(SelectionRemedies::of).orElseGet(Importance.super::remedies);
    }
}
