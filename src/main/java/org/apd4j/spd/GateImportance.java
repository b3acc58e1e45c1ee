package org.apd4j.spd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.Network;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.internal.SpdRemedies;

/**
 * The importance of SPD's subcomponents: what their gates say of the target's own activations, squashed to 0 … 1, for each layer by itself.
 *
 * <pre>{@code
 * var spd = Spd.decompose(target, SpdConfig.paperTms5to2()).train().decomposition();
 * SoftMask importances = spd.importance().of(target.trained().data().sample(0, 256), spd.evaluator());
 * Matrix ofEncoder = importances.layer(0); // [256, C]
 * }</pre>
 */
public final class GateImportance implements Importance {

    private final List<Gates> gates;
    private final int batch;
    private final GateSquashing squashing;

    /**
     * Creates the importance by some gates.
     *
     * @param gates the gates of each use of a decomposed parameter, in the network's order, which must not change afterwards
     * @param batch the number of samples per step of the training
     * @param squashing the squashing of the training
     */
    public GateImportance(List<Gates> gates, int batch, GateSquashing squashing) {
        this.gates = List.copyOf(gates);
        this.batch = batch;
        this.squashing = squashing;
    }

    @Override
    public SoftMask of(SparseRows x, Evaluator evaluator) {
        return squashed(x, evaluator.components(), gamma -> Math.min(Math.max(gamma, 0), 1));
    }

    /** Returns the importances g that make the masks of training; leaky ones may lie a little below 0. */
    public SoftMask lower(SparseRows x, Components components) {
        return squashed(x, components, gamma -> Squashing.lower(squashing, gamma));
    }

    /** Returns the upper-leaky importances u, which importance minimality counts and the paper's figures show; they may lie a little above 1. */
    public SoftMask upper(SparseRows x, Components components) {
        return squashed(x, components, Squashing::upper);
    }

    /** Returns the mask {@code m = g}: every subcomponent as much as its importance. */
    @Override
    public SoftMask mask(SparseRows x, Evaluator evaluator) {
        return lower(x, evaluator.components());
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public String describe() {
        int width = gates.get(0).width();
        return "gates for each layer, " + (width == 0 ? "linear" : "of width " + width);
    }

    @Override
    public Remedies remedies() {
        return SpdRemedies.general();
    }

    /** Returns what a layer's gates are, for measures and tests. */
    public Gates gates(int layer) {
        return gates.get(layer);
    }

    private interface Squash {
        float of(float gamma);
    }

    private SoftMask squashed(SparseRows x, Components components, Squash squash) {
        Network network = components.graph().network();
        Map<String, Matrix> values = LayeredPass.values(network, x.toDense());
        List<Matrix> all = new ArrayList<>();
        Gates.Memory memory = new Gates.Memory(x.rows());
        for (int l = 0; l < gates.size(); l++) {
            NetworkGraph.Layer use = components.graph().layers().get(l);
            RankOneLayer layer = RankOneLayer.of(network, use, components.factors(use.parameter()));
            Matrix input = Objects.requireNonNull(values.get(network.node(use.node()).reads().get(0)), use.node());
            Matrix a = Gemm.productTransposed(layer.a(), input, Matrix.zeros(layer.components(), x.rows()));
            Matrix gamma = Matrix.zeros(layer.components(), x.rows());
            for (int c = 0; c < layer.components(); c++) {
                gates.get(l).forward(c, a.data(), a.rowStart(c), x.rows(), gamma.data(), gamma.rowStart(c), memory);
            }
            for (int i = 0; i < gamma.size(); i++) {
                gamma.data()[i] = squash.of(gamma.data()[i]);
            }
            all.add(gamma.transposed());
        }
        return SoftMask.ofLayers(all);
    }

    @Override
    public String toString() {
        return "importance by " + describe();
    }
}
