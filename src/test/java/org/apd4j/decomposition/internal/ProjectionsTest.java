package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.testsupport.RandomNetwork;
import org.junit.jupiter.api.Test;

/** The estimate of gradient attributions by random projections of the outputs. */
class ProjectionsTest {

    private static final int OUTPUTS = 24;
    private static final int BATCH = 3;
    private static final int COMPONENTS = 4;
    private static final int DRAWS = 4000;

    private final Components components;
    private final DensePass pass;
    private final GradientAttributions attributions;

    ProjectionsTest() {
        Network network = Network.builder(6).dense("hidden", "input", 8, RandomStream.of(1)).activation("tanh", "hidden", Activation.TANH)
                .dense("y", "tanh", OUTPUTS, RandomStream.of(2)).build();
        NetworkGraph graph = NetworkGraph.of(network);
        Random random = new Random(3);
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : network.weights()) {
            factors.add(new Factors(parameter.name(), COMPONENTS, RandomNetwork.matrix(random, COMPONENTS * parameter.values().rows(), 2, 0.5),
                    RandomNetwork.matrix(random, COMPONENTS * 2, parameter.values().columns(), 0.5)));
        }
        components = new Components(graph.network(), factors);
        List<Matrix> weights = network.weights().stream().map(Parameter::values).toList();
        pass = new DensePass(graph, Workers.one()).forward(SparseRows.of(RandomNetwork.matrix(random, BATCH, 6, 1)), new LinearParts(graph, weights));
        attributions = new GradientAttributions(components, false, Workers.one());
    }

    private double[] values(Matrix signs) {
        return values(Optional.of(signs));
    }

    private double[] values(Optional<Matrix> estimated) {
        estimated.ifPresentOrElse(signs -> attributions.compute(pass, signs), () -> attributions.compute(pass));
        double[] values = new double[BATCH * COMPONENTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = attributions.values().get(i / COMPONENTS, i % COMPONENTS);
        }
        return values;
    }

    /** The square of one output's change: the projection on this output alone. */
    private double[] ofOutput(int output) {
        Matrix one = Matrix.zeros(OUTPUTS, 1);
        one.set(output, 0, 1);
        return values(one);
    }

    @Test
    void theMeanOfManyEstimatesIsTheExactSumAndTheirSpreadIsThePredictedOne() {
        double[] exact = values(Optional.empty());
        double[] fourth = new double[exact.length];
        double[] sum = new double[exact.length];
        for (int o = 0; o < OUTPUTS; o++) {
            double[] square = ofOutput(o);
            for (int i = 0; i < exact.length; i++) {
                sum[i] += square[i];
                fourth[i] += square[i] * square[i];
            }
        }
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], sum[i], 1e-5 * exact[i]);
        }
        for (int k : new int[] {1, 4, 16}) {
            Projections projections = new Projections(k, OUTPUTS);
            double[] mean = new double[exact.length];
            double[] squares = new double[exact.length];
            for (int draw = 0; draw < DRAWS; draw++) {
                double[] estimate = values(projections.of(11, draw));
                for (int i = 0; i < exact.length; i++) {
                    mean[i] += estimate[i] / DRAWS;
                    squares[i] += (estimate[i] - exact[i]) * (estimate[i] - exact[i]) / DRAWS;
                }
            }
            for (int i = 0; i < exact.length; i++) {
                double variance = 2.0 / k * (exact[i] * exact[i] - fourth[i]);
                assertEquals(exact[i], mean[i], 5 * Math.sqrt(variance / DRAWS), "mean, k = " + k + ", value " + i);
                assertEquals(1, squares[i] / variance, 0.2, "spread, k = " + k + ", value " + i);
                assertTrue(squares[i] < 1.2 * 2 / k * exact[i] * exact[i]);
            }
        }
    }

    @Test
    void theExactSumComesBackAfterAnEstimate() {
        double[] before = values(Optional.empty());
        values(new Projections(4, OUTPUTS).of(0, 0));
        assertArrayEquals(before, values(Optional.empty()));
    }

    @Test
    void signsAreBalancedOtherOnesAtEveryStepAndTheSameForASeed() {
        Projections projections = new Projections(10, 1000);
        Matrix signs = projections.of(5, 7).orElseThrow();
        double sum = 0;
        for (float value : signs.toArray()) {
            assertEquals(0.1, value * value, 1e-7);
            sum += Math.signum(value);
        }
        assertEquals(0, sum, 4 * Math.sqrt(10_000));
        assertArrayEquals(signs.toArray(), projections.of(5, 7).orElseThrow().toArray());
        assertNotEquals(List.of(box(signs)), List.of(box(projections.of(5, 8).orElseThrow())));
        assertNotEquals(List.of(box(signs)), List.of(box(projections.of(6, 7).orElseThrow())));
        assertEquals(Optional.empty(), new Projections(0, 5).of(0, 0));
        assertEquals(Optional.empty(), new Projections(5, 5).of(0, 0));
    }

    private static String box(Matrix matrix) {
        return java.util.Arrays.toString(matrix.toArray());
    }

    @Test
    void projectionsAreRefusedWhereThereIsNoSumOverOutputsOrItsEstimateWouldBeBiased() {
        ApdConfig exact = ApdConfig.paperTms40to10();
        assertEquals(0, exact.projections());
        assertEquals("ApdConfig.projections is -1; it must be 0 for the exact sum, or the number of projections",
                assertThrows(IllegalArgumentException.class, () -> exact.with(c -> c.projections = -1)).getMessage());
        assertEquals("ApdConfig.projections is 3; it must be 0 for ABLATION attributions, which are no sum over the gradients of outputs",
                assertThrows(IllegalArgumentException.class, () -> exact.with(c -> {
                    c.projections = 3;
                    c.attributions = AttributionKind.ABLATION;
                })).getMessage());
        assertEquals("ApdConfig.projections is 3; it must be 0 in the Lp formulation, whose losses are powers of attributions: even an "
                + "unbiased estimate of the attributions would give biased losses", assertThrows(IllegalArgumentException.class, () -> exact.with(c -> {
                    c.projections = 3;
                    c.sparsity = new LpPenalty(1);
                })).getMessage());
    }
}
