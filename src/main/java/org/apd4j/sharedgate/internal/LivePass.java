package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.internal.BatchPart;
import org.apd4j.decomposition.internal.FoldedMap;
import org.apd4j.decomposition.internal.Folds;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.MaskedNetwork;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.decomposition.internal.TargetPass;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.sharedgate.SharedGateConfig;

/**
 * The passes over the components that are alive. Dead components have mask 0 in every pass and no gradient, so leaving them out changes nothing; it is
 * made anew when components die.
 */
final class LivePass {

    /** Samples of a part of the batch, and the smaller number where a part is worth a thread of its own. */
    private static final int PART = 256;
    private static final int SMALL_PART = 128;
    private static final long LARGE = 4_000_000;

    /** What a part of the batch adds to sums over the batch. */
    static final class Sums {
        final double[] losses;
        double importances;
        /** By gate matrix and live component. */
        final double[] slopes;
        final double[] offsets;
        final float[] largest;
        /** By gate matrix, where gates are MLPs: the gradients of their parameters. */
        final List<Gates.Sums> mlps;
        private final Gates.Memory memory;

        Sums(int losses, int gates, int live, List<Gates> mlps, int samples) {
            this.losses = new double[losses];
            this.slopes = new double[gates * live];
            this.offsets = new double[live];
            this.largest = new float[live];
            this.mlps = mlps.stream().map(Gates::sums).toList();
            this.memory = new Gates.Memory(mlps.isEmpty() ? 0 : samples);
        }
    }

    private final SharedGateConfig config;
    private final Layout layout;
    private final List<Pieces> all;
    private final Matrix s;
    private final Matrix b;
    private final List<Gates> mlps;
    final int[] live;
    /** The pieces of the live components. */
    final List<Pieces> pieces;
    private final List<RankOneLayer> layers = new ArrayList<>();
    /** By layer: the number of its parameter. */
    private final int[] owner;
    final Folds folds;
    final TargetPass target;
    final MaskedNetwork masked;
    final BatchPart[] parts;
    final Sums[] sums;
    /** By part and gate matrix: what gates read. */
    final Matrix[][] readings;
    private final Squashing[] squashings;
    private final List<Matrix> residuals = new ArrayList<>();
    private final double[] squares;
    private final List<Matrix> aGradients = new ArrayList<>();
    private final List<Matrix> bGradients = new ArrayList<>();
    final DirectionLoss direction;

    /** @param observing whether the inputs of the layers beside the gate matrices are compared */
    LivePass(SharedGateConfig config, Layout layout, List<Pieces> all, Matrix s, Matrix b, List<Gates> mlps, int[] live, int losses, boolean observing) {
        this.config = config;
        this.layout = layout;
        this.all = all;
        this.s = s;
        this.b = b;
        this.mlps = mlps;
        this.live = live;
        this.pieces = all.stream().map(own -> own.room(live.length)).toList();
        NetworkGraph graph = layout.graph();
        this.owner = new int[graph.layers().size()];
        for (int l = 0; l < owner.length; l++) {
            NetworkGraph.Layer use = graph.layers().get(l);
            owner[l] = IntStream.range(0, all.size()).filter(p -> all.get(p).parameter().equals(use.parameter())).findFirst().orElseThrow();
            layers.add(pieces.get(owner[l]).layer(use));
        }
        long work = layers.stream().mapToLong(layer -> (long) layer.components() * (layer.in() + layer.out())).sum();
        int size = Math.min(config.batch(), work * config.batch() < LARGE ? PART : SMALL_PART);
        int count = (config.batch() + size - 1) / size;
        this.folds = new Folds(layers, count, config.batch());
        Set<Integer> observed = observing ? layout.others() : Set.of();
        this.target = new TargetPass(graph.network(), layout.alone(), folds, new TreeSet<>(layout.gates()), observed);
        this.masked = new MaskedNetwork(graph, IntStream.range(0, owner.length).toArray(), folds, observed);
        this.parts = new BatchPart[count];
        this.sums = new Sums[count];
        this.readings = new Matrix[count][layout.gates().size()];
        this.squashings = new Squashing[count];
        for (int p = 0; p < count; p++) {
            parts[p] = new BatchPart(p, size, graph, layers, 1, live.length);
            for (int l : observed) {
                parts[p].pass.observe(l);
            }
            sums[p] = new Sums(losses, layout.gates().size(), live.length, mlps, size);
            squashings[p] = new Squashing(GateSquashing.LEAKY, 1, size);
            for (int l = 0; l < layout.gates().size(); l++) {
                readings[p][l] = Matrix.zeros(live.length, size);
            }
        }
        for (Pieces own : pieces) {
            residuals.add(Matrix.zeros(own.weights().rows(), own.weights().columns()));
            aGradients.add(Matrix.zeros(own.a().rows(), own.a().columns()));
            bGradients.add(Matrix.zeros(own.b().rows(), own.b().columns()));
        }
        this.squares = new double[pieces.size()];
        this.direction = new DirectionLoss(layout, layers, folds, parts);
    }

