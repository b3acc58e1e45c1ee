package org.apd4j.spd.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.internal.Optimizer;

/** The faithfulness loss, {@code (1/N) Σ_l |W_l − A_l B_l|²}, its gradients, and the warm-up on it alone. */
final class Faithfulness {

    private static final double WARMUP_RATE = 0.01;
    private static final double WARMUP_DECAY = 0.1;

    private final List<RankOneLayer> layers;
    private final long entries;
    /** By layer: {@code W − A B}. */
    private final List<Matrix> residuals;
    private final double[] squares;

    /** @param entries N, the number of entries of all layers */
    Faithfulness(List<RankOneLayer> layers, long entries) {
        this.layers = layers;
        this.entries = entries;
        this.residuals = layers.stream().map(layer -> Matrix.zeros(layer.in(), layer.out())).toList();
        this.squares = new double[layers.size()];
    }

    /** Computes what a layer's subcomponents lack. */
    void compute(int l) {
        RankOneLayer layer = layers.get(l);
        Matrix residual = residuals.get(l).copyFrom(layer.weights());
        Gemm.run(-1, layer.a(), true, layer.b(), false, 1, residual);
        double sum = 0;
        for (float value : residual.data()) {
            sum += (double) value * value;
        }
        squares[l] = sum;
    }

    /** Adds {@code coefficient} times the gradient with respect to a layer's A or B, after {@link #compute}. */
    void addGradient(int l, boolean ofA, double coefficient, Matrix gradient) {
        RankOneLayer layer = layers.get(l);
        float scale = (float) (-2 * coefficient / entries);
        Gemm.run(scale, ofA ? layer.b() : layer.a(), false, residuals.get(l), ofA, 1, gradient);
    }

    /** Returns the loss, after {@link #compute} of every layer. */
    double loss() {
        return Arrays.stream(squares).sum() / entries;
    }

    /** Changes the factors by some steps of AdamW on this loss, which has a state of its own; arrays that two layers share are updated twice a step. */
    void warmUp(int steps, Workers workers) {
        Optimizer optimizer = new Optimizer(WARMUP_DECAY, workers);
        for (RankOneLayer layer : layers) {
            optimizer.add(SpdObjective.aName(layer), layer.a());
            optimizer.add(SpdObjective.bName(layer), layer.b());
        }
        for (int step = 1; step <= steps; step++) {
            workers.forEach(layers.size(), this::compute);
            optimizer.clearGradients();
            IntStream.range(0, layers.size()).forEach(l -> {
                addGradient(l, true, 1, optimizer.gradient(SpdObjective.aName(layers.get(l))));
                addGradient(l, false, 1, optimizer.gradient(SpdObjective.bName(layers.get(l))));
            });
            optimizer.update(step, WARMUP_RATE);
        }
    }
}
