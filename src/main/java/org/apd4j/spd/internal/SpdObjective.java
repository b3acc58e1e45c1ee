package org.apd4j.spd.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Objective;
import org.apd4j.decomposition.internal.BatchPart;
import org.apd4j.decomposition.internal.FoldedMap;
import org.apd4j.decomposition.internal.Folds;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.MaskedNetwork;
import org.apd4j.decomposition.internal.MaskedNetwork.Masks;
import org.apd4j.decomposition.internal.OutputLoss;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.decomposition.internal.TargetPass;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.GeluMlpTable;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.math.internal.Pool;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.GateImportance;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdLoss;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.internal.Optimizer;

/**
 * The objective of SPD: losses and gradients on a batch.
 *
 * <p>A batch is worked through in parts of a fixed size, and gates component by component, so that results do not depend on the number of threads.
 * Where zeros stay zeros up to the last decomposed layer ({@link TargetPass#keepsZero}), samples of zeros cost nothing: no mask changes their output,
 * and their gates are all the same.
 */
public final class SpdObjective implements Objective {

    /** The number of samples of a part: few enough for its values to stay in the cache, many enough for matrix products. */
    static final int PART = 256;
    /** The importance above which a component counts as important on an input. */
    private static final float IMPORTANT = 0.1f;
    /** The number of batches in a row without an important component after which there is something wrong. */
    private static final int SILENT_BATCHES = 100;
    private static final String A = ".A";
    private static final String B = ".B";
    /** Multiplications that an evaluation of a hidden neuron of a gate costs, forward and backward. */
    private static final int GATE_FORWARD = 16;
    private static final int GATE_BACKWARD = 28;

    /** A pass with masks whose output a loss compares. */
    private record Compared(SpdLoss loss, MaskedNetwork network, Masks masks, int noise, double weight) {
    }

    private final SpdConfig config;
    private final Components components;
    private final Workers workers;
    private final MaskNumbers numbers;
    private final List<RankOneLayer> layers = new ArrayList<>();
    /** The layers of masked passes: with a delta component, those with the target's weights as further components; otherwise the same. */
    private final List<RankOneLayer> passLayers;
    /** With a delta component, by layer: the gradients of the factors of {@link #passLayers}, A and then B. */
    private final List<List<Matrix>> passGradients;
    private final List<Gates> gates;
    private final Folds folds;
    private final TargetPass target;
    private final List<Compared> passes = new ArrayList<>();
    private final BatchPart[] parts;
    private final boolean skipsZeros;
    private final Faithfulness faithfulness;
    /** By layer and component: Σ u^p over the batch, and the same for one sample of zeros. */
    private final double[][] importanceSums;
    private final float[][] gammaOfZero;
    /** By layer and component: the table of its gate in this step. */
    private final GeluMlpTable[][] tables;
    private final Pool<Gates.Memory> memories = new Pool<>(() -> new Gates.Memory(PART));
    private final Pool<Squashing> squashings = new Pool<>(this::squashing);
    /** Whether some component is important on some input of the batch. */
    private volatile boolean someAreImportant;
    /** The number of batches in a row on none of whose inputs a component was important. */
    private int silentBatches;
    /** By part and loss. */
    private final double[][] partLosses;

