package org.apd4j.decomposition.internal;

import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * Ablation attributions {@code [n, C]}: the mean over outputs of {@code (y − y without c)²} (paper appendix A.1).
 *
 * <p>A small component changes only the last digits of y, so the difference of two outputs would lose most of its digits. Instead the difference
 * itself is propagated: with x the input of a layer with all components, and δ the part of x that vanishes with component c,
 * <pre>
 *   layer       δh = x W − (x − δ)(W − P_c) = δ W + (x − δ) P_c
 *   activation  δf = f(x) − f(x − δ)
 * </pre>
 */
public final class AblationAttributions {

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;
    private final Pool<Memory> memories = new Pool<>(Memory::new);

    public AblationAttributions(Components components, Workers workers) {
        this.components = components;
        this.graph = components.graph();
        this.workers = workers;
    }

    /** Working memory of one thread: δ at every source and sink. */
    private final class Memory {
        private final Matrix[] sinks = new Matrix[graph.sinks().size()];
        private final Matrix[] sources = new Matrix[graph.sources().size()];
        private final Matrix[] down = new Matrix[graph.layers().size()];
        private final Matrix[] carried = new Matrix[graph.layers().size()];
        private final boolean[] changed = new boolean[graph.sources().size()];

        private static Matrix sized(Matrix[] of, int place, int rows, int width) {
            if (of[place] == null || of[place].capacity() < rows) {
                of[place] = Matrix.withCapacity(rows, width);
            }
            return of[place].resize(rows);
        }
    }

    /**
     * Computes the attributions.
     *
     * @param pass    the network of all components, run on the batch
     * @param weights each layer's sum of all components
     * @param inputs  of each layer, {@code [n, in]}
     * @param values  {@code [n, C]}, overwritten
     */
    public void compute(DensePass pass, List<Matrix> weights, List<Matrix> inputs, Matrix values) {
        workers.forEach(components.count(), c -> {
            Memory memory = memories.take();
            Matrix change = forward(c, pass, weights, inputs, memory);
            for (int i = 0; i < change.rows(); i++) {
                double total = 0;
                int at = change.rowStart(i);
                for (int o = at; o < at + change.columns(); o++) {
                    total += (double) change.data()[o] * change.data()[o];
                }
                values.set(i, c, (float) (total / change.columns()));
            }
            memories.give(memory);
        });
    }

    /** Returns δ of the output for a component. */
    private Matrix forward(int c, DensePass pass, List<Matrix> weights, List<Matrix> inputs, Memory memory) {
        int rows = pass.input().rows();
        for (Sink sink : graph.sinks()) {
            Matrix change = Memory.sized(memory.sinks, sink.index(), rows, sink.width()).fill(0);
            boolean changed = collect(sink, memory, change);
            if (sink instanceof Sink.LayerInput into) {
                Source source = graph.layerOutput(into.layer());
                Matrix to = Memory.sized(memory.sources, source.index(), rows, source.width());
                Matrix input = inputs.get(into.layer());
                if (changed) {
                    throughLayer(c, into.layer(), weights.get(into.layer()), input, change, memory, to);
                } else {
                    throughComponent(c, into.layer(), input, memory, to);
                }
                memory.changed[source.index()] = true;
            } else if (sink instanceof Sink.FunctionInput into) {
                Source source = graph.functionOutput(into.function());
                memory.changed[source.index()] = changed;
                if (changed) {
                    Matrix to = Memory.sized(memory.sources, source.index(), rows, source.width()).copyFrom(change);
                    graph.functions().get(into.function()).kind().difference(pass.preActivation(into.function()), to);
                }
            }
        }
        return memory.sinks[graph.output().index()];
    }

    /** Adds up what comes to a sink, and returns whether anything does. */
    private boolean collect(Sink sink, Memory memory, Matrix change) {
        boolean changed = false;
        for (Source source : graph.computedSources()) {
            LinearMap path = graph.path(source, sink);
            if (!path.isZero() && memory.changed[source.index()]) {
                path.addApplied(memory.sources[source.index()], change);
                changed = true;
            }
        }
        return changed;
    }

    /** Computes {@code to ← input P_c}. */
    private void throughComponent(int c, int number, Matrix input, Memory memory, Matrix to) {
        DecomposedLayer layer = components.layers().get(number);
        Matrix down = Memory.sized(memory.down, number, input.rows(), layer.rank());
        layer.down(c, input, down);
        layer.up(c, down, to);
    }

    /**
     * Computes {@code to ← δ W + (input − δ) P_c}.
     *
     * @param change δ of the layer's input; holds {@code input − δ} afterwards
     */
    private void throughLayer(int c, int number, Matrix weights, Matrix input, Matrix change, Memory memory, Matrix to) {
        DecomposedLayer layer = components.layers().get(number);
        Matrix carried = Gemm.product(change, weights, Memory.sized(memory.carried, number, input.rows(), layer.out()));
        for (int i = 0; i < change.size(); i++) {
            change.data()[change.offset() + i] = input.data()[input.offset() + i] - change.data()[change.offset() + i];
        }
        throughComponent(c, number, change, memory, to);
        for (int i = 0; i < to.size(); i++) {
            to.data()[to.offset() + i] += carried.data()[carried.offset() + i];
        }
    }
}
