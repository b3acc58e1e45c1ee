package org.apd4j.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.internal.TransformerParameters;
import org.apd4j.interaction.internal.TransformerPass;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.PyTorchRandom;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Provenance;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.internal.Optimizer;
import org.apd4j.training.internal.Outcome;
import org.apd4j.training.internal.ParameterArrays;

/**
 * The training of a small transformer on a text: at each of its positions it is to name the next token.
 *
 * <pre>{@code
 * List<String> stories = StoryGrammar.of(0).stories(1_100);
 * Tokenizer words = Tokenizer.words(stories);
 * Corpus train = Corpus.of(words, stories.subList(0, 1_000));
 * Corpus test = Corpus.of(words, stories.subList(1_000, 1_100));
 * LanguageModelRun run = LanguageModelRun.of(LanguageModelConfig.stories().with(c -> c.steps = 3), train, test, 0);
 * run.train();
 * SectionedNetwork network = SectionedNetwork.transformer(run.trained().withCentredWeights());
 * }</pre>
 *
 * <p>Parameters are in single precision; activations and gradients are computed in double precision.
 */
public final class LanguageModelRun extends Run<LanguageModelRun> implements Saveable<LanguageModelRun>, Summarized {

    /** The name of the loss: the mean cross-entropy of the step's pieces, in nats for each token. */
    public static final String TRAIN_LOSS = "train loss";
    /** The name of the mean cross-entropy of the test text, in nats for each token, as of the last look at it. */
    public static final String TEST_LOSS = "test loss";

    private static final long INITIAL_VALUES = 0x6c616e67L;
    private static final long PIECES = 0x7069656365L;

    private final LanguageModelConfig config;
    private final Corpus text;
    private final Corpus test;
    private final long seed;
    private final Workers workers;
    private final Transformer model;
    private final Optimizer optimizer;
    private final TransformerPass pass;
    private final Batch judged;
    private double testLoss = Double.NaN;

    private LanguageModelRun(LanguageModelConfig config, Corpus text, Corpus test, long seed, Workers workers) {
        super("language model of " + config.blocks() + (config.blocks() == 1 ? " block" : " blocks") + ", seed " + seed, config.steps(),
                List.of(TRAIN_LOSS, TEST_LOSS));
        if (text.vocabulary() != test.vocabulary()) {
            throw new IllegalArgumentException("the text to train on has a vocabulary of " + text.vocabulary() + " tokens, the test text one of "
                    + test.vocabulary() + "; both need the same tokeniser");
        }
        for (Corpus corpus : List.of(text, test)) {
            if (corpus.pieces(config.positions()) < 1) {
                throw new IllegalArgumentException("a text has " + corpus.size() + " tokens; a piece of " + config.positions()
                        + " positions and the token behind it need " + (config.positions() + 1));
            }
        }
        this.config = config;
        this.text = text;
        this.test = test;
        this.seed = seed;
        this.workers = workers;
        int[] pieces = new PyTorchRandom(0).nextPermutation(test.pieces(config.positions()));
        this.judged = Batch.of(test, config.positions(), Arrays.stream(pieces).limit(config.testSequences())
                .map(piece -> piece * config.positions()).toArray());
        this.model = modelOf(config, text.vocabulary());
        this.optimizer = new Optimizer(config.weightDecay(), config.beta2(), workers);
        Map<String, Matrix> parameters = TransformerParameters.of(model);
        RandomStream random = RandomStream.of(seed, INITIAL_VALUES);
        double deviation = config.initialScale() / Math.sqrt(model.tokens().columns());
        parameters.forEach((name, matrix) -> {
            for (int i = 0; i < matrix.size() && !TransformerParameters.isBias(name); i++) {
                matrix.data()[i] = (float) (deviation * random.nextNormal());
            }
            optimizer.add(name, matrix);
        });
        this.pass = new TransformerPass(model, parameters, workers);
    }

    /**
     * Creates a training that has not begun yet. Models of different seeds have different initial values and see other pieces of the text.
     *
     * @param text to train on
     * @param test to judge by, of the same vocabulary
     * @throws IllegalArgumentException if a text is too short for one piece, or the vocabularies differ
     */
    public static LanguageModelRun of(LanguageModelConfig config, Corpus text, Corpus test, long seed) {
        return of(config, text, test, seed, Workers.all());
    }

    /** Creates a training on the given threads; their number does not change the results. */
    public static LanguageModelRun of(LanguageModelConfig config, Corpus text, Corpus test, long seed, Workers workers) {
        return new LanguageModelRun(config, text, test, seed, workers);
    }

    static Transformer modelOf(LanguageModelConfig config, int vocabulary) {
        return TransformerParameters.zeros(vocabulary, config.positions(), config.blocks(), config.heads(), config.headWidth(), config.neurons());
    }

