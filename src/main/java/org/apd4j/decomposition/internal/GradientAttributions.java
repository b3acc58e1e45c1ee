package org.apd4j.decomposition.internal;

import java.util.Optional;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.internal.ComponentEffects.Effect;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Nonlinearity;
import org.apd4j.network.internal.Activations;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * Gradient attributions {@code attr_bc = Σ_o (Σ_l ∂y_o/∂h_l · (x_l P_cl))²} (paper section 2; step 2 of APD).
 *
 * <p>The inner sum is the derivative of y_o when all weights move in the direction of P_c. So no gradient is taken output by output: the change
 * goes <em>forward</em> through the network, for all outputs at once. Between functions it is given by {@link ComponentEffects}, one matrix for all
 * samples; at a function it is multiplied by the derivative there (a number for every value, or a layer norm's matrix for every sample). With δ for
 * the derivatives in the direction of P_c, t a pre-activation or y, s the sources 1, x, a:
 * <pre>
 *   δt = Σ_s s · effect_c(s → t) + Σ_j δa_j · total(a_j → t),    δa_j = act'(pre_j) δpre_j,    attr_bc = Σ_o δy_o²
 * </pre>
 * Samples in which no change reaches y have attributions 0 and are left out, see {@link ReachingSamples}. Networks whose only activation is at the
 * output have a faster way, {@link OutputActivationAttributions}.
 */
public final class GradientAttributions {

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;
    private final ComponentEffects effects;
    private Pool<Memory> memories = new Pool<>(Memory::new);
    private Pool<ComponentEffects.Memory> effectMemories;
    private Optional<OutputActivationAttributions> faster = Optional.empty();

    @SuppressWarnings("NullAway.Init") // set by compute, before which nothing reads it
    private DensePass pass;
    /** The samples whose attributions are not 0: their rows in the batch, their number, and their inputs. */
    private int[] rows = new int[0];
    private int count;
    private final SparseRows x;
    private Matrix values = Matrix.zeros(0, 1);
    private int capacity;

    /** Activations and derivatives of the samples, by function. */
    private final Matrix[] activations;
    private final Matrix[] derivatives;
    private boolean gathered;

    /** @param frozen whether components never change, see {@link ComponentEffects} */
    public GradientAttributions(Components components, boolean frozen, Workers workers) {
        this.components = components;
        this.graph = components.graph();
        this.workers = workers;
        this.effects = new ComponentEffects(components, frozen);
        this.effectMemories = new Pool<>(effects::newMemory);
        this.x = new SparseRows(graph.network().inputs());
        this.activations = new Matrix[graph.functions().size()];
        this.derivatives = new Matrix[graph.functions().size()];
    }

    /** Working memory of one thread: a component's effects and the δ of every sink. */
    private final class Memory {
        final ComponentEffects.Memory effects = GradientAttributions.this.effects.newMemory();
        final Matrix[] delta = new Matrix[graph.sinks().size()];
        final Matrix[] deltaGradient = new Matrix[graph.sinks().size()];

        /** Returns δ of a sink, as {@link #clearedDelta} left it and others have added to it. */
        Matrix delta(Sink sink) {
            return delta[sink.index()];
        }

        Matrix clearedDelta(Sink sink) {
            return cleared(delta, sink);
        }

        /** Returns the gradient with respect to δ of a sink, likewise. */
        Matrix gradient(Sink sink) {
            return deltaGradient[sink.index()];
        }

        Matrix clearedGradient(Sink sink) {
            return cleared(deltaGradient, sink);
        }

        private Matrix cleared(Matrix[] of, Sink sink) {
            Matrix own = of[sink.index()];
            if (own == null || own.capacity() < count) {
                own = Matrix.withCapacity(Math.max(count, capacity), GradientAttributions.this.effects.parts().width(sink));
                of[sink.index()] = own;
            }
            return own.resize(count).fill(0);
        }
    }

    /** Computes the attributions on the batch that the network has just been run on, with the weights that it was run with. */
    public void compute(DensePass pass) {
        compute(pass, pass.parts());
    }

    /**
     * Computes an unbiased estimate of the attributions. With signs {@code R [outputs, k]} of ±1/√k, independent and each as likely as the other,
     * {@code E |δy R|² = |δy|² = attr}; the variance is {@code 2/k (|δy|⁴ − Σ_o δy_o⁴)}. The maps to the outputs are then k wide.
     *
     * @param signs R
     */
    public void compute(DensePass pass, Matrix signs) {
        compute(pass, pass.parts().projected(signs));
    }

    private void compute(DensePass pass, LinearParts parts) {
        this.pass = pass;
        if (!effects.use(parts)) { // what was made for other effects does not fit
            memories = new Pool<>(Memory::new);
            effectMemories = new Pool<>(effects::newMemory);
            faster = Optional.empty();
        }
        findSamples();
        if (OutputActivationAttributions.fits(graph, effects)) {
            if (faster.isEmpty()) {
                faster = Optional.of(new OutputActivationAttributions(graph, effects, components.count(), workers));
            }
            faster.get().compute(pass, x, rows, effectMemories, values);
        } else {
            gatherActivations();
            long outputs = parts.width(graph.output());
            workers.forEach(components.count(), effects.multiplications() + count * outputs, this::computeComponent);
        }
    }

    /** Returns the attributions {@code [n, C]} of the samples {@link #rows}; all others have 0. */
    public Matrix values() {
        return values;
    }

    /** Returns the rows of the batch that {@link #values} has, ascending; the first {@code values().rows()} entries count. */
    public int[] rows() {
        return rows;
    }

    private void findSamples() {
        SparseRows batch = pass.input();
        if (batch.rows() > capacity) {
            capacity = batch.rows();
            rows = new int[capacity];
            values = Matrix.withCapacity(capacity, components.count());
        }
        count = new ReachingSamples(graph, pass, effects).find(rows);
        values.resize(count);
        x.gather(batch, rows, count);
        gathered = false;
    }

    /** Copies the activations of these samples, and their derivatives, out of the batch. */
    private void gatherActivations() {
        for (int k = 0; k < activations.length && !gathered; k++) {
            NetworkGraph.Function function = graph.functions().get(k);
            activations[k] = gather(pass.activation(k), function.width(), activations[k]);
            derivatives[k] = gather(pass.preActivation(k), function.kind().derivativeColumns(function.width()), derivatives[k]);
            function.kind().differentiate(derivatives[k]);
        }
        gathered = true;
    }

    /** @param columns at least as many as {@code from} has, whose values come first */
    private Matrix gather(Matrix from, int columns, Matrix into) {
        Matrix to = into != null && into.capacity() >= count ? into : Matrix.withCapacity(capacity, columns);
        to.resize(count);
        int width = from.columns();
        for (int i = 0; i < count; i++) {
            System.arraycopy(from.data(), from.rowStart(rows[i]), to.data(), to.rowStart(i), width);
        }
        return to;
    }

    private void computeComponent(int c) {
        Memory memory = memories.take();
        forward(c, memory);
        Matrix change = memory.delta(graph.output());
        for (int i = 0; i < count; i++) {
            float sum = 0;
            int at = change.rowStart(i);
            for (int o = at; o < at + change.columns(); o++) {
                sum += change.data()[o] * change.data()[o];
            }
            values.set(i, c, sum);
        }
        memories.give(memory);
    }

    /** Computes δ of every sink for a component. */
    private void forward(int c, Memory memory) {
        Matrix[] ofComponent = effects.of(c, memory.effects);
        for (Sink sink : graph.sinksBesideLayers()) {
            Matrix delta = memory.clearedDelta(sink);
            for (int e = 0; e < effects.effects().size(); e++) {
                if (effects.effects().get(e).sink().equals(sink)) {
                    addEffect(effects.effects().get(e).source(), ofComponent[e], delta);
                }
            }
            for (int k = 0; k < graph.functions().size(); k++) {
                if (leads(k, sink)) {
                    effects.parts().total(graph.functionOutput(k), sink).addApplied(memory.delta(graph.functionInput(k)), delta);
                }
            }
            if (sink instanceof Sink.FunctionInput into) {
                kind(into).pushChange(derivatives[into.function()], delta);
            }
        }
    }

    /** Returns whether a function's output reaches a sink; then its input comes before the sink. */
    private boolean leads(int function, Sink sink) {
        return !effects.parts().total(graph.functionOutput(function), sink).isZero();
    }

    private Nonlinearity kind(Sink.FunctionInput sink) {
        return graph.functions().get(sink.function()).kind();
    }

    private void addEffect(Source source, Matrix effect, Matrix delta) {
        if (source instanceof Source.FunctionOutput from) {
            Gemm.addProduct(activations[from.function()], effect, delta);
        } else if (source instanceof Source.Input) {
            x.addProduct(0, count, effect, delta);
        } else {
            Activations.addConstant(effect, delta);
        }
    }

    /** Prepares the backward pass; to be called once, before the first {@link #addComponentGradients}. */
    public void prepareBackward() {
        gatherActivations();
    }

    /**
     * Adds the gradients of a loss with respect to a component's matrices {@code P_c}, given those with respect to its attributions, as the Lp
     * formulation needs them; network and inputs are constants.
     *
     * @param valueGradient      {@code [n, C]}, with respect to {@link #values}
     * @param parameterGradients one for each parameter, {@code [d_in, d_out]}; added to
     */
    public void addComponentGradients(int c, Matrix valueGradient, Matrix[] parameterGradients) {
        Memory memory = memories.take();
        forward(c, memory);
        graph.sinksBesideLayers().forEach(memory::clearedGradient);
        Matrix last = memory.gradient(graph.output());
        Matrix change = memory.delta(graph.output());
        for (int i = 0; i < count; i++) {
            float factor = 2 * valueGradient.get(i, c);
            for (int o = 0; o < last.columns(); o++) {
                last.set(i, o, factor * change.get(i, o));
            }
        }
        for (int i = graph.sinksBesideLayers().size() - 1; i >= 0; i--) {
            backward(graph.sinksBesideLayers().get(i), memory, parameterGradients);
        }
        memories.give(memory);
    }

    private void backward(Sink sink, Memory memory, Matrix[] parameterGradients) {
        Matrix gradient = memory.gradient(sink);
        if (sink instanceof Sink.FunctionInput into) {
            kind(into).pullGradient(derivatives[into.function()], gradient);
        }
        for (int k = 0; k < graph.functions().size(); k++) {
            if (leads(k, sink)) {
                effects.parts().total(graph.functionOutput(k), sink).addTransposed(gradient, memory.gradient(graph.functionInput(k)));
            }
        }
        for (int e = 0; e < effects.effects().size(); e++) {
            Effect effect = effects.effects().get(e);
            if (effect.sink().equals(sink)) {
                effects.addComponentGradients(e, effectGradient(effect, gradient), parameterGradients);
            }
        }
    }

    private Matrix effectGradient(Effect effect, Matrix gradient) {
        Matrix ofEffect = Matrix.zeros(effect.source().width(), gradient.columns());
        if (effect.source() instanceof Source.FunctionOutput from) {
            return Gemm.transposedProduct(activations[from.function()], gradient, ofEffect);
        }
        if (effect.source() instanceof Source.Input) {
            x.addTransposedProduct(gradient, ofEffect);
            return ofEffect;
        }
        return Activations.sumRows(gradient, ofEffect);
    }
}
