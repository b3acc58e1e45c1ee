package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.internal.ComponentSum;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.TestWorkers;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Components, their factors and what is made of them, against what is worked out with naive loops. */
class ComponentsTest {

    private final Random random = new Random(12);

    private Matrix whole(int rows, int columns) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = random.nextInt(7) - 3; // whole numbers: no rounding
        }
        return matrix;
    }

    private Factors factors(String name, int components, int in, int out, int rank) {
        return new Factors(name, components, whole(components * in, rank), whole(components * rank, out));
    }

    /** Weights {@code [3, 2]} and {@code [2, 4]}. */
    private Network network() {
        return Network.builder(3).dense("first", "input", whole(3, 2), null).activation("hidden", "first", Activation.RELU)
                .dense("second", "hidden", whole(2, 4), null).build();
    }

    private Components components(int count) {
        return new Components(network(),
                List.of(factors("first.weight", count, 3, 2, 2), factors("second.weight", count, 2, 4, 2)));
    }

    private static double[][] product(Factors factors, int c) {
        double[][] product = new double[factors.in()][factors.out()];
        for (int i = 0; i < factors.in(); i++) {
            for (int o = 0; o < factors.out(); o++) {
                for (int j = 0; j < factors.rank(); j++) {
                    product[i][o] += factors.a().get(c * factors.in() + i, j) * factors.b().get(c * factors.rank() + j, o);
                }
            }
        }
        return product;
    }

    private static double[] flat(double[][] values) {
        return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] doubles(Matrix matrix) {
        float[] floats = matrix.toArray();
        double[] values = new double[floats.length];
        Arrays.setAll(values, i -> floats[i]);
        return values;
    }

    @Test
    void initialValuesHaveTheDeviationOfTheFormula() {
        // σ = s · √(2 / (C · rows · columns + I · rows · columns)): A is [5, 4], B is [4, 20]
        Factors factors = Factors.random("w", 1000, 5, 20, 4, 2, 24, 3, 0, Workers.one());
        assertEquals(2 * Math.sqrt(2.0 / (1024 * 20)), deviation(factors.a()), 0.02 * 0.02);
        assertEquals(2 * Math.sqrt(2.0 / (1024 * 80)), deviation(factors.b()), 0.02 * 0.01);
    }

    private static double deviation(Matrix matrix) {
        double[] values = doubles(matrix);
        double mean = Arrays.stream(values).average().orElseThrow();
        assertEquals(0, mean, 5 * 0.02 / Math.sqrt(values.length));
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
    }

    @Test
    void initialValuesDependOnSeedAndParameterAndNotOnTheThreads() {
        Factors one = Factors.random("w", 60, 5, 20, 4, 1, 1, 3, 0, Workers.one());
        assertArrayEquals(one.a().toArray(), Factors.random("w", 60, 5, 20, 4, 1, 1, 3, 0, TestWorkers.of(3)).a().toArray());
        assertFalse(Arrays.equals(one.a().toArray(), Factors.random("w", 60, 5, 20, 4, 1, 1, 4, 0, Workers.one()).a().toArray()));
        assertFalse(Arrays.equals(one.a().toArray(), Factors.random("w", 60, 5, 20, 4, 1, 1, 3, 1, Workers.one()).a().toArray()));
        assertFalse(Arrays.equals(one.a(0).toArray(), one.a(1).toArray()));
    }

    @Test
    void factorsAreCutIntoTheBlocksOfTheirComponents() {
        Factors factors = factors("w", 3, 4, 5, 2);
        assertEquals(List.of(3, 4, 5, 2), List.of(factors.components(), factors.in(), factors.out(), factors.rank()));
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(Arrays.copyOfRange(factors.a().toArray(), c * 8, c * 8 + 8), factors.a(c).toArray());
            assertArrayEquals(Arrays.copyOfRange(factors.b().toArray(), c * 10, c * 10 + 10), factors.b(c).toArray());
        }
        Factors copy = factors.copy();
        copy.a(1).fill(9);
        assertFalse(Arrays.equals(copy.a().toArray(), factors.a().toArray()));
        for (Matrix[] wrong : new Matrix[][] {{Matrix.zeros(7, 2), Matrix.zeros(6, 5)}, {Matrix.zeros(6, 2), Matrix.zeros(9, 5)}}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> new Factors("w", 3, wrong[0], wrong[1]));
            assertEquals("factors of 'w' do not fit 3 components: A " + wrong[0] + ", B " + wrong[1], refused.getMessage());
        }
    }

    @Test
    void factorsThatDoNotFitTheNetworkAreRefusedByName() {
        Network network = network();
        Factors first = factors("first.weight", 2, 3, 2, 1);
        for (Factors wrong : List.of(factors("second.weight", 2, 3, 4, 1), factors("second.weight", 2, 2, 5, 1),
                factors("second.weight", 3, 2, 4, 1))) {
            String message = assertThrows(IllegalArgumentException.class, () -> new Components(network, List.of(first, wrong))).getMessage();
            assertEquals("factors of '" + wrong.parameter() + "' [" + wrong.components() + ", " + wrong.in() + ", " + wrong.out()
                    + "] do not fit parameter 'second.weight' [2, 4] with 2 components", message);
        }
        assertRefused("there are factors of 'first.bias', which is not the matrix of a linear map; choose from [first.weight, second.weight]",
                () -> new Components(network, List.of(first, factors("first.bias", 2, 1, 2, 1))));
        assertRefused("factors of [second.weight, first.weight] are not in the network's order, [first.weight, second.weight]",
                () -> new Components(network, List.of(factors("second.weight", 2, 2, 4, 1), first)));
        assertRefused("components need factors for at least one parameter of the network", () -> new Components(network, List.of()));
        assertEquals(List.of("first"), new Components(network, List.of(first)).graph().layers().stream().map(NetworkGraph.Layer::node).toList(),
                "what has no factors is not decomposed");
        String unknown = assertThrows(NoSuchElementException.class, () -> components(2).factors("bias")).getMessage();
        assertEquals("'bias' is not decomposed; [first.weight, second.weight] are", unknown);
    }

    @Test
    void aComponentIsTheProductOfItsFactorsAndTheSumThatOfAll() {
        for (int count : new int[] {1, 2, 15, 16, 17, 40}) {
            Components components = components(count);
            assertEquals(count, components.count());
            assertEquals(3 * 2 + 2 * 4, components.entries());
            for (Workers workers : List.of(Workers.one(), TestWorkers.of(3))) {
                ComponentSum sum = new ComponentSum(components, workers);
                sum.compute();
                sum.compute(); // again: nothing of the first time is left
                for (int p = 0; p < 2; p++) {
                    Factors own = components.factors().get(p);
                    double[] wanted = new double[own.in() * own.out()];
                    for (int c = 0; c < count; c++) {
                        double[] product = flat(product(own, c));
                        assertArrayEquals(product, doubles(components.component(own.parameter(), c)));
                        Arrays.setAll(wanted, i -> wanted[i] + product[i]);
                    }
                    assertArrayEquals(wanted, doubles(sum.of(p)));
                    assertArrayEquals(wanted, doubles(sum.copies().get(p)));
                }
            }
        }
    }

    @Test
    void aCopyChangesNoMoreWithTheComponents() {
        Components components = components(2);
        Components copy = components.copy();
        float[] before = copy.component("first.weight", 1).toArray();
        components.factors().get(0).a().fill(7);
        assertArrayEquals(before, copy.component("first.weight", 1).toArray());
    }

    private static Decomposition decomposition(Network network, Components components) {
        ApdConfig config = ApdConfig.paperTms40to10().with(c -> {
            c.components = components.count();
            c.rank = 2;
            c.batch = 20;
            c.steps = 5000;
        });
        return new Decomposition(new Target("small", network, new SparseFeatures(3, 0.5, 0, 1), Labels.INPUT), components, config.importance(),
                Provenance.here(9, 1234, 2.5, 1));
    }

    @Test
    void whatADecompositionGivesOutIsWhatTheFactorsHold() {
        Components components = components(3);
        Decomposition found = decomposition(components.graph().network(), components);
        Factors own = components.factors("second.weight");
        assertEquals(3, found.count());
        assertArrayEquals(new long[] {3, 2, 2}, found.a("second.weight").shape());
        assertArrayEquals(new long[] {3, 2, 4}, found.b("second.weight").shape());
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(product(own, c), found.component("second.weight", c).toDoubleMatrix());
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    assertEquals(own.a(c).get(i, j), found.a("second.weight").getFloat(c, i, j));
                }
                for (int o = 0; o < 4; o++) {
                    assertEquals(own.b(c).get(i, o), found.b("second.weight").getFloat(c, i, o));
                }
            }
        }
        double[] sum = new double[8];
        for (int c = 0; c < 3; c++) {
            double[] product = flat(product(own, c));
            Arrays.setAll(sum, i -> sum[i] + product[i]);
        }
        assertArrayEquals(sum, flat(found.sum("second.weight").toDoubleMatrix()));
        for (int none : new int[] {-1, 3}) {
            assertEquals("there is no component " + none + "; they are numbered 0 … 2",
                    assertThrows(IllegalArgumentException.class, () -> found.component("second.weight", none)).getMessage());
        }
    }

    @Test
    void componentsAreTakenFromTheTargetsWeightsOrKeptAlone() {
        Components components = components(3);
        Network network = components.graph().network();
        Decomposition found = decomposition(network, components);
        for (String name : List.of("first.weight", "second.weight")) {
            Factors own = components.factors(name);
            double[] zero = flat(product(own, 0));
            double[] two = flat(product(own, 2));
            double[] weights = doubles(network.parameter(name).values());
            double[] without = doubles(found.without(0, 2).network().parameter(name).values());
            double[] only = doubles(found.only(0, 2).network().parameter(name).values());
            double[] nothing = doubles(found.only().network().parameter(name).values());
            for (int i = 0; i < weights.length; i++) {
                assertEquals(weights[i] - zero[i] - two[i], without[i]);
                assertEquals(zero[i] + two[i], only[i]);
                assertEquals(0, nothing[i]);
            }
        }
        assertEquals("small without components 0, 2", found.without(0, 2).name());
        assertEquals("small with only component 1", found.only(1).name());
        assertEquals("small with only components none", found.only().name());
    }

    @Test
    void theSummaryOfADecompositionNamesItsSettingsAndItsStep() {
        Components components = components(3);
        var summary = decomposition(components.graph().network(), components).summary();
        assertEquals("Decomposition of small", summary.title());
        assertEquals("3 of rank at most 2", summary.entries().get("components"));
        assertEquals("batch top-k 1.000 (20 of 20 × C)", summary.entries().get("importance"));
        assertEquals("1,234 steps, 2.5 s", summary.entries().get("trained"));
        assertEquals("9", summary.entries().get("seed"));
        assertTrue(summary.toString().contains("1,234"));
    }

    private static void assertRefused(String message, Executable attempt) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, attempt).getMessage());
    }
}
