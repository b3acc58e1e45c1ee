package org.apd4j.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apd4j.reference.ReferenceNetwork.Activation;
import org.apd4j.reference.ReferenceNetwork.Block;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.ReferenceOptimizer.Schedule;
import org.apd4j.reference.ReferenceOptimizer.Settings;
import org.apd4j.reference.ReferenceSpd.Configuration;
import org.apd4j.reference.ReferenceSpd.Draw;
import org.apd4j.reference.ReferenceSpd.Noise;
import org.apd4j.reference.ReferenceSpd.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of the reference implementation that no golden run covers. */
class ReferenceSpdTest {

    private static final Settings SETTINGS = new Settings(0.01, Schedule.CONSTANT, 0, 10, Double.NaN, 0);
    private static final Map<String, Double> ALL = Map.of(ReferenceSpd.FAITHFULNESS, 1.1, ReferenceSpd.STOCHASTIC_RECONSTRUCTION, 0.9,
            ReferenceSpd.STOCHASTIC_RECONSTRUCTION_LAYERWISE, 1.3, ReferenceSpd.IMPORTANCE_MINIMALITY, 0.2, ReferenceSpd.RECONSTRUCTION, 0.7,
            ReferenceSpd.RECONSTRUCTION_LAYERWISE, 0.4, ReferenceSpd.OUTPUT_RECONSTRUCTION, 0.3, ReferenceSpd.SCHATTEN, 0.05);

    private final Random random = new Random(5);

    private double[][] matrix(int rows, int cols) {
        var matrix = new double[rows][];
        for (int i = 0; i < rows; i++) {
            matrix[i] = vector(cols);
        }
        return matrix;
    }

    private double[] vector(int size) {
        return random.doubles(size, -1, 1).toArray();
    }

    private static double[][] uniform(Random random, int rows, int cols) {
        return Stream.generate(() -> random.doubles(cols).toArray()).limit(rows).toArray(double[][]::new);
    }

    /** Encoder and decoder tied, with a hidden layer. */
    private Tms tied() {
        return new Tms(matrix(4, 3), List.<double[][]>of(matrix(3, 3)), vector(4));
    }

    private Tms untied() {
        return new Tms(matrix(3, 2), List.of(), matrix(2, 3), vector(3));
    }

    /** Two outputs, biases where they may be: no unembedding that is a transpose. */
    private ResidualMlp residualMlp(Activation activation) {
        return new ResidualMlp(matrix(3, 5), matrix(5, 2), List.of(new Block(matrix(5, 4), vector(4), matrix(4, 5), null),
                new Block(matrix(5, 3), null, matrix(3, 5), vector(5))), activation);
    }

    private static int features(ReferenceNetwork network) {
        return network instanceof Tms tms ? tms.encoder().length : ((ResidualMlp) network).embedding().length;
    }

    /** A, B and gates with biases. */
    private Map<String, double[][]> parameters(ReferenceNetwork network, int components, int width) {
        var parameters = ReferenceSpd.start(network, Version.LATER, components, width, random);
        parameters.replaceAll((name, array) -> name.contains(".gate.b") ? matrix(array.length, array[0].length) : array);
        return parameters;
    }

    /** The same with every importance close to 1/2. */
    private Map<String, double[][]> halfOpen(ReferenceNetwork network, int components, int width) {
        var parameters = parameters(network, components, width);
        for (var array : parameters.entrySet()) {
            boolean last = array.getKey().endsWith(".gate.b_out") || array.getKey().endsWith(".gate.b");
            boolean factor = array.getKey().endsWith(".gate.w_out") || array.getKey().endsWith(".gate.w");
            for (double[] row : array.getValue()) {
                Arrays.setAll(row, j -> last ? 0.5 + 0.1 * row[j] : factor ? 0.02 * row[j] : row[j]);
            }
        }
        return parameters;
    }

    private Noise noise(ReferenceNetwork network, int draws, int batch, int components, boolean delta) {
        var all = new ArrayList<List<Draw>>();
        for (int kind = 0; kind < 2; kind++) {
            var ofKind = new ArrayList<Draw>();
            for (int s = 0; s < draws; s++) {
                var layers = network.layers();
                ofKind.add(new Draw(layers.stream().map(layer -> uniform(random, batch, components)).toList(),
                        delta ? layers.stream().map(layer -> random.doubles(batch).toArray()).toList() : List.of()));
            }
            all.add(ofKind);
        }
        return new Noise(all.get(0), all.get(1));
    }

