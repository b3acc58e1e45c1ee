package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.MaskOps;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * A network of which some layers are computed by their components under masks, {@code h = ((x A) ⊙ m) B}, and all others with the target's weights.
 * Where a component has several pieces of rank one, its mask serves all of them; pieces are stored piece by piece, each for all components.
 * With a delta component, {@code h = ((x A) ⊙ m) B + δ · x (W − A B) = ((x A) ⊙ (m − δ)) B + δ · x W}, where W is a sum of fixed components
 * ({@link RankOneLayer#withWeights}); so the gradients through its A B come with those of the components.
 * What lies between two functions is folded: a wide residual stream is not computed sample by sample where a narrower way leads to the same values.
 * Values that no masked layer changes are the target's, computed once for all passes.
 */
public final class MaskedNetwork {

    /** The kinds of mask m of a pass. */
    public enum Masks {
        /** {@code g + (1 − g) r} with random numbers r; the delta component, if there is one, has a random mask of its own. */
        STOCHASTIC,
        /** The importances g; that of the delta component is 0. */
        IMPORTANCES,
        /** 1, without the delta component. */
        ONES
    }

    /** The computation of a sink. */
    private sealed interface Step permits LayerStep, SinkStep {
    }

    /** @param changed whether a masked layer comes before; otherwise the components' activations are those in the target */
    private record LayerStep(int layer, boolean changed, LayerEntry entry) implements Step {

        Matrix activations(BatchPart part) {
            return changed ? part.pass.a[layer] : part.a[layer];
        }
    }

    /** A pre-activation or the output. */
    private record SinkStep(Sink sink, List<FixedWay> fixed, List<OutwardWay> outward) implements Step {
    }

    private final NetworkGraph graph;
    private final List<Step> steps = new ArrayList<>();
    /** By function: whether a masked layer changes it. */
    private final boolean[] changed;

    /**
     * @param graph  the graph whose layers are the masked ones
     * @param number by layer of the graph: its number among all decomposed layers
     */
    public MaskedNetwork(NetworkGraph graph, int[] number, Folds folds) {
        this(graph, number, folds, Set.of());
    }

    /**
     * @param graph    the graph whose layers are the masked ones
     * @param number   by layer of the graph: its number among all decomposed layers
     * @param observed the numbers of layers whose inputs are compared with the target's: {@link BatchPart.Pass#inputs} has them after
     *     {@link #forward}, and {@link BatchPart.Pass#inputGradients} is propagated back with the output's gradient
     */
    public MaskedNetwork(NetworkGraph graph, int[] number, Folds folds, Set<Integer> observed) {
        this.graph = graph;
        this.changed = new boolean[graph.functions().size()];
        for (Sink sink : graph.sinks()) {
            if (sink instanceof Sink.LayerInput into) {
                LayerEntry entry = new LayerEntry(graph, into, number, folds, observed.contains(number[into.layer()]));
                steps.add(new LayerStep(number[into.layer()], entry.isChanged(changed), entry));
                continue;
            }
            SinkStep step = new SinkStep(sink, FixedWay.into(graph, sink), OutwardWay.into(graph, sink, number, folds));
            if (sink instanceof Sink.FunctionInput into) {
                changed[into.function()] = !step.outward().isEmpty()
                        || step.fixed().stream().anyMatch(way -> way.source() instanceof Source.FunctionOutput from && changed[from.function()]);
                if (!changed[into.function()]) {
                    continue;
                }
            }
            steps.add(step);
        }
    }

    /** Runs a part of a batch under masks; the output is in {@link BatchPart.Pass#output}. */
    public void forward(BatchPart part, Masks masks, Matrix[] noise) {
        BatchPart.Pass pass = part.pass;
        for (Step step : steps) {
            if (step instanceof LayerStep own) {
                if (own.changed()) {
                    own.entry().forward(part, changed, pass.input(own.layer(), own.entry()), pass.a[own.layer()]);
                }
                mask(own, part, masks, noise);
            } else if (step instanceof SinkStep own) {
                Matrix to = own.sink() instanceof Sink.FunctionInput into ? pass.preActivations[into.function()] : pass.output;
                FixedWay.collect(own.fixed(), part, changed, to);
                OutwardWay.collect(own.outward(), part, to);
                if (own.sink() instanceof Sink.FunctionInput into) {
                    graph.functions().get(into.function()).kind().apply(to, pass.activations[into.function()]);
                }
            }
        }
    }

    private static void mask(LayerStep step, BatchPart part, Masks masks, Matrix[] noise) {
        int l = step.layer();
        float[] a = step.activations(part).data();
        float[] z = part.pass.z[l].data();
        float[] g = part.g[l].data();
        int trained = part.trained[l];
        boolean delta = trained < z.length;
        if (masks == Masks.STOCHASTIC && delta) {
            float[] r = noise[l].data();
            for (int at = 0; at < trained; at += part.capacity) {
                MaskOps.applyLess(a, g, r, r, trained, z, at, at + part.capacity);
            }
            MaskOps.multiply(a, r, z, trained, z.length, 0);
            return;
        }
        int own = Math.min(trained, g.length);
        for (int shift = 0; shift < trained; shift += own) { // pieces of a component follow each other after all components
            switch (masks) {
                case STOCHASTIC -> MaskOps.apply(a, g, noise[l].data(), z, 0, own, shift);
                case IMPORTANCES -> MaskOps.multiply(a, g, z, 0, own, shift);
                case ONES -> System.arraycopy(a, shift, z, shift, own);
            }
        }
        Arrays.fill(z, trained, z.length, 0);
    }

    /**
     * Propagates the gradient in {@link BatchPart.Pass#outputGradient} back, and adds to the gradients of maps, of importances, and of the components'
     * activations in the target.
     */
    public void backward(BatchPart part, Masks masks, Matrix[] noise) {
        BatchPart.Pass pass = part.pass;
        for (int f = 0; f < changed.length; f++) {
            if (changed[f]) {
                pass.activationGradients[f].fill(0);
            }
        }
        for (Step step : steps) {
            if (step instanceof LayerStep own) {
                pass.zGradient[own.layer()].fill(0);
            }
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) instanceof LayerStep own) {
                backward(own, part, masks, noise);
            } else if (steps.get(i) instanceof SinkStep own) {
                backward(own, part);
            }
        }
    }

    private void backward(SinkStep step, BatchPart part) {
        BatchPart.Pass pass = part.pass;
        Matrix gradient = pass.outputGradient;
        if (step.sink() instanceof Sink.FunctionInput into) {
            gradient = pass.activationGradients[into.function()];
            graph.functions().get(into.function()).kind().pullBack(pass.preActivations[into.function()], gradient);
        }
        FixedWay.distribute(step.fixed(), part, changed, gradient);
        OutwardWay.distribute(step.outward(), part, gradient);
    }

    private void backward(LayerStep step, BatchPart part, Masks masks, Matrix[] noise) {
        int l = step.layer();
        float[] a = step.activations(part).data();
        Matrix gradient = part.pass.zGradient[l];
        float[] values = gradient.data();
        pullBack(part, l, masks, noise, a, values);
        if (step.changed()) {
            Matrix input = part.pass.input(l, step.entry());
            step.entry().addMapGradients(part, changed, input, gradient);
            step.entry().distribute(part, changed, input, gradient, part.pass.inputGradients[l]);
        } else {
            MaskOps.add(values, part.aGradient[l].data(), 0, values.length);
        }
    }

    private static void pullBack(BatchPart part, int l, Masks masks, Matrix[] noise, float[] a, float[] values) {
        float[] g = part.g[l].data();
        float[] gGradient = part.gGradient[l].data();
        int trained = part.trained[l];
        boolean delta = trained < values.length;
        if (masks == Masks.STOCHASTIC && delta) {
            float[] r = noise[l].data();
            for (int at = 0; at < trained; at += part.capacity) {
                MaskOps.pullBackLess(a, g, r, r, trained, values, gGradient, at, at + part.capacity);
            }
            MaskOps.multiply(values, r, values, trained, values.length, 0);
            return;
        }
        int own = Math.min(trained, g.length);
        for (int shift = 0; shift < trained; shift += own) {
            switch (masks) {
                case STOCHASTIC -> MaskOps.pullBack(a, g, noise[l].data(), values, gGradient, 0, own, shift);
                case IMPORTANCES -> MaskOps.pullBack(a, g, values, gGradient, 0, own, shift);
                case ONES -> { }
            }
        }
        Arrays.fill(values, trained, values.length, 0);
    }
}
