package org.apd4j.decomposition.internal;

import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.internal.ComponentEffects.Effect;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.SquaredProducts;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Nonlinearity;
import org.apd4j.network.internal.Activations;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;

/**
 * Gradient attributions {@code attr_bc = Σ_o (Σ_l ∂y_o/∂h_l · (x_l P_cl))²} (paper section 2.2, equation 3; method: one training step, 2).
 *
 * <p>What stands in the bracket is the derivative of y_o when all weights move in the direction of P_c. So no gradient is taken output by
 * output: the change goes <em>forward</em> through the network, for all outputs at once. Between activations that is
 * {@link ComponentEffects}, a matrix for all samples; at an activation it is multiplied by the derivative there (a number for every value,
 * or a layer norm's matrix for every sample). With δ for the
 * derivatives in the direction of P_c, t a pre-activation or y, s the sources 1, x, a:
 * <pre>
 *   δt = Σ_s s · effect_c(s → t) + Σ_j δa_j · total(a_j → t),    δa_j = act'(pre_j) δpre_j,    attr_bc = Σ_o δy_o²
 * </pre>
 * Samples in which nothing of that can get through to y have attributions 0 and are left out.
 */
public final class GradientAttributions {

    /** With fewer activations than these, what is known of one sample is kept for all that are awake in the same places. */
    private static final int MOST_KNOWN = 10;

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;

    private final ComponentEffects effects;
    private Pool<Memory> memories = new Pool<>(Memory::new);
    private SparseRows x;
    private int[] rows = new int[0];
    private int count;
    private Matrix values = Matrix.zeros(0, 1);
    private final Matrix[] activations;
    private final Matrix[] derivatives;
    private int capacity;
    private Matrix byComponent;
    private Matrix table;
    private DensePass pass;
    private boolean gathered;

    /** @param frozen whether components never change, see {@link ComponentEffects} */
    public GradientAttributions(Components components, boolean frozen, Workers workers) {
        this.components = components;
        this.graph = components.graph();
        this.workers = workers;
        this.effects = new ComponentEffects(components, frozen);
        this.activations = new Matrix[graph.functions().size()];
        this.derivatives = new Matrix[graph.functions().size()];
    }

    /** What the way back needs beside the values; called once, before the first {@link #addComponentGradients}. */
    public void prepareBackward() {
        gatherActivations();
    }

    /** Working memory of one thread: a component's effects and the δ of every sink. */
    private final class Memory {
        final ComponentEffects.Memory effects = GradientAttributions.this.effects.newMemory();
        final Matrix[] delta = new Matrix[graph.sinks()];
        final Matrix[] deltaGradient = new Matrix[graph.sinks()];

        Matrix delta(int sink) {
            return sized(delta, sink);
        }

        Matrix gradient(int sink) {
            return sized(deltaGradient, sink);
        }

        private Matrix sized(Matrix[] of, int sink) {
            if (of[sink] == null || of[sink].capacity() < count) {
                of[sink] = Matrix.withCapacity(Math.max(count, capacity), GradientAttributions.this.effects.parts().sinkWidth(sink));
            }
            return of[sink].resize(count).fill(0);
        }
    }

    /** Computes the attributions on the batch that the network has just been run on, with the weights that it was run with. */
    public void compute(DensePass pass) {
        compute(pass, null);
    }

    /**
     * The same, or an unbiased estimate: with signs {@code R [outputs, k]} of ±1/√k, independent and each as likely as the other,
     * {@code E |δy R|² = |δy|² = attr}, and its variance is {@code 2/k (|δy|⁴ − Σ_o δy_o⁴)}. What leads to the outputs then is k wide.
     *
     * @param signs R; null for the exact sum over outputs
     */
    public void compute(DensePass pass, Matrix signs) {
        if (!effects.use(signs == null ? pass.parts() : pass.parts().projected(signs))) {
            memories = new Pool<>(Memory::new);
        }
        this.pass = pass;
        findSamples();
        if (isSingleActivation()) {
            computeThroughOneActivation();
        } else {
            gatherActivations();
            long outputs = effects.parts().sinkWidth(graph.output());
            workers.forEach(components.count(), effects.multiplications() + count * outputs, this::computeComponent);
        }
    }

    /** Attributions {@code [n, C]} of the samples {@link #rows}; all others have 0. */
    public Matrix values() {
        return values;
    }