    /**
     * @param components with factors of rank one
     * @param gates      of every use of a decomposed parameter, in the network's order
     */
    public SpdObjective(Network network, Components components, List<Gates> gates, SpdConfig config, MaskNumbers numbers, Workers workers) {
        this.config = config;
        this.components = components;
        this.gates = gates;
        this.numbers = numbers;
        this.workers = workers;
        NetworkGraph graph = components.graph();
        for (NetworkGraph.Layer layer : graph.layers()) {
            layers.add(RankOneLayer.of(network, layer, components.factors(layer.parameter())));
        }
        this.passLayers = config.deltaComponent() ? layers.stream().map(RankOneLayer::withWeights).toList() : layers;
        this.passGradients = !config.deltaComponent() ? List.of()
                : passLayers.stream().map(layer -> List.of(like(layer.a()), like(layer.b()))).toList();
        int size = Math.min(PART, config.batch());
        this.parts = new BatchPart[(config.batch() + size - 1) / size];
        this.folds = new Folds(passLayers, parts.length, config.batch());
        List<NetworkGraph> alone = layers.stream().map(layer -> NetworkGraph.ofNodes(network, List.of(layer.node()))).toList();
        this.target = new TargetPass(network, alone, folds);
        int noises = makePasses(graph, alone);
        for (int p = 0; p < parts.length; p++) {
            parts[p] = new BatchPart(p, size, graph, passLayers, noises);
        }
        this.skipsZeros = TargetPass.keepsZero(graph);
        this.faithfulness = new Faithfulness(layers, components.entries());
        this.importanceSums = new double[layers.size()][config.components()];
        this.tables = new GeluMlpTable[layers.size()][config.components()];
        for (GeluMlpTable[] ofLayer : tables) {
            Arrays.setAll(ofLayer, c -> new GeluMlpTable());
        }
        this.gammaOfZero = new float[layers.size()][config.components()];
        this.partLosses = new double[parts.length][SpdLoss.values().length];
    }

    private Squashing squashing() {
        return new Squashing(config.squashing(), config.power(), PART);
    }

    private static Matrix like(Matrix matrix) {
        return Matrix.zeros(matrix.rows(), matrix.columns());
    }

