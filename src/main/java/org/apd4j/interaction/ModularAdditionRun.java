package org.apd4j.interaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.interaction.internal.AdditionPairs;
import org.apd4j.interaction.internal.AdditionPass;
import org.apd4j.interaction.internal.AdditionShape;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Provenance;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.internal.Optimizer;
import org.apd4j.training.internal.Outcome;
import org.apd4j.training.internal.ParameterArrays;

/**
 * The training of a transformer that learns to add modulo p (arXiv 2405.10928; Nanda and others 2023): one block of attention and an MLP, no
 * layer norm, trained by AdamW on the cross-entropy at the equals sign. First it learns the training pairs by heart; much later, and suddenly, it adds.
 *
 * <pre>{@code
 * ModularAdditionConfig config = ModularAdditionConfig.fast();
 * ModularAdditionRun run = ModularAdditionRun.of(config.with(c -> c.task = new ModularAddition(7, 0.5, 0)).with(c -> c.steps = 3), 0);
 * run.train();
 * SectionedNetwork network = SectionedNetwork.transformer(run.trained());
 * }</pre>
 *
 * <p>Training computes in single precision; {@link #trained} hands the network over in double precision.
 */
public final class ModularAdditionRun extends Run<ModularAdditionRun> implements Saveable<ModularAdditionRun>, Summarized {

    /** The name of the loss: the mean cross-entropy of the training pairs in nats. */
    public static final String TRAIN_LOSS = "train loss";
    /** The name of the mean cross-entropy of the test pairs in nats, as of the last look at them. */
    public static final String TEST_LOSS = "test loss";
    /** The name of the part of the training pairs that are answered correctly. */
    public static final String TRAIN_ACCURACY = "train accuracy";
    /** The name of the part of the test pairs that are answered correctly, as of the last look at them. */
    public static final String TEST_ACCURACY = "test accuracy";

    private static final long INITIAL_VALUES = 0x6d6f64616464L;

    private final ModularAdditionConfig config;
    private final long seed;
    private final Workers workers;
    private final AdditionShape shape;
    private final Optimizer optimizer;
    private final AdditionPass pass;
    private final AdditionPairs train;
    private final AdditionPairs test;
    private double testLoss = Double.NaN;
    private double testAccuracy = Double.NaN;
    /** The step before which a look first found the goal reached; −1 if none did. */
    private int learned = -1;

    private ModularAdditionRun(ModularAdditionConfig config, long seed, Workers workers) {
        super("addition modulo " + config.task().p() + ", seed " + seed, config.steps(), List.of(TRAIN_LOSS, TEST_LOSS, TRAIN_ACCURACY, TEST_ACCURACY));
        this.config = config;
        this.seed = seed;
        this.workers = workers;
        this.shape = shapeOf(config);
        this.optimizer = new Optimizer(config.weightDecay(), config.beta2(), workers);
        Map<String, Matrix> parameters = shape.initial(config.initialScale() / Math.sqrt(config.width()), RandomStream.of(seed, INITIAL_VALUES));
        parameters.forEach(optimizer::add);
        this.pass = new AdditionPass(shape, parameters, workers);
        this.train = pairs(config.task().train());
        this.test = pairs(config.task().test());
    }

    /** Creates a training that has not begun yet. Models of different seeds have different initial values and the same data. */
    public static ModularAdditionRun of(ModularAdditionConfig config, long seed) {
        return of(config, seed, Workers.all());
    }

    /** Creates a training on the given threads; their number does not change the results. */
    public static ModularAdditionRun of(ModularAdditionConfig config, long seed, Workers workers) {
        return new ModularAdditionRun(config, seed, workers);
    }

    static AdditionShape shapeOf(ModularAdditionConfig config) {
        return new AdditionShape(config.task().p(), config.width(), config.heads(), config.headWidth(), config.neurons());
    }

    private static AdditionPairs pairs(Samples samples) {
        return AdditionPairs.of(samples.inputs(), samples.labels());
    }

