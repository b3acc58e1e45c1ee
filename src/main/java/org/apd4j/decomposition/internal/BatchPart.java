package org.apd4j.decomposition.internal;

import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Source;

/**
 * A part of a batch and what is computed for it: the target's activations and output, and for each decomposed layer the components' activations,
 * gates and importances. A part holds the same number of samples each time; where the batch has fewer, the last ones are zeros that count nowhere.
 * Values of components are stored component by component, {@code [C, samples]}.
 */
public final class BatchPart {

    public final int index;
    public final int capacity;
    /** The indices of the samples in the batch. */
    public final int[] samples;
    public int count;
    public final SparseRows x;
    /** x written out, {@code [samples, inputs]}. */
    public final Matrix dense;
    public final Matrix ones;
    /** The target's activations, by function. */
    public final Matrix[] activations;
    public final Matrix[] preActivations;
    /** The target's output y. */
    public final Matrix target;
    /** By layer: the layer's input in the target, where it is computed; otherwise without rows. */
    public final Matrix[] inputs;
    /** By layer: the components' activations in the target, {@code [C, samples]}. */
    public final Matrix[] a;
    public final Matrix[] gamma;
    /** By layer: the number of values of the components that are trained, the first ones of each array of components. */
    public final int[] trained;
    /** Importances, the masks of passes without noise; 0 for components that are fixed. */
    public final Matrix[] g;
    public final Matrix[] gGradient;
    public final Matrix[] aGradient;
    /** Random numbers by pass and layer; of components that are fixed, the mask δ of the delta component. */
    public final Matrix[][] noise;
    /** What a pass computes, written anew by each. */
    public final Pass pass;

    /** The values of a pass with masks. */
    public static final class Pass {
        public final Matrix[] a;
        public final Matrix[] z;
        public final Matrix[] zGradient;
        public final Matrix[] inputs;
        /** By layer: the gradient of what compares the inputs of observed layers; without rows for all others. */
        public final Matrix[] inputGradients;
        public final Matrix[] preActivations;
        public final Matrix[] activations;
        public final Matrix[] activationGradients;
        public final Matrix output;
        public final Matrix outputGradient;

        Pass(NetworkGraph graph, List<RankOneLayer> layers, int capacity) {
            int count = layers.size();
            a = new Matrix[count];
            z = new Matrix[count];
            zGradient = new Matrix[count];
            inputs = new Matrix[count];
            inputGradients = new Matrix[count];
            for (int l = 0; l < count; l++) {
                RankOneLayer layer = layers.get(l);
                inputGradients[l] = Matrix.zeros(0, layer.in());
                a[l] = Matrix.zeros(layer.components(), capacity);
                z[l] = Matrix.zeros(layer.components(), capacity);
                zGradient[l] = Matrix.zeros(layer.components(), capacity);
                inputs[l] = Matrix.zeros(0, layer.in());
            }
            int functions = graph.functions().size();
            preActivations = new Matrix[functions];
            activations = new Matrix[functions];
            activationGradients = new Matrix[functions];
            for (int f = 0; f < functions; f++) {
                int width = graph.functions().get(f).width();
                preActivations[f] = Matrix.zeros(capacity, width);
                activations[f] = Matrix.zeros(capacity, width);
                activationGradients[f] = Matrix.zeros(capacity, width);
            }
            output = Matrix.zeros(capacity, graph.network().outputs());
            outputGradient = Matrix.zeros(capacity, graph.network().outputs());
        }

        /** Reserves the memory for the gradient with respect to an observed layer's input. */
        public Matrix observe(int layer) {
            inputGradients[layer] = Matrix.zeros(output.rows(), inputs[layer].columns());
            return inputGradients[layer];
        }

        /** Returns the memory for a layer's input; without rows if it is not computed. */
        Matrix input(int layer, LayerEntry entry) {
            return reserved(inputs, layer, entry, output.rows());
        }
    }

