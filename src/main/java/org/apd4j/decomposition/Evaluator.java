package org.apd4j.decomposition;

import java.util.List;
import org.apd4j.decomposition.internal.Attributions;
import org.apd4j.decomposition.internal.ComponentSum;
import org.apd4j.decomposition.internal.MaskedPass;
import org.apd4j.decomposition.internal.SparsePass;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;

/**
 * Runs a target, all of its components, or the components under a mask on batches, and says which components matter there: what measures
 * are made of, whatever method made the components. One thread at a time; results are new blocks.
 *
 * <pre>{@code
 * var evaluator = run.decomposition().evaluator();
 * var batch = run.target().data().sample(0, 256);
 * var output = evaluator.selected(Selection.perSampleTopK(1), batch);
 * var expected = evaluator.target(batch);
 * }</pre>
 */
public final class Evaluator {

    private final NetworkGraph graph;
    private final Components components;
    private final Importance importance;
    private final Workers workers;
    private final LinearParts targetParts;
    private final DensePass target;
    private final DensePass allComponents;
    private final ComponentSum sum;
    private final Attributions attributions;
    private final SparsePass sparse;
    /** Made when the first real-valued mask is used. */
    private MaskedPass masked;
    /** Made when all components are run for the first time: components do not change any more. */
    private LinearParts summed;

    Evaluator(Decomposition decomposition, Workers workers) {
        this(decomposition.target().network(), decomposition.components(), decomposition.importance(), workers);
    }

    /** @param components they must not change any more: what depends on them alone is computed once */
    public Evaluator(Network network, Components components, Importance importance, Workers workers) {
        this.graph = components.graph();
        this.components = components;
        this.importance = importance;
        this.workers = workers;
        this.targetParts = new LinearParts(graph, components.layerWeights(network)).share();
        this.target = new DensePass(graph, workers);
        this.allComponents = new DensePass(graph, workers);
        this.sum = new ComponentSum(components, workers);
        this.attributions = components.isShared() ? new Attributions(components, sum, true, workers) : null;
        this.sparse = components.isShared() ? new SparsePass(components, workers) : null;
    }

    /** Returns the target's output, {@code [batch, outputs]}. */
    public Matrix target(SparseRows x) {
        return target.forward(x, targetParts).output().copy();
    }

    /** Returns the output with all components, {@code [batch, outputs]}. */
    public Matrix allComponents(SparseRows x) {
        return runAllComponents(x).output().copy();
    }

    private DensePass runAllComponents(SparseRows x) {
        if (summed == null) {
            sum.compute();
            summed = new LinearParts(graph, components.layerWeights(sum.copies()));
        }
        return allComponents.forward(x, summed);
    }

    /** Returns the importance of each component on each sample, as the method that made the components says it. */
    public SoftMask importances(SparseRows x) {
        return importance.of(x, this);
    }

    /**
     * Returns the mask under which the method that made the components runs a batch.
     *
     * @throws IllegalArgumentException if it switches no component off
     */
    public ComponentMask ownMask(SparseRows x) {
        return importance.mask(x, this);
    }

    /**
     * Returns attributions, {@code [batch, C]}: of the kind that training used, if it used any, or else gradient attributions from the
     * target. Exact, also where training used an estimate.
     */
    public Matrix attributions(SparseRows x) {
        return attributions(attributionKind(), x);
    }

    private AttributionKind attributionKind() {
        return importance instanceof AttributionImportance own ? own.kind() : AttributionKind.GRADIENT_FROM_TARGET;
    }

    /**
     * Returns attributions, {@code [batch, C]}.
     *
     * @throws IllegalStateException if a component does not have the same number in all layers
     */
    public Matrix attributions(AttributionKind kind, SparseRows x) {
        requireShared("attributions");
        target.forward(x, targetParts);
        if (kind != AttributionKind.GRADIENT_FROM_TARGET) {
            runAllComponents(x);
        }
        attributions.compute(kind, target, allComponents);
        return attributions.ofBatch(x.rows());
    }

    /** Returns the components that a selection keeps, by attributions of the kind that training used. */
    public Mask select(Selection selection, SparseRows x) {
        requireShared("a selection");
        Matrix all = importance instanceof AttributionImportance ? attributions(x) : importance.of(x, this).layer(0);
        return Mask.of(selection, all);
    }

    /**
     * Returns the output with only the components of a mask, or with as much of each as it says, {@code [batch, outputs]}.
     *
     * @throws IllegalArgumentException if the mask does not fit batch and components
     */
    public Matrix masked(SparseRows x, ComponentMask mask) {
        if (mask instanceof SoftMask soft) {
            return maskedPass().forward(x, soft).copy();
        }
        requireShared("one mask for all layers");
        return hard(x, (Mask) mask);
    }

    /**
     * Returns the output under the mask of the method that made the components, {@code [batch, outputs]}.
     *
     * @throws IllegalArgumentException if it switches no component off
     */
    public Matrix masked(SparseRows x) {
        return masked(x, ownMask(x));
    }

    private Matrix hard(SparseRows x, Mask mask) {
        sparse.forward(x, mask);
        Matrix output = Matrix.zeros(x.rows(), graph.network().outputs());
        for (SparsePass.Samples samples : List.of(sparse.active(), sparse.idle())) {
            for (int i = 0; i < samples.count(); i++) {
                System.arraycopy(samples.output().data(), samples.output().rowStart(i), output.data(), output.rowStart(samples.row(i)),
                        output.columns());
            }
        }
        return output;
    }

    private MaskedPass maskedPass() {
        if (masked == null) {
            masked = new MaskedPass(components, workers);
        }
        return masked;
    }

    /**
     * Returns the gradient of a loss of the masked output with respect to the mask, of the mask's own form.
     *
     * @param outputGradient of the loss, {@code [batch, outputs]}, at the output that {@link #masked} gives
     * @throws IllegalArgumentException if mask or gradient do not fit
     */
    public SoftMask maskGradient(SparseRows x, SoftMask mask, Matrix outputGradient) {
        maskedPass().forward(x, mask);
        return maskedPass().backward(outputGradient);
    }

    /** Returns the output under a selection, {@code [batch, outputs]}. */
    public Matrix selected(Selection selection, SparseRows x) {
        return masked(x, select(selection, x));
    }

    @Override
    public String toString() {
        return "runs components, important by " + importance.describe();
    }

    private void requireShared(String what) {
        if (!components.isShared()) {
            throw new IllegalStateException(what + " needs components that have the same number in all layers; these have "
                    + components.counts() + "; use a SoftMask with values for each layer");
        }
    }
}