    /** Rows of the batch that {@link #values} has, rising; the first {@code values().rows()} entries count. */
    public int[] rows() {
        return rows;
    }

    // ---- the samples that can have attributions at all

    private void findSamples() {
        SparseRows batch = pass.input();
        if (batch.rows() > capacity) {
            capacity = batch.rows();
            rows = new int[capacity];
            values = Matrix.withCapacity(capacity, components.count());
        }
        count = 0;
        boolean[] alive = new boolean[graph.sinks()];
        Boolean[] known = new Boolean[graph.functions().size() < MOST_KNOWN ? 2 << graph.functions().size() : 0];
        for (int row = 0; row < batch.rows(); row++) {
            boolean reaches;
            if (known.length > 0) {
                int pattern = pattern(row);
                if (known[pattern] == null) {
                    known[pattern] = reachesOutput(row, alive);
                }
                reaches = known[pattern];
            } else {
                reaches = reachesOutput(row, alive);
            }
            if (reaches) {
                rows[count++] = row;
            }
        }
        values.resize(count);
        if (x == null) {
            x = new SparseRows(batch.columns());
        }
        x.gather(batch, rows, count);
        gathered = false;
    }

    /** Puts the activations of the samples, and their derivatives, side by side. */
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

    /** All that {@link #reachesOutput} looks at in a sample, as bits: whether x is not empty, and which activations are awake. */
    private int pattern(int row) {
        int bits = pass.input().isEmpty(row) ? 0 : 1;
        for (int k = 0; k < graph.functions().size(); k++) {
            bits = bits << 1 | (pass.isAwake(k, row) ? 1 : 0);
        }
        return bits;
    }

    /** Whether any δ can get through to y, as far as zeros of x and sleeping activations tell. */
    private boolean reachesOutput(int row, boolean[] alive) {
        Arrays.fill(alive, false);
        for (Effect effect : effects.effects()) {
            alive[effect.sink()] |= switch (effect.source()) {
                case NetworkGraph.ONE -> true;
                case NetworkGraph.INPUT -> !pass.input().isEmpty(row);
                default -> pass.isAwake(functionOfSource(effect.source()), row);
            };
        }
        for (int sink : graph.order()) {
            if (graph.isLayerSink(sink)) {
                continue;
            }
            for (int k = 0; k < graph.functions().size() && !alive[sink]; k++) {
                alive[sink] = alive[graph.functionSink(k)] && effects.parts().total(graph.functionSource(k), sink) != null;
            }
            if (graph.isFunctionSink(sink)) {
                alive[sink] &= pass.isAwake(graph.functionOf(sink), row);
            }
        }
        return alive[graph.output()];
    }

    private Nonlinearity function(int sink) {
        return graph.functions().get(graph.functionOf(sink)).kind();
    }

    private int functionOfSource(int source) {
        return source - graph.functionSource(0);
    }

    // ---- any network: component by component, all samples together

