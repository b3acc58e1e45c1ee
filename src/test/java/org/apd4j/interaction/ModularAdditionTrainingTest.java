package org.apd4j.interaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apd4j.interaction.internal.AdditionPairs;
import org.apd4j.interaction.internal.AdditionPass;
import org.apd4j.interaction.internal.AdditionShape;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.Workers;
import org.apd4j.testsupport.LibGolden;
import org.apd4j.testsupport.TestWorkers;
import org.apd4j.training.Phase;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModularAdditionTrainingTest {

    /** More pairs than fit into one part. */
    private static final AdditionShape SHAPE = new AdditionShape(23, 6, 2, 3, 7);
    /** The reference's names; those of the blocks begin with {@code blocks.0.attn.} or {@code blocks.0.mlp.}. */
    private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("W_E", "embed.W_E"), Map.entry("W_pos", "pos_embed.W_pos"),
            Map.entry("W_in", "blocks.0.mlp.W_in"), Map.entry("b_in", "blocks.0.mlp.b_in"), Map.entry("W_out", "blocks.0.mlp.W_out"),
            Map.entry("b_out", "blocks.0.mlp.b_out"), Map.entry("W_U", "unembed.W_U"), Map.entry("b_U", "unembed.b_U"));

    @TempDir
    Path folder;

    @AfterEach
    void trainAgain() {
        Results.train();
        Results.stopRecording();
    }

    private static Map<String, Matrix> random(AdditionShape shape) {
        RandomStream stream = RandomStream.of(7);
        Map<String, Matrix> parameters = shape.initial(0.5, stream);
        parameters.values().stream().filter(Matrix::isZero).forEach(bias -> {
            for (int i = 0; i < bias.size(); i++) {
                bias.data()[i] = (float) (0.3 * stream.nextNormal());
            }
        });
        return parameters;
    }

    private static Map<String, Grid> inDouble(Map<String, Matrix> parameters) {
        Map<String, Grid> grids = new LinkedHashMap<>();
        parameters.forEach((name, matrix) -> grids.put(name, Grid.of(matrix.rows(), matrix.columns(), matrix::get)));
        return grids;
    }

    private static AdditionPairs pairs(Samples samples) {
        return AdditionPairs.of(samples.inputs(), samples.labels());
    }

    /** The mean cross-entropy of the network in double precision, which shares no code with the training. */
    private static double loss(Map<String, Grid> parameters, Samples samples) {
        Grid logits = SectionedNetwork.transformer(ModularAdditionRun.transformer(SHAPE.heads(), parameters)).values("output", samples);
        double sum = 0;
        for (int x = 0; x < samples.size(); x++) {
            double normal = 0;
            for (int i = 0; i < logits.columns(); i++) {
                normal += Math.exp(logits.get(x, i));
            }
            sum += Math.log(normal) - logits.get(x, samples.labels()[x]);
        }
        return sum / samples.size();
    }

    @Test
    void gradientsAreTheCentralDifferencesOfTheLossInDoublePrecision() {
        Samples all = new ModularAddition(SHAPE.p(), 0.5, 0).all();
        Map<String, Matrix> parameters = random(SHAPE);
        Map<String, Matrix> gradients = new HashMap<>();
        SHAPE.parameters().forEach((name, shape) -> gradients.put(name, Matrix.zeros(shape[0], shape[1]).fill(Float.NaN)));
        AdditionPass pass = new AdditionPass(SHAPE, parameters, Workers.one());
        AdditionPass.Outcome outcome = pass.backward(pairs(all), name -> Objects.requireNonNull(gradients.get(name)));
        Map<String, Grid> values = inDouble(parameters);
        assertEquals(loss(values, all), outcome.loss(), 1e-6);
        assertEquals(outcome, pass.evaluate(pairs(all)));

        RandomStream stream = RandomStream.of(3);
        double step = 1e-5;
        gradients.forEach((name, gradient) -> {
            double largest = 0;
            for (float value : gradient.data()) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int n = 0; n < 8; n++) {
                int row = stream.nextInt(gradient.rows());
                int column = stream.nextInt(gradient.columns());
                Map<String, Grid> changed = new HashMap<>(values);
                Grid own = Objects.requireNonNull(values.get(name));
                changed.put(name, Grid.of(own.rows(), own.columns(), (i, j) -> own.get(i, j) + (i == row && j == column ? step : 0)));
                double above = loss(changed, all);
                changed.put(name, Grid.of(own.rows(), own.columns(), (i, j) -> own.get(i, j) - (i == row && j == column ? step : 0)));
                double difference = (above - loss(changed, all)) / (2 * step);
                assertEquals(difference, gradient.get(row, column), 2e-5 * largest + 1e-7, name + "[" + row + ", " + column + "]");
            }
        });
    }

    private static Map<String, Matrix> parameters(LibGolden run, String prefix, AdditionShape shape) {
        Map<String, Matrix> parameters = new HashMap<>();
        shape.parameters().forEach((name, size) -> parameters.put(name, Matrix.over(NpyArray.of(run.values(prefix
                + NAMES.getOrDefault(name, "blocks.0.attn." + name)), size).toFloats(), size[0], size[1])));
        return parameters;
    }

    @Test
    void logitsAreThoseOfTheReference() {
        for (String name : List.of("lib_modadd_random", "lib_modadd_tiny", "lib_modadd_grad_variants")) {
            LibGolden run = LibGolden.load(name);
            int[] heads = run.shape("weights.blocks.0.attn.W_Q");
            AdditionShape shape = new AdditionShape(run.shape("weights.embed.W_E")[0] - 1, heads[1], heads[0], heads[2],
                    run.shape("weights.blocks.0.mlp.b_in")[0]);
            Matrix logits = new AdditionPass(shape, parameters(run, "weights.", shape), Workers.one()).logits(AdditionPairs.of(run.matrix("tokens"),
                    new int[run.shape("tokens")[0]]));
            double[] expected = run.values("logits");
            assertEquals(expected.length, logits.size());
            double largest = 0;
            for (double value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], logits.data()[i], 1e-5 * largest, name);
            }
        }
    }

    @Test
    void publishedNetworksAnswerAsManyTestPairsAsPublished() {
        ModularAdditionConfig config = ModularAdditionConfig.paper();
        AdditionShape shape = ModularAdditionRun.shapeOf(config);
        Map<String, Integer> published = Map.of("lib_modadd_seed0", 8935, "lib_modadd_seed3", 8937);
        assumeTrue(LibGolden.runs().containsAll(published.keySet()), "the published weights are not in " + LibGolden.folder());
        published.forEach((name, correct) -> {
            AdditionPass pass = new AdditionPass(shape, parameters(LibGolden.load(name), "", shape), Workers.all());
            assertEquals(correct, pass.evaluate(pairs(config.task().test())).correct(), name);
            assertEquals(3830, pass.evaluate(pairs(config.task().train())).correct(), name);
        });
    }

    private static ModularAdditionConfig small() {
        return ModularAdditionConfig.paper().with(c -> {
            c.task = new ModularAddition(23, 0.95, 0);
            c.width = 12;
            c.headWidth = 4;
            c.heads = 2;
            c.neurons = 20;
            c.steps = 40;
            c.learningRate = 1e-2;
            c.testEvery = 7;
        });
    }

    @Test
    void presetsAreThePublishedNetworkAndData() {
        ModularAdditionConfig paper = ModularAdditionConfig.paper();
        assertEquals(List.of(128, 4, 32, 512, 60_000, 10, 1_000), List.of(paper.width(), paper.heads(), paper.headWidth(), paper.neurons(), paper.steps(),
                paper.warmup(), paper.testEvery()));
        assertEquals(List.of(1e-3, 1.0, 0.98, 0.8), List.of(paper.learningRate(), paper.weightDecay(), paper.beta2(), paper.initialScale()));
        assertEquals(List.of(0.0, 5e-4, 1e-3, 1e-3), List.of(paper.learningRate(0), paper.learningRate(5), paper.learningRate(10), paper.learningRate(59_999)));
        ModularAdditionConfig learned = ModularAdditionConfig.untilLearned();
        assertEquals(List.of(30_000, 500), List.of(learned.steps(), learned.stepsAfter()));
        assertEquals(0.999, learned.goal());
        assertEquals(1e-2, ModularAdditionConfig.fast().learningRate());
        // apart from how long and how fast they train, all are the published network
        assertEquals(paper, learned.with(c -> {
            c.steps = 60_000;
            c.stepsAfter = -1;
            c.testEvery = 1_000;
        }));
    }

    @Test
    void weightsBeginNormalAndBiasesAtZero() {
        Transformer untrained = ModularAdditionRun.of(ModularAdditionConfig.paper(), 5).trained();
        double sum = 0;
        double squares = 0;
        Grid in = untrained.blocks().get(0).in().weights();
        for (double[] row : in.toArray()) {
            for (double value : row) {
                sum += value;
                squares += value * value;
            }
        }
        int count = in.rows() * in.columns();
        assertEquals(0, sum / count, 1e-3);
        assertEquals(0.8 / Math.sqrt(128), Math.sqrt(squares / count), 1e-3);
        assertTrue(untrained.blocks().get(0).in().bias().stream().allMatch(bias -> bias == 0));
        assertEquals(4, untrained.blocks().get(0).attention().heads().size());
    }

    /**
     * AdamW by its definition, from the gradients of the first three steps. The first has the learning rate 0, so the first two gradients are equal and
     * only the third step tells one β₂ from another.
     */
    @Test
    void thirdStepIsThatOfAdamWWithBetasOf09And098() {
        ModularAdditionConfig config = ModularAdditionConfig.paper().with(c -> {
            c.task = new ModularAddition(23, 0.95, 0);
            c.width = 12;
            c.headWidth = 4;
            c.heads = 2;
            c.neurons = 20;
            c.learningRate = 0.5;
        });
        ModularAdditionRun run = ModularAdditionRun.of(config, 1);
        double[][] g = new double[3][];
        double[] before = new double[0];
        for (int step = 0; step < 3; step++) {
            before = doubles(run.optimizer().parameter("W_U").data());
            run.train(1);
            g[step] = doubles(run.optimizer().gradient("W_U").data());
        }
        float[] after = run.optimizer().parameter("W_U").data();
        double otherBeta = 0;
        for (int i = 0; i < after.length; i++) {
            assertEquals(third(before[i], g[0][i], g[1][i], g[2][i], 0.98), after[i], 2e-6, "value " + i);
            otherBeta = Math.max(otherBeta, Math.abs(third(before[i], g[0][i], g[1][i], g[2][i], 0.97) - after[i]));
        }
        assertTrue(otherBeta > 1e-4, "another beta changes values by at most " + otherBeta);
    }

    private static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    /** The third step of AdamW, with the learning rate 0.5 · 2/10 of the warm-up and the weight decay 1. */
    private static double third(double p, double g1, double g2, double g3, double beta2) {
        double m = 0.1 * (0.81 * g1 + 0.9 * g2 + g3) / (1 - 0.9 * 0.9 * 0.9);
        double v = (1 - beta2) * (beta2 * beta2 * g1 * g1 + beta2 * g2 * g2 + g3 * g3) / (1 - beta2 * beta2 * beta2);
        return p - 0.1 * p - 0.1 * m / (Math.sqrt(v) + 1e-8);
    }

    @Test
    void numberOfThreadsDoesNotChangeTheResult() {
        Map<String, Grid> one = values(ModularAdditionRun.of(small(), 1, Workers.one()).train());
        assertEquals(one, values(ModularAdditionRun.of(small(), 1, TestWorkers.of(2)).train()));
        assertEquals(one, values(ModularAdditionRun.of(small(), 1, TestWorkers.of(5)).train()));
    }

    private static Map<String, Grid> values(ModularAdditionRun run) {
        Map<String, Grid> values = new HashMap<>();
        run.optimizer().names().forEach(name -> values.put(name, inDouble(Map.of(name, run.optimizer().parameter(name))).get(name)));
        return values;
    }

    @Test
    void trainedNetworkAnswersAsTheRunSays() {
        ModularAdditionRun run = ModularAdditionRun.of(small(), 2).train();
        Samples test = run.config().task().test();
        Grid logits = SectionedNetwork.transformer(run.trained()).values("output", test);
        int correct = 0;
        for (int x = 0; x < test.size(); x++) {
            int answer = 0;
            for (int i = 1; i < logits.columns(); i++) {
                answer = logits.get(x, i) > logits.get(x, answer) ? i : answer;
            }
            correct += answer == test.labels()[x] ? 1 : 0;
        }
        assertEquals(correct / (double) test.size(), run.testAccuracy());
    }

    /** 23 numbers, 423 of 529 pairs trained on: this network adds most others after a few hundred steps. */
    private static ModularAdditionConfig learner() {
        return small().with(c -> {
            c.task = new ModularAddition(23, 0.8, 0);
            c.width = 48;
            c.headWidth = 24;
            c.neurons = 128;
            c.steps = 4_000;
            c.testEvery = 20;
            c.goal = 0.9;
            c.stepsAfter = 37;
        });
    }

    @Test
    void runLearnsToAddAndEndsTheGivenNumberOfStepsAfterwards() throws IOException {
        List<Phase> phases = new ArrayList<>();
        List<Integer> calls = new ArrayList<>();
        Results.recordTo(folder.resolve("results"), new Results.Origin("abc1234", "2026-11-27", "QUICK", "a machine"));
        ModularAdditionRun run = ModularAdditionRun.of(learner(), 0).listen(progress -> phases.add(progress.phase()));
        run.every(4_000, now -> calls.add(now.step()));
        run.train();
        Results.stopRecording();
        int learned = run.learned().orElseThrow();
        assertTrue(run.isFinished());
        assertEquals(learned + 37, run.step());
        assertEquals(run.step(), run.steps());
        assertEquals(Phase.FINISHED, phases.get(phases.size() - 1));
        assertEquals(List.of(run.step()), calls);
        assertEquals(1, run.trainAccuracy());
        assertTrue(run.testAccuracy() > 0.8, run.testAccuracy() + " of the pairs that it was not trained on");
        assertEquals(run.step(), run.train().step());

        // a saved run knows where it ends
        Path file = folder.resolve("run.npz");
        run.save(file);
        assertTrue(ModularAdditionRun.load(file).isFinished());

        // the same end when its result is shown
        Results.show(folder);
        List<Integer> seen = new ArrayList<>();
        ModularAdditionRun shown = ModularAdditionRun.of(learner(), 0).every(100, now -> seen.add(now.step())).train();
        assertEquals(List.of(run.step()), seen, "states before the end are too large to be kept");
        assertTrue(shown.isFinished());
        assertEquals(run.step(), shown.step());
        assertEquals(values(run), values(shown));
        assertEquals(run.learned(), shown.learned());
        assertThrows(IllegalStateException.class, () -> shown.save(file));
    }

    private Map<String, NpyArray> arrays(ModularAdditionRun run) throws IOException {
        Path file = folder.resolve("arrays.npz");
        run.save(file);
        var arrays = new HashMap<>(Npz.read(file));
        arrays.remove("run_json");
        return arrays;
    }

    @Test
    void savedAndContinuedRunEndsBitForBitAsAnUninterruptedOne() throws IOException {
        ModularAdditionRun whole = ModularAdditionRun.of(small(), 3).train();
        ModularAdditionRun first = ModularAdditionRun.of(small(), 3).train(17);
        Path file = folder.resolve("run.npz");
        first.save(file);
        ModularAdditionRun second = ModularAdditionRun.load(file);
        assertEquals(first.provenance(), second.provenance());
        assertEquals(Optional.empty(), first.difference(second));
        assertEquals(arrays(whole), arrays(second.train()));
        assertEquals(OptionalInt.empty(), second.learned());

        ModularAdditionRun other = ModularAdditionRun.of(small().with(c -> c.weightDecay = 0.5), 3);
        assertEquals("weightDecay (1.0 here, 0.5 there)", whole.difference(other).orElseThrow());
        assertFalse(whole.fingerprint().equals(other.fingerprint()));
        assertEquals("the seed (3 here, 4 there)", whole.difference(ModularAdditionRun.of(small(), 4)).orElseThrow());
    }

    @Test
    void storeOfRunsFindsIt() throws IOException {
        RunFolder store = RunFolder.of(folder);
        ModularAdditionRun run = ModularAdditionRun.of(small(), 3).train(9);
        run.save(store.file(RunFolder.nameOf(run)));
        assertEquals(9, store.find(ModularAdditionRun.of(small(), 3)).orElseThrow().run().orElseThrow().step());
        RunFolder.Entry entry = store.list().get(0);
        assertEquals("target addition modulo 23, seed 3", entry.what());
        assertEquals("9 of 40", entry.progress());
    }

    @Test
    void damagedFileIsRefused() throws IOException {
        Path file = folder.resolve("run.npz");
        ModularAdditionRun.of(small(), 3).train(3).save(file);
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
        arrays.put("learned", NpyArray.of(new int[] {3}));
        Npz.write(file, arrays);
        assertTrue(assertThrows(IOException.class, () -> ModularAdditionRun.load(file)).getMessage().contains("'learned' holds 3"));
        arrays.put("learned", NpyArray.of(new int[] {-1}));
        arrays.remove("parameter.W_U");
        Npz.write(file, arrays);
        assertTrue(assertThrows(IOException.class, () -> ModularAdditionRun.load(file)).getMessage().contains("parameter.W_U"));
    }

    @Test
    void settingsOutOfTheirRangeAreRefused() {
        Map<String, java.util.function.Consumer<ModularAdditionConfig.Fields>> wrong = Map.ofEntries(
                Map.entry("width is 0; it must be at least 1", c -> c.width = 0),
                Map.entry("heads is 0; it must be at least 1", c -> c.heads = 0),
                Map.entry("headWidth is 0; it must be at least 1", c -> c.headWidth = 0),
                Map.entry("neurons is 0; it must be at least 1", c -> c.neurons = 0),
                Map.entry("initialScale is 0.0; it must be a finite number above 0", c -> c.initialScale = 0),
                Map.entry("steps is 0; it must be at least 1", c -> c.steps = 0),
                Map.entry("learningRate is NaN; it must be a finite number above 0", c -> c.learningRate = Double.NaN),
                Map.entry("warmup is -1; it must be at least 0", c -> c.warmup = -1),
                Map.entry("weightDecay is -1.0; it must be a finite number of at least 0", c -> c.weightDecay = -1),
                Map.entry("beta2 is 1.0; it must be at least 0 and below 1", c -> c.beta2 = 1),
                Map.entry("testEvery is 0; it must be at least 1", c -> c.testEvery = 0),
                Map.entry("goal is 1.5; it must be above 0 and at most 1", c -> c.goal = 1.5),
                Map.entry("stepsAfter is -2; it must be at least -1", c -> c.stepsAfter = -2));
        wrong.forEach((sentence, change) -> assertEquals(sentence, assertThrows(IllegalArgumentException.class, () -> ModularAdditionConfig.of(change))
                .getMessage()));
    }

    @Test
    void summarySaysHowFarItIs() {
        ModularAdditionRun run = ModularAdditionRun.of(small(), 0).train(8);
        String text = run.summary().toString();
        assertTrue(text.contains("8 of 40 epochs"), text);
        assertTrue(text.contains("502 trained on, 27 for tests"), text);
        assertArrayEquals(new double[] {run.loss(ModularAdditionRun.TEST_ACCURACY)}, new double[] {run.history().last(ModularAdditionRun.TEST_ACCURACY)});
        assertEquals(0, run.seed());
    }
}