    @Override
    protected double[] trainStep(int step) {
        if (step % config.testEvery() == 0) {
            AdditionPass.Outcome outcome = pass.evaluate(test);
            testLoss = outcome.loss();
            testAccuracy = outcome.correct() / (double) test.sums().length;
            if (learned < 0 && testAccuracy >= config.goal()) {
                learned = step;
            }
        }
        AdditionPass.Outcome outcome = pass.backward(train, optimizer::gradient);
        if (!Double.isFinite(outcome.loss())) {
            throw new NotFiniteException("the loss '" + TRAIN_LOSS + "' of " + name(), outcome.loss(), step);
        }
        optimizer.update(step + 1, config.learningRate(step));
        endWhenLearned();
        return new double[] {outcome.loss(), testLoss, outcome.correct() / (double) train.sums().length, testAccuracy};
    }

    private void endWhenLearned() {
        if (learned >= 0 && config.stepsAfter() >= 0) {
            endAfter(Math.max(1, (int) Math.min(config.steps(), (long) learned + config.stepsAfter())));
        }
    }

    /** Returns the step before which a look at the test pairs first found the accuracy that counts as learned; empty if none did. */
    public OptionalInt learned() {
        return learned < 0 ? OptionalInt.empty() : OptionalInt.of(learned);
    }

    /** Returns the part of the training pairs that the network now answers correctly, over all logits. */
    public double trainAccuracy() {
        return betweenSteps(() -> pass.evaluate(train).correct() / (double) train.sums().length);
    }

    /** Returns the part of the test pairs that the network now answers correctly, over all logits. */
    public double testAccuracy() {
        return betweenSteps(() -> pass.evaluate(test).correct() / (double) test.sums().length);
    }

    /** Returns the network as it is now; it does not change when training goes on. It is read at the last position alone. */
    public Transformer trained() {
        Map<String, Grid> values = new LinkedHashMap<>();
        betweenSteps(() -> {
            for (String name : optimizer.names()) {
                values.put(name, grid(optimizer.parameter(name)));
            }
            return values;
        });
        return transformer(config.heads(), values);
    }

    /** Returns a network of parameters by name, in the shapes of {@link AdditionShape#parameters}. */
    static Transformer transformer(int heads, Map<String, Grid> values) {
        List<AttentionLayer.Head> all = new ArrayList<>();
        for (int h = 0; h < heads; h++) {
            all.add(new AttentionLayer.Head(ofHead(values, AdditionShape.W_Q, AdditionShape.B_Q, heads, h), ofHead(values, AdditionShape.W_K,
                    AdditionShape.B_K, heads, h), ofHead(values, AdditionShape.W_V, AdditionShape.B_V, heads, h),
                    block(value(values, AdditionShape.W_O), heads, h)));
        }
        AttentionLayer attention = AttentionLayer.of(all, value(values, AdditionShape.B_O).row(0));
        TransformerBlock block = new TransformerBlock(attention, dense(values, AdditionShape.W_IN, AdditionShape.B_IN),
                dense(values, AdditionShape.W_OUT, AdditionShape.B_OUT));
        return Transformer.of(value(values, AdditionShape.W_E), PositionEncoding.learned(value(values, AdditionShape.W_POS)), List.of(block),
                dense(values, AdditionShape.W_U, AdditionShape.B_U)).read(Transformer.ReadOut.LAST_AFTER_ATTENTION);
    }

