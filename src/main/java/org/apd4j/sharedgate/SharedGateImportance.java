package org.apd4j.sharedgate;

import java.util.List;
import java.util.Map;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.Network;
import org.apd4j.network.internal.LayeredPass;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.sharedgate.internal.Readings;
import org.apd4j.sharedgate.internal.SharedGateRemedies;

/**
 * The importance of components by shared gates: one gate for each component, which opens where the component's own readings of the target's activations
 * are large, {@code γ = b + Σ_l s_l n_l} over the gate matrices l, squashed to 0 … 1. Dead components have importance 0.
 *
 * <pre>{@code
 * var run = SharedGate.decompose(target, SharedGateConfig.tms5to2()).train();
 * SharedGateImportance gates = SharedGate.gates(run.decomposition());
 * Matrix g = gates.lower(target.trained().data().sample(0, 256), run.decomposition().components()).layer(0); // [256, C]
 * System.out.println(gates.live() + " components are alive");
 * }</pre>
 */
public final class SharedGateImportance implements Importance {

    private final GateKind kind;
    private final List<String> nodes;
    private final Matrix s;
    private final Matrix b;
    private final List<Gates> mlps;
    private final Matrix alive;
    private final int batch;

    /**
     * Creates the importance by some gates. The matrices are not copied.
     *
     * @param kind  what the gates read
     * @param nodes the names of the gate matrices' nodes
     * @param s     slopes, {@code [gate matrices, C]}
     * @param b     offsets, {@code [1, C]}
     * @param alive 1 for components that are alive, 0 for dead ones, {@code [1, C]}
     * @param batch the number of samples per step of the training
     */
    public SharedGateImportance(GateKind kind, List<String> nodes, Matrix s, Matrix b, Matrix alive, int batch) {
        this(kind, nodes, s, b, List.of(), alive, batch);
    }

    /**
     * Creates the importance by some gates that may be MLPs. The matrices are not copied.
     *
     * @param mlps by gate matrix: the MLPs; none for gates of another kind
     */
    public SharedGateImportance(GateKind kind, List<String> nodes, Matrix s, Matrix b, List<Gates> mlps, Matrix alive, int batch) {
        this.kind = kind;
        this.nodes = List.copyOf(nodes);
        this.s = s;
        this.b = b;
        this.mlps = List.copyOf(mlps);
        this.alive = alive;
        this.batch = batch;
    }

    @Override
    public SoftMask of(SparseRows x, Evaluator evaluator) {
        return squashed(x, evaluator.components(), gamma -> Math.min(Math.max(gamma, 0), 1));
    }

    /** Returns the lower-leaky importances g, {@code [batch, C]}, which make the masks of training; they may lie a little below 0. */
    public SoftMask lower(SparseRows x, Components components) {
        return squashed(x, components, Squashing::lower);
    }

    /** Returns the upper-leaky importances u, {@code [batch, C]}, which minimality counts; they may lie a little above 1. */
    public SoftMask upper(SparseRows x, Components components) {
        return squashed(x, components, Squashing::upper);
    }

    /** Returns what the gates say before it is squashed, γ, {@code [batch, C]}; that of a dead component has no effect. */
    public Matrix gamma(SparseRows x, Components components) {
        Network network = components.graph().network();
        Map<String, Matrix> values = LayeredPass.values(network, x.toDense());
        Matrix gamma = Matrix.zeros(x.rows(), components.count());
        for (int row = 0; row < gamma.rows(); row++) {
            System.arraycopy(b.data(), 0, gamma.data(), gamma.rowStart(row), gamma.columns());
        }
        for (int gate = 0; gate < nodes.size(); gate++) {
            String node = nodes.get(gate);
            NetworkGraph.Layer use = components.graph().layers().stream().filter(layer -> layer.node().equals(node)).findFirst().orElseThrow();
            Matrix input = LayeredPass.value(values, network.node(node).reads().get(0));
            addReadings(gate, use, components.factors(use.parameter()), input, gamma);
        }
        return gamma;
    }

    private void addReadings(int gate, NetworkGraph.Layer use, Factors factors, Matrix input, Matrix gamma) {
        int rank = factors.rank();
        for (int c = 0; c < factors.components(); c++) {
            Matrix a = use.transposed() ? Gemm.productTransposed(input, factors.b(c), Matrix.zeros(input.rows(), rank))
                    : Gemm.product(input, factors.a(c), Matrix.zeros(input.rows(), rank));
            float[] n = readings(gate, c, a);
            for (int row = 0; row < n.length; row++) {
                gamma.set(row, c, Math.fma(s.get(gate, c), n[row], gamma.get(row, c)));
            }
        }
    }

    private float[] readings(int gate, int component, Matrix a) {
        float[] n = new float[a.rows()];
        if (mlps.isEmpty()) {
            for (int row = 0; row < n.length; row++) {
                n[row] = Readings.of(kind, a, row);
            }
        } else {
            mlps.get(gate).forward(component, a.data(), a.offset(), n.length, n, 0, new Gates.Memory(n.length));
        }
        return n;
    }

    private interface Squash {
        float of(float gamma);
    }

    private SoftMask squashed(SparseRows x, Components components, Squash squash) {
        Matrix values = gamma(x, components);
        for (int row = 0; row < values.rows(); row++) {
            for (int c = 0; c < values.columns(); c++) {
                values.set(row, c, isAlive(c) ? squash.of(values.get(row, c)) : 0);
            }
        }
        return SoftMask.shared(values);
    }

    /** Returns the mask {@code m = g}: every component as much as its importance. */
    @Override
    public SoftMask mask(SparseRows x, Evaluator evaluator) {
        return lower(x, evaluator.components());
    }

    /** Returns whether a component is alive: it was not pruned. */
    public boolean isAlive(int component) {
        return alive.get(0, component) > 0;
    }

    /** Returns the number of components that are alive. */
    public int live() {
        int count = 0;
        for (int c = 0; c < alive.columns(); c++) {
            count += isAlive(c) ? 1 : 0;
        }
        return count;
    }

    /** Returns what the gates read. */
    public GateKind kind() {
        return kind;
    }

    /** Returns the names of the nodes whose matrices the gates read. */
    public List<String> nodes() {
        return nodes;
    }

    /** Returns the slopes, {@code [gate matrices, C]}; not a copy. */
    public Matrix slopes() {
        return s;
    }

    /** Returns the offsets, {@code [1, C]}; not a copy. */
    public Matrix offsets() {
        return b;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public String describe() {
        return "one gate a component over " + String.join(", ", nodes);
    }

    @Override
    public Remedies remedies() {
        return SharedGateRemedies.general();
    }

    @Override
    public String toString() {
        return "importance by " + describe();
    }
}