    @Override
    protected double[] trainStep(int step) {
        if (step % config.testEvery() == 0) {
            testLoss = pass.evaluate(judged.tokens(), judged.labels()).loss();
        }
        Batch pieces = pieces(step);
        TransformerPass.Outcome outcome = pass.backward(pieces.tokens(), pieces.labels(), optimizer::gradient);
        if (!Double.isFinite(outcome.loss())) {
            throw new NotFiniteException("the loss '" + TRAIN_LOSS + "' of " + name(), outcome.loss(), step);
        }
        optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, config.steps()));
        return new double[] {outcome.loss(), testLoss};
    }

    /** Returns the pieces of a step, which depend on its number and the seed alone. */
    private Batch pieces(int step) {
        RandomStream random = RandomStream.of(seed, PIECES, step);
        return Batch.of(text, config.positions(), IntStream.range(0, config.sequences())
                .map(i -> random.nextInt(text.size() - config.positions())).toArray());
    }

    /**
     * Pieces of a text.
     *
     * @param tokens {@code [pieces, S]}
     * @param labels the next tokens, piece by piece
     */
    private record Batch(DoubleMatrix tokens, int[] labels) {

        static Batch of(Corpus text, int length, int... firsts) {
            int[] all = text.shared();
            int[] labels = Arrays.stream(firsts).flatMap(first -> Arrays.stream(all, first + 1, first + 1 + length)).toArray();
            return new Batch(DoubleMatrix.of(firsts.length, length, (i, t) -> all[firsts[i] + t]), labels);
        }
    }

    /** Returns the mean cross-entropy of the test text now, in nats for each token. */
    public double testLoss() {
        return betweenSteps(() -> pass.evaluate(judged.tokens(), judged.labels()).loss());
    }

    /** Returns the part of the test text's tokens that are now the most likely ones. */
    public double testAccuracy() {
        return betweenSteps(() -> pass.evaluate(judged.tokens(), judged.labels()).correct() / (double) judged.labels().length);
    }

    /** Returns the model as it is now; it does not change when training goes on. */
    public Transformer trained() {
        return betweenSteps(() -> {
            Map<String, Matrix> values = new LinkedHashMap<>();
            optimizer.names().forEach(name -> values.put(name, optimizer.parameter(name)));
            return TransformerParameters.replaced(model, values);
        });
    }

    /** Returns the settings. */
    public LanguageModelConfig config() {
        return config;
    }

    /** Returns the text that the model is trained on. */
    public Corpus text() {
        return text;
    }

    /** Returns the text that the model is judged by. */
    public Corpus test() {
        return test;
    }

    /** Returns the seed of the initial values and of the pieces. */
    public long seed() {
        return seed;
    }

    @Override
    protected LanguageModelRun self() {
        return this;
    }

    /**
     * Writes the whole state of the training to a file, with both texts. A run that {@link #load} reads from it continues to the same result, bit for
     * bit.
     *
     * @param file a path that ends with {@code .npz}; NumPy reads the file with {@code np.load(file)}
     * @throws IllegalArgumentException if the path does not end with {@code .npz}
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        requireTrained("saved");
        LanguageModelFile.write(betweenSteps(() -> LanguageModelFile.snapshot(this)), file);
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist or is damaged; the message names the file, the array and the fault
     */
    public static LanguageModelRun load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** Loads a run that was saved, to train on the given threads; their number does not change the results. */
    public static LanguageModelRun load(Path file, Workers workers) throws IOException {
        return LanguageModelFile.load(file, workers);
    }

    @Override
    public LanguageModelRun saved(Path file) throws IOException {
        return load(file, workers);
    }

    @Override
    protected Optional<Outcome> outcome() {
        return betweenSteps(() -> Optional.of(new Outcome(provenance(), config.toString(), "", ParameterArrays.of(optimizer))));
    }

    @Override
    protected void show(ArrayFile state, Provenance provenance) throws IOException {
        ParameterArrays.restore(ParameterArrays.take(state, ParameterArrays.shapes(optimizer)), optimizer);
        state.checkNothingLeft();
        loadedFrom(provenance);
    }

    @Override
    public Optional<String> difference(LanguageModelRun other) {
        return Saveable.difference(config, seed, other.config, other.seed)
                .or(() -> Arrays.equals(text.shared(), other.text.shared()) && Arrays.equals(test.shared(), other.test.shared())
                        && text.vocabulary() == other.text.vocabulary() ? Optional.empty() : Optional.of("the text"));
    }

    @Override
    public String fingerprint() {
        return Fingerprint.of("language model run").add("config", config).add("seed", seed).add("vocabulary", text.vocabulary())
                .add("text", text.shared()).add("test", test.shared()).digits(Saveable.DIGITS);
    }

    /** Takes over what a file holds besides the parameters and the optimiser's state. */
    void resume(Provenance provenance) {
        loadedFrom(provenance);
        testLoss = loss(TEST_LOSS); // as of the last look at the test text
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

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("network", model.toString());
        entries.put("text", text + " to train on, " + test + " to judge by");
        entries.put("trained", String.format(Locale.ROOT, "%,d of %,d steps, %.1f s", step(), steps(), seconds()));
        entries.put("test loss", String.format(Locale.ROOT, "%.4f nats a token", testLoss()));
        shownFrom().ifPresent(origin -> entries.put("result shown", origin.toString()));
        return new Summary("Language model", entries);
    }
}
