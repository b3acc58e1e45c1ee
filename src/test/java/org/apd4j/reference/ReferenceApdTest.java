package org.apd4j.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apd4j.reference.ReferenceApd.Attributions;
import org.apd4j.reference.ReferenceApd.BatchTopK;
import org.apd4j.reference.ReferenceApd.Configuration;
import org.apd4j.reference.ReferenceApd.Factors;
import org.apd4j.reference.ReferenceApd.Lp;
import org.apd4j.reference.ReferenceApd.PerSampleTopK;
import org.apd4j.reference.ReferenceApd.Selection;
import org.apd4j.reference.ReferenceNetwork.Activation;
import org.apd4j.reference.ReferenceNetwork.Block;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.ReferenceOptimizer.Schedule;
import org.apd4j.reference.ReferenceOptimizer.Settings;
import org.junit.jupiter.api.Test;

/** The parts of the reference implementation that no golden run covers. */
class ReferenceApdTest {

    private static final Settings SETTINGS = new Settings(0.01, Schedule.CONSTANT, 0, 10, Double.NaN, 0);
    private static final Map<String, Double> ALL = Map.of(ReferenceApd.FAITHFULNESS, 1.0, ReferenceApd.MINIMALITY, 2.0,
            ReferenceApd.SIMPLICITY, 3.0, ReferenceApd.HIDDEN_RECONSTRUCTION, 0.5, ReferenceApd.OUTPUT_RECONSTRUCTION, 0.7);
    private static final Map<String, Double> ALL_LP = Map.of(ReferenceApd.FAITHFULNESS, 1.0, ReferenceApd.MINIMALITY_LP, 2.0,
            ReferenceApd.SIMPLICITY, 3.0, ReferenceApd.OUTPUT_RECONSTRUCTION, 0.7);

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

    private ReferenceNetwork tms() {
        return new Tms(matrix(4, 3), List.<double[][]>of(matrix(3, 3)), vector(4));
    }

    /** Three features in, two outputs, biases where they may be: no unembedding that is a transpose. */
    private ReferenceNetwork residualMlp(Activation activation) {
        return new ResidualMlp(matrix(3, 5), matrix(5, 2), List.of(new Block(matrix(5, 4), vector(4), matrix(4, 5), null),
                new Block(matrix(5, 3), null, matrix(3, 5), vector(5))), activation);
    }

    private Map<String, Factors> factors(ReferenceNetwork network, int components, int m) {
        var factors = new LinkedHashMap<String, Factors>();
        for (var layer : network.layers()) {
            var a = new double[components][][];
            var b = new double[components][][];
            for (int c = 0; c < components; c++) {
                a[c] = matrix(layer.weight().length, m);
                b[c] = matrix(m, layer.weight()[0].length);
            }
            if (!layer.tied()) {
                factors.put(layer.name(), new Factors(a, b));
            }
        }
        return factors;
    }

    private static Configuration configuration(Attributions attributions, Selection selection, boolean divergence) {
        return new Configuration(attributions, selection, selection instanceof Lp ? ALL_LP : ALL, 0.9, divergence, false, SETTINGS);
    }

    /** The gradients of the total loss against central differences through everything, mask and attributions included. */
    private void checkGradients(ReferenceNetwork network, Configuration configuration) {
        var factors = factors(network, 4, 2);
        double[][] x = matrix(6, network instanceof Tms ? 4 : 3);
        var step = new ReferenceApd(network, configuration, factors).evaluate(x);
        if (!(configuration.selection() instanceof Lp)) {
            assertTrue(ReferenceApd.margin(configuration.selection(), step.attributions()) > 1e-4, "the mask must not change");
        }
        for (var owned : factors.entrySet()) {
            var gradients = step.gradients().get(owned.getKey());
            for (int c = 0; c < 4; c++) {
                checkGradient(network, configuration, factors, x, owned.getValue().a()[c], gradients.a()[c], owned.getKey() + ".A");
                checkGradient(network, configuration, factors, x, owned.getValue().b()[c], gradients.b()[c], owned.getKey() + ".B");
            }
        }
    }

    private static void checkGradient(ReferenceNetwork network, Configuration configuration, Map<String, Factors> factors, double[][] x,
            double[][] parameter, double[][] gradient, String name) {
        double epsilon = 1e-5;
        for (int i = 0; i < parameter.length; i++) {
            for (int j = 0; j < parameter[i].length; j++) {
                double value = parameter[i][j];
                parameter[i][j] = value + epsilon;
                double above = new ReferenceApd(network, configuration, factors).evaluate(x).total();
                parameter[i][j] = value - epsilon;
                double below = new ReferenceApd(network, configuration, factors).evaluate(x).total();
                parameter[i][j] = value;
                assertEquals((above - below) / (2 * epsilon), gradient[i][j], 1e-6, name);
            }
        }
    }

