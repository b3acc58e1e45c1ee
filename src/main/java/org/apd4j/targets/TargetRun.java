package org.apd4j.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Dataset;
import org.apd4j.data.Sampler;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Softmax;
import org.apd4j.targets.internal.TargetDifference;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Provenance;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.internal.Optimizer;
import org.apd4j.training.internal.Outcome;
import org.apd4j.training.internal.ParameterArrays;
import org.jspecify.annotations.Nullable;

/**
 * The training of a target with AdamW (paper section 3 and appendix D).
 *
 * <pre>{@code
 * TargetRun target = Tms.of(TmsConfig.paper5to2(), 0);
 * target.train();
 * System.out.println(target.loss(TargetRun.MSE));
 * }</pre>
 */
public final class TargetRun extends Run<TargetRun> implements Saveable<TargetRun>, Summarized {

    /** The name of the loss where labels are numbers: the mean over batch and outputs of {@code (y − label)²}. */
    public static final String MSE = "mse";
    /** The name of the loss where labels are classes: the mean over the batch of {@code −log softmax(y)[class]}. */
    public static final String CROSS_ENTROPY = "cross-entropy";

    private static final long BATCHES = 0x7461726765740001L;
    private static final int INITIAL_DIGITS = 32;
    /** The largest number of values of which several states are recorded. */
    private static final int SMALL = 1 << 14;

    /** Holds the values that this run began with: the initial ones, or those of the file that it was loaded from. */
    private final Target untrained;
    private final TrainingConfig config;
    private final long seed;
    private final NetworkGraph graph;
    private final DensePass pass;
    private final Optimizer optimizer;
    private final Matrix[] weightGradients;
    /** By layer: the block of the optimizer that its gradient belongs to; the parameter's name but for further uses of a shared one. */
    private final String[] blockOfLayer;
    private final SparseRows batch;
    private final Workers workers;
    private volatile @Nullable String initialValues;

    /**
     * Creates a training that has not begun yet.
     *
     * @param target the target at its initial values
     * @param config the settings of the training
     * @param seed   the seed of the batches
     */
    public TargetRun(Target target, TrainingConfig config, long seed) {
        this(target, config, seed, Workers.all());
    }

    /** Creates a training on the given threads; their number does not change the results. */
    public TargetRun(Target target, TrainingConfig config, long seed, Workers workers) {
        super(target.name() + ", target, seed " + seed, config.steps(), List.of(lossName(target)));
        this.config = config;
        this.seed = seed;
        this.workers = workers;
        this.optimizer = new Optimizer(config.weightDecay(), workers);
        for (Parameter parameter : target.network().parameters()) {
            if (parameter.role() != Parameter.Role.FIXED) {
                optimizer.add(parameter.name(), parameter.values().copy());
            }
        }
        this.untrained = target;
        this.graph = NetworkGraph.forTraining(target.network());
        this.blockOfLayer = new String[graph.layers().size()];
        Set<String> used = new HashSet<>();
        for (int l = 0; l < blockOfLayer.length; l++) {
            NetworkGraph.Layer layer = graph.layers().get(l);
            boolean another = !used.add(layer.parameter()) && config.sharing() == TrainingConfig.Sharing.ONE_BY_ONE;
            blockOfLayer[l] = another ? anotherUse(layer.parameter(), layer.node()) : layer.parameter();
            if (another) {
                optimizer.add(blockOfLayer[l], optimizer.parameter(layer.parameter()));
            }
        }
        this.pass = new DensePass(graph, workers);
        this.weightGradients = new Matrix[graph.layers().size()];
        for (int l = 0; l < weightGradients.length; l++) {
            NetworkGraph.Layer layer = graph.layers().get(l);
            weightGradients[l] = Matrix.zeros(layer.in(), layer.out());
        }
        this.batch = new SparseRows(target.network().inputs());
    }

    @Override
    protected double[] trainStep(int step) {
        Sampler data = untrained.data();
        callUserCode(Sampler.label(data), () -> Sampler.draw(data, seed, BATCHES, step, config.batch(), batch));
        return new double[] {trainOn(batch, step)};
    }

    /** Returns the name of the optimiser's block for a further use of a parameter, which has moments of its own. */
    static String anotherUse(String parameter, String node) {
        return parameter + " in " + node;
    }

