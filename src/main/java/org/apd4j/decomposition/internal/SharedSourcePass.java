package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;

/**
 * The pass of one batch under masks {@code m = g + (1 − g) · s} whose sources {@code s [1, C]} are the same for all samples, and its backward pass to
 * the sources. The part of the mask that all samples share is one matrix a layer, {@code W = Σ_c s_c P_c}. Only the pairs of a sample and a component
 * with {@code g > 0} are computed separately:
 *
 * <pre>{@code h_b = x_b W + Σ_{c: g_bc > 0} g_bc (1 − s_c) · x_b P_c}</pre>
 *
 * <p>Since few components are important on a sample, this costs much less than a {@link MaskedPass}, which computes every pair. The components' factors
 * must not change while it is used.
 */
public final class SharedSourcePass {

    private final Components components;
    private final NetworkGraph graph;
    private final SparseRows x;
    private final SoftMask importances;
    private final PassValues values;
    private final int[] rows;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * Prepares the pass of a batch.
     *
     * @param components  the components; they may have more than the importances, the last ones, whose importance is 0
     * @param importances g, {@code [batch, C]}
     * @throws IllegalArgumentException if the importances do not fit the batch, the layers or the components
     */
    public SharedSourcePass(Components components, SparseRows x, SoftMask importances, Workers workers) {
        if (!importances.isShared() && importances.layers() != components.layers().size()) {
            throw new IllegalArgumentException("the importances have " + importances.layers() + " layers, " + components.layers().size()
                    + " are decomposed");
        }
        this.components = components;
        this.graph = components.graph();
        this.x = x;
        this.importances = importances;
        this.values = new PassValues(graph, workers);
        this.rows = IntStream.range(0, x.rows()).toArray();
        List<Mask> pairs = IntStream.range(0, importances.layers()).mapToObj(l -> important(importances.layer(l))).toList();
        for (int l = 0; l < components.layers().size(); l++) {
            layers.add(new Layer(components.layers().get(l), importances.layer(l), pairs.get(importances.isShared() ? 0 : l)));
        }
    }

    private static Mask important(Matrix g) {
        boolean[][] important = new boolean[g.rows()][g.columns()];
        for (int row = 0; row < g.rows(); row++) {
            for (int c = 0; c < g.columns(); c++) {
                important[row][c] = g.get(row, c) != 0;
            }
        }
        return Mask.of(important, g.columns());
    }

    /** A decomposed layer: the matrix that all samples share, and the pairs with an importance. */
    private final class Layer {
        private final DecomposedLayer layer;
        private final Factors factors;
        private final Matrix g;
        private final Mask pairs;
        private final int rank;
        /** Ã, {@code [in, C·m]}: the factors A side by side. */
        private final Matrix sideBySide;
        private final Matrix weights;
        private final Matrix weightGradient;
        /** Working memory, as large as B̃ and Ã. */
        private final Matrix scaled;
        private final Matrix products;
        /** By pair: {@code x_b A_c}. */
        private final Matrix z;
        private Matrix sources = Matrix.zeros(0, 1);

        Layer(DecomposedLayer layer, Matrix g, Mask pairs) {
            this.layer = layer;
            this.factors = layer.factors();
            this.g = g;
            this.pairs = pairs;
            this.rank = layer.rank();
            if (g.rows() != x.rows() || g.columns() > factors.components()) {
                throw new IllegalArgumentException("importances " + g + " do not fit a batch of " + x.rows() + " samples and "
                        + factors.components() + " components of '" + factors.parameter() + "'");
            }
            this.sideBySide = MaskedPass.sideBySide(factors, Matrix.zeros(factors.in(), factors.components() * rank));
            this.weights = Matrix.zeros(factors.in(), factors.out());
            this.weightGradient = Matrix.zeros(factors.in(), factors.out());
            this.scaled = factors.b().copy();
            this.products = sideBySide.copy();
            this.z = Matrix.zeros(pairs.size(), rank);
        }

        /** Computes W of the parameter, whose transpose a transposed layer uses. */
        void use(Matrix sources) {
            if (sources.rows() != 1 || sources.columns() != factors.components()) {
                throw new IllegalArgumentException("sources " + sources + " of '" + factors.parameter() + "' must be [1, " + factors.components() + "]");
            }
            this.sources = sources.copy();
            scaled.copyFrom(factors.b());
            for (int row = 0; row < scaled.rows(); row++) {
                float s = sources.get(0, row / rank);
                for (int at = scaled.rowStart(row); at < scaled.rowStart(row) + scaled.columns(); at++) {
                    scaled.data()[at] *= s;
                }
            }
            Gemm.product(sideBySide, scaled, weights);
        }

        void forward(Matrix inputs, Matrix hidden) {
            Gemm.run(1, inputs, false, weights, layer.transposed(), 0, hidden);
            forEachImportant((c, first, count) -> {
                Matrix h = Matrix.zeros(count, layer.out());
                layer.down(c, gathered(inputs, first, count), z.block(first, count));
                layer.up(c, z.block(first, count), h);
                for (int pair = 0; pair < count; pair++) {
                    addRow(factor(c, first + pair), h, pair, hidden, pairs.row(first + pair));
                }
            });
        }