    private static Grid value(Map<String, Grid> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static Grid grid(Matrix matrix) {
        return Grid.of(matrix.rows(), matrix.columns(), matrix::get);
    }

    private static Grid block(Grid stacked, int heads, int head) {
        int rows = stacked.rows() / heads;
        return Grid.of(rows, stacked.columns(), (i, j) -> stacked.get(head * rows + i, j));
    }

    private static DenseLayer ofHead(Map<String, Grid> values, String weights, String bias, int heads, int head) {
        return new DenseLayer(block(value(values, weights), heads, head), Statistics.list(value(values, bias).row(head)));
    }

    private static DenseLayer dense(Map<String, Grid> values, String weights, String bias) {
        return new DenseLayer(value(values, weights), Statistics.list(value(values, bias).row(0)));
    }

    /** Returns the settings. */
    public ModularAdditionConfig config() {
        return config;
    }

    /** Returns the seed of the initial values. */
    public long seed() {
        return seed;
    }

    @Override
    protected ModularAdditionRun self() {
        return this;
    }

    /**
     * Writes the whole state of the training to a file. A run that {@link #load} reads from it continues to the same result, bit for bit.
     *
     * @param file a path that ends with {@code .npz}; NumPy reads the file with {@code np.load(file)}
     * @throws IllegalArgumentException if the path does not end with {@code .npz}
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        requireTrained("saved");
        ModularAdditionFile.write(betweenSteps(() -> ModularAdditionFile.snapshot(this)), file);
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist or is damaged; the message names the file, the array and the fault
     */
    public static ModularAdditionRun load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** Loads a run that was saved, to train on the given threads; their number does not change the results. */
    public static ModularAdditionRun load(Path file, Workers workers) throws IOException {
        return ModularAdditionFile.load(file, workers);
    }

    @Override
    public ModularAdditionRun saved(Path file) throws IOException {
        return load(file, workers);
    }

    @Override
    protected Optional<Outcome> outcome() {
        return betweenSteps(() -> {
            Map<String, NpyArray> arrays = ParameterArrays.of(optimizer);
            arrays.put(ModularAdditionFile.LEARNED, NpyArray.of(new int[] {learned}));
            return Optional.of(new Outcome(provenance(), config.toString(), "", arrays));
        });
    }

    @Override
    protected void show(ArrayFile state, Provenance provenance) throws IOException {
        ParameterArrays.restore(ParameterArrays.take(state, ParameterArrays.shapes(optimizer)), optimizer);
        learned = (int) state.take(ModularAdditionFile.LEARNED, NpyArray.Type.INT32).toLongs()[0];
        state.checkNothingLeft();
        loadedFrom(provenance);
    }

    @Override
    public Optional<String> difference(ModularAdditionRun other) {
        return Saveable.difference(config, seed, other.config, other.seed);
    }

    @Override
    public String fingerprint() {
        return Fingerprint.of("modular addition run").add("config", config).add("seed", seed).digits(Saveable.DIGITS);
    }

    /** Takes over what a file holds besides the parameters and the optimiser's state. */
    void resume(Provenance provenance, int learned) {
        loadedFrom(provenance);
        this.learned = learned;
        testLoss = loss(TEST_LOSS); // as of the last look at the test pairs
        testAccuracy = loss(TEST_ACCURACY);
        endWhenLearned();
    }

    /**
     * Returns the provenance of the current state: the one in the file if the run was loaded and has not been trained since, otherwise that of this
     * process.
     */
    public Provenance provenance() {
        return provenance(seed, workers);
    }

    Optimizer optimizer() {
        return optimizer;
    }

    int learnedStep() {
        return learned;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("network", trained().toString());
        entries.put("pairs", String.format(Locale.ROOT, "%,d trained on, %,d for tests", train.sums().length, test.sums().length));
        entries.put("trained", String.format(Locale.ROOT, "%,d of %,d epochs, %.1f s", step(), steps(), seconds()));
        entries.put("accuracy", String.format(Locale.ROOT, "%.4f on training pairs, %.4f on test pairs", trainAccuracy(), testAccuracy()));
        learned().ifPresent(step -> entries.put(String.format(Locale.ROOT, "test accuracy %s", config.goal()), String.format(Locale.ROOT,
                "reached by epoch %,d", step)));
        shownFrom().ifPresent(origin -> entries.put("result shown", origin.toString()));
        return new Summary("Transformer for addition modulo " + config.task().p(), entries);
    }
}
