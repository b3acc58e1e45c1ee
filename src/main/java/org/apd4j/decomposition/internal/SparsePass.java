package org.apd4j.decomposition.internal;

import java.util.Arrays;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Mask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;

/**
 * The pass with active components only: every decomposed layer computes {@code ĥ = Σ_c mask[b,c] · (x A_c) B_c} (step 4 of APD), and
 * its backward pass.
 *
 * <p>Samples are split into two groups: those with active components, whose layers are computed by (sample, component) pairs, component after
 * component; and the idle ones, in which every layer is 0.
 */
public final class SparsePass {

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;
    private final Samples active;
    private final Samples idle;
    private final Pairs[] pairs;
    /** By sink, whether it reaches the output without passing a layer. */
    private final boolean[] passesLayers;
    @SuppressWarnings("NullAway.Init") // set by forward, before which nothing reads it
    private Mask mask;
    private final SampleIndex index = new SampleIndex();

    public SparsePass(Components components, Workers workers) {
        this.components = components;
        this.graph = components.graph();
        this.workers = workers;
        this.active = new Samples();
        this.idle = new Samples();
        this.passesLayers = passesLayers(graph);
        this.pairs = new Pairs[components.layers().size()];
        for (int l = 0; l < pairs.length; l++) {
            pairs[l] = new Pairs(components.layers().get(l), dependsOnLayers(l));
        }
    }

    private static boolean[] passesLayers(NetworkGraph graph) {
        boolean[] passes = new boolean[graph.sinks().size()];
        passes[graph.output().index()] = true;
        for (int i = graph.sinks().size() - 1; i >= 0; i--) {
            if (graph.sinks().get(i) instanceof Sink.FunctionInput into) {
                Source source = graph.functionOutput(into.function());
                passes[into.index()] = graph.sinks().stream().anyMatch(to -> passes[to.index()] && !graph.path(source, to).isZero());
            }
        }
        return passes;
    }

    private boolean dependsOnLayers(int layer) {
        return graph.computedSources().stream().anyMatch(source -> !graph.path(source, graph.layerInput(layer)).isZero());
    }

    /** Some samples of the batch and their values at every source and sink. */
    public final class Samples {
        private final PassValues values = new PassValues(graph, workers);
        private int[] rows = new int[0];
        private int count;

        private void begin(SparseRows batch, int[] rows, int count) {
            this.rows = rows;
            this.count = count;
            values.begin(batch, rows, count);
        }

        /** Returns the number of samples. */
        public int count() {
            return count;
        }

        /** Returns a sample's row in the batch. */
        public int row(int i) {
            return rows[i];
        }

        /** Returns {@code ŷ [n, outputs]}. */
        public Matrix output() {
            return values.output();
        }

        /** Returns the matrix for the gradient of the losses with respect to ŷ, to be filled in before {@link SparsePass#backward}. */
        public Matrix outputGradient() {
            return values.outputGradient();
        }

        /** Returns {@code ĥ [n, out]} of a layer. */
        public Matrix hidden(int layer) {
            return values.hidden(layer);
        }

        /** Returns the gradient of the losses with respect to ĥ, to be added to before {@link SparsePass#backward}. */
        public Matrix hiddenGradient(int layer) {
            return values.hiddenGradient(layer);
        }
    }

    /** The values of a layer's active pairs: the input, the bottleneck {@code z = x A_c} and the output {@code z B_c} of each. */
    private final class Pairs {
        private final DecomposedLayer layer;
        private final boolean needsInputGradient;
        private Matrix x = Matrix.zeros(0, 1);
        private Matrix z = x;
        private Matrix h = x;
        private Matrix zGradient = x;
        private Matrix hGradient = x;
        private Matrix xGradient = x;

        Pairs(DecomposedLayer layer, boolean needsInputGradient) {
            this.layer = layer;
            this.needsInputGradient = needsInputGradient;
        }

        void reserve(int count) {
            if (x.capacity() < count) {
                x = Matrix.withCapacity(count, layer.in());
                z = Matrix.withCapacity(count, layer.rank());
                h = Matrix.withCapacity(count, layer.out());
                zGradient = Matrix.withCapacity(count, layer.rank());
                hGradient = Matrix.withCapacity(count, layer.out());
                xGradient = Matrix.withCapacity(needsInputGradient ? count : 0, layer.in());
            }
        }

        long multiplications() {
            return (long) layer.rank() * (layer.in() + layer.out()) * (1 + mask.size() / components.count());
        }
    }

