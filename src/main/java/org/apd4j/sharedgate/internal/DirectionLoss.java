package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.decomposition.internal.BatchPart;
import org.apd4j.decomposition.internal.FoldedMap;
import org.apd4j.decomposition.internal.Folds;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.MaskOps;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The direction loss: what the components make of the network's input alone, without what earlier decomposed layers write, has the direction of what
 * the target's gate matrices make of it; its length is free. With {@code v_l = x⁰ W_l} and {@code ṽ_l = Σ_c m_c (x⁰ A_c) B_c},
 * {@code λ = ⟨ṽ, v⟩ / (|v|² + 1e-12)}, the loss is {@code (w/H) mean_b Σ_l Σ_m |ṽ_l − λ v_l|² / max(λ, 0.3)²}, over both masks m.
 */
final class DirectionLoss {

    private static final double LEAST = 0.3;
    private static final double NOT_ZERO = 1e-12;

    /** The way of the input, or of the constant, to the components of a gate matrix. */
    private record Inward(boolean isConstant, FoldedMap.OfFactor map) {
        Matrix source(BatchPart part) {
            return isConstant ? part.ones : part.dense;
        }
    }

    /** What a gate matrix makes of the input. */
    private static final class Own {
        final int layer;
        /** Whether the layer reads the input alone, so that its activations are the target's. */
        final boolean shares;
        /** Otherwise. */
        final List<Inward> inward;
        final FoldedMap.OfFactor outward;
        /** {@code [inputs, out]} and the constant {@code [1, out]}. */
        final Matrix target;
        final Matrix constant;
        final List<Memory> memories = new ArrayList<>();

        Own(int layer, boolean shares, List<Inward> inward, FoldedMap.OfFactor outward, Matrix target, Matrix constant) {
            this.layer = layer;
            this.shares = shares;
            this.inward = inward;
            this.outward = outward;
            this.target = target;
            this.constant = constant;
        }
    }

    /** Memory for a part of the batch. */
    private static final class Memory {
        final Matrix a;
        final Matrix aGradient;
        final Matrix z;
        final Matrix zGradient;
        final Matrix wanted;
        final Matrix made;

        Memory(RankOneLayer layer, int capacity) {
            this.a = Matrix.zeros(layer.components(), capacity);
            this.aGradient = Matrix.zeros(layer.components(), capacity);
            this.z = Matrix.zeros(layer.components(), capacity);
            this.zGradient = Matrix.zeros(layer.components(), capacity);
            this.wanted = Matrix.zeros(capacity, layer.out());
            this.made = Matrix.zeros(capacity, layer.out());
        }
    }

    private final Layout layout;
    private final List<RankOneLayer> layers;
    private final Folds folds;
    private final BatchPart[] parts;
    private final List<Own> gates = new ArrayList<>();

    DirectionLoss(Layout layout, List<RankOneLayer> layers, Folds folds, BatchPart[] parts) {
        this.layout = layout;
        this.layers = layers;
        this.folds = folds;
        this.parts = parts;
    }

    /** Makes what the loss needs. */
    DirectionLoss begin() {
        NetworkGraph graph = layout.graph();
        for (int l : layout.gates()) {
            LinearMap way = graph.path(graph.input(), graph.layerInput(l));
            LinearMap constant = graph.path(graph.one(), graph.layerInput(l));
            RankOneLayer layer = layers.get(l);
            boolean shares = layout.readsInputAlone(l);
            List<Inward> inward = new ArrayList<>();
            if (!shares && !way.isZero()) {
                inward.add(new Inward(false, folds.inward(l, way)));
            }
            if (!shares && !constant.isZero()) {
                inward.add(new Inward(true, folds.inward(l, constant)));
            }
            var own = new Own(l, shares, inward, folds.outward(l, LinearMap.identity(layer.out())), target(way, graph.network().inputs(), layer),
                    target(constant, 1, layer));
            for (BatchPart part : parts) {
                own.memories.add(new Memory(layer, part.capacity));
            }
            gates.add(own);
        }
        return this;
    }

    /** Returns a way and the layer's weights, multiplied out. */
    private static Matrix target(LinearMap way, int in, RankOneLayer layer) {
        return way.isZero() ? Matrix.zeros(in, layer.out()) : LinearMap.chain(way, LinearMap.of(layer.weights())).toMatrix();
    }

