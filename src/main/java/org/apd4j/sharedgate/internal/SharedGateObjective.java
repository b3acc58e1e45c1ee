package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apd4j.data.Sampler;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.internal.BatchPart;
import org.apd4j.decomposition.internal.FoldedMap;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.MaskedNetwork.Masks;
import org.apd4j.decomposition.internal.OutputLoss;
import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.SharedGateConfig.Units;
import org.apd4j.sharedgate.SharedGateImportance;
import org.apd4j.sharedgate.SharedGateLoss;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.internal.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * The objective of the shared-gate method: losses and gradients on a batch, prunings and restarts.
 *
 * <p>A batch is worked through in parts of a fixed size, so that results do not depend on the number of threads. Which components are alive, and the
 * natural units of the coefficients, are kept among the trained arrays, with gradients that are always 0, so that they are saved and restored with
 * them.
 */
public final class SharedGateObjective implements Objective {

    static final String S = "gate.s";
    static final String B = "gate.b";
    static final String ALIVE = "gate.alive";
    static final String UNITS = "units";
    private static final int LOSSES = SharedGateLoss.values().length;

    private final SharedGateConfig config;
    private final Span span;
    private final Workers workers;
    private final Draws draws;
    private final NonEmptySamples samples;
    private final long entries;
    final Layout layout;
    final List<Pieces> pieces;
    final Matrix s;
    final Matrix b;
    final GateMlps mlps;
    private final Matrix alive;
    /** E0 and Eh; 1 where coefficients are in absolute units. */
    private final Matrix units;
    private @Nullable LivePass current;
    private @Nullable Restart restarted;

    /**
     * Creates the objective at pieces that are 0.
     *
     * @param span the part of the network that is decomposed
     */
    SharedGateObjective(Span span, SharedGateConfig config, NonEmptySamples samples, Draws draws, Workers workers) {
        this.config = config;
        this.span = span;
        this.samples = samples;
        this.draws = draws;
        this.workers = workers;
        Network network = span.network();
        this.layout = new Layout(network, span.parameters());
        this.pieces = new ArrayList<>();
        for (String parameter : span.parameters()) {
            int uses = (int) layout.graph().layers().stream().filter(layer -> layer.parameter().equals(parameter)).count();
            pieces.add(Pieces.zeros(parameter, config.components(), layout.isGate(parameter) ? config.gateRank() : config.otherRank(),
                    network.parameter(parameter).values(), uses));
        }
        this.entries = span.entries();
        this.s = Matrix.zeros(layout.gates().size(), config.components());
        this.b = Matrix.zeros(1, config.components());
        this.mlps = new GateMlps(config, layout);
        this.alive = Matrix.zeros(1, config.components()).fill(1);
        this.units = Matrix.zeros(1, 2).fill(1);
    }

    /**
     * Creates the objective of a whole network at pieces that are 0, to be set by the caller.
     *
     * @param share w, the share of samples that are not empty
     */
    public static SharedGateObjective of(Network network, List<String> parameters, SharedGateConfig config, double share, Draws draws,
                                         Workers workers) {
        return new SharedGateObjective(Span.whole(network, parameters), config, NonEmptySamples.ofShare(share), draws, workers);
    }

    /** Sets the natural units, if the settings use them, from the given samples. */
    void measureUnits(SparseRows x) {
        if (config.units() == Units.ABSOLUTE) {
            return;
        }
        int[] every = IntStream.range(0, config.components()).toArray();
        LivePass now = new LivePass(config, layout, pieces, s, b, mlps.all(), every, LOSSES, true);
        now.prepare(workers);
        double[] sums = new double[2];
        forParts(now, x, (p, first) -> {
            BatchPart part = now.parts[p];
            part.g[0].fill(0);
            now.masked.forward(part, Masks.IMPORTANCES, part.noise[0]);
        }, p -> {
            BatchPart part = now.parts[p];
            sums[0] += OutputLoss.compute(config.divergence(), part.pass.output, part.target, part.count, x.rows(), 0, part.pass.outputGradient);
            for (int l : layout.others()) {
                int size = part.count * part.inputs[l].columns();
                sums[1] += ColumnOps.dot(part.inputs[l].data(), 0, part.inputs[l].data(), 0, size) / x.rows() / layout.read();
            }
        });
        if (!(sums[0] > 0)) {
            throw new IllegalArgumentException("the network's output does not change when all decomposed matrices are 0; there is nothing to decompose");
        }
        units.set(0, 0, (float) sums[0]);
        units.set(0, 1, sums[1] > 0 ? (float) sums[1] : 1);
    }

    private double unit(boolean ofError) {
        return ofError ? units.get(0, 0) : (double) units.get(0, 0) / units.get(0, 1);
    }

    @Override
    public List<String> losses() {
        return config.losses().stream().map(SharedGateLoss::label).toList();
    }

