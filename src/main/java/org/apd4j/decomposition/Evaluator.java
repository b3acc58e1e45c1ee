package org.apd4j.decomposition;

import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.SparseRows;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Network;

/**
 * Runs a target and its components on batches: what measures are made of. One thread at a time; results are new blocks.
 *
 * <pre>{@code
 * var evaluator = run.decomposition().evaluator();
 * var batch = run.target().data().sample(0, 256);
 * var output = evaluator.selected(Selection.perSampleTopK(1), batch);
 * var expected = evaluator.target(batch);
 * }</pre>
 */
public final class Evaluator {

    private final ApdStep step;
    private final ApdConfig config;

    Evaluator(Decomposition decomposition, Workers workers) {
        this(decomposition.target().network(), decomposition.components(), decomposition.config(), workers);
    }

    /** @param components they must not change any more: what depends on them alone is computed once */
    Evaluator(Network network, Components components, ApdConfig config, Workers workers) {
        this.config = config;
        this.step = ApdStep.frozen(network, components, config, workers);
    }

    /** The target's output, {@code [batch, outputs]}. */
    public Matrix target(SparseRows x) {
        return step.targetOutput(x).copy();
    }

    /** The output with all components, {@code [batch, outputs]}. */
    public Matrix allComponents(SparseRows x) {
        return step.allComponentsOutput(x).copy();
    }

    /** Attributions of the kind that training used, {@code [batch, C]}; exact, also where training used an estimate. */
    public Matrix attributions(SparseRows x) {
        return attributions(config.attributions(), x);
    }

    /** Attributions, {@code [batch, C]}. */
    public Matrix attributions(AttributionKind kind, SparseRows x) {
        return step.attributions(kind, x);
    }

    /** The components that a selection keeps, by attributions of the kind that training used. */
    public Mask select(Selection selection, SparseRows x) {
        return step.select(selection, config.attributions(), x);
    }

    /** The output with only the components of a mask, {@code [batch, outputs]}. */
    public Matrix masked(SparseRows x, Mask mask) {
        return step.maskedOutput(x, mask);
    }

    /** The output under a selection, {@code [batch, outputs]}. */
    public Matrix selected(Selection selection, SparseRows x) {
        return masked(x, select(selection, x));
    }

    @Override
    public String toString() {
        return "runs " + config;
    }
}
