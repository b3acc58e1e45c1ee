package org.apd4j.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.internal.TransformerParameters;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.testsupport.TestWorkers;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTest {

    /** a b c d a b c d …, with an a that is doubled now and then. */
    private static final Corpus TEXT = text(400, 7);
    private static final Corpus TEST = text(120, 5);

    @TempDir
    Path folder;

    @AfterEach
    void trainAgain() {
        Results.train();
        Results.stopRecording();
    }

    private static Corpus text(int size, int doubled) {
        int[] tokens = new int[size];
        for (int i = 1; i < size; i++) {
            tokens[i] = i % doubled == 0 ? tokens[i - 1] : (tokens[i - 1] + 1) % 4;
        }
        return Corpus.of(4, tokens);
    }

    private static LanguageModelConfig small() {
        return LanguageModelConfig.stories().with(c -> {
            c.positions = 6;
            c.heads = 2;
            c.headWidth = 4;
            c.neurons = 12;
            c.steps = 30;
            c.sequences = 50;
            c.learningRate = 1e-2;
            c.testEvery = 4;
            c.testSequences = 10;
        });
    }

    private static LanguageModelRun run(long seed) {
        return LanguageModelRun.of(small(), TEXT, TEST, seed);
    }

    private static Map<String, Matrix> values(LanguageModelRun run) {
        return TransformerParameters.of(run.trained());
    }

    private static void assertSame(LanguageModelRun one, LanguageModelRun other) {
        assertEquals(one.trained(), other.trained());
        assertEquals(one.step(), other.step());
    }

    @Test
    void modelLearnsWhatTheTextIsMadeOf() {
        LanguageModelRun run = LanguageModelRun.of(small().with(c -> c.steps = 300), TEXT, TEST, 0);
        assertEquals(Math.log(4), run.testLoss(), 0.5, "before training");
        run.train();
        assertTrue(run.testLoss() < 0.6, run.testLoss() + " nats");
        assertTrue(run.testAccuracy() > 0.75, run.testAccuracy() + " of the tokens");
    }

    @Test
    void trainedModelHasTheLossThatTheRunSays() {
        LanguageModelRun run = run(2).train();
        Samples pieces = TEST.chunks(6, 10, 0);
        Grid logits = SectionedNetwork.transformer(run.trained()).values("output", pieces);
        double sum = 0;
        int correct = 0;
        for (int row = 0; row < logits.rows(); row++) {
            double[] own = logits.row(row);
            int label = pieces.labels()[row];
            sum += Math.log(Arrays.stream(own).map(Math::exp).sum()) - own[label];
            correct += Arrays.stream(own).max().orElseThrow() == own[label] ? 1 : 0;
        }
        assertEquals(sum / logits.rows(), run.testLoss(), 1e-12);
        assertEquals(correct / (double) logits.rows(), run.testAccuracy());
    }

    @Test
    void numberOfThreadsDoesNotChangeTheResult() {
        LanguageModelRun one = LanguageModelRun.of(small(), TEXT, TEST, 1, Workers.one()).train();
        assertSame(one, LanguageModelRun.of(small(), TEXT, TEST, 1, TestWorkers.of(2)).train());
        assertSame(one, LanguageModelRun.of(small(), TEXT, TEST, 1, TestWorkers.of(5)).train());
        assertFalse(one.trained().equals(run(2).train().trained()), "another seed");
    }

    @Test
    void weightsBeginNormalAndBiasesAtZero() {
        LanguageModelRun run = LanguageModelRun.of(LanguageModelConfig.stories(), Corpus.of(62, new int[100]), Corpus.of(62, new int[100]), 5);
        values(run).forEach((name, matrix) -> {
            double squares = 0;
            for (float value : matrix.data()) {
                squares += value * value;
            }
            double deviation = Math.sqrt(squares / matrix.size());
            assertEquals(TransformerParameters.isBias(name) ? 0 : 0.8 / Math.sqrt(48), deviation, 0.01, name);
        });
    }

    private Map<String, NpyArray> arrays(LanguageModelRun run) throws IOException {
        Path file = folder.resolve("arrays.npz");
        run.save(file);
        var arrays = new HashMap<>(Npz.read(file));
        arrays.remove("run_json");
        return arrays;
    }

    @Test
    void savedAndContinuedRunEndsBitForBitAsAnUninterruptedOne() throws IOException {
        LanguageModelRun whole = run(3).train();
        LanguageModelRun first = run(3).train(17);
        Path file = folder.resolve("run.npz");
        first.save(file);
        LanguageModelRun second = LanguageModelRun.load(file);
        assertEquals(first.provenance(), second.provenance());
        assertEquals(Optional.empty(), first.difference(second));
        assertEquals(first.fingerprint(), second.fingerprint());
        assertEquals(arrays(whole), arrays(second.train()));
    }

    @Test
    void runsOfOtherSettingsSeedsAndTextsDiffer() {
        LanguageModelRun run = run(3);
        LanguageModelRun other = LanguageModelRun.of(small().with(c -> c.weightDecay = 0.5), TEXT, TEST, 3);
        assertEquals("weightDecay (0.1 here, 0.5 there)", run.difference(other).orElseThrow());
        assertEquals("the seed (3 here, 4 there)", run.difference(run(4)).orElseThrow());
        LanguageModelRun text = LanguageModelRun.of(small(), TEST, TEST, 3);
        assertEquals("the text", run.difference(text).orElseThrow());
        assertEquals(4, Stream.of(run, other, run(4), text).map(LanguageModelRun::fingerprint).distinct().count());
    }

    @Test
    void storeOfRunsFindsIt() throws IOException {
        RunFolder store = RunFolder.of(folder);
        LanguageModelRun run = run(3).train(9);
        run.save(store.file(RunFolder.nameOf(run)));
        assertEquals(9, store.find(run(3)).orElseThrow().run().orElseThrow().step());
        assertEquals("9 of 30", store.list().get(0).progress());
        assertEquals("target language model of 4 tokens, seed 3", store.list().get(0).what());
    }

    @Test
    void resultIsShownInPlaceOfTraining() {
        Results.recordTo(folder.resolve("results"), new Results.Origin("abc1234", "2026-11-27", "QUICK", "a machine"));
        LanguageModelRun run = run(6).train();
        Results.stopRecording();
        Results.show(folder);
        LanguageModelRun shown = run(6).train();
        assertSame(run, shown);
        assertTrue(shown.shownFrom().isPresent());
        assertThrows(IllegalStateException.class, () -> shown.save(folder.resolve("run.npz")));
    }

    @Test
    void damagedFileIsRefused() throws IOException {
        Path file = folder.resolve("run.npz");
        run(3).train(3).save(file);
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
        arrays.put("text", NpyArray.of(new int[] {1, 4}, 2));
        Npz.write(file, arrays);
        assertTrue(refusal(file).contains("'text' is no text: there is a token 4; tokens are numbers from 0 to 3"), refusal(file));
        arrays.put("text", NpyArray.of(new int[] {1, 3}, 2));
        Npz.write(file, arrays);
        assertTrue(refusal(file).contains("a text has 2 tokens; a piece of 6 positions and the token behind it need 7"), refusal(file));
        arrays.remove("parameter.1.W_in");
        Npz.write(file, arrays);
        assertTrue(refusal(file).contains("parameter.1.W_in"), refusal(file));
    }

    private static String refusal(Path file) {
        return assertThrows(IOException.class, () -> LanguageModelRun.load(file)).getMessage();
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void settingsOutOfTheirRangeAreRefused() {
        Map<String, Consumer<LanguageModelConfig.Fields>> wrong = Map.ofEntries(
                Map.entry("positions is 0; it must be at least 1", c -> c.positions = 0),
                Map.entry("blocks is 0; it must be at least 1", c -> c.blocks = 0),
                Map.entry("heads is 0; it must be at least 1", c -> c.heads = 0),
                Map.entry("headWidth is 0; it must be at least 1", c -> c.headWidth = 0),
                Map.entry("neurons is 0; it must be at least 1", c -> c.neurons = 0),
                Map.entry("initialScale is 0.0; it must be a finite number above 0", c -> c.initialScale = 0),
                Map.entry("steps is 0; it must be at least 1", c -> c.steps = 0),
                Map.entry("sequences is 0; it must be at least 1", c -> c.sequences = 0),
                Map.entry("learningRate is Infinity; it must be a finite number above 0", c -> c.learningRate = Double.POSITIVE_INFINITY),
                Map.entry("weightDecay is -1.0; it must be a finite number of at least 0", c -> c.weightDecay = -1),
                Map.entry("beta2 is 1.0; it must be at least 0 and below 1", c -> c.beta2 = 1),
                Map.entry("testEvery is 0; it must be at least 1", c -> c.testEvery = 0),
                Map.entry("testSequences is 0; it must be at least 1", c -> c.testSequences = 0));
        wrong.forEach((sentence, change) -> refused(sentence, () -> LanguageModelConfig.of(change)));
        refused("the text to train on has a vocabulary of 4 tokens, the test text one of 5; both need the same tokeniser",
                () -> LanguageModelRun.of(small(), TEXT, Corpus.of(5, new int[20]), 0));
        refused("a text has 6 tokens; a piece of 6 positions and the token behind it need 7",
                () -> LanguageModelRun.of(small(), TEXT, Corpus.of(4, new int[6]), 0));
    }

    @Test
    void summarySaysHowFarItIs() {
        LanguageModelRun run = run(0).train(8);
        String text = run.toString() + run.summary();
        assertTrue(text.contains("8 of 30 steps"), text);
        assertTrue(text.contains("400 tokens of 4 to train on, 120 tokens of 4 to judge by"), text);
        assertEquals(run.loss(LanguageModelRun.TEST_LOSS), run.history().last(LanguageModelRun.TEST_LOSS));
        assertEquals(0, run.seed());
        assertEquals(6, run.config().positions());
    }

    @Test
    void modelGoesOnAsItHasLearned() {
        Transformer model = LanguageModelRun.of(small().with(c -> c.steps = 300), text(400, 1_000), TEST, 0).train().trained();
        Tokenizer letters = Tokenizer.characters(List.of("abc")); // tokens 1, 2, 3; 0 ends a document
        assertEquals("abc", Continuation.of(model, letters, "a", 20, 0), "0 follows 3");
        assertEquals("b", Continuation.of(model, letters, "b", 0, 0));
        assertEquals(Continuation.of(model, letters, "abcab", 20, 3), Continuation.of(model, letters, "abcab", 20, 3));
        refused("the beginning is empty; a model needs at least one token to go on from", () -> Continuation.of(model, letters, "", 5, 0));
        refused("the number of tokens to write is -1; it must be at least 0", () -> Continuation.of(model, letters, "a", -1, 0));
        refused("the tokeniser has 6 tokens, the model reads 4 and writes 4; they must be the same",
                () -> Continuation.of(model, Tokenizer.characters(List.of("abcde")), "a", 5, 0));
    }

    @Test
    void drawsFollowTheProbabilitiesOfTheModel() {
        // logits of an untrained model are those of its bias alone, if everything else is 0
        Transformer zero = TransformerParameters.zeros(3, 2, 1, 1, 2, 2);
        Map<String, Matrix> parameters = TransformerParameters.of(zero);
        parameters.get("b_U").data()[0] = -50;
        parameters.get("b_U").data()[1] = (float) Math.log(3);
        Transformer model = TransformerParameters.replaced(zero, parameters);
        String text = Continuation.of(model, Tokenizer.characters(List.of("xy")), "x", 2_000, 1);
        double share = text.chars().filter(character -> character == 'x').count() / (double) text.length();
        assertEquals(0.75, share, 0.03, "three times as likely");
    }

    @Test
    void bestNodeOfAFeatureIsTheOneThatShowsIt() {
        Transformer model = run(0).train().trained();
        SectionedNetwork network = SectionedNetwork.transformer(model);
        Samples samples = TEST.chunks(6);
        InteractionBasis basis = InteractionBasis.of(network, List.of("ln2.0", "unembed", "output"), samples,
                InteractionConfig.paper().with(c -> c.threshold = 1e-9));
        Grid stream = network.values("ln2.0", samples);
        boolean[] high = new boolean[stream.rows()];
        boolean[] always = new boolean[stream.rows()];
        Arrays.fill(always, true);
        // the sign of a node's value
        Grid directions = basis.layer("ln2.0").basis();
        double[] third = new double[stream.rows()];
        for (int row = 0; row < stream.rows(); row++) {
            for (int i = 0; i < stream.columns(); i++) {
                third[row] += stream.get(row, i) * directions.get(i, 3);
            }
            high[row] = third[row] > 0;
        }
        Map<String, boolean[]> features = new LinkedHashMap<>();
        features.put("high", high);
        features.put("always", always);
        List<FeatureMatch> matches = FeatureMatch.best(basis, "ln2.0", samples, features);
        FeatureMatch match = matches.get(0);
        assertEquals(3, match.node());
        assertEquals(correlation(third, high), match.correlation(), 1e-9);
        assertTrue(match.best() >= match.correlation() && match.best() <= 1, match.toString());
        assertTrue(Double.isNaN(matches.get(1).correlation()) && matches.get(1).share() == 1);
        refused("the feature 'short' has 2 values; 'ln2.0' has " + stream.rows() + " positions of these samples",
                () -> FeatureMatch.best(basis, "ln2.0", samples, Map.of("short", new boolean[2])));
        double[][] inputs = stream.toArray();
        double[] indicator = new double[high.length];
        Arrays.setAll(indicator, i -> high[i] ? 1 : 0);
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        // without the constant, which the regression adds itself
        regression.newSampleData(indicator, Arrays.stream(inputs).map(row -> Arrays.copyOf(row, row.length - 1)).toArray(double[][]::new));
        assertEquals(Math.sqrt(regression.calculateRSquared()), match.best(), 1e-6);
    }

    private static double correlation(double[] values, boolean[] isTrue) {
        double[] indicator = new double[isTrue.length];
        Arrays.setAll(indicator, i -> isTrue[i] ? 1 : 0);
        return Math.abs(new PearsonsCorrelation().correlation(values, indicator));
    }
}