    @Override
    public void register(Optimizer optimizer) {
        for (Pieces own : pieces) {
            optimizer.add(aName(own.parameter()), own.a());
            optimizer.add(bName(own.parameter()), own.b());
        }
        optimizer.add(S, s);
        optimizer.add(B, b);
        mlps.register(optimizer);
        optimizer.add(ALIVE, alive);
        optimizer.add(UNITS, units);
    }

    /** Returns the name of a parameter's A among the trained arrays. */
    static String aName(String parameter) {
        return parameter + ".A";
    }

    /** Returns the name of a parameter's B among the trained arrays. */
    static String bName(String parameter) {
        return parameter + ".B";
    }

    @Override
    public void sample(Sampler data, long seed, long stream, int step, int rows, SparseRows batch) {
        samples.draw(seed, stream, step, rows, batch);
    }

    /** Returns the passes over the components that are alive now. */
    private LivePass live() {
        LivePass made = current;
        if (made == null || !isCurrent(made)) {
            int[] live = IntStream.range(0, config.components()).filter(this::isAlive).toArray();
            made = new LivePass(config, layout, pieces, s, b, mlps.all(), live, LOSSES, config.hidden() > 0);
            if (config.direction() > 0) {
                made.direction.begin();
            }
            current = made;
        }
        return made;
    }

    private boolean isAlive(int component) {
        return alive.get(0, component) > 0;
    }

    private boolean isCurrent(LivePass pass) {
        int next = 0;
        for (int c = 0; c < config.components(); c++) {
            if (isAlive(c) && (next == pass.live.length || pass.live[next++] != c)) {
                return false;
            }
        }
        return next == pass.live.length;
    }

    @Override
    public double[] compute(SparseRows x, int step, Optimizer into) {
        double[] losses = computeAll(x, step, into);
        double[] wanted = config.losses().stream().mapToDouble(loss -> losses[loss.ordinal()]).toArray();
        for (int i = 0; i < wanted.length; i++) {
            if (!Double.isFinite(wanted[i])) {
                throw new NotFiniteException("the loss '" + losses().get(i) + "'", wanted[i], step);
            }
        }
        return wanted;
    }

    /** Returns each loss without its coefficient, in the order of {@link SharedGateLoss}, and sets the gradients. */
    private double[] computeAll(SparseRows x, int step, Optimizer into) {
        LivePass now = live();
        double squares = now.prepare(workers);
        int used = now.divide(0, x.rows());
        double price = config.minimality(step) * unit(true);
        workers.forEach(used, p -> computePart(now, p, x, step, price));
        List<FoldedMap> maps = now.folds.all();
        maps.forEach(map -> map.sumParts(used));
        float scale = (float) (-2 * config.faithfulness(step) / entries);
        long work = pieces.stream().mapToLong(own -> (long) own.a().size() * own.weights().columns()).max().orElse(1);
        workers.forEach(2 * pieces.size(), work, side -> {
            boolean ofA = side % 2 == 0;
            Pieces own = pieces.get(side / 2);
            now.factorGradient(side / 2, ofA, scale, false, into.gradient(ofA ? aName(own.parameter()) : bName(own.parameter())));
        });
        double ofZero = gateGradients(now, used, price, into);
        double[] losses = new double[LOSSES];
        for (int p = 0; p < used; p++) {
            for (int i = 0; i < LOSSES; i++) {
                losses[i] += samples.share() * now.sums[p].losses[i];
            }
            losses[SharedGateLoss.MINIMALITY.ordinal()] += samples.share() * now.sums[p].importances / x.rows();
        }
        losses[SharedGateLoss.MINIMALITY.ordinal()] += (1 - samples.share()) * ofZero;
        losses[SharedGateLoss.FAITHFULNESS.ordinal()] = squares / entries;
        return losses;
    }

    private void computePart(LivePass now, int p, SparseRows x, int step, double price) {
        BatchPart part = now.parts[p];
        double[] losses = now.sums[p].losses;
        Arrays.fill(losses, 0);
        part.gather(x);
        now.target.forward(part);                                                                // 1. target pass
        now.gates(p);                                                                            // 2. gates
        draws.masks(step, p, now.live, part.samples, part.count, part.noise[0][0]);              //    and masks
        part.gGradient[0].fill(0);
        for (int l : layout.gates()) {
            part.aGradient[l].fill(0);
        }
        now.folds.all().forEach(map -> map.clear(p));
        if (config.direction() > 0) {
            now.direction.target(p);
        }
        compare(now, p, x.rows(), Masks.STOCHASTIC, SharedGateLoss.STOCHASTIC, config.stochastic());  // 3. masked passes and 4. losses
        compare(now, p, x.rows(), Masks.IMPORTANCES, SharedGateLoss.KEEP, config.keep());
        if (config.direction() > 0) {
            now.direction.backward(p);
        }
        now.gateGradients(p, (float) (price * samples.share() / x.rows()));
        now.target.backward(part);
    }