    /** Runs a batch under a mask. */
    public void forward(SparseRows batch, Mask mask) {
        this.mask = mask;
        index.build(mask, batch.rows());
        active.begin(batch, index.activeRows(), index.activeCount());
        idle.begin(batch, index.idleRows(), index.idleCount());
        for (Sink sink : graph.sinks()) {
            active.values.collect(sink, true);
            if (sink instanceof Sink.LayerInput into) {
                forwardLayer(into.layer());
            } else if (passesLayers[sink.index()]) {
                idle.values.collect(sink, false);
            }
        }
    }

    private void forwardLayer(int l) {
        if (active.count == 0) {
            return; // no component is active on any sample
        }
        Pairs own = pairs[l];
        own.reserve(mask.size());
        Matrix inputs = active.values.input(l);
        forActiveComponents(own, (c, first, count) -> {
            gather(inputs, own.x, first, count);
            own.layer.down(c, pairRows(own.x, first, count), pairRows(own.z, first, count));
            own.layer.up(c, pairRows(own.z, first, count), pairRows(own.h, first, count));
        });
        sumPairs(own.h, active.values.hidden(l));
    }

    /** Works on a component and its pairs {@code first … first + count − 1}. */
    @FunctionalInterface
    private interface ActiveComponent {
        void accept(int c, int first, int count);
    }

    private void forActiveComponents(Pairs own, ActiveComponent body) {
        workers.forEach(components.count(), own.multiplications(), c -> {
            if (mask.count(c) > 0) {
                body.accept(c, mask.start(c), mask.count(c));
            }
        });
    }

    private static Matrix pairRows(Matrix pairs, int first, int count) {
        return pairs.block(first, count);
    }

    private void gather(Matrix samples, Matrix toPairs, int first, int count) {
        int width = samples.columns();
        for (int pair = first; pair < first + count; pair++) {
            System.arraycopy(samples.data(), samples.rowStart(index.place(mask.row(pair))), toPairs.data(), toPairs.rowStart(pair), width);
        }
    }

    /** Sums the values of each sample's pairs, in the order of the components. */
    private void sumPairs(Matrix ofPairs, Matrix ofSamples) {
        int width = ofSamples.columns();
        workers.forRows(active.count, 2L * width, (first, last) -> {
            float[] from = ofPairs.data();
            float[] to = ofSamples.data();
            for (int i = first; i < last; i++) {
                int at = ofSamples.rowStart(i);
                Arrays.fill(to, at, at + width, 0);
                for (int position = index.first(i); position < index.end(i); position++) {
                    int source = ofPairs.rowStart(index.pair(position));
                    for (int j = 0; j < width; j++) {
                        to[at + j] += from[source + j];
                    }
                }
            }
        });
    }

    /** Sets the gradients of layers' outputs and of activations to 0, before losses add to them. */
    public void clearGradients() {
        active.values.clearSourceGradients();
    }

    /**
     * Propagates {@link Samples#outputGradient} and {@link Samples#hiddenGradient} back to the pairs of every layer.
     */
    public void backward() {
        for (int i = graph.sinks().size() - 1; i >= 0; i--) {
            Sink sink = graph.sinks().get(i);
            if (sink instanceof Sink.LayerInput into) {
                backwardLayer(into.layer());
                if (!pairs[into.layer()].needsInputGradient) {
                    continue;
                }
            } else if (sink instanceof Sink.FunctionInput into) {
                active.values.pullBack(into);
            }
            active.values.distribute(sink);
        }
    }

    private void backwardLayer(int l) {
        if (active.count == 0) {
            return;
        }
        Pairs own = pairs[l];
        Matrix gradients = active.values.hiddenGradient(l);
        forActiveComponents(own, (c, first, count) -> {
            gather(gradients, own.hGradient, first, count);
            own.layer.upBackward(c, pairRows(own.hGradient, first, count), pairRows(own.zGradient, first, count));
            if (own.needsInputGradient) {
                own.layer.downBackward(c, pairRows(own.zGradient, first, count), pairRows(own.xGradient, first, count));
            }
        });
        if (own.needsInputGradient) {
            sumPairs(own.xGradient, active.values.inputGradient(l));
        }
    }

    /** Adds the gradients of a component's factors of one parameter, after {@link #backward}. */
    public void addFactorGradients(Factors parameter, int c, Matrix aGradient, Matrix bGradient) {
        int first = mask.start(c);
        int count = mask.count(c);
        if (count == 0) {
            return;
        }
        for (Pairs own : pairs) {
            if (own.layer.factors() == parameter) {
                own.layer.addGradients(pairRows(own.x, first, count), pairRows(own.z, first, count), pairRows(own.zGradient, first, count),
                        pairRows(own.hGradient, first, count), aGradient, bGradient);
            }
        }
    }

    /** Returns the samples with active components. */
    public Samples active() {
        return active;
    }

    /** Returns the samples without, in which all layers are 0. */
    public Samples idle() {
        return idle;
    }
}
