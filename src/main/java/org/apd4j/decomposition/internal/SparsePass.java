package org.apd4j.decomposition.internal;

import java.util.Arrays;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Mask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The pass in which only active components take part: every decomposed layer computes {@code ĥ = Σ_c mask[b,c] · (x A_c) B_c} (method: one
 * training step, 4), and the way back.
 *
 * <p>Samples are kept in two groups: those with active components, for which layers are computed pair by pair, component after
 * component, and the others, in which every layer gives 0.
 */
public final class SparsePass {

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;
    private final Samples active;
    private final Samples idle;
    private final Pairs[] pairs;
    /** By sink, whether it gets through to the output without a layer. */
    private final boolean[] passesLayers;
    private Mask mask;
    private int[] placeInActive = new int[0];
    private int[] pairsOfSample = new int[0];
    private int[] firstPairOfSample = new int[0];

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
        boolean[] passes = new boolean[graph.sinks()];
        passes[graph.output()] = true;
        for (int i = graph.order().size() - 1; i >= 0; i--) {
            int sink = graph.order().get(i);
            if (graph.isFunctionSink(sink)) {
                int source = graph.functionSource(graph.functionOf(sink));
                passes[sink] = graph.order().stream().anyMatch(to -> passes[to] && graph.path(source, to) != null);
            }
        }
        return passes;
    }

    private boolean dependsOnLayers(int layer) {
        for (int source = 2; source < graph.sources(); source++) {
            if (graph.path(source, graph.layerSink(layer)) != null) {
                return true;
            }
        }
        return false;
    }

    /** Some samples of the batch: which they are, and their values at every place of the network. */
    public final class Samples {
        private final PassValues values = new PassValues(graph, workers);
        private int[] rows = new int[0];
        private int count;

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

        /** Returns the place for the gradient of the losses with respect to ŷ, to be filled in before {@link SparsePass#backward}. */
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

    /** A layer's active pairs: what goes through each component. */
    private final class Pairs {
        private final DecomposedLayer layer;
        private final boolean needsInputGradient;
        private Matrix x;
        private Matrix z;
        private Matrix h;
        private Matrix zGradient;
        private Matrix hGradient;
        private Matrix xGradient;

        Pairs(DecomposedLayer layer, boolean needsInputGradient) {
            this.layer = layer;
            this.needsInputGradient = needsInputGradient;
        }

        void reserve(int count) {
            if (x == null || x.capacity() < count) {
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
        splitSamples(batch.rows());
        active.values.begin(batch, active.rows, active.count);
        idle.values.begin(batch, idle.rows, idle.count);
        for (int sink : graph.order()) {
            active.values.collect(sink, true);
            if (graph.isLayerSink(sink)) {
                forwardLayer(graph.layerOf(sink));
            } else if (passesLayers[sink]) {
                idle.values.collect(sink, false);
            }
        }
    }

    private void splitSamples(int rows) {
        if (placeInActive.length < rows) {
            placeInActive = new int[rows];
            firstPairOfSample = new int[rows + 1];
            active.rows = new int[rows];
            idle.rows = new int[rows];
        }
        if (pairsOfSample.length < mask.size()) {
            pairsOfSample = new int[mask.size()];
        }
        int[] counts = firstPairOfSample;
        Arrays.fill(counts, 0);
        Arrays.fill(placeInActive, 0, rows, 0);
        for (int pair = 0; pair < mask.size(); pair++) {
            placeInActive[mask.row(pair)]++;
        }
        active.count = 0;
        idle.count = 0;
        int next = 0;
        for (int row = 0; row < rows; row++) {
            if (placeInActive[row] > 0) {
                counts[active.count] = next;
                next += placeInActive[row];
                placeInActive[row] = active.count;
                active.rows[active.count++] = row;
            } else {
                idle.rows[idle.count++] = row;
            }
        }
        for (int pair = 0; pair < mask.size(); pair++) {
            pairsOfSample[counts[placeInActive[mask.row(pair)]]++] = pair;
        }
        System.arraycopy(counts, 0, counts, 1, active.count);
        counts[0] = 0;
    }

    private void forwardLayer(int l) {
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

    /** Takes a component and its pairs {@code first … first + count − 1}. */
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
            System.arraycopy(samples.data(), samples.rowStart(placeInActive[mask.row(pair)]), toPairs.data(), toPairs.rowStart(pair), width);
        }
    }

    /** Sums what a sample's pairs hold, in the order of the components. */
    private void sumPairs(Matrix ofPairs, Matrix ofSamples) {
        int width = ofSamples.columns();
        workers.forRows(active.count, 2L * width, (first, last) -> {
            float[] from = ofPairs.data();
            float[] to = ofSamples.data();
            for (int i = first; i < last; i++) {
                int at = ofSamples.rowStart(i);
                Arrays.fill(to, at, at + width, 0);
                for (int p = firstPairOfSample[i]; p < firstPairOfSample[i + 1]; p++) {
                    int source = ofPairs.rowStart(pairsOfSample[p]);
                    for (int j = 0; j < width; j++) {
                        to[at + j] += from[source + j];
                    }
                }
            }
        });
    }

    /** Sets the gradients of layers' outputs and of activations to 0, before losses add theirs. */
    public void clearGradients() {
        active.values.clearSourceGradients();
    }

    /**
     * Takes {@link Samples#outputGradient} and {@link Samples#hiddenGradient} back through the network, up to the pairs of every layer.
     */
    public void backward() {
        for (int i = graph.order().size() - 1; i >= 0; i--) {
            int sink = graph.order().get(i);
            if (graph.isLayerSink(sink)) {
                backwardLayer(graph.layerOf(sink));
                if (!pairs[graph.layerOf(sink)].needsInputGradient) {
                    continue;
                }
            } else if (graph.isFunctionSink(sink)) {
                active.values.pullBack(sink);
            }
            active.values.distribute(sink);
        }
    }

    private void backwardLayer(int l) {
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

    /** Adds what the pass says of a component's factors of one parameter, after {@link #backward}. */
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

    /** The samples with active components. */
    public Samples active() {
        return active;
    }

    /** The samples without, in which all layers give 0. */
    public Samples idle() {
        return idle;
    }
}