    /** Takes the current pieces, folds them, and computes what faithfulness compares, {@code Σ_l |W_l − Σ_c P_{c,l}|²}, which it returns. */
    double prepare(Workers workers) {
        for (int p = 0; p < all.size(); p++) {
            all.get(p).gather(live, pieces.get(p));
        }
        List<FoldedMap> maps = folds.all();
        long work = pieces.stream().mapToLong(own -> (long) own.a().size() * own.weights().columns()).max().orElse(1);
        workers.forEach(maps.size() + pieces.size(), work, item -> {
            if (item >= pieces.size()) {
                maps.get(item - pieces.size()).refresh();
                return;
            }
            Pieces own = pieces.get(item);
            Matrix residual = residuals.get(item).copyFrom(own.weights());
            Gemm.run(-1, own.a(), true, own.b(), false, 1, residual);
            squares[item] = own.uses() * ColumnOps.dot(residual.data(), 0, residual.data(), 0, residual.size());
        });
        return Arrays.stream(squares).sum();
    }

    /** Takes samples of a batch into the first parts, and returns the number of parts. There must be room for them. */
    int divide(int first, int last) {
        int used = 0;
        for (int row = first; row < last; used++) {
            BatchPart part = parts[used];
            part.count = Math.min(part.capacity, last - row);
            for (int i = 0; i < part.count; i++) {
                part.samples[i] = row++;
            }
        }
        return used;
    }

    /** Returns the number of samples that there is room for. */
    int capacity() {
        return parts.length * parts[0].capacity;
    }

    private int rank(int gate) {
        return all.get(owner[layout.gates().get(gate)]).rank();
    }

    /** Returns the ranks of the gate matrices' pieces. */
    int[] ranks() {
        return IntStream.range(0, layout.gates().size()).map(this::rank).toArray();
    }

    /** Computes readings, γ and g of a part of the batch after the target's pass, and the sum of u over its samples. */
    void gates(int p) {
        BatchPart part = parts[p];
        Matrix gamma = part.gamma[0];
        double sum = 0;
        int count = part.capacity;
        for (int c = 0; c < live.length; c++) {
            int at = gamma.rowStart(c);
            Arrays.fill(gamma.data(), at, at + count, b.data()[live[c]]);
            for (int gate = 0; gate < layout.gates().size(); gate++) {
                float[] a = part.a[layout.gates().get(gate)].data();
                float[] n = readings[p][gate].data();
                if (mlps.isEmpty()) {
                    SharedGates.read(config.gate(), rank(gate), a, at, live.length * count, count, n, at);
                } else {
                    mlps.get(gate).forward(live[c], a, at, count, n, at, sums[p].memory);
                }
                SharedGates.add(s.get(gate, live[c]), n, at, count, gamma.data(), at);
            }
            sum += squashings[p].importances(gamma.data(), at, part.count, count, part.g[0].data());
        }
        sums[p].importances = sum;
    }

