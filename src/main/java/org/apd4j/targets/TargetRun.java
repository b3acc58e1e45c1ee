package org.apd4j.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Dataset;
import org.apd4j.data.Sampler;
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

/**
 * The training of a target (paper section 3; method: target networks).
 *
 * <pre>{@code
 * TargetRun target = Tms.of(TmsConfig.paper5to2(), 0);
 * target.train();
 * System.out.println(target.loss(TargetRun.MSE));
 * }</pre>
 */
public final class TargetRun extends Run<TargetRun> implements Saveable<TargetRun>, Summarized {

    /** The loss's name where labels are numbers: mean squared error to them, over batch and outputs. */
    public static final String MSE = "mse";
    /** The loss's name where labels are classes: {@code −log softmax(y)[class]}, mean over the batch. */
    public static final String CROSS_ENTROPY = "cross-entropy";

    private static final long BATCHES = 0x7461726765740001L;
    private static final int INITIAL_DIGITS = 32;

    /** Its network holds the values that the run began with: initial ones, or those of a file. */
    private final Target untrained;
    private final TrainingConfig config;
    private final long seed;
    private final NetworkGraph graph;
    private final DensePass pass;
    private final Optimizer optimizer;
    private final Matrix[] weightGradients;
    private final SparseRows batch;
    private final Workers workers;
    /** Of the file that the run was loaded from, or null. */
    private Provenance saved;
    private volatile String initialValues;

    /**
     * @param target the network at its initial values
     * @param config how to train it
     * @param seed   of its batches
     */
    public TargetRun(Target target, TrainingConfig config, long seed) {
        this(target, config, seed, Workers.all());
    }

    /** The same on other threads. */
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

    private static String lossName(Target target) {
        return target.labels() == Labels.CLASS ? CROSS_ENTROPY : MSE;
    }

    /**
     * One step on a given batch.
     *
     * @param step number of the step, from 0
     * @return the loss before the update
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
            addToParameter(graph.layers().get(l), weightGradients[l]);
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

    private void addToParameter(NetworkGraph.Layer layer, Matrix layerGradient) {
        Matrix gradient = optimizer.gradient(layer.parameter());
        Matrix oriented = layer.transposed() ? layerGradient.transposed() : layerGradient;
        for (int i = 0; i < oriented.size(); i++) {
            gradient.data()[i] += oriented.data()[i];
        }
    }

    /** The mean of the squares; the values become the mean's gradient. */
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

    /** The mean of {@code −log softmax(y)[class]}; the logits become the mean's gradient, {@code (softmax(y) − one-hot class) / batch}. */
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

    /** The target as it is now, with parameters of its own. */
    public Target target() {
        Map<String, Matrix> values = new LinkedHashMap<>();
        betweenSteps(() -> {
            for (String name : optimizer.names()) {
                values.put(name, optimizer.parameter(name).copy());
            }
            return values;
        });
        Network trained = untrained.network().with(values);
        return untrained.with(trained);
    }

    /** How it is trained. */
    public TrainingConfig config() {
        return config;
    }

    /** The seed of its batches. */
    public long seed() {
        return seed;
    }

    /**
     * Writes the whole run to a file, from which {@link #load} makes one that trains on to the same result, bit for bit. Any thread may
     * call it, while the run trains too: the state saved is that between two steps. The file is the previous one or the new one,
     * whatever fails. The settings and the provenance also go to a {@code .json} beside it, for people; nothing reads that.
     *
     * @param file its name ends with {@code .npz}; NumPy reads it with {@code np.load(file)}
     * @throws IllegalArgumentException if it does not, or the target's data is of a kind that files cannot describe
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        TargetRunFile.write(betweenSteps(() -> TargetRunFile.snapshot(this)), file);
    }

    /**
     * A run as it was saved.
     *
     * @throws IOException if there is no such file or anything in it is not as it should be: one sentence naming file, array and fault
     */
    public static TargetRun load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** The same on other threads; they do not change the numbers. */
    public static TargetRun load(Path file, Workers workers) throws IOException {
        return TargetRunFile.load(file, workers);
    }

    @Override
    public TargetRun saved(Path file) throws IOException {
        return load(file, workers);
    }

    @Override
    public Optional<String> difference(TargetRun other) {
        return Saveable.difference(config, seed, other.config, other.seed)
                .or(() -> TargetDifference.of(untrained, other.untrained, Parameter.Role.FIXED))
                .or(() -> initialValues() == null || other.initialValues() == null || initialValues().equals(other.initialValues())
                        ? Optional.empty() : Optional.of("the values with which the training began"));
    }

    @Override
    public String fingerprint() {
        return TargetDifference.add(untrained, Fingerprint.of("target run").add("config", config).add("seed", seed), Parameter.Role.FIXED)
                .add("initial values", initialValues()).digits(Saveable.DIGITS);
    }

    @Override
    public String formerFingerprint() {
        return Saveable.fingerprintOf(config, seed, TargetDifference.digest(untrained, Parameter.Role.FIXED));
    }

    /** A text that tells the values with which the run began from others; null if the run is from a file of earlier days, which does not say it. */
    String initialValues() {
        if (initialValues == null && saved == null) {
            Fingerprint values = Fingerprint.of("initial values");
            for (String name : optimizer.names()) {
                values.add(name, untrained.network().parameter(name).values().toArray());
            }
            initialValues = values.digits(INITIAL_DIGITS);
        }
        return initialValues;
    }

    /**
     * Says where the present state comes from, for as long as it stays.
     *
     * @param initialValues see {@link #initialValues()}
     */
    void comesFrom(Provenance provenance, String initialValues) {
        saved = provenance;
        this.initialValues = initialValues;
    }

    /** Where the present state comes from; of a run that was loaded and not trained since, what the file says. */
    public Provenance provenance() {
        return saved != null && saved.step() == step() ? saved : Provenance.here(seed, step(), seconds(), workers.threads());
    }

    Optimizer optimizer() {
        return optimizer;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>(target().summary().entries());
        entries.put("trained", step() + " of " + steps() + " steps, " + String.format(java.util.Locale.ROOT, "%.1f s", seconds()));
        entries.put("loss (" + lossName(untrained) + ")", String.format(java.util.Locale.ROOT, "%.3e", loss(lossName(untrained))));
        return new Summary("Target " + untrained.name(), entries);
    }
}