    private void computeComponent(int c) {
        Memory memory = memories.take();
        forward(c, memory);
        Matrix change = memory.delta[graph.output()];
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

    /** δ of every sink for a component. */
    private void forward(int c, Memory memory) {
        Matrix[] ofComponent = effects.of(c, memory.effects);
        LinearParts parts = effects.parts();
        for (int sink : graph.order()) {
            if (graph.isLayerSink(sink)) {
                continue;
            }
            Matrix delta = memory.delta(sink);
            for (int e = 0; e < effects.effects().size(); e++) {
                if (effects.effects().get(e).sink() == sink) {
                    addEffect(effects.effects().get(e).source(), ofComponent[e], delta);
                }
            }
            for (int k = 0; k < graph.functions().size(); k++) {
                LinearMap map = parts.total(graph.functionSource(k), sink);
                if (map != null) {
                    map.addApplied(memory.delta[graph.functionSink(k)], delta);
                }
            }
            if (graph.isFunctionSink(sink)) {
                function(sink).pushChange(derivatives[graph.functionOf(sink)], delta);
            }
        }
    }

    private void addEffect(int source, Matrix effect, Matrix delta) {
        switch (source) {
            case NetworkGraph.ONE -> Activations.addConstant(effect, delta);
            case NetworkGraph.INPUT -> x.addProduct(0, count, effect, delta);
            default -> Gemm.addProduct(activations[functionOfSource(source)], effect, delta);
        }
    }

    // ---- a network whose only activation is its output: x → linear → ReLU

    /**
     * TMS and its like. Nearly all outputs are off, and an output that is off has derivative 0: so it pays to go by sample and by the few
     * outputs that are on, for all components at once.
     */
    private boolean isSingleActivation() {
        if (graph.functions().size() != 1 || graph.functions().get(0).kind() != Activation.RELU) {
            return false;
        }
        LinearMap last = effects.parts().total(graph.functionSource(0), graph.output());
        List<Effect> all = effects.effects();
        return last != null && last.isIdentity() && !all.isEmpty() && all.stream().allMatch(effect -> effect.sink() == graph.functionSink(0)
                && effect.source() == NetworkGraph.INPUT);
    }

    private void computeThroughOneActivation() {
        int entries = graph.network().inputs() * graph.network().outputs();
        int all = components.count();
        if (table == null) {
            table = Matrix.zeros(entries, all);
            byComponent = Matrix.zeros(all, entries);
        }
        workers.forEach(all, effects.multiplications(), c -> {
            Memory memory = memories.take();
            byComponent.block(c, 1).copyFrom(effects.of(c, memory.effects)[0].reshaped(1, entries));
            memories.give(memory);
        });
        workers.forRows(entries, 4L * all, (first, last) -> byComponent.transposeTo(table, first, last));
        workers.forRows(count, 64L * all, (first, last) -> {
            float[] products = new float[all];
            for (int i = first; i < last; i++) {
                attributeSample(i, products);
            }
        });
    }

    private void attributeSample(int i, float[] products) {
        int outputs = graph.network().outputs();
        Matrix pre = pass.preActivation(0);
        int at = pre.rowStart(rows[i]);
        int to = values.rowStart(i);
        Arrays.fill(values.data(), to, to + products.length, 0);
        for (int o = 0; o < outputs; o++) {
            if (pre.data()[at + o] > 0) {
                SquaredProducts.add(x, i, table, outputs, o, values.data(), to, products);
            }
        }
    }

    // ---- the Lp formulation: the way back

    /**
     * From the gradient of a loss with respect to a component's attributions to that of its matrices {@code P_c}; network and inputs are
     * constants.
     *
     * @param valueGradient      {@code [n, C]}, of {@link #values}
     * @param parameterGradients one for each parameter, {@code [d_in, d_out]}; added to
     */
    public void addComponentGradients(int c, Matrix valueGradient, Matrix[] parameterGradients) {
        Memory memory = memories.take();
        forward(c, memory);
        for (int sink : graph.order()) {
            if (!graph.isLayerSink(sink)) {
                memory.gradient(sink);
            }
        }
        Matrix last = memory.deltaGradient[graph.output()];
        Matrix change = memory.delta[graph.output()];
        for (int i = 0; i < count; i++) {
            float factor = 2 * valueGradient.get(i, c);
            for (int o = 0; o < last.columns(); o++) {
                last.set(i, o, factor * change.get(i, o));
            }
        }
        for (int i = graph.order().size() - 1; i >= 0; i--) {
            if (!graph.isLayerSink(graph.order().get(i))) {
                backward(graph.order().get(i), memory, parameterGradients);
            }
        }
        memories.give(memory);
    }

    private void backward(int sink, Memory memory, Matrix[] parameterGradients) {
        Matrix gradient = memory.deltaGradient[sink];
        if (graph.isFunctionSink(sink)) {
            function(sink).pullGradient(derivatives[graph.functionOf(sink)], gradient);
        }
        for (int k = 0; k < graph.functions().size(); k++) {
            LinearMap map = effects.parts().total(graph.functionSource(k), sink);
            if (map != null) {
                map.addTransposed(gradient, memory.deltaGradient[graph.functionSink(k)]);
            }
        }
        for (int e = 0; e < effects.effects().size(); e++) {
            Effect effect = effects.effects().get(e);
            if (effect.sink() == sink) {
                Matrix ofEffect = Matrix.zeros(graph.sourceWidth(effect.source()), effects.parts().sinkWidth(sink));
                switch (effect.source()) {
                    case NetworkGraph.ONE -> Activations.sumRows(gradient, ofEffect);
                    case NetworkGraph.INPUT -> x.addTransposedProduct(gradient, ofEffect);
                    default -> Gemm.transposedProduct(activations[functionOfSource(effect.source())], gradient, ofEffect);
                }
                effects.addComponentGradients(e, ofEffect, parameterGradients);
            }
        }
    }
}
