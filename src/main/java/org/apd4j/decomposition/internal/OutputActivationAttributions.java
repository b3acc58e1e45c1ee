package org.apd4j.decomposition.internal;

import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.internal.ComponentEffects.Effect;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.SquaredProducts;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Source;

/**
 * Gradient attributions of a network whose only activation is a ReLU at its output, such as TMS: x → linear → ReLU. Nearly all outputs are off, and
 * the derivative of an output that is off is 0; so it pays to go by sample and by the few outputs that are on, for all components at once.
 */
final class OutputActivationAttributions {

    private static final long MULTIPLICATIONS_OF_A_SAMPLE = 64;
    private static final long MULTIPLICATIONS_OF_AN_ENTRY = 4;

    private final ComponentEffects effects;
    private final Workers workers;
    private final int components;
    private final int inputs;
    private final int outputs;
    /** {@code [C, inputs · outputs]}: each component's effect on each output of each input. */
    private final Matrix byComponent;
    /** The same, transposed. */
    private final Matrix byEntry;

    OutputActivationAttributions(NetworkGraph graph, ComponentEffects effects, int components, Workers workers) {
        this.effects = effects;
        this.workers = workers;
        this.components = components;
        this.inputs = graph.network().inputs();
        this.outputs = graph.network().outputs();
        this.byComponent = Matrix.zeros(components, inputs * outputs);
        this.byEntry = Matrix.zeros(inputs * outputs, components);
    }

    /** Returns whether a network is of this kind, judged by the effects that components have on it. */
    static boolean fits(NetworkGraph graph, ComponentEffects effects) {
        List<Effect> all = effects.effects();
        return graph.functions().size() == 1 && graph.functions().get(0).kind() == Activation.RELU
                && effects.parts().total(graph.functionOutput(0), graph.output()).isIdentity()
                && !all.isEmpty() && all.stream().allMatch(effect -> effect.sink().equals(graph.functionInput(0)) && effect.source() instanceof Source.Input);
    }

    /**
     * Computes attributions.
     *
     * @param pass     the network, run on the batch
     * @param x        some samples of the batch
     * @param rows     their rows in the batch
     * @param memories working memory for effects
     * @param values   where attributions go, {@code [samples, C]}
     */
    void compute(DensePass pass, SparseRows x, int[] rows, Pool<ComponentEffects.Memory> memories, Matrix values) {
        workers.forEach(components, effects.multiplications(), c -> {
            ComponentEffects.Memory memory = memories.take();
            byComponent.block(c, 1).copyFrom(effects.of(c, memory)[0].reshaped(1, inputs * outputs));
            memories.give(memory);
        });
        workers.forRows(inputs * outputs, MULTIPLICATIONS_OF_AN_ENTRY * components, (first, last) -> byComponent.transposeTo(byEntry, first, last));
        workers.forRows(values.rows(), MULTIPLICATIONS_OF_A_SAMPLE * components, (first, last) -> {
            float[] products = new float[components];
            for (int i = first; i < last; i++) {
                computeSample(pass.preActivation(0), rows[i], x, i, products, values);
            }
        });
    }

    private void computeSample(Matrix preActivations, int row, SparseRows x, int i, float[] products, Matrix values) {
        int at = preActivations.rowStart(row);
        int to = values.rowStart(i);
        Arrays.fill(values.data(), to, to + components, 0);
        for (int o = 0; o < outputs; o++) {
            if (preActivations.data()[at + o] > 0) {
                SquaredProducts.add(x, i, byEntry, outputs, o, values.data(), to, products);
            }
        }
    }
}