        void backward(Matrix inputs, Matrix hGradient, Matrix xGradient, double[] sourceGradient) {
            Gemm.run(1, hGradient, false, weights, !layer.transposed(), 0, xGradient);
            if (layer.transposed()) {
                Gemm.transposedProduct(hGradient, inputs, weightGradient);
            } else {
                Gemm.transposedProduct(inputs, hGradient, weightGradient);
            }
            addShared(sourceGradient);
            forEachImportant((c, first, count) -> {
                Matrix zGradient = Matrix.zeros(count, rank);
                Matrix back = Matrix.zeros(count, layer.in());
                layer.upBackward(c, gathered(hGradient, first, count), zGradient);
                layer.downBackward(c, zGradient, back);
                for (int pair = 0; pair < count; pair++) {
                    sourceGradient[c] -= g.get(pairs.row(first + pair), c) * dot(zGradient, pair, z, first + pair);
                    addRow(factor(c, first + pair), back, pair, xGradient, pairs.row(first + pair));
                }
            });
        }

        /** Adds {@code ⟨∂W, P_c⟩} for every component. */
        private void addShared(double[] sourceGradient) {
            Gemm.productTransposed(weightGradient, factors.b(), products);
            for (int c = 0; c < factors.components(); c++) {
                for (int i = 0; i < factors.in(); i++) {
                    for (int at = products.rowStart(i) + c * rank; at < products.rowStart(i) + (c + 1) * rank; at++) {
                        sourceGradient[c] += (double) products.data()[at] * sideBySide.data()[at];
                    }
                }
            }
        }

        private float factor(int c, int pair) {
            return g.get(pairs.row(pair), c) * (1 - sources.get(0, c));
        }

        private Matrix gathered(Matrix samples, int first, int count) {
            Matrix own = Matrix.zeros(count, samples.columns());
            for (int pair = 0; pair < count; pair++) {
                own.block(pair, 1).copyFrom(samples.block(pairs.row(first + pair), 1));
            }
            return own;
        }

        private void forEachImportant(Pairs body) {
            for (int c = 0; c < g.columns(); c++) {
                if (pairs.count(c) > 0) {
                    body.accept(c, pairs.start(c), pairs.count(c));
                }
            }
        }
    }

    /** Works on a component and its pairs {@code first … first + count − 1}. */
    @FunctionalInterface
    private interface Pairs {
        void accept(int c, int first, int count);
    }

    private static void addRow(float factor, Matrix from, int row, Matrix to, int toRow) {
        int at = from.rowStart(row);
        int into = to.rowStart(toRow);
        for (int j = 0; j < from.columns(); j++) {
            to.data()[into + j] += factor * from.data()[at + j];
        }
    }

    private static double dot(Matrix left, int leftRow, Matrix right, int rightRow) {
        int at = left.rowStart(leftRow);
        int of = right.rowStart(rightRow);
        double sum = 0;
        for (int j = 0; j < left.columns(); j++) {
            sum += (double) left.data()[at + j] * right.data()[of + j];
        }
        return sum;
    }

    /**
     * Runs the batch.
     *
     * @param sources {@code [1, C]} for each layer of the importances, C as the components have it
     * @return the output {@code [batch, outputs]}, valid until the next call
     * @throws IllegalArgumentException if the sources do not fit the components
     */
    public Matrix forward(List<Matrix> sources) {
        if (sources.size() != importances.layers()) {
            throw new IllegalArgumentException("there are sources of " + sources.size() + " layers, and importances of " + importances.layers());
        }
        for (int l = 0; l < layers.size(); l++) {
            layers.get(l).use(sources.get(importances.isShared() ? 0 : l));
        }
        values.begin(x, rows, rows.length);
        for (Sink sink : graph.sinks()) {
            values.collect(sink, true);
            if (sink instanceof Sink.LayerInput into) {
                layers.get(into.layer()).forward(values.input(into.layer()), values.hidden(into.layer()));
            }
        }
        return values.output();
    }

    /**
     * Returns the gradient of a loss with respect to the sources of the last pass, given that with respect to its output.
     *
     * @return by layer of the importances and component
     */
    public double[][] backward(Matrix outputGradient) {
        values.clearSourceGradients();
        values.outputGradient().copyFrom(outputGradient);
        double[][] gradients = new double[importances.layers()][];
        Arrays.setAll(gradients, l -> new double[components.layers().get(l).factors().components()]);
        for (int i = graph.sinks().size() - 1; i >= 0; i--) {
            Sink sink = graph.sinks().get(i);
            if (sink instanceof Sink.LayerInput into) {
                int l = into.layer();
                layers.get(l).backward(values.input(l), values.hiddenGradient(l), values.inputGradient(l), gradients[importances.isShared() ? 0 : l]);
            } else if (sink instanceof Sink.FunctionInput into) {
                values.pullBack(into);
            }
            values.distribute(sink);
        }
        return gradients;
    }
}
