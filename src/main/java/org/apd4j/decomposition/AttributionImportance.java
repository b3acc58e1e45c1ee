package org.apd4j.decomposition;

import java.util.Objects;
import java.util.Optional;
import org.apd4j.math.SparseRows;

/**
 * Importance by attributions, with a top-k selection that says which components stay on (paper section 2.2; method: one training step, 2
 * and 3).
 *
 * <pre>{@code
 * Importance importance = new AttributionImportance(AttributionKind.GRADIENT_FROM_TARGET, Optional.of(Selection.batchTopK(1.28)), 256);
 * }</pre>
 *
 * @param kind      which attributions
 * @param selection which components stay on; empty where the method switches none off
 * @param batch     samples of the batches on which the selection was trained
 */
public record AttributionImportance(AttributionKind kind, Optional<Selection> selection, int batch) implements Importance {

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
        Selection own = selection.orElseThrow(() -> new IllegalArgumentException("this decomposition was trained without switching components off; "
                + "say which selection to use, Selection.batchTopK(1) for example"));
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
}