    /** Makes the passes that the settings ask for, and returns how many sets of random numbers they need. */
    private int makePasses(NetworkGraph graph, List<NetworkGraph> alone) {
        int[] every = IntStream.range(0, layers.size()).toArray();
        var all = new MaskedNetwork(graph, every, folds);
        List<MaskedNetwork> single = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            single.add(new MaskedNetwork(alone.get(l), new int[] {l}, folds));
        }
        for (int draw = 0; draw < config.draws(); draw++) {
            add(SpdLoss.STOCHASTIC, List.of(all), Masks.STOCHASTIC, draw, config.draws());
            add(SpdLoss.STOCHASTIC_LAYERWISE, single, Masks.STOCHASTIC, config.draws() + draw, config.draws() * layers.size());
        }
        add(SpdLoss.RECONSTRUCTION, List.of(all), Masks.IMPORTANCES, 0, 1);
        add(SpdLoss.RECONSTRUCTION_LAYERWISE, single, Masks.IMPORTANCES, 0, layers.size());
        add(SpdLoss.OUTPUT_RECONSTRUCTION, List.of(all), Masks.ONES, 0, 1);
        return 2 * config.draws();
    }

    private void add(SpdLoss loss, List<MaskedNetwork> networks, Masks masks, int noise, int share) {
        if (config.coefficient(loss) > 0) {
            networks.forEach(network -> passes.add(new Compared(loss, network, masks, noise, 1.0 / share)));
        }
    }

    /** Returns the name of a layer's A among the trained arrays. */
    public static String aName(RankOneLayer layer) {
        return layer.node() + A;
    }

    /** Returns the name of a layer's B among the trained arrays. */
    public static String bName(RankOneLayer layer) {
        return layer.node() + B;
    }

    @Override
    public List<String> losses() {
        return config.losses().stream().map(SpdLoss::label).toList();
    }

    @Override
    public void register(Optimizer optimizer) {
        for (int l = 0; l < layers.size(); l++) {
            optimizer.add(aName(layers.get(l)), layers.get(l).a());
            optimizer.add(bName(layers.get(l)), layers.get(l).b());
            gates.get(l).parameters(layers.get(l).node()).forEach(optimizer::add);
        }
    }

    @Override
    public double[] compute(SparseRows x, int step, Optimizer into) {
        double[] all = computeAll(x, step, into);
        double[] wanted = config.losses().stream().mapToDouble(loss -> all[loss.ordinal()]).toArray();
        for (int i = 0; i < wanted.length; i++) {
            if (!Double.isFinite(wanted[i])) {
                throw new NotFiniteException("the loss '" + losses().get(i) + "'", wanted[i], step);
            }
        }
        return wanted;
    }

    /** Returns each loss without its coefficient, in the order of {@link SpdLoss}, and sets the gradients. */
    private double[] computeAll(SparseRows x, int step, Optimizer into) {
        someAreImportant = false;
        int used = divide(x);
        int zeros = x.rows() - Arrays.stream(parts, 0, used).mapToInt(part -> part.count).sum();
        prepare();
        workers.forEach(used, p -> {
            parts[p].gather(x);
            target.forward(parts[p]);                                              // 1. target pass
        });
        int count = config.components();
        long work = (long) Math.max(1, config.gateWidth()) * (x.rows() - zeros);
        workers.forEach(layers.size() * count, GATE_FORWARD * work,
                item -> importances(item / count, item % count, used, zeros, step)); // 2. importances and 3. masks
        silentBatches = someAreImportant ? 0 : silentBatches + 1;
        workers.forEach(used, p -> passes(parts[p], x.rows()));                    // 4. and 5. masked passes and their losses
        List<Gates.Gradients> gateGradients = IntStream.range(0, layers.size())
                .mapToObj(l -> gates.get(l).gradients(layers.get(l).node(), into)).toList();
        workers.forEach(layers.size() * count, GATE_BACKWARD * work,
                item -> gateGradients(item / count, item % count, used, zeros, x.rows(), gateGradients.get(item / count)));
        workers.forEach(used, p -> target.backward(parts[p]));
        workers.forEach(folds.all().size(), m -> folds.all().get(m).sumParts(used));
        workers.forEach(2 * layers.size(), side -> factorGradients(side / 2, side % 2 == 0, x.rows(), into));
        return losses(used, x.rows());
    }

    /** Divides a batch into parts and returns their number; samples of zeros are left out where that is exact. */
    private int divide(SparseRows x) {
        for (BatchPart part : parts) {
            part.count = 0;
        }
        int used = 0;
        for (int row = 0; row < x.rows(); row++) {
            if (skipsZeros && x.isEmpty(row)) {
                continue;
            }
            if (used == 0 || parts[used - 1].count == parts[used - 1].capacity) {
                used++;
            }
            BatchPart part = parts[used - 1];
            part.samples[part.count++] = row;
        }
        return Math.max(used, 1);
    }

    /** Folds the current factors, and computes what faithfulness compares. */
    private void prepare() {
        List<FoldedMap> maps = folds.all();
        if (config.deltaComponent()) {
            workers.forEach(layers.size(), l -> passLayers.get(l).take(layers.get(l)));
        }
        workers.forEach(maps.size() + layers.size(), item -> {
            if (item < layers.size()) {
                faithfulness.compute(item);
            } else {
                maps.get(item - layers.size()).refresh();
            }
        });
    }

    private void importances(int l, int c, int used, int zeros, int step) {
        Gates.Memory memory = memories.take();
        Squashing squashing = squashings.take();
        double sum = 0;
        float[][] a = new float[used][];
        float[][] gammas = new float[used][];
        int[] counts = new int[used];
        for (int p = 0; p < used; p++) {
            a[p] = parts[p].a[l].data();
            gammas[p] = parts[p].gamma[l].data();
            counts[p] = parts[p].capacity;
        }
        gates.get(l).forward(c, a, parts[0].gamma[l].rowStart(c), counts, gammas, tables[l][c], memory);
        for (int p = 0; p < used; p++) {
            BatchPart part = parts[p];
            float[] gamma = part.gamma[l].data();
            float[] g = part.g[l].data();
            int at = part.gamma[l].rowStart(c);
            sum += squashing.importances(gamma, at, part.count, part.capacity, g);
            lookForImportant(gamma, at, part.count);
            for (int draw = 0; draw < config.draws(); draw++) {
                numbers.fill(step, false, draw, l, c, part.samples, part.count, part.noise[draw][l].data(), at);
                numbers.fill(step, true, draw, l, c, part.samples, part.count, part.noise[config.draws() + draw][l].data(), at);
            }
        }
        if (c == 0 && config.deltaComponent()) {
            IntStream.range(0, used).forEach(p -> deltaMasks(parts[p], l, step));
        }
        if (zeros > 0) {
            float[] gamma = new float[1];
            gates.get(l).forward(c, new float[1], 0, 1, gamma, 0, memory);
            gammaOfZero[l][c] = gamma[0];
            lookForImportant(gamma, 0, 1);
            sum += zeros * squashing.power(Squashing.upper(gamma[0]));
        }
        importanceSums[l][c] = sum;
        squashings.give(squashing);
        memories.give(memory);
    }

    private void lookForImportant(float[] gamma, int from, int count) {
        for (int n = from; n < from + count && !someAreImportant; n++) {
            if (gamma[n] > IMPORTANT) {
                someAreImportant = true;
            }
        }
    }

    /** Draws the masks δ of a layer's delta component, which all fixed components of the layer have. */
    private void deltaMasks(BatchPart part, int l, int step) {
        int first = part.trained[l];
        for (int set = 0; set < part.noise.length; set++) {
            float[] to = part.noise[set][l].data();
            boolean layerwise = set >= config.draws();
            numbers.fill(step, layerwise, set % config.draws(), l, config.components(), part.samples, part.count, to, first);
            for (int at = first + part.capacity; at < to.length; at += part.capacity) {
                System.arraycopy(to, first, to, at, part.count);
            }
        }
    }

    private void passes(BatchPart part, int batch) {
        for (int l = 0; l < layers.size(); l++) {
            part.gGradient[l].fill(0);
            part.aGradient[l].fill(0);
        }
        folds.all().forEach(map -> map.clear(part.index));
        double[] losses = partLosses[part.index];
        Arrays.fill(losses, 0);
        for (Compared compared : passes) {
            Matrix[] noise = part.noise[compared.noise()];
            compared.network().forward(part, compared.masks(), noise);
            losses[compared.loss().ordinal()] += compared.weight() * OutputLoss.compute(config.divergence(), part.pass.output, part.target, part.count,
                    batch, config.coefficient(compared.loss()) * compared.weight(), part.pass.outputGradient);
            compared.network().backward(part, compared.masks(), noise);
        }
    }

    private void gateGradients(int l, int c, int used, int zeros, int batch, Gates.Gradients gradients) {
        float penalty = (float) ((config.importanceMinimality() + config.schatten() * squaredNorms(layers.get(l), c)) / batch);
        int pieces = used + (zeros > 0 ? 1 : 0);
        float[][] a = new float[pieces][];
        float[][] gammaGradient = new float[pieces][];
        float[][] aGradient = new float[pieces][];
        int[] from = new int[pieces];
        int[] counts = new int[pieces];
        Squashing squashing = squashings.take();
        for (int p = 0; p < used; p++) {
            BatchPart part = parts[p];
            int at = part.gamma[l].rowStart(c);
            float[] gamma = part.gamma[l].data();
            float[] gradient = part.gGradient[l].data();
            squashing.toGammaGradient(gamma, at, part.count, penalty, gradient);
            a[p] = part.a[l].data();
            gammaGradient[p] = gradient;
            aGradient[p] = part.aGradient[l].data();
            from[p] = at;
            counts[p] = part.count;
        }
        if (zeros > 0) {
            a[used] = new float[1];
            gammaGradient[used] = new float[] {zeros * penalty * squashing.powerSlope(gammaOfZero[l][c])};
            aGradient[used] = new float[1]; // through a = 0 A no gradient reaches A
            counts[used] = 1;
        }
        squashings.give(squashing);
        Gates.Memory memory = memories.take();
        gradients.compute(c, a, gammaGradient, from, counts, aGradient, tables[l][c], memory);
        memories.give(memory);
    }

    private static double squaredNorms(RankOneLayer layer, int c) {
        double sum = 0;
        for (Matrix factor : List.of(layer.a(), layer.b())) {
            for (int i = factor.rowStart(c); i < factor.rowStart(c) + factor.columns(); i++) {
                sum += (double) factor.data()[i] * factor.data()[i];
            }
        }
        return sum;
    }

    /** Computes the gradient of a layer's A or B: those of folded maps, of faithfulness, and of the Schatten loss. */
    private void factorGradients(int l, boolean ofA, int batch, Optimizer into) {
        RankOneLayer layer = layers.get(l);
        Matrix factor = ofA ? layer.a() : layer.b();
        Matrix gradient = into.gradient(ofA ? aName(layer) : bName(layer)).fill(0);
        addOfPasses(l, ofA, gradient);
        faithfulness.addGradient(l, ofA, config.faithfulness(), gradient);
        if (config.schatten() > 0) {
            for (int c = 0; c < factor.rows(); c++) {
                float weight = (float) (2 * config.schatten() * importanceSums[l][c] / batch);
                for (int i = factor.rowStart(c); i < factor.rowStart(c) + factor.columns(); i++) {
                    gradient.data()[i] = Math.fma(weight, factor.data()[i], gradient.data()[i]);
                }
            }
        }
    }

    /** Adds the gradient of the masked passes with respect to a layer's A or B; that of fixed components is dropped. */
    private void addOfPasses(int l, boolean ofA, Matrix gradient) {
        Matrix factor = ofA ? passLayers.get(l).a() : passLayers.get(l).b();
        Matrix to = config.deltaComponent() ? passGradients.get(l).get(ofA ? 0 : 1).fill(0) : gradient;
        for (FoldedMap map : folds.all()) {
            if (map instanceof FoldedMap.OfFactor own) {
                own.addTo(factor, to);
            } else if (map instanceof FoldedMap.OfPair pair && ofA) {
                pair.addToA(factor, to);
            } else if (map instanceof FoldedMap.OfPair pair) {
                pair.addToB(factor, to);
            }
        }
        if (config.deltaComponent()) {
            System.arraycopy(to.data(), 0, gradient.data(), 0, gradient.size());
        }
    }

    private double[] losses(int used, int batch) {
        double[] losses = new double[SpdLoss.values().length];
        for (int p = 0; p < used; p++) {
            for (int loss = 0; loss < losses.length; loss++) {
                losses[loss] += partLosses[p][loss];
            }
        }
        losses[SpdLoss.FAITHFULNESS.ordinal()] = faithfulness.loss();
        for (int l = 0; l < layers.size(); l++) {
            for (int c = 0; c < importanceSums[l].length; c++) {
                losses[SpdLoss.IMPORTANCE_MINIMALITY.ordinal()] += importanceSums[l][c] / batch;
                losses[SpdLoss.SCHATTEN.ordinal()] += importanceSums[l][c] / batch * squaredNorms(layers.get(l), c);
            }
        }
        return losses;
    }

    @Override
    public String notice() {
        boolean minimised = config.importanceMinimality() > 0;
        if (silentBatches < SILENT_BATCHES || !minimised && config.schatten() == 0) {
            return "";
        }
        return "no component is important on any input of the last " + SILENT_BATCHES + " batches; lower SpdConfig."
                + (minimised ? "importanceMinimality, which is " + PlainNumber.of(config.importanceMinimality())
                : "schatten, which is " + PlainNumber.of(config.schatten()));
    }

    @Override
    public Components components() {
        return components;
    }

    /** Returns the decomposed layers, the uses of parameters in the network's order. */
    public List<RankOneLayer> layers() {
        return layers;
    }

    /** Returns the gates of each layer; training changes them in place. */
    public List<Gates> gates() {
        return gates;
    }

    @Override
    public Importance importance() {
        return new GateImportance(gates.stream().map(Gates::copy).toList(), config.batch(), config.squashing());
    }
}