    private void compare(LivePass now, int p, int batch, Masks masks, SharedGateLoss loss, double coefficient) {
        BatchPart part = now.parts[p];
        double[] losses = now.sums[p].losses;
        double w = samples.share();
        if (coefficient > 0 || config.hidden() > 0) {
            now.masked.forward(part, masks, part.noise[0]);
            losses[loss.ordinal()] += OutputLoss.compute(config.divergence(), part.pass.output, part.target, part.count, batch, w * coefficient,
                    part.pass.outputGradient);
            if (config.hidden() > 0) {
                losses[SharedGateLoss.HIDDEN.ordinal()] += now.hidden(p, batch, w * config.hidden() * unit(false));
            }
            now.masked.backward(part, masks, part.noise[0]);
        }
        if (config.direction() > 0) {
            losses[SharedGateLoss.DIRECTION.ordinal()] += now.direction.compute(p, masks == Masks.STOCHASTIC, batch,
                    w * config.direction() * unit(false));
        }
    }

    /** Sets the gradients of slopes and offsets, and returns the sum of u over the components on an empty sample. */
    private double gateGradients(LivePass now, int used, double price, Optimizer into) {
        Matrix slopes = into.gradient(S).fill(0);
        Matrix offsets = into.gradient(B).fill(0);
        into.gradient(ALIVE).fill(0);
        into.gradient(UNITS).fill(0);
        if (!mlps.isEmpty()) {
            return mlpGradients(now, used, price, into);
        }
        int[] ranks = now.ranks();
        double empty = 0;
        for (int i = 0; i < now.live.length; i++) {
            int c = now.live[i];
            float gamma = SharedGates.gammaOfZero(config.gate(), ranks, s, b, c);
            empty += Squashing.upper(gamma);
            double ofZero = samples.share() < 1 ? price * (1 - samples.share()) * Squashing.upperSlope(gamma) : 0;
            double offset = ofZero;
            for (int p = 0; p < used; p++) {
                offset += now.sums[p].offsets[i];
            }
            offsets.set(0, c, (float) offset);
            for (int gate = 0; gate < ranks.length; gate++) {
                double slope = SharedGates.isNorm(config.gate(), ranks[gate]) ? SharedGates.NORM_OF_ZERO * ofZero : 0;
                for (int p = 0; p < used; p++) {
                    slope += now.sums[p].slopes[gate * now.live.length + i];
                }
                slopes.set(gate, c, (float) slope);
            }
        }
        return empty;
    }

    private double mlpGradients(LivePass now, int used, double price, Optimizer into) {
        float[] ofZero = new float[now.live.length];
        double empty = 0;
        for (int i = 0; i < ofZero.length; i++) {
            float gamma = mlps.gammaOfZero(now.live[i]);
            empty += Squashing.upper(gamma);
            ofZero[i] = (float) (price * (1 - samples.share()) * Squashing.upperSlope(gamma));
        }
        mlps.gradients(now.live, now.sums, used, ofZero, into);
        return empty;
    }

    /** Fits the sum of the pieces to the weights, by Adam on A and B alone. */
    void warmUp() {
        Optimizer adam = new Optimizer(0, workers);
        for (Pieces own : pieces) {
            adam.add(aName(own.parameter()), own.a());
            adam.add(bName(own.parameter()), own.b());
        }
        LivePass now = live();
        for (int step = 0; step < config.warmupSteps(); step++) {
            now.prepare(workers);
            workers.forEach(2 * pieces.size(), side -> {
                Pieces own = pieces.get(side / 2);
                boolean ofA = side % 2 == 0;
                now.factorGradient(side / 2, ofA, -2f / own.uses(), true, adam.gradient(ofA ? aName(own.parameter()) : bName(own.parameter())));
            });
            adam.update(step + 1, config.warmupRate());
        }
    }

    /** What is done with a part of the batch. */
    private interface OnPart {
        void accept(int part, int first);
    }

    /**
     * Runs the target on samples, as many at a time as there is room for.
     *
     * @param parallel what is done with each part after the target's pass
     * @param inOrder  what is done afterwards, one part after the other
     */
    private void forParts(LivePass now, SparseRows x, OnPart parallel, IntConsumer inOrder) {
        for (int first = 0; first < x.rows(); first += now.capacity()) {
            int from = first;
            int used = now.divide(first, Math.min(x.rows(), first + now.capacity()));
            workers.forEach(used, p -> {
                now.parts[p].gather(x);
                now.target.forward(now.parts[p]);
                parallel.accept(p, from + p * now.parts[p].capacity);
            });
            for (int p = 0; p < used; p++) {
                inOrder.accept(p);
            }
        }
    }