    @Test
    void gradientsOfTheTotalLossAreThoseOfCentralDifferencesOnTms() {
        checkGradients(tms(), configuration(Attributions.GRADIENT_FROM_COMPONENTS, new BatchTopK(1.5), false));
        checkGradients(tms(), configuration(Attributions.GRADIENT_FROM_TARGET, new Lp(0.9), false));
    }

    @Test
    void gradientsOfTheTotalLossAreThoseOfCentralDifferencesOnResidualMlpsWithAnyUnembedding() {
        checkGradients(residualMlp(Activation.GELU), configuration(Attributions.GRADIENT_FROM_TARGET, new BatchTopK(1.5), true));
        checkGradients(residualMlp(Activation.RELU), configuration(Attributions.ABLATION, new PerSampleTopK(2), true));
        checkGradients(residualMlp(Activation.GELU), configuration(Attributions.ACTIVATION, new PerSampleTopK(1), false));
        checkGradients(residualMlp(Activation.GELU), configuration(Attributions.GRADIENT_FROM_TARGET, new Lp(1.3), false));
    }

    @Test
    void theDivergenceIsThatWorkedOutByHand() {
        // One layer, one component, no residual path to the output: y = x W, ŷ = x A B.
        var network = new ResidualMlp(new double[][] {{1, 0, 0}}, new double[][] {{0, 0}, {1, 0}, {0, 1}},
                List.of(new Block(new double[][] {{1}, {0}, {0}}, null, new double[][] {{0, 2, 1}}, null)), Activation.RELU);
        var factors = Map.of("layers.0.mlp_in", Factors.of(new double[] {1, 0, 0}, new double[] {1}, 1, 3, 1, 1), "layers.0.mlp_out",
                Factors.of(new double[] {1}, new double[] {0, 1, 3}, 1, 1, 1, 3));
        var configuration = configuration(Attributions.GRADIENT_FROM_TARGET, new BatchTopK(1), true);
        var step = new ReferenceApd(network, configuration, factors).evaluate(new double[][] {{1}});
        double p = 1 / (1 + Math.exp(-1));
        double q = 1 / (1 + Math.exp(2));
        assertArrayEquals(new double[] {2, 1}, step.target()[0]);
        assertArrayEquals(new double[] {1, 3}, step.sparse()[0]);
        assertEquals(p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q)), step.losses().get(ReferenceApd.MINIMALITY), 1e-15);
    }

    @Test
    void theSparsePassUnderAMaskOfOnesIsTheOutputWithAllComponents() {
        for (var network : List.of(tms(), residualMlp(Activation.GELU))) {
            var configuration = configuration(Attributions.GRADIENT_FROM_TARGET, new BatchTopK(3), false);
            var apd = new ReferenceApd(network, configuration, factors(network, 3, 2));
            double[][] x = matrix(4, network instanceof Tms ? 4 : 3);
            var step = apd.step(x);
            for (int b = 0; b < 4; b++) {
                assertArrayEquals(new double[] {1, 1, 1}, step.mask()[b]);
                assertArrayEquals(step.allComponents()[b], step.sparse()[b], 1e-13);
            }
        }
    }

    @Test
    void componentsThatAddUpToTheTargetGiveItsOutputAndNoLossButSimplicity() {
        var network = tms();
        var factors = new LinkedHashMap<String, Factors>();
        for (var layer : network.layers()) {
            if (!layer.tied()) {
                int n = layer.weight()[0].length;
                var identity = new double[n][n];
                for (int i = 0; i < n; i++) {
                    identity[i][i] = 1;
                }
                factors.put(layer.name(), new Factors(new double[][][] {layer.weight()}, new double[][][] {identity}));
            }
        }
        var apd = new ReferenceApd(network, configuration(Attributions.GRADIENT_FROM_TARGET, new BatchTopK(1), false), factors);
        double[][] x = matrix(5, 4);
        var step = apd.evaluate(x);
        for (int b = 0; b < 5; b++) {
            assertArrayEquals(network.output(x)[b], step.sparse()[b], 1e-14);
            assertArrayEquals(apd.output(x, step.mask())[b], step.sparse()[b], 0);
        }
        step.losses().forEach((name, loss) -> assertEquals(!name.equals(ReferenceApd.SIMPLICITY), loss < 1e-28, name));
    }

    @Test
    void tiesGoToTheLowerFlatIndexAndTheCountIsRoundedDown() {
        double[][] attributions = {{1, 2, 0}, {2, 0, 2}};
        assertArrayEquals(new double[][] {{0, 1, 0}, {1, 0, 0}}, ReferenceApd.select(new BatchTopK(1.49), attributions));
        assertArrayEquals(new double[][] {{1, 1, 0}}, ReferenceApd.select(new PerSampleTopK(2), new double[][] {{7, 7, 7}}));
        assertArrayEquals(new double[][] {{0, 1, 0}, {1, 0, 0}}, ReferenceApd.select(new PerSampleTopK(1), attributions));
        assertArrayEquals(new double[][] {{1, 1, 1}, {1, 1, 1}}, ReferenceApd.select(new BatchTopK(99), attributions));
        assertArrayEquals(new double[][] {{0, 0, 0}, {0, 0, 0}}, ReferenceApd.select(new BatchTopK(0.4), attributions));
        double[][] zeros = {{-0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};
        assertArrayEquals(new double[][] {{1, 1, 0}, {0, 0, 0}}, ReferenceApd.select(new BatchTopK(1), zeros));
    }

    @Test
    void theMarginOfASelectionIsTheRelativeGapAtItsBoundary() {
        double[][] attributions = {{1, 2, 0}, {2, 0, 4}};
        assertEquals(0.5, ReferenceApd.margin(new BatchTopK(1.5), attributions));
        assertEquals(0, ReferenceApd.margin(new BatchTopK(1), attributions));
        assertEquals(0.5, ReferenceApd.margin(new PerSampleTopK(1), attributions));
        assertEquals(Double.POSITIVE_INFINITY, ReferenceApd.margin(new BatchTopK(3), attributions));
    }

    @Test
    void learningRatesFollowTheScheduleAfterTheWarmUp() {
        assertEquals(0, new Settings(2, Schedule.CONSTANT, 0.25, 10, 0, 0).rate(0));
        assertEquals(1, new Settings(2, Schedule.CONSTANT, 0.25, 10, 0, 0).rate(1));
        assertEquals(2, new Settings(2, Schedule.CONSTANT, 0.25, 10, 0, 0).rate(2));
        assertEquals(0.25, new Settings(2, Schedule.LINEAR, 0.25, 10, 0, 0).rate(9));
        assertEquals(0, new Settings(2, Schedule.COSINE, 0.25, 10, 0, 0).rate(9), 1e-15);
        assertEquals(2, new Settings(2, Schedule.COSINE, 0.9, 10, 0, 0).rate(9));
        assertEquals(0.5, new Settings(2, Schedule.EXPONENTIAL, 0.25, 10, 3, 0).rate(8));
    }

    @Test
    void combinationsTheMethodDoesNotHaveAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> configuration(Attributions.ABLATION, new Lp(0.9), false));
        assertThrows(IllegalArgumentException.class,
                () -> new Configuration(Attributions.GRADIENT_FROM_TARGET, new Lp(0.9), ALL, 1, false, false, SETTINGS));
        assertThrows(IllegalArgumentException.class,
                () -> new Configuration(Attributions.GRADIENT_FROM_TARGET, new BatchTopK(1), ALL_LP, 1, false, false, SETTINGS));
        var network = tms();
        assertThrows(IllegalArgumentException.class, () -> new ReferenceApd(network,
                configuration(Attributions.ACTIVATION, new BatchTopK(1), false), Map.of()));
    }

    @Test
    void aResidualMlpWithBiasesLearnsItsLabels() {
        var embedding = new double[][] {{1, 0, 0}, {0, 1, 0}};
        var unembedding = new double[][] {{1, 0}, {0, 1}, {0, 0}};
        var start = new ResidualMlp(embedding, unembedding, List.of(new Block(matrix(3, 4), new double[4], matrix(4, 3), new double[3])),
                Activation.RELU);
        var training = new ReferenceTargetTraining(start, new Settings(0.02, Schedule.COSINE, 0, 500, Double.NaN, 0.01));
        double first = training.step(matrix(32, 2)).loss();
        double last = first;
        for (int s = 1; s < 500; s++) {
            last = training.step(matrix(32, 2)).loss();
        }
        assertTrue(last < 0.01 * first, first + " → " + last);
        var end = (ResidualMlp) training.network();
        assertTrue(end.blocks().get(0).biasIn()[0] != 0 && end.blocks().get(0).biasOut()[0] != 0, "the biases are trained");
    }
}