    private static Matrix reserved(Matrix[] inputs, int layer, LayerEntry entry, int rows) {
        if (!entry.isFolded() && inputs[layer].rows() == 0) {
            inputs[layer] = Matrix.zeros(rows, inputs[layer].columns());
        }
        return inputs[layer];
    }

    /** Returns the memory for a layer's input in the target; without rows if it is not computed. */
    Matrix input(int layer, LayerEntry entry) {
        return reserved(inputs, layer, entry, capacity);
    }

    /**
     * @param index    the number of the part
     * @param capacity the number of samples
     * @param graph    any graph of the network
     * @param passes   the number of passes with random numbers of their own
     */
    public BatchPart(int index, int capacity, NetworkGraph graph, List<RankOneLayer> layers, int passes) {
        this(index, capacity, graph, layers, passes, -1);
    }

    /**
     * @param index    the number of the part
     * @param capacity the number of samples
     * @param graph    any graph of the network
     * @param passes   the number of passes with random numbers of their own
     * @param shared   the number of components whose masks are the same in all layers, which then share the arrays of gates and masks; −1 if
     *     every layer has masks of its own
     */
    public BatchPart(int index, int capacity, NetworkGraph graph, List<RankOneLayer> layers, int passes, int shared) {
        this.index = index;
        this.capacity = capacity;
        this.samples = new int[capacity];
        this.x = new SparseRows(graph.network().inputs());
        this.dense = Matrix.zeros(capacity, graph.network().inputs());
        this.ones = Matrix.zeros(capacity, 1).fill(1);
        this.pass = new Pass(graph, layers, capacity);
        int functions = graph.functions().size();
        this.activations = new Matrix[functions];
        this.preActivations = new Matrix[functions];
        for (int f = 0; f < functions; f++) {
            activations[f] = Matrix.zeros(capacity, graph.functions().get(f).width());
            preActivations[f] = Matrix.zeros(capacity, graph.functions().get(f).width());
        }
        this.target = Matrix.zeros(capacity, graph.network().outputs());
        int count = layers.size();
        this.inputs = new Matrix[count];
        this.a = new Matrix[count];
        this.gamma = new Matrix[count];
        this.g = new Matrix[count];
        this.gGradient = new Matrix[count];
        this.aGradient = new Matrix[count];
        this.noise = new Matrix[passes][count];
        this.trained = layers.stream().mapToInt(layer -> layer.trained() * capacity).toArray();
        for (int l = 0; l < count; l++) {
            RankOneLayer layer = layers.get(l);
            inputs[l] = Matrix.zeros(0, layer.in());
            a[l] = Matrix.zeros(layer.components(), capacity);
            aGradient[l] = Matrix.zeros(layer.components(), capacity);
            boolean own = l == 0 || shared < 0;
            int masks = shared < 0 ? layer.components() : shared;
            gamma[l] = own ? Matrix.zeros(masks, capacity) : gamma[0];
            g[l] = own ? Matrix.zeros(masks, capacity) : g[0];
            gGradient[l] = own ? Matrix.zeros(masks, capacity) : gGradient[0];
            for (int pass = 0; pass < passes; pass++) {
                noise[pass][l] = own ? Matrix.zeros(masks, capacity) : noise[pass][0];
            }
        }
    }

    /** Takes samples of a batch; {@link #samples} and {@link #count} say which. */
    public void gather(SparseRows batch) {
        x.gather(batch, samples, count);
        dense.fill(0);
        x.addTo(0, count, dense.block(0, count));
    }

    /** Returns the values of a source that is no layer; those of changed functions are the current pass's, all others the target's. */
    Matrix value(Source source, boolean[] changed) {
        if (source instanceof Source.Input) {
            return dense;
        }
        if (source instanceof Source.FunctionOutput from) {
            return changed[from.function()] ? pass.activations[from.function()] : activations[from.function()];
        }
        return ones;
    }
}