    private static String lossName(Target target) {
        return target.labels() == Labels.CLASS ? CROSS_ENTROPY : MSE;
    }

    /**
     * Does one step on the given batch.
     *
     * @param x    the batch, {@code [batch, inputs]}
     * @param step number of the step, from 0
     * @return the loss before the update
     * @throws NotFiniteException if the loss is NaN or infinite; parameters are unchanged then
     */
    double trainOn(SparseRows x, int step) {
        pass.forward(x, new LinearParts(graph, layerWeights()));
        Matrix gradient = pass.output();
        double loss;
        if (untrained.labels() == Labels.CLASS) {
            Dataset data = (Dataset) untrained.data();
            loss = crossEntropyThenGradient(gradient, data.draw(seed, BATCHES, step, x.rows()), data);
        } else {
            untrained.labels().subtractFrom(x, gradient);
            loss = meanSquareThenGradient(gradient);
        }
        if (!Double.isFinite(loss)) {
            throw new NotFiniteException("the loss '" + lossName(untrained) + "' of " + name(), loss, step);
        }
        for (Matrix weightGradient : weightGradients) {
            weightGradient.fill(0);
        }
        pass.backward(gradient, weightGradients);
        optimizer.clearGradients();
        for (int l = 0; l < weightGradients.length; l++) {
            addToBlock(blockOfLayer[l], graph.layers().get(l), weightGradients[l]);
        }
        optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, config.steps()));
        return loss;
    }

    private List<Matrix> layerWeights() {
        List<Matrix> weights = new ArrayList<>();
        for (NetworkGraph.Layer layer : graph.layers()) {
            weights.add(layer.weights(optimizer.parameter(layer.parameter())));
        }
        return weights;
    }

    private void addToBlock(String block, NetworkGraph.Layer layer, Matrix layerGradient) {
        Matrix gradient = optimizer.gradient(block);
        Matrix oriented = layer.transposed() ? layerGradient.transposed() : layerGradient;
        for (int i = 0; i < oriented.size(); i++) {
            gradient.data()[i] += oriented.data()[i];
        }
    }

    /** Returns the mean square of the differences and replaces them by its gradient. */
    private static double meanSquareThenGradient(Matrix difference) {
        double sum = 0;
        float scale = 2f / difference.size();
        for (int row = 0; row < difference.rows(); row++) {
            float rowSum = 0;
            int at = difference.rowStart(row);
            for (int i = at; i < at + difference.columns(); i++) {
                float value = difference.data()[i];
                rowSum += value * value;
                difference.data()[i] = value * scale;
            }
            sum += rowSum;
        }
        return sum / difference.size();
    }

    /**
     * Returns the mean of {@code −log softmax(y)[class]} and replaces the logits by its gradient,
     * {@code (softmax(y) − one-hot class) / batch}.
     */
    private static double crossEntropyThenGradient(Matrix logits, int[] drawn, Dataset data) {
        double sum = 0;
        for (int row = 0; row < logits.rows(); row++) {
            int label = data.label(drawn[row]);
            double normal = Softmax.logSumExp(logits, row);
            sum += normal - logits.get(row, label);
            for (int o = 0; o < logits.columns(); o++) {
                double probability = Math.exp(logits.get(row, o) - normal);
                logits.set(row, o, (float) ((probability - (o == label ? 1 : 0)) / logits.rows()));
            }
        }
        return sum / logits.rows();
    }

    @Override
    protected TargetRun self() {
        return this;
    }

    /** Returns the names of the trained parameters. */
    private List<String> parameters() {
        return optimizer.names().stream().filter(name -> untrained.network().parameters().stream().anyMatch(own -> own.name().equals(name))).toList();
    }

    /** Returns a copy of the target as it is now; it does not change when training goes on. */
    public Target trained() {
        Map<String, Matrix> values = new LinkedHashMap<>();
        betweenSteps(() -> {
            for (String name : parameters()) {
                values.put(name, optimizer.parameter(name).copy());
            }
            return values;
        });
        Network trained = untrained.network().with(values);
        return untrained.with(trained);
    }

    /** Returns the settings of the training. */
    public TrainingConfig config() {
        return config;
    }

    /** Returns the seed of the batches. */
    public long seed() {
        return seed;
    }

    /**
     * Writes the whole state of the training to a file. A run that {@link #load} reads from it continues to the same result, bit for bit. May
     * be called by any thread, also while the run trains: the state that is saved is that between two steps. If writing fails, the previous
     * file remains. Settings and provenance are also written to a {@code .json} file beside it, which is for people and is never read.
     *
     * @param file a path that ends with {@code .npz}; NumPy reads the file with {@code np.load(file)}
     * @throws IllegalArgumentException if the path does not end with {@code .npz}, or the target's data is of a kind that cannot be saved
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        requireTrained("saved");
        TargetRunFile.write(betweenSteps(() -> TargetRunFile.snapshot(this)), file);
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist or is damaged; the message names the file, the array and the fault
     */
    public static TargetRun load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** Loads a run that was saved, to train on the given threads; their number does not change the results. */
    public static TargetRun load(Path file, Workers workers) throws IOException {
        return TargetRunFile.load(file, workers);
    }

    @Override
    public TargetRun saved(Path file) throws IOException {
        return load(file, workers);
    }

    @Override
    protected Optional<Outcome> outcome() {
        return betweenSteps(() -> Optional.of(new Outcome(provenance(), config.toString(), "", ParameterArrays.of(optimizer))));
    }

    @Override
    protected boolean recordsUnfinished() {
        return optimizer.names().stream().mapToInt(name -> optimizer.parameter(name).size()).sum() <= SMALL;
    }

    @Override
    protected void show(ArrayFile state, Provenance provenance) throws IOException {
        String values = initialValues(); // what the training began with is a part of the fingerprint
        ParameterArrays.restore(ParameterArrays.take(state, ParameterArrays.shapes(optimizer)), optimizer);
        state.checkNothingLeft();
        comesFrom(provenance, values);
    }

    @Override
    public Optional<String> difference(TargetRun other) {
        return Saveable.difference(config, seed, other.config, other.seed)
                .or(() -> TargetDifference.of(untrained, other.untrained, Parameter.Role.FIXED))
                .or(() -> haveSameInitialValues(initialValues(), other.initialValues())
                        ? Optional.empty() : Optional.of("the values with which the training began"));
    }

    private static boolean haveSameInitialValues(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other); // older files have no digest
    }

    @Override
    public String fingerprint() {
        return TargetDifference.add(untrained, Fingerprint.of("target run").add("config", config).add("seed", seed), Parameter.Role.FIXED)
                .add("initial values", initialValues()).digits(Saveable.DIGITS);
    }

    @Override
    public String formerFingerprint() {
        return Saveable.fingerprintOf(config.formerText(), seed, TargetDifference.digest(untrained, Parameter.Role.FIXED));
    }

    /** Returns a digest of the values that the training began with; null if the run was loaded from an older file, which has none. */
    @Nullable String initialValues() {
        if (initialValues == null && !isLoaded()) {
            Fingerprint values = Fingerprint.of("initial values");
            for (String name : parameters()) {
                values.add(name, untrained.network().parameter(name).values().toArray());
            }
            initialValues = values.digits(INITIAL_DIGITS);
        }
        return initialValues;
    }

    /**
     * Records the provenance of the state that was loaded; it holds until the next step.
     *
     * @param initialValues the digest of {@link #initialValues()}
     */
    void comesFrom(Provenance provenance, @Nullable String initialValues) {
        loadedFrom(provenance);
        this.initialValues = initialValues;
    }

    /**
     * Returns the provenance of the current state: the one in the file if the run was loaded and has not been trained since, otherwise that of
     * this process.
     */
    public Provenance provenance() {
        return provenance(seed, workers);
    }

    Optimizer optimizer() {
        return optimizer;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>(trained().summary().entries());
        entries.put("trained", step() + " of " + steps() + " steps, " + String.format(java.util.Locale.ROOT, "%.1f s", seconds()));
        entries.put("loss (" + lossName(untrained) + ")", String.format(java.util.Locale.ROOT, "%.3e", loss(lossName(untrained))));
        shownFrom().ifPresent(origin -> entries.put("result shown", origin.toString()));
        return new Summary("Target " + untrained.name(), entries);
    }
}