    /** Returns the largest g of each component on some samples; 0 for dead ones. */
    float[] largest(SparseRows x) {
        LivePass now = live();
        now.prepare(workers);
        for (LivePass.Sums own : now.sums) {
            Arrays.fill(own.largest, Float.NEGATIVE_INFINITY);
        }
        forParts(now, x, (p, first) -> {
            now.gates(p);
            now.largest(p);
        }, p -> { });
        float[] largest = new float[config.components()];
        for (int i = 0; i < now.live.length; i++) {
            float own = Float.NEGATIVE_INFINITY;
            for (LivePass.Sums part : now.sums) {
                own = Math.max(own, part.largest[i]);
            }
            largest[now.live[i]] = own;
        }
        return largest;
    }

    @Override
    public void afterUpdate(int step, Optimizer optimizer) {
        for (int k = 0; k < config.restarts().size(); k++) {
            if (step == (int) Math.floor(config.restarts().get(k) * config.steps())) {
                restarted = new Restart(this, k).run(draws.restart(k), optimizer);
            }
        }
        for (int k = 0; k < config.prunings().size(); k++) {
            if (step == (int) Math.floor(config.prunings().get(k) * config.steps())) {
                prune(draws.pruning(k), optimizer);
            }
        }
    }

    /** Lets components die whose gates are open on no sample. */
    void prune(SparseRows x, Optimizer optimizer) {
        float[] largest = largest(x);
        for (int c = 0; c < largest.length; c++) {
            if (isAlive(c) && largest[c] <= 0.5f) {
                alive.set(0, c, 0);
                for (Pieces own : pieces) {
                    own.clear(own.a().data(), own.a().columns(), c);
                    own.clear(own.b().data(), own.b().columns(), c);
                    own.clear(optimizer.means(aName(own.parameter())), own.a().columns(), c);
                    own.clear(optimizer.means(bName(own.parameter())), own.b().columns(), c);
                }
            }
        }
    }

    /**
     * Returns {@code ρ = |ỹ − y|² / (|y − y0|² + 1e-12)} of each sample, with the output ỹ of the keep pass and y0 of no component; 0 where the
     * denominator is below its median.
     */
    double[] unexplained(SparseRows x) {
        LivePass now = live();
        now.prepare(workers);
        double[] errors = new double[x.rows()];
        double[] scales = new double[x.rows()];
        forParts(now, x, (p, first) -> {
            BatchPart part = now.parts[p];
            now.gates(p);
            now.masked.forward(part, Masks.IMPORTANCES, part.noise[0]);
            distances(part, errors, first);
            part.g[0].fill(0);
            now.masked.forward(part, Masks.IMPORTANCES, part.noise[0]);
            distances(part, scales, first);
        }, p -> { });
        double[] sorted = scales.clone();
        Arrays.sort(sorted);
        double median = sorted[(sorted.length - 1) / 2];
        double[] rho = new double[x.rows()];
        for (int i = 0; i < rho.length; i++) {
            rho[i] = scales[i] < median ? 0 : errors[i] / (scales[i] + 1e-12);
        }
        return rho;
    }

    private static void distances(BatchPart part, double[] to, int first) {
        int width = part.target.columns();
        for (int i = 0; i < part.count; i++) {
            double sum = 0;
            for (int o = i * width; o < (i + 1) * width; o++) {
                double off = (double) part.pass.output.data()[o] - part.target.data()[o];
                sum += off * off;
            }
            to[first + i] = sum;
        }
    }

    /** Returns what the last restart of this process did; empty if there was none. */
    Optional<Restart> restarted() {
        return Optional.ofNullable(restarted);
    }

    /** Returns whether a component is alive. */
    boolean[] alive() {
        boolean[] all = new boolean[config.components()];
        for (int c = 0; c < all.length; c++) {
            all[c] = isAlive(c);
        }
        return all;
    }

    SharedGateConfig config() {
        return config;
    }

    Draws draws() {
        return draws;
    }

    Network network() {
        return span.network();
    }

    /** Returns the part of the network that is decomposed. */
    public Span span() {
        return span;
    }

    /** Returns E0, the error of the output without any component, if the settings use natural units; otherwise 1. */
    public double errorOfNothing() {
        return units.get(0, 0);
    }

    @Override
    public Components components() {
        List<Factors> all = new ArrayList<>();
        for (Pieces own : pieces) {
            all.add(span.factors(own));
        }
        return new Components(span.whole(), all);
    }

    @Override
    public Importance importance() {
        List<String> inputs = layout.gates().stream().map(l -> layout.graph().layers().get(l).node()).toList();
        return new SharedGateImportance(config.gate(), inputs, s.copy(), b.copy(), mlps.all().stream().map(Gates::copy).toList(), alive.copy(), config.batch());
    }
}
