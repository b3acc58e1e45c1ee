package org.apd4j.decomposition;

import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/**
 * An evaluator of a decomposition: runs the target, all components, or the components under a mask on batches, and computes their importances,
 * independent of the method that found them. Results are new matrices. An evaluator must not be used by several threads at a time.
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
    /** Where components are shared. */
    private final @Nullable Attributions attributions;
    private final @Nullable SparsePass sparse;
    /** Created when the first real-valued mask is used. */
    private @Nullable MaskedPass masked;
    /** Computed when all components are run for the first time; kept, since components do not change. */
    private @Nullable LinearParts summed;

    Evaluator(Decomposition decomposition, Workers workers) {
        this(decomposition.target().network(), decomposition.components(), decomposition.importance(), workers);
    }

    /**
     * Creates an evaluator.
     *
     * @param network    the target's network
     * @param components the components; they must not change afterwards, because what depends on them alone is computed once
     * @param importance the importance of components on an input
     * @param workers    the threads to use; their number does not change the results
     */
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

    /** Returns the components. */
    public Components components() {
        return components;
    }

    /** Returns the target's output y, {@code [batch, d_out]} (step 1 of APD). */
    public Matrix target(SparseRows x) {
        return target.forward(x, targetParts).output().copy();
    }

    /** Returns the output of the network whose weights are the sum of all components, {@code [batch, d_out]}. */
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

    /** Returns the importance of each component on each sample, {@code [batch, C]}, at least 0, as this decomposition defines it. */
    public SoftMask importances(SparseRows x) {
        return importance.of(x, this);
    }

    /**
     * Returns the mask under which this decomposition runs a batch, for example its batch top-k.
     *
     * @throws IllegalArgumentException if this decomposition switches no components off
     */
    public ComponentMask ownMask(SparseRows x) {
        return importance.mask(x, this);
    }

    /**
     * Returns importances between 0 and 1: the factors of this decomposition's own mask, limited to that range. They are 0 or 1 for a method that selects
     * components, and the same in all layers where components are shared.
     *
     * @throws IllegalArgumentException if this decomposition switches no components off
     */
    public SoftMask importanceMask(SparseRows x) {
        ComponentMask own = ownMask(x);
        if (own instanceof SoftMask soft) {
            List<Matrix> limited = new ArrayList<>();
            for (int l = 0; l < soft.layers(); l++) {
                Matrix values = soft.layer(l).copy();
                for (int i = 0; i < values.size(); i++) {
                    values.data()[i] = Math.min(Math.max(values.data()[i], 0), 1);
                }
                limited.add(values);
            }
            return soft.isShared() ? SoftMask.shared(limited.get(0)) : SoftMask.ofLayers(limited);
        }
        Matrix values = Matrix.zeros(own.rows(), components.count());
        for (int row = 0; row < values.rows(); row++) {
            for (int c = 0; c < values.columns(); c++) {
                values.set(row, c, own.value(row, c));
            }
        }
        return SoftMask.shared(values);
    }

    /**
     * Returns attributions, {@code [batch, C]}, of the kind that training used, or gradient attributions from the target if it used none. They are
     * exact even where training used an estimate (step 2 of APD).
     *
     * @throws IllegalStateException if components are not shared by all parameters
     */
    public Matrix attributions(SparseRows x) {
        return attributions(attributionKind(), x);
    }

    private AttributionKind attributionKind() {
        return importance instanceof AttributionImportance own ? own.kind() : AttributionKind.GRADIENT_FROM_TARGET;
    }

    /**
     * Returns attributions of the given kind, {@code [batch, C]} (step 2 of APD).
     *
     * @throws IllegalStateException if components are not shared by all parameters
     */
    public Matrix attributions(AttributionKind kind, SparseRows x) {
        Attributions shared = requireShared(attributions, "attributions");
        target.forward(x, targetParts);
        if (kind != AttributionKind.GRADIENT_FROM_TARGET) {
            runAllComponents(x);
        }
        shared.compute(kind, target, allComponents);
        return shared.ofBatch(x.rows());
    }

    /**
     * Returns the mask of the components that a selection keeps on a batch, by the importances of this decomposition (step 3 of APD).
     *
     * @throws IllegalStateException if components are not shared by all parameters
     */
    public Mask select(Selection selection, SparseRows x) {
        requireShared(attributions, "a selection");
        Matrix all = importance instanceof AttributionImportance ? attributions(x) : importance.of(x, this).layer(0);
        return Mask.of(selection, all);
    }

    /**
     * Returns the output under a mask, {@code [batch, d_out]}: every decomposed layer computes {@code Σ_c mask[b,c] · (x_l A_cl) B_cl} (step 4 of
     * APD).
     *
     * @throws IllegalArgumentException if the mask does not fit the batch or the components
     * @throws IllegalStateException    if the mask is a {@link Mask} and components are not shared by all parameters
     */
    public Matrix masked(SparseRows x, ComponentMask mask) {
        if (mask instanceof SoftMask soft) {
            return maskedPass().forward(x, soft).copy();
        }
        return hard(x, (Mask) mask, requireShared(sparse, "one mask for all layers"));
    }

    /**
     * Returns the output under this decomposition's own mask, {@code [batch, d_out]}.
     *
     * @throws IllegalArgumentException if this decomposition switches no components off
     */
    public Matrix masked(SparseRows x) {
        return masked(x, ownMask(x));
    }

    private Matrix hard(SparseRows x, Mask mask, SparsePass pass) {
        pass.forward(x, mask);
        Matrix output = Matrix.zeros(x.rows(), graph.network().outputs());
        for (SparsePass.Samples samples : List.of(pass.active(), pass.idle())) {
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
     * Returns the gradient of a loss with respect to a mask, in the form of the mask.
     *
     * @param outputGradient gradient of the loss with respect to the output that {@link #masked} returns, {@code [batch, d_out]}
     * @throws IllegalArgumentException if the mask or the gradient does not fit the batch or the components
     */
    public SoftMask maskGradient(SparseRows x, SoftMask mask, Matrix outputGradient) {
        maskedPass().forward(x, mask);
        return maskedPass().backward(outputGradient);
    }

    /**
     * Returns the output under a selection, {@code [batch, d_out]}.
     *
     * @throws IllegalStateException if components are not shared by all parameters
     */
    public Matrix selected(Selection selection, SparseRows x) {
        return masked(x, select(selection, x));
    }

    @Override
    public String toString() {
        return "evaluator of components with importance by " + importance.describe();
    }

    private <T> T requireShared(@Nullable T part, String what) {
        if (part == null) {
            throw new IllegalStateException(what + " needs components that are shared by all parameters; here each parameter has its own, "
                    + components.counts() + " of them; use a SoftMask with values for each layer");
        }
        return part;
    }
}
