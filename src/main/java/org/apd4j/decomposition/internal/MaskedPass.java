package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;

/**
 * The pass under a real-valued mask, {@code h = Σ_c mask[b,c] · (x A_c) B_c} in every decomposed layer, and its backward pass to the mask. All
 * components are computed at once, in two products a layer: with {@code Ã [d_in, C·m]} and {@code B̃ [C·m, d_out]}, the factors side by
 * side, {@code z = x Ã}, {@code h = (z ⊙ m) B̃}. Where few components are active, {@link SparsePass} costs less; where all samples share
 * most of the mask, {@link SharedSourcePass}.
 */
public final class MaskedPass {

    private final Components components;
    private final NetworkGraph graph;
    private final PassValues values;
    private final Layer[] layers;
    /** By parameter: Ã, {@code [d_in, C·m]}. */
    private final Matrix[] sideBySide;
    private int[] allRows = new int[0];
    @SuppressWarnings("NullAway.Init") // set by forward, before which nothing reads it
    private SoftMask mask;

    public MaskedPass(Components components, Workers workers) {
        this.components = components;
        this.graph = components.graph();
        this.values = new PassValues(graph, workers);
        this.layers = new Layer[components.layers().size()];
        for (int l = 0; l < layers.length; l++) {
            layers[l] = new Layer(components.layers().get(l));
        }
        this.sideBySide = new Matrix[components.factors().size()];
        useFactors();
    }

    /** Reads the components' factors anew. */
    public void useFactors() {
        for (int p = 0; p < sideBySide.length; p++) {
            Factors factors = components.factors().get(p);
            if (sideBySide[p] == null) {
                sideBySide[p] = Matrix.zeros(factors.in(), factors.components() * factors.rank());
            }
            sideBySide(factors, sideBySide[p]);
        }
    }

    /** Copies the factors A of all components to Ã, {@code [d_in, C·m]}, and returns it. */
    static Matrix sideBySide(Factors factors, Matrix to) {
        for (int c = 0; c < factors.components(); c++) {
            Matrix a = factors.a(c);
            for (int i = 0; i < factors.in(); i++) {
                System.arraycopy(a.data(), a.rowStart(i), to.data(), to.rowStart(i) + c * factors.rank(), factors.rank());
            }
        }
        return to;
    }

    /** The values of a layer's components. */
    private final class Layer {
        private final DecomposedLayer layer;
        private final int parameter;
        private final int width;
        private Matrix z = Matrix.zeros(0, 1);
        private Matrix masked = z;
        private Matrix gradient = z;

        Layer(DecomposedLayer layer) {
            this.layer = layer;
            this.parameter = components.factors().indexOf(layer.factors());
            this.width = layer.factors().components() * layer.rank();
        }

        /** Returns {@code Ã'} or its transpose: a transposed layer's A' is Bᵀ. */
        private Matrix first() {
            return layer.transposed() ? layer.factors().b() : sideBySide[parameter];
        }

        private Matrix second() {
            return layer.transposed() ? sideBySide[parameter] : layer.factors().b();
        }

        void reserve(int rows) {
            if (z.capacity() < rows) {
                z = Matrix.withCapacity(rows, width);
                masked = Matrix.withCapacity(rows, width);
                gradient = Matrix.withCapacity(rows, width);
            }
            z.resize(rows);
            masked.resize(rows);
            gradient.resize(rows);
        }

        void forward(Matrix x, Matrix own, Matrix h) {
            reserve(x.rows());
            Gemm.run(1, x, false, first(), layer.transposed(), 0, z);
            multiply(z, own, masked);
            Gemm.run(1, masked, false, second(), layer.transposed(), 0, h);
        }

        void backward(Matrix hGradient, Matrix own, Matrix maskGradient, Matrix xGradient) {
            Gemm.run(1, hGradient, false, second(), !layer.transposed(), 0, gradient);
            int rank = layer.rank();
            for (int row = 0; row < gradient.rows(); row++) {
                int at = gradient.rowStart(row);
                int of = z.rowStart(row);
                for (int c = 0; c < own.columns(); c++) {
                    float sum = 0;
                    for (int j = c * rank; j < (c + 1) * rank; j++) {
                        sum += gradient.data()[at + j] * z.data()[of + j];
                    }
                    maskGradient.set(row, c, maskGradient.get(row, c) + sum);
                }
            }
            multiply(gradient, own, gradient);
            Gemm.run(1, gradient, false, first(), !layer.transposed(), 0, xGradient);
        }

        /** Multiplies the m columns of each component by its entry of the mask. */
        private void multiply(Matrix of, Matrix own, Matrix to) {
            int rank = layer.rank();
            for (int row = 0; row < of.rows(); row++) {
                int from = of.rowStart(row);
                int into = to.rowStart(row);
                int at = own.rowStart(row);
                for (int j = 0; j < width; j++) {
                    to.data()[into + j] = of.data()[from + j] * own.data()[at + j / rank];
                }
            }
        }
    }

    /**
     * Runs a batch under a mask.
     *
     * @return the output {@code [batch, outputs]}, valid until the next call
     * @throws IllegalArgumentException if the mask does not fit batch and components
     */
    public Matrix forward(SparseRows batch, SoftMask mask) {
        requireFit(batch, mask);
        this.mask = mask;
        if (allRows.length < batch.rows()) {
            allRows = new int[batch.rows()];
            Arrays.setAll(allRows, row -> row);
        }
        values.begin(batch, allRows, batch.rows());
        for (Sink sink : graph.sinks()) {
            values.collect(sink, true);
            if (sink instanceof Sink.LayerInput into) {
                int l = into.layer();
                layers[l].forward(values.input(l), mask.layer(l), values.hidden(l));
            }
        }
        return values.output();
    }

    private void requireFit(SparseRows batch, SoftMask mask) {
        if (!mask.isShared() && mask.layers() != layers.length) {
            throw new IllegalArgumentException("the mask has " + mask.layers() + " layers, " + layers.length + " are decomposed");
        }
        for (int l = 0; l < layers.length; l++) {
            Matrix own = mask.layer(l);
            int count = layers[l].layer.factors().components();
            if (own.rows() != batch.rows() || own.columns() != count) {
                throw new IllegalArgumentException("the mask of layer '" + graph.layers().get(l).node() + "' is [" + own.rows() + ", " + own.columns()
                        + "]; for this batch it must be [" + batch.rows() + ", " + count + "]");
            }
        }
    }

    /**
     * Returns the gradient of a loss with respect to the mask, given that with respect to the last output.
     *
     * @return shared or by layer, as the mask is
     */
    public SoftMask backward(Matrix outputGradient) {
        values.clearSourceGradients();
        values.outputGradient().copyFrom(outputGradient);
        List<Matrix> gradients = new ArrayList<>();
        for (int l = 0; l < mask.layers(); l++) {
            gradients.add(Matrix.zeros(mask.layer(l).rows(), mask.layer(l).columns()));
        }
        for (int i = graph.sinks().size() - 1; i >= 0; i--) {
            Sink sink = graph.sinks().get(i);
            if (sink instanceof Sink.LayerInput into) {
                int l = into.layer();
                layers[l].backward(values.hiddenGradient(l), mask.layer(l), gradients.get(mask.isShared() ? 0 : l), values.inputGradient(l));
            } else if (sink instanceof Sink.FunctionInput into) {
                values.pullBack(into);
            }
            values.distribute(sink);
        }
        return mask.isShared() ? SoftMask.shared(gradients.get(0)) : SoftMask.ofLayers(gradients);
    }
}