    /** Makes gradients with respect to γ of those with respect to g, adds the penalty's, and passes them on to slopes, offsets and activations. */
    void gateGradients(int p, float penalty) {
        BatchPart part = parts[p];
        float[] gamma = part.gamma[0].data();
        float[] gradient = part.gGradient[0].data();
        int count = part.count;
        sums[p].mlps.forEach(Gates.Sums::clear);
        for (int c = 0; c < live.length; c++) {
            int at = part.gamma[0].rowStart(c);
            squashings[p].toGammaGradient(gamma, at, count, penalty, gradient);
            sums[p].offsets[c] = ColumnOps.sum(gradient, at, count);
            for (int gate = 0; gate < layout.gates().size(); gate++) {
                int l = layout.gates().get(gate);
                float[] n = readings[p][gate].data();
                if (!mlps.isEmpty()) {
                    mlps.get(gate).backward(live[c], part.a[l].data(), gradient, at, count, part.aGradient[l].data(), sums[p].mlps.get(gate), sums[p].memory);
                    continue;
                }
                sums[p].slopes[gate * live.length + c] = ColumnOps.dot(gradient, at, n, at, count);
                SharedGates.pullBack(config.gate(), rank(gate), s.get(gate, live[c]), gradient, at, n, at, part.a[l].data(), part.aGradient[l].data(),
                        at, live.length * part.capacity, count);
            }
        }
    }

    /** Updates the largest g of each live component by a part of the batch. */
    void largest(int p) {
        BatchPart part = parts[p];
        for (int c = 0; c < live.length; c++) {
            int at = part.g[0].rowStart(c);
            for (int i = at; i < at + part.count; i++) {
                sums[p].largest[c] = Math.max(sums[p].largest[c], part.g[0].data()[i]);
            }
        }
    }

    /**
     * Compares what the layers beside the gate matrices read in the last pass of a part of the batch with the target's. Sets the gradient of
     * {@code coefficient} times the loss.
     *
     * @param batch the number of samples of the whole batch
     * @return the part's sum of {@code (1/H) Σ (ĥ − h)²}, divided by the batch
     */
    double hidden(int p, int batch, double coefficient) {
        BatchPart part = parts[p];
        double values = (double) layout.read() * batch;
        float scale = (float) (2 * coefficient / values);
        double sum = 0;
        for (int l : layout.others()) {
            Matrix own = part.pass.inputs[l];
            Matrix wanted = part.inputs[l];
            float[] gradient = part.pass.inputGradients[l].fill(0).data();
            int size = part.count * own.columns();
            for (int i = 0; i < size; i++) {
                gradient[i] = own.data()[i] - wanted.data()[i];
            }
            sum += ColumnOps.dot(gradient, 0, gradient, 0, size);
            for (int i = 0; i < size; i++) {
                gradient[i] *= scale;
            }
        }
        return sum / values;
    }

    /**
     * Computes the gradients of a parameter's factor: those of folded maps and, times {@code scale}, of {@code −½ |W − Σ_c P_c|²}.
     *
     * @param ofAll receives the gradient, of the shape of all components' factor
     */
    @SuppressWarnings("ReferenceEquality") // whether both have the same arrays
    void factorGradient(int p, boolean ofA, float scale, boolean faithfulnessAlone, Matrix ofAll) {
        Pieces own = pieces.get(p);
        boolean areAll = own == all.get(p);
        Matrix gradient = areAll ? ofAll : (ofA ? aGradients : bGradients).get(p);
        Gemm.run(scale * own.uses(), ofA ? own.b() : own.a(), false, residuals.get(p), ofA, 0, gradient);
        for (int l = 0; l < owner.length && !faithfulnessAlone; l++) {
            if (owner[l] == p) {
                RankOneLayer layer = layers.get(l);
                boolean isInward = ofA != layout.graph().layers().get(l).transposed();
                addTo(isInward ? layer.a() : layer.b(), isInward, gradient);
            }
        }
        if (!areAll) {
            all.get(p).copyRows(ofAll.fill(0), gradient, live, live.length, false);
        }
    }

    private void addTo(Matrix factor, boolean isInward, Matrix gradient) {
        for (FoldedMap map : folds.all()) {
            if (map instanceof FoldedMap.OfFactor own) {
                own.addTo(factor, gradient);
            } else if (map instanceof FoldedMap.OfPair pair && isInward) {
                pair.addToA(factor, gradient);
            } else if (map instanceof FoldedMap.OfPair pair) {
                pair.addToB(factor, gradient);
            }
        }
    }
}