    /** Whether no γ is so close to 0 or 1 that a small step crosses it; upper-leaky values tell the distance above 0, lower-leaky ones below. */
    private static boolean clear(ReferenceSpd spd, double[][] x) {
        var importances = spd.importances(x);
        return Stream.concat(importances.lower().stream(), importances.upper().stream()).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream)
                .noneMatch(v -> v != 0 && v != 1 && (v > -1e-5 && v < 1e-3 || v > 1 - 1e-3 && v < 1 + 1e-5));
    }

    /** The gradients of the total loss against central differences; of an array that a tied pair shares, the sum of the two. */
    private static void checkGradients(ReferenceNetwork network, Configuration configuration, Map<String, double[][]> parameters, double[][] x,
            Noise noise) {
        var gradients = new LinkedHashMap<>(new ReferenceSpd(network, configuration, parameters).evaluate(x, noise).gradients());
        for (var layer : network.layers()) {
            if (layer.tied()) {
                add(gradients.get(layer.owner() + ".A"), ReferenceNetwork.transposed(gradients.get(layer.name() + ".B")));
                add(gradients.get(layer.owner() + ".B"), ReferenceNetwork.transposed(gradients.get(layer.name() + ".A")));
            }
        }
        double epsilon = 1e-5;
        for (var of : parameters.entrySet()) {
            double[][] parameter = of.getValue();
            for (int i = 0; i < parameter.length; i++) {
                for (int j = 0; j < parameter[i].length; j++) {
                    double value = parameter[i][j];
                    parameter[i][j] = value + epsilon;
                    double above = new ReferenceSpd(network, configuration, parameters).evaluate(x, noise).total();
                    parameter[i][j] = value - epsilon;
                    double below = new ReferenceSpd(network, configuration, parameters).evaluate(x, noise).total();
                    parameter[i][j] = value;
                    assertEquals((above - below) / (2 * epsilon), gradients.get(of.getKey())[i][j], 1e-6, of.getKey() + " at " + i + ", " + j);
                }
            }
        }
    }

    private static void add(double[][] to, double[][] more) {
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to[i].length; j++) {
                to[i][j] += more[i][j];
            }
        }
    }

    private ReferenceNetwork network(int number) {
        return switch (number % 4) {
            case 0 -> tied();
            case 1 -> residualMlp(Activation.GELU);
            case 2 -> untied();
            default -> residualMlp(Activation.RELU);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void gradientsOfTheTotalLossAreThoseOfCentralDifferences(int number) {
        random.setSeed(number);
        var network = network(number);
        int components = 2 + number % 3;
        var configuration = new Configuration(Version.PAPER, ALL, new double[] {1, 2, 0.9}[number / 4], number % 2 == 1, SETTINGS);
        Map<String, double[][]> parameters;
        double[][] x;
        do {
            parameters = parameters(network, components, number % 5);
            x = matrix(4, features(network));
        } while (!clear(new ReferenceSpd(network, configuration, parameters), x));
        checkGradients(network, configuration, parameters, x, noise(network, 1 + number % 2, 4, components, number % 3 == 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void gradientsOfTheLaterVersionAreThoseOfCentralDifferencesWhereAllImportancesAreBetweenZeroAndOne(int number) {
        random.setSeed(number);
        var network = network(number);
        var configuration = new Configuration(Version.LATER, ALL, 2, number % 2 == 0, SETTINGS);
        var parameters = halfOpen(network, 3, 3 * (number % 2));
        double[][] x = matrix(4, features(network));
        new ReferenceSpd(network, configuration, parameters).importances(x).lower()
                .forEach(g -> Arrays.stream(g).flatMapToDouble(Arrays::stream).forEach(v -> assertTrue(v > 0.01 && v < 0.99, "importance " + v)));
        checkGradients(network, configuration, parameters, x, noise(network, 2, 4, 3, true));
    }

    /**
     * The gradient of the first layer's γ in {@code ŷ = ReLU(g(γ) + 1)} for {@code y = w + 1}, x = 1: reconstruction with linear gates that do not
     * look at their input.
     */
    private static double gradientOfGamma(Version version, double gamma, double w) {
        var one = new double[][] {{1}};
        var network = new Tms(new double[][] {{w}}, List.of(), one, new double[] {1});
        var parameters = Map.of("linear1.A", one, "linear1.B", one, "linear1.gate.w", new double[1][1], "linear1.gate.b", new double[][] {{gamma}},
                "linear2.A", one, "linear2.B", one, "linear2.gate.w", new double[1][1], "linear2.gate.b", one);
        var configuration = new Configuration(version, Map.of(ReferenceSpd.RECONSTRUCTION, 1.0), 1, false, SETTINGS);
        var step = new ReferenceSpd(network, configuration, parameters).evaluate(one, new Noise(List.of(), List.of()));
        return step.gradients().get("linear1.gate.b")[0][0];
    }

    @Test
    void thePapersLowerLeakySquashingLeaksInBothDirectionsBelowZero() {
        assertEquals(0.01 * 2 * (-0.005 - 2), gradientOfGamma(Version.PAPER, -0.5, 2), 1e-15);
        assertEquals(0.01 * 2 * (-0.005 + 0.5), gradientOfGamma(Version.PAPER, -0.5, -0.5), 1e-15);
        assertEquals(0.01 * 2 * -2, gradientOfGamma(Version.PAPER, 0, 2), 1e-15);
        assertEquals(2 * (0.5 - 2), gradientOfGamma(Version.PAPER, 0.5, 2), 1e-15);
        assertEquals(2 * (1 - 2), gradientOfGamma(Version.PAPER, 1, 2), 1e-15);
        assertEquals(0, gradientOfGamma(Version.PAPER, 1.5, 2));
    }

    @Test
    void theLaterLowerLeakySquashingLeaksBelowZeroOnlyWhereTheImportanceWantsToRise() {
        assertEquals(0.01 * 2 * -2, gradientOfGamma(Version.LATER, -0.5, 2), 1e-15);
        assertEquals(0, gradientOfGamma(Version.LATER, -0.5, -0.5));
        assertEquals(0.01 * 2 * -2, gradientOfGamma(Version.LATER, 0, 2), 1e-15);
        assertEquals(0, gradientOfGamma(Version.LATER, 0, -0.5));
        assertEquals(2 * (0.5 - 2), gradientOfGamma(Version.LATER, 0.5, 2), 1e-15);
        assertEquals(2 * (1 - 2), gradientOfGamma(Version.LATER, 1, 2), 1e-15);
        assertEquals(0, gradientOfGamma(Version.LATER, 1.5, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void allMasksOneAndTheDeltaComponentGiveTheTarget(int number) {
        var network = network(number);
        var spd = new ReferenceSpd(network, new Configuration(Version.LATER, ALL, 2, false, SETTINGS), parameters(network, 3, 2));
        double[][] x = matrix(4, features(network));
        var ones = network.layers().stream().map(layer -> Stream.generate(() -> new double[] {1, 1, 1}).limit(4).toArray(double[][]::new)).toList();
        var delta = network.layers().stream().map(layer -> new double[] {1, 1, 1, 1}).toList();
        double[][] y = network.output(x);
        double[][] yHat = spd.output(x, ones, delta);
        double[][] withoutDelta = spd.output(x, ones, List.of());
        double[][] all = spd.evaluate(x, noise(network, 1, 4, 3, true)).arrays().get("out.all_components");
        for (int b = 0; b < 4; b++) {
            assertArrayEquals(y[b], yHat[b], 1e-13);
            assertArrayEquals(all[b], withoutDelta[b], 1e-13);
        }
    }

    @Test
    void theFourGradientsOfATiedPairAreThoseOfAnUntiedPairWithTheSameValues() {
        var tied = tied();
        var untied = new Tms(tied.encoder(), tied.hidden(), ReferenceNetwork.transposed(tied.encoder()), tied.bias());
        var parameters = parameters(tied, 5, 2);
        var copies = new LinkedHashMap<>(parameters);
        copies.put("linear2.A", ReferenceNetwork.transposed(parameters.get("linear1.B")));
        copies.put("linear2.B", ReferenceNetwork.transposed(parameters.get("linear1.A")));
        var configuration = new Configuration(Version.PAPER, ALL, 2, false, SETTINGS);
        double[][] x = matrix(6, 4);
        var noise = noise(tied, 2, 6, 5, true);
        var one = new ReferenceSpd(tied, configuration, parameters).evaluate(x, noise);
        var other = new ReferenceSpd(untied, configuration, copies).evaluate(x, noise);
        assertEquals(other.losses(), one.losses());
        assertEquals(other.gradients().keySet(), one.gradients().keySet());
        other.gradients().forEach((name, gradient) -> assertTrue(Arrays.deepEquals(gradient, one.gradients().get(name)), name));
    }

    /** The first step of Adam, whatever the size of the gradient. */
    private static double firstStep(double value, double gradient, double lr, double decay) {
        return value * (1 - lr * decay) - lr * gradient / (Math.abs(gradient) + 1e-8);
    }

    @Test
    void theWarmUpMovesTheArraysOfATiedPairTwiceEachTimeWithItsDecay() {
        // W = 3, A B = 1: both layers have the residual 2 and N = 2, so every gradient is −(2/2) · 2 · (the other factor).
        var network = new Tms(new double[][] {{3}}, List.of(), new double[] {0});
        var start = Map.of("linear1.A", new double[][] {{2}}, "linear1.B", new double[][] {{0.5}});
        var end = ReferenceSpd.warmedUp(network, start, 1, 0.01, 0.1);
        assertEquals(firstStep(firstStep(2, -1, 0.01, 0.1), -1, 0.01, 0.1), end.get("linear1.A")[0][0], 1e-15);
        assertEquals(firstStep(firstStep(0.5, -4, 0.01, 0.1), -4, 0.01, 0.1), end.get("linear1.B")[0][0], 1e-15);
        assertEquals(2, start.get("linear1.A")[0][0], "the start is left as it is");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void allGatesAreShutAtTheStartWhereTheInputIsZero(Version version) {
        for (int width : new int[] {0, 3}) {
            var network = new Tms(matrix(4, 3), List.of(), new double[4]);
            var spd = new ReferenceSpd(network, new Configuration(version, ALL, 1, false, SETTINGS),
                    ReferenceSpd.start(network, version, 6, width, random));
            spd.importances(new double[1][4]).lower().forEach(g -> assertArrayEquals(new double[6], g[0]));
        }
    }

    @Test
    void theSpreadOfTheStartIsThatOfThePage() {
        var network = new Tms(matrix(30, 20), List.of(), matrix(20, 30), vector(30));
        var later = ReferenceSpd.start(network, Version.LATER, 50, 40, random);
        assertEquals(1.0 / 30, meanSquare(later.get("linear1.A")), 0.1 / 30);
        assertEquals(1.0 / 50, meanSquare(later.get("linear1.B")), 0.1 / 50);
        assertEquals(1.0 / 20, meanSquare(later.get("linear2.A")), 0.1 / 20);
        assertEquals(2, meanSquare(later.get("linear2.gate.w_in")), 0.2);
        assertEquals(1.0 / 40, meanSquare(later.get("linear2.gate.w_out")), 0.1 / 40);
        assertEquals(0, meanSquare(later.get("linear2.gate.b_in")) + meanSquare(later.get("linear2.gate.b_out")));
        double[][] a = ReferenceSpd.start(network, Version.PAPER, 50, 0, random).get("linear1.A");
        for (double[] column : ReferenceNetwork.transposed(a)) {
            assertEquals(1, Arrays.stream(column).map(v -> v * v).sum(), 1e-14);
        }
    }

    private static double meanSquare(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).map(v -> v * v).average().orElseThrow();
    }

    @Test
    void theAverageStartIsTheTargetOnASmallerScale() {
        var network = new Tms(matrix(3, 2), List.of(), vector(3));
        double[][] w = network.encoder();
        int components = 60_000;
        var start = ReferenceSpd.start(network, Version.PAPER, components, 0, random);
        var tape = new Tape();
        double[][] sum = tape.matmul(tape.leaf(start.get("linear1.A")), tape.leaf(start.get("linear1.B"))).values();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 2; j++) {
                assertEquals(w[i][j], sum[i][j] * 3 * 2 / components, 0.02);
            }
        }
    }

    @Test
    void aLossWithTheCoefficientZeroIsComputedAndHasNoEffect() {
        var network = tied();
        var parameters = parameters(network, 3, 2);
        double[][] x = matrix(4, 4);
        var noise = noise(network, 1, 4, 3, false);
        var with = new Configuration(Version.PAPER, Map.of(ReferenceSpd.FAITHFULNESS, 1.0, ReferenceSpd.SCHATTEN, 0.0), 1, false, SETTINGS);
        var without = new Configuration(Version.PAPER, Map.of(ReferenceSpd.FAITHFULNESS, 1.0), 1, false, SETTINGS);
        var one = new ReferenceSpd(network, with, parameters).evaluate(x, noise);
        var other = new ReferenceSpd(network, without, parameters).evaluate(x, noise);
        assertTrue(one.losses().get(ReferenceSpd.SCHATTEN) > 0);
        assertEquals(other.total(), one.total());
        other.gradients().forEach((name, gradient) -> assertTrue(Arrays.deepEquals(gradient, one.gradients().get(name)), name));
    }

    @Test
    void theAdversaryStartsAtTheLossOfItsSourcesAndOneBigStepPutsThemAtTheirBounds() {
        var network = residualMlp(Activation.GELU);
        var spd = new ReferenceSpd(network, new Configuration(Version.LATER, ALL, 2, false, SETTINGS), halfOpen(network, 3, 2));
        double[][] x = matrix(5, 3);
        var sources = network.layers().stream().map(layer -> uniform(random, 5, 4)).toList();
        var attack = spd.adversary(x, sources, 1, 1);
        for (int n = 0; n < 2; n++) {
            var at = n == 0 ? sources : attack.sources();
            var g = spd.importances(x).lower();
            var masks = new ArrayList<double[][]>();
            var delta = new ArrayList<double[]>();
            for (int l = 0; l < at.size(); l++) {
                double[][] ofLayer = g.get(l);
                for (int b = 0; b < 5; b++) {
                    for (int c = 0; c < 3; c++) {
                        ofLayer[b][c] += (1 - ofLayer[b][c]) * at.get(l)[b][c];
                    }
                }
                masks.add(ofLayer);
                delta.add(Arrays.stream(at.get(l)).mapToDouble(s -> s[3]).toArray());
            }
            double[][] yHat = spd.output(x, masks, delta);
            double[][] y = network.output(x);
            double loss = 0;
            for (int b = 0; b < 5; b++) {
                for (int o = 0; o < 2; o++) {
                    loss += (yHat[b][o] - y[b][o]) * (yHat[b][o] - y[b][o]) / 10;
                }
            }
            assertEquals(loss, attack.losses()[n], 1e-13 * loss);
        }
        attack.sources().forEach(s -> Arrays.stream(s).flatMapToDouble(Arrays::stream).forEach(v -> assertTrue(v == 0 || v == 1, "source " + v)));
        assertTrue(attack.loss() > attack.losses()[0]);
    }

    @Test
    void sourcesSharedByABatchOfOneSampleAreItsOwn() {
        var network = tied();
        var spd = new ReferenceSpd(network, new Configuration(Version.PAPER, ALL, 2, true, SETTINGS), parameters(network, 4, 0));
        double[][] x = matrix(1, 4);
        double[][] twice = {x[0], x[0]};
        var sources = network.layers().stream().map(layer -> uniform(random, 1, 5)).toList();
        var one = spd.adversary(x, sources, 6, 0.1);
        var shared = spd.adversary(twice, sources, 6, 0.1);
        var own = spd.adversary(twice, sources.stream().map(s -> new double[][] {s[0], s[0]}).toList(), 6, 0.1);
        assertArrayEquals(one.losses(), shared.losses(), 1e-14);
        assertArrayEquals(one.losses(), own.losses(), 1e-14);
    }

    @Test
    void thePermutationIsTheBestOfAllAssignments() {
        for (int number = 0; number < 20; number++) {
            int features = 1 + random.nextInt(5);
            double[][] g = uniform(random, features, features + random.nextInt(3));
            int[] permutation = ReferenceSpdMeasures.permutation(g);
            double value = 0;
            for (int i = 0; i < features; i++) {
                value += g[i][permutation[i]];
            }
            assertEquals(best(g, 0, 0), value, 1e-14);
            assertEquals(g[0].length, Arrays.stream(permutation).distinct().count());
        }
    }

    private static double best(double[][] g, int row, int used) {
        double best = row == g.length ? 0 : Double.NEGATIVE_INFINITY;
        for (int c = 0; row < g.length && c < g[0].length; c++) {
            if ((used & 1 << c) == 0) {
                best = Math.max(best, g[row][c] + best(g, row + 1, used | 1 << c));
            }
        }
        return best;
    }

    @Test
    void errorsOfAnIdentityAndOfABlockAreThoseCountedByHand() {
        double[][] identity = {{0, 1, 0.05}, {0.95, 0, 0}};
        assertEquals(0, ReferenceSpdMeasures.identityError(identity, 0.1));
        assertEquals(2, ReferenceSpdMeasures.identityError(identity, 0.04), "0.95 is too low and 0.05 too high");
        double[][] dense = {{0.2, 1, 0, 0.3}, {0, 0.95, 0.15, 0.8}};
        assertEquals(3, ReferenceSpdMeasures.denseError(dense, 2, 0.1), "the fourth column never reaches 0.9; 0.2 and 0.15 are too high");
        assertEquals(0, ReferenceSpdMeasures.denseError(dense, 2, 0.2), "0.8 is enough, and 0.2 is not above 0.2");
    }

    @Test
    void halfACosineFallsFromTheRateToZero() {
        var settings = new Settings(2, Schedule.HALF_COSINE, 0, 11, Double.NaN, 0);
        assertEquals(2, settings.rate(0));
        assertEquals(1, settings.rate(5), 1e-15);
        assertEquals(2 * 0.5 * (1 + Math.cos(Math.PI * 0.2)), settings.rate(2), 1e-15);
        assertEquals(0, settings.rate(10), 1e-15);
    }

    @Test
    void aTargetOfSpdKeepsItsHiddenLayerAndMovesTheSharedArrayTwice() {
        var start = tied();
        var settings = new Settings(0.01, Schedule.CONSTANT, 0, 10, Double.NaN, 0.1);
        var training = new ReferenceTargetTraining(start, settings, ReferenceTargetTraining.Method.SPD);
        double[][] x = matrix(6, 4);
        var step = training.step(x);
        var end = (Tms) training.network();
        assertTrue(Arrays.deepEquals(start.hidden().get(0), end.hidden().get(0)));
        double[][] encoder = step.gradients().get("linear1");
        double[][] decoder = step.gradients().get("linear2");
        double[][] sum = new ReferenceTargetTraining(start, settings).step(x).gradients().get("linear1");
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(sum[i][j], encoder[i][j] + decoder[j][i], 1e-15);
                double once = firstStep(start.encoder()[i][j], encoder[i][j], 0.01, 0.1);
                assertEquals(firstStep(once, decoder[j][i], 0.01, 0.1), end.encoder()[i][j], 1e-15);
            }
        }
    }

    @Test
    void aTargetWithADecoderOfItsOwnTrainsItAsAnArrayOfItsOwn() {
        var start = untied();
        var settings = new Settings(0.01, Schedule.CONSTANT, 0, 10, Double.NaN, 0.1);
        var training = new ReferenceTargetTraining(start, settings, ReferenceTargetTraining.Method.SPD);
        var gradients = training.step(matrix(6, 3)).gradients();
        var end = (Tms) training.network();
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(firstStep(start.decoder()[i][j], gradients.get("linear2")[i][j], 0.01, 0.1), end.decoder()[i][j], 1e-15);
                assertEquals(firstStep(start.encoder()[j][i], gradients.get("linear1")[j][i], 0.01, 0.1), end.encoder()[j][i], 1e-15);
            }
        }
    }

    @Test
    void unknownLossesAndLayersWithoutArraysAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Configuration(Version.PAPER, Map.of("simplicity", 1.0), 1, false, SETTINGS));
        var network = untied();
        var configuration = new Configuration(Version.PAPER, ALL, 1, false, SETTINGS);
        for (String missing : List.of("linear2.A", "linear1.B", "linear2.gate.w_in")) {
            var parameters = parameters(network, 3, 2);
            parameters.remove(missing);
            assertThrows(IllegalArgumentException.class, () -> new ReferenceSpd(network, configuration, parameters), missing);
        }
        assertThrows(IllegalArgumentException.class, () -> ReferenceSpdMeasures.permutation(new double[3][2]));
    }
}
