package org.apd4j.decomposition.internal;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Source;

/** Attributions {@code [n, C]} of any {@link AttributionKind kind} (step 2 of APD). */
public final class Attributions {

    private final Components components;
    private final NetworkGraph graph;
    private final Workers workers;
    private final ComponentSum sum;
    private final GradientAttributions gradient;
    private final AblationAttributions ablation;
    private Matrix otherValues = Matrix.zeros(0, 1);
    private int[] allRows = new int[0];
    private boolean isGradient;

    /**
     * @param sum    the sum of all components, for {@link AttributionKind#ABLATION}; the caller keeps it up to date
     * @param frozen whether components never change
     */
    public Attributions(Components components, ComponentSum sum, boolean frozen, Workers workers) {
        this.sum = sum;
        this.components = components;
        this.graph = components.graph();
        this.workers = workers;
        this.gradient = new GradientAttributions(components, frozen, workers);
        this.ablation = new AblationAttributions(components, workers);
    }

    /**
     * Computes the attributions on a batch.
     *
     * @param target        the target network, run on the batch
     * @param allComponents the network of all components, run on the batch; may be null for {@link AttributionKind#GRADIENT_FROM_TARGET}
     */
    public void compute(AttributionKind kind, DensePass target, DensePass allComponents) {
        isGradient = kind == AttributionKind.GRADIENT_FROM_TARGET || kind == AttributionKind.GRADIENT_FROM_COMPONENTS;
        switch (kind) {
            case GRADIENT_FROM_TARGET -> gradient.compute(target);
            case GRADIENT_FROM_COMPONENTS -> gradient.compute(allComponents);
            case ABLATION -> {
                prepare(allComponents.input());
                ablation.compute(allComponents, components.layerWeights(sum.copies()), layerInputs(allComponents), otherValues);
            }
            case ACTIVATION -> activations(allComponents);
        }
    }

    /**
     * Computes an unbiased estimate of gradient attributions, see {@link GradientAttributions#compute(DensePass, Matrix)}.
     *
     * @param pass  the network that gradients are taken of, run on the batch
     * @param signs of random projections of the outputs
     */
    public void estimate(DensePass pass, Matrix signs) {
        isGradient = true;
        gradient.compute(pass, signs);
    }

    private void prepare(SparseRows x) {
        int rows = x.rows();
        if (otherValues.capacity() < rows) {
            otherValues = Matrix.withCapacity(rows, components.count());
        }
        otherValues.resize(rows).fill(0);
        if (allRows.length < rows) {
            allRows = new int[rows];
            for (int i = 0; i < rows; i++) {
                allRows[i] = i;
            }
        }
    }

    /** Computes {@code Σ_l |x_l P_cl|²}, with the inputs x_l of the network of all components. */
    private void activations(DensePass allComponents) {
        SparseRows x = allComponents.input();
        prepare(x);
        for (int l = 0; l < components.layers().size(); l++) {
            DecomposedLayer layer = components.layers().get(l);
            Matrix inputs = layerInputs(l, allComponents);
            workers.forEach(components.count(), c -> {
                Matrix z = Matrix.zeros(x.rows(), layer.rank());
                Matrix h = Matrix.zeros(x.rows(), layer.out());
                layer.down(c, inputs, z);
                layer.up(c, z, h);
                for (int i = 0; i < x.rows(); i++) {
                    float total = otherValues.get(i, c);
                    for (int j = 0; j < h.columns(); j++) {
                        total += h.get(i, j) * h.get(i, j);
                    }
                    otherValues.set(i, c, total);
                }
            });
        }
    }

    private List<Matrix> layerInputs(DensePass pass) {
        return IntStream.range(0, components.layers().size()).mapToObj(l -> layerInputs(l, pass)).toList();
    }

    private Matrix layerInputs(int l, DensePass pass) {
        SparseRows x = pass.input();
        Matrix inputs = Matrix.zeros(x.rows(), components.layers().get(l).in());
        for (Source source : graph.sourcesBesideLayers()) {
            pass.addFrom(source, pass.parts().before(source, l), inputs);
        }
        return inputs;
    }

    /** Returns the attributions {@code [n, C]} of the samples {@link #rows}; all others have 0. */
    public Matrix values() {
        return isGradient ? gradient.values() : otherValues;
    }

    /** Returns the rows of the batch that {@link #values} holds, ascending. */
    public int[] rows() {
        return isGradient ? gradient.rows() : allRows;
    }

    /** Prepares {@link #addComponentGradients}, see {@link GradientAttributions#prepareBackward}. */
    public void prepareBackward() {
        gradient.prepareBackward();
    }

    /** Adds the gradients of a component's matrices, see {@link GradientAttributions#addComponentGradients}. */
    public void addComponentGradients(int c, Matrix valueGradient, Matrix[] parameterGradients) {
        gradient.addComponentGradients(c, valueGradient, parameterGradients);
    }

    /** Returns the attributions of the whole batch, {@code [rows, C]}, as a new matrix. */
    public Matrix ofBatch(int batchRows) {
        Matrix all = Matrix.zeros(batchRows, components.count());
        Matrix values = values();
        for (int i = 0; i < values.rows(); i++) {
            System.arraycopy(values.data(), values.rowStart(i), all.data(), all.rowStart(rows()[i]), components.count());
        }
        return all;
    }
}
