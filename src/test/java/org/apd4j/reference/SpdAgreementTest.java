package org.apd4j.reference;

import static org.apd4j.reference.LibraryTwin.flat;
import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.reference.ReferenceSpd.Configuration;
import org.apd4j.reference.ReferenceSpd.Draw;
import org.apd4j.reference.ReferenceSpd.Noise;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdLoss;
import org.apd4j.spd.SpdStart;
import org.apd4j.spd.internal.MaskNumbers;
import org.apd4j.spd.internal.SpdMethod;
import org.apd4j.spd.internal.SpdObjective;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.training.Schedule;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On random networks, settings and batches the library's losses, gradients and updates are those of a program of the formulas in double precision. */
class SpdAgreementTest {

    private static final int STEPS = 4;

    private static double[][] gaussian(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (scale * random.nextGaussian());
            }
        }
        return values;
    }

    private static double[] vector(Random random, int size) {
        return gaussian(random, 1, size, 0.3)[0];
    }

    private static ReferenceNetwork network(Random random) {
        int features = 2 + random.nextInt(7);
        if (random.nextBoolean()) {
            int hidden = 1 + random.nextInt(features);
            List<double[][]> layers = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                layers.add(gaussian(random, hidden, hidden, 0.8));
            }
            return new ReferenceNetwork.Tms(gaussian(random, features, hidden, 0.8), layers, vector(random, features));
        }
        int stream = 2 + random.nextInt(12);
        boolean biases = random.nextBoolean();
        List<ReferenceNetwork.Block> blocks = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int neurons = 1 + random.nextInt(5);
            blocks.add(new ReferenceNetwork.Block(gaussian(random, stream, neurons, 0.6), biases ? vector(random, neurons) : null,
                    gaussian(random, neurons, stream, 0.6), biases ? vector(random, stream) : null));
        }
        return new ReferenceNetwork.ResidualMlp(gaussian(random, features, stream, 0.5), gaussian(random, stream, features, 0.5), blocks,
                random.nextBoolean() ? ReferenceNetwork.Activation.RELU : ReferenceNetwork.Activation.GELU);
    }

    private static double[][] scaled(double[][] matrix, double factor) {
        return Arrays.stream(matrix).map(row -> Arrays.stream(row).map(v -> factor * v).toArray()).toArray(double[][]::new);
    }

    private static String twinName(String array) {
        return array.replace("encoder.", "linear1.").replace("decoder.", "linear2.");
    }

    private static double[][] rows(Matrix matrix, boolean transposed) {
        Matrix of = transposed ? matrix.transposed() : matrix;
        double[][] values = new double[of.rows()][of.columns()];
        for (int i = 0; i < of.rows(); i++) {
            for (int j = 0; j < of.columns(); j++) {
                values[i][j] = of.get(i, j);
            }
        }
        return values;
    }

    private static double[][] x(Random random, int batch, int features) {
        double[][] x = new double[batch][features];
        for (double[] row : x) {
            for (int i = 0; i < features; i++) {
                row[i] = random.nextInt(3) == 0 ? (float) (2 * random.nextDouble() - 0.7) : 0;
            }
        }
        return x;
    }

    private static Draw draw(Random random, int layers, SpdConfig config) {
        int batch = config.batch();
        int components = config.components();
        List<double[][]> r = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            double[][] values = new double[batch][components];
            for (double[] row : values) {
                for (int c = 0; c < components; c++) {
                    row[c] = random.nextFloat();
                }
            }
            r.add(values);
        }
        List<double[]> delta = new ArrayList<>();
        for (int l = 0; l < layers && config.deltaComponent(); l++) {
            delta.add(IntStream.range(0, batch).mapToDouble(b -> random.nextFloat()).toArray());
        }
        return new Draw(r, delta);
    }

    private static Noise noise(Random random, SpdConfig config, int layers) {
        List<Draw> stochastic = new ArrayList<>();
        List<Draw> layerwise = new ArrayList<>();
        for (int s = 0; s < config.draws(); s++) {
            stochastic.add(draw(random, layers, config));
            layerwise.add(draw(random, layers, config));
        }
        return new Noise(stochastic, layerwise);
    }

    private static SpdConfig config(Random random, int outputs, int round) {
        return SpdConfig.of(c -> {
            c.components = 1 + random.nextInt(12);
            c.gateWidth = random.nextInt(8);
            c.batch = round % 5 == 0 ? 300 : 2 + random.nextInt(40); // of one part, or of two
            c.steps = STEPS;
            c.draws = 1 + random.nextInt(2);
            c.divergence = outputs > 1 && random.nextBoolean() ? Divergence.KL : Divergence.MSE;
            c.power = List.of(1.0, 2.0, 0.9).get(random.nextInt(3));
            c.importanceMinimality = 0.02;
            c.reconstruction = random.nextInt(2) * 0.7;
            c.reconstructionLayerwise = random.nextInt(2) * 0.4;
            c.outputReconstruction = random.nextInt(2) * 0.3;
            c.schatten = random.nextInt(2) * 0.01;
            c.learningRate = 1e-3;
            c.schedule = Schedule.cosine();
        });
    }

    private static Configuration configuration(SpdConfig config) {
        Map<String, Double> coefficients = new LinkedHashMap<>();
        config.losses().forEach(loss -> coefficients.put(twinLoss(loss), config.coefficient(loss)));
        ReferenceSpd.Version version = config.squashing() == GateSquashing.LEAKY ? ReferenceSpd.Version.PAPER : ReferenceSpd.Version.LATER;
        ReferenceOptimizer.Schedule schedule = config.schedule().shape() == Schedule.Shape.COSINE ? ReferenceOptimizer.Schedule.COSINE
                : ReferenceOptimizer.Schedule.HALF_COSINE;
        return new Configuration(version, coefficients, config.power(), config.divergence() == Divergence.KL,
                new ReferenceOptimizer.Settings(config.learningRate(), schedule, 0, STEPS, Double.NaN, 0));
    }

    private static String twinLoss(SpdLoss loss) {
        return switch (loss) {
            case FAITHFULNESS -> ReferenceSpd.FAITHFULNESS;
            case STOCHASTIC -> ReferenceSpd.STOCHASTIC_RECONSTRUCTION;
            case STOCHASTIC_LAYERWISE -> ReferenceSpd.STOCHASTIC_RECONSTRUCTION_LAYERWISE;
            case IMPORTANCE_MINIMALITY -> ReferenceSpd.IMPORTANCE_MINIMALITY;
            case RECONSTRUCTION -> ReferenceSpd.RECONSTRUCTION;
            case RECONSTRUCTION_LAYERWISE -> ReferenceSpd.RECONSTRUCTION_LAYERWISE;
            case OUTPUT_RECONSTRUCTION -> ReferenceSpd.OUTPUT_RECONSTRUCTION;
            case SCHATTEN -> ReferenceSpd.SCHATTEN;
        };
    }

    /** One run of both programs, step by step. */
    private static final class Twins {

        private final Random random;
        private final SpdConfig config;
        private final int features;
        private final int layers;
        private final SpdObjective library;
        private final Optimizer optimizer = new Optimizer(0, Workers.all());
        private final ReferenceSpd reference;
        private Noise noise;

        Twins(int round, Consumer<SpdConfig.Fields> change) {
            random = new Random(7000 + round);
            ReferenceNetwork twin = network(random);
            Network network = LibraryTwin.network(twin);
            features = network.inputs();
            config = config(random, network.outputs(), round).with(change);
            Target target = new Target("random", network, new SparseFeatures(features, 0.5, 0, 1), Labels.INPUT);
            SpdObjective start = (SpdObjective) new SpdMethod().begin(target, config, round, Workers.all());
            layers = start.layers().size();
            MaskNumbers numbers = (step, layerwise, draw, layer, component, samples, count, to, at) -> {
                Draw numbersOf = (layerwise ? noise.layerwise() : noise.stochastic()).get(draw);
                boolean ofDelta = component == config.components();
                for (int n = 0; n < count; n++) {
                    to[at + n] = (float) (ofDelta ? numbersOf.delta().get(layer)[samples[n]] : numbersOf.r().get(layer)[samples[n]][component]);
                }
            };
            library = new SpdObjective(network, start.components(), start.gates(), config, numbers, Workers.all());
            library.register(optimizer);
            // biases start at 0, where everything is at a kink
            optimizer.names().stream().filter(name -> name.contains(".gate.b")).map(optimizer::parameter).forEach(bias -> {
                for (int i = 0; i < bias.size(); i++) {
                    bias.data()[i] = (float) (0.4 * random.nextGaussian() + 0.2);
                }
            });
            reference = new ReferenceSpd(twin, configuration(config), initial(twin));
        }

        private Map<String, double[][]> initial(ReferenceNetwork twin) {
            Map<String, double[][]> arrays = new LinkedHashMap<>();
            optimizer.names().forEach(name -> {
                boolean tiedFactor = twin instanceof ReferenceNetwork.Tms && name.startsWith("decoder.") && !name.contains("gate");
                if (!tiedFactor) {
                    arrays.put(twinName(name), twinArray(name, optimizer.parameter(name)));
                }
            });
            return arrays;
        }

        private static double[][] twinArray(String name, Matrix values) {
            boolean column = name.endsWith("b_out") || name.endsWith("gate.b") || name.endsWith("gate.w");
            return rows(values, name.endsWith(".A") || column);
        }

        /** Does a step and returns by how much each loss and gradient is off. */
        Map<String, Double> step(int step) {
            noise = noise(random, config, layers);
            double[][] x = x(random, config.batch(), features);
            double[] losses = library.compute(SparseRows.of(LibraryTwin.matrix(x)), step, optimizer);
            ReferenceSpd.Step expected = reference.step(x, noise);
            Map<String, Double> off = new LinkedHashMap<>();
            for (int i = 0; i < losses.length; i++) {
                String name = twinLoss(config.losses().get(i));
                off.put(name, difference(new double[] {losses[i]}, new double[] {expected.losses().get(name)}));
            }
            optimizer.names().forEach(name -> off.put("gradient of " + name, difference(
                    flat(LibraryTwin.matrix(twinArray(name, optimizer.gradient(name)))), flat(LibraryTwin.matrix(expected.gradients().get(twinName(name)))))));
            optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, STEPS));
            return off;
        }

        /** Returns by how much each array is off. */
        Map<String, Double> arrays() {
            Map<String, Double> off = new LinkedHashMap<>();
            reference.parameters().forEach((name, values) -> {
                String own = name.replace("linear1.", "encoder.").replace("linear2.", "decoder.");
                off.put(name, difference(flat(LibraryTwin.matrix(twinArray(own, optimizer.parameter(own)))), flat(LibraryTwin.matrix(values))));
            });
            return off;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void lossesGradientsAndUpdatesAgree(int round) {
        assertAgreement(round, new Twins(round, c -> { }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void lossesGradientsAndUpdatesAgreeWithADeltaComponent(int round) {
        assertAgreement(round, new Twins(round, c -> {
            c.deltaComponent = true;
            c.faithfulness = round % 2; // the later settings have none
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void lossesGradientsAndUpdatesAgreeWithTheLaterSettings(int round) {
        assertAgreement(round, new Twins(round, c -> {
            c.deltaComponent = round % 3 != 0;
            c.squashing = GateSquashing.CLAMPED;
            c.schedule = Schedule.halfCosine();
        }));
    }

    /** Returns the factors of a method's start, by the twin's names. */
    private static Map<String, double[][]> factors(ReferenceNetwork twin, SpdConfig config, int round) {
        Network network = LibraryTwin.network(twin);
        Target target = new Target("random", network, new SparseFeatures(network.inputs(), 0.5, 0, 1), Labels.INPUT);
        SpdObjective start = (SpdObjective) new SpdMethod().begin(target, config, round, Workers.all());
        Map<String, double[][]> arrays = new LinkedHashMap<>();
        start.layers().stream().filter(layer -> !(twin instanceof ReferenceNetwork.Tms) || !layer.node().equals("decoder")).forEach(layer -> {
            arrays.put(twinName(layer.node() + ".A"), rows(layer.a(), true));
            arrays.put(twinName(layer.node() + ".B"), rows(layer.b(), false));
        });
        return arrays;
    }

    private static void assertClose(Map<String, double[][]> expected, Map<String, double[][]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertTrue(
                difference(flat(LibraryTwin.matrix(actual.get(name))), flat(LibraryTwin.matrix(values))) <= tolerance, name));
    }

    /** The numbers that both starts make initial values of are those of the later one before they are scaled. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void bothKindsOfInitialValuesAgree(int round) {
        Random random = new Random(8000 + round);
        ReferenceNetwork twin = network(random);
        SpdConfig config = config(random, 2, round);
        Map<String, double[][]> later = factors(twin, config.with(c -> c.start = SpdStart.INDEPENDENT), round);
        Map<String, double[][]> normal = new LinkedHashMap<>();
        later.forEach((name, values) -> normal.put(name, scaled(values, Math.sqrt(name.endsWith(".A") ? values.length : config.components()))));
        assertClose(ReferenceSpd.laterStart(twin, normal), later, 1e-6);
        assertClose(ReferenceSpd.projectedStart(twin, normal), factors(twin, config, round), 1e-5);
    }

    @Test
    void theSpreadOfIndependentInitialValuesIsThatOfThePage() {
        Random random = new Random(1);
        var twin = new ReferenceNetwork.Tms(gaussian(random, 30, 20, 1), List.of(), vector(random, 30));
        Map<String, double[][]> start = factors(twin, SpdConfig.paperTms40to10().with(c -> c.start = SpdStart.INDEPENDENT), 0);
        assertEquals(1.0 / 30, meanSquare(start.get("linear1.A")), 0.1 / 30);
        assertEquals(1.0 / 200, meanSquare(start.get("linear1.B")), 0.1 / 200);
    }

    private static double meanSquare(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).map(v -> v * v).average().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void theWarmUpOnFaithfulnessAgrees(int round) {
        Random random = new Random(9000 + round);
        ReferenceNetwork twin = network(random);
        SpdConfig cold = config(random, 2, round).with(c -> c.start = SpdStart.values()[round % 2]);
        Map<String, double[][]> expected = ReferenceSpd.warmedUp(twin, factors(twin, cold, round), 40, 0.01, 0.1);
        assertClose(expected, factors(twin, cold.with(c -> c.faithfulnessWarmup = 40), round), 1e-3);
    }

    private static void assertAgreement(int round, Twins twins) {
        for (int step = 0; step < STEPS; step++) {
            int at = step;
            twins.step(step).forEach((what, off) -> assertTrue(off <= (at == 0 ? 1e-4 : 1e-3),
                    "round " + round + ", step " + at + ": " + what + " is off by " + off + " with " + twins.config));
        }
        twins.arrays().forEach((what, off) -> assertTrue(off <= 1e-3, "round " + round + ": " + what + " is off by " + off));
    }
}