    /** Computes what both masks share for a part of the batch, after the target's pass. */
    void target(int p) {
        BatchPart part = parts[p];
        for (Own own : gates) {
            Memory memory = own.memories.get(p);
            Gemm.product(part.dense, own.target, memory.wanted);
            Gemm.addProduct(part.ones, own.constant, memory.wanted);
            memory.a.fill(0);
            memory.aGradient.fill(0);
            for (Inward way : own.inward) {
                Gemm.addProductTransposed(way.map().value(), way.source(part), memory.a);
            }
        }
    }

    /**
     * Adds the gradients of {@code coefficient} times the loss of one mask for a part of the batch.
     *
     * @param random whether the masks are random, or the gates themselves
     * @param batch  the number of samples of the whole batch
     * @return the part's sum of {@code (1/H) Σ_l |ṽ − λ v|² / max(λ, 0.3)²}, divided by the batch
     */
    double compute(int p, boolean random, int batch, double coefficient) {
        BatchPart part = parts[p];
        double values = (double) layout.written() * batch;
        double sum = 0;
        for (Own own : gates) {
            Memory memory = own.memories.get(p);
            Matrix a = own.shares ? part.a[own.layer] : memory.a;
            float[] g = part.g[0].data();
            float[] r = part.noise[0][0].data();
            for (int shift = 0; shift < a.size(); shift += g.length) {
                if (random) {
                    MaskOps.apply(a.data(), g, r, memory.z.data(), 0, g.length, shift);
                } else {
                    MaskOps.multiply(a.data(), g, memory.z.data(), 0, g.length, shift);
                }
            }
            Matrix factor = own.outward.value();
            Gemm.transposedProduct(memory.z, factor, memory.made);
            sum += compare(part.count, memory.wanted, memory.made, coefficient / values);
            Gemm.addProduct(memory.z, memory.made, own.outward.gradient(part.index));
            Gemm.productTransposed(factor, memory.made, memory.zGradient);
            float[] gGradient = part.gGradient[0].data();
            for (int shift = 0; shift < a.size(); shift += g.length) {
                if (random) {
                    MaskOps.pullBack(a.data(), g, r, memory.zGradient.data(), gGradient, 0, g.length, shift);
                } else {
                    MaskOps.pullBack(a.data(), g, memory.zGradient.data(), gGradient, 0, g.length, shift);
                }
            }
            MaskOps.add(memory.zGradient.data(), (own.shares ? part.aGradient[own.layer] : memory.aGradient).data(), 0, a.size());
        }
        return sum / values;
    }

    /** Returns the sum of the losses of all samples, and makes gradients of what the components made. */
    private static double compare(int count, Matrix wanted, Matrix made, double coefficient) {
        int width = wanted.columns();
        float[] v = wanted.data();
        float[] own = made.data();
        double total = 0;
        for (int row = 0; row < count; row++) {
            int from = row * width;
            double norm = ColumnOps.dot(v, from, v, from, width) + NOT_ZERO;
            double lambda = ColumnOps.dot(own, from, v, from, width) / norm;
            double error = 0;
            double along = 0;
            for (int i = from; i < from + width; i++) {
                double e = own[i] - lambda * v[i];
                error += e * e;
                along += e * v[i];
            }
            double length = Math.max(lambda, LEAST);
            double square = length * length;
            total += error / square;
            double ofLambda = -2 * along / square - (lambda > LEAST ? 2 * error / (square * length) : 0);
            for (int i = from; i < from + width; i++) {
                own[i] = (float) (coefficient * (2 * (own[i] - lambda * v[i]) / square + ofLambda * v[i] / norm));
            }
        }
        java.util.Arrays.fill(own, count * width, own.length, 0);
        return total;
    }

    /** Adds to the gradients of the maps, after both masks. */
    void backward(int p) {
        BatchPart part = parts[p];
        for (Own own : gates) {
            for (Inward way : own.inward) {
                Gemm.addProduct(own.memories.get(p).aGradient, way.source(part), way.map().gradient(part.index));
            }
        }
    }
}
