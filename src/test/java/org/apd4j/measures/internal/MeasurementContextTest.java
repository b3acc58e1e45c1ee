package org.apd4j.measures.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class MeasurementContextTest {

    private static Matrix row(float... values) {
        return Matrix.over(values, 1, values.length);
    }

    private static Network network(boolean biasOfInput, boolean biases, Activation activation) {
        var builder = Network.builder(3);
        String input = "input";
        if (biasOfInput) {
            builder.parameter("shift", Role.FIXED, row(0.5f, -1, 2)).bias("shifted", "input", "shift");
            input = "shifted";
        }
        Matrix first = HandMade.matrix(new double[][] {{1, -1}, {0.5, 2}, {-1, 1}});
        Matrix second = HandMade.matrix(new double[][] {{2, 1, 0}, {-1, 1, 1}});
        return builder.dense("first", input, first, biases ? row(0.25f, 0.5f) : null).activation("hidden", "first", activation)
                .dense("output", "hidden", second, biases ? row(1, 2, 3) : null).build();
    }

    /** Rows of zeros are left out of the pass where they give zero: with any bias, and with a sigmoid, they do not. */
    @Test
    void rowsOfZerosGiveWhatTheNetworkGivesForZeroWhateverItsBiasesAndActivation() {
        SparseRows x = SparseRows.of(HandMade.matrix(new double[][] {{1, 0, 0}, {0, 0, 0}, {0, 2, -1}, {0, 0, 0}}));
        boolean[][] keep = {{true, false}, {true, true}, {false, true}, {false, false}};
        for (Activation activation : List.of(Activation.RELU, Activation.GELU, Activation.TANH, Activation.SIGMOID)) {
            for (boolean biasOfInput : new boolean[] {false, true}) {
                for (boolean biases : new boolean[] {false, true}) {
                    Target target = Target.of("small", network(biasOfInput, biases, activation), new SparseFeatures(3, 0.5, -1, 1));
                    Decomposition found = Apd.decompose(target, HandMade.config(2, Selection.batchTopK(1)), 3).decomposition();
                    float[] wanted = found.evaluator().masked(x, Mask.of(keep, 2)).toArray();
                    assertArrayEquals(wanted, new MeasurementContext(found).masked(x, keep).toArray(), 1e-6f,
                            activation + ", bias of the input " + biasOfInput + ", biases " + biases);
                    boolean zero = wanted[3] == 0 && wanted[4] == 0 && wanted[5] == 0;
                    assertTrue(!biases || !zero, "the case would show nothing");
                }
            }
        }
    }

    @Test
    void aRandomHalfOfTheComponentsIsKept() {
        RandomStream random = RandomStream.of(8);
        int[] kept = new int[5];
        for (int i = 0; i < 10_000; i++) {
            boolean[] half = MeasurementContext.randomHalf(random, 5);
            for (int c = 0; c < 5; c++) {
                kept[c] += half[c] ? 1 : 0;
            }
        }
        for (int count : kept) {
            assertEquals(5_000, count, 5 * Math.sqrt(10_000 * 0.25)); // five deviations of the binomial distribution
        }
    }

    @Test
    void errorsAreMeanSquaresOfARowInDoublePrecision() {
        double[] errors = MeasurementContext.squaredErrors(HandMade.matrix(new double[][] {{1, 2}, {4096, 1}}),
                HandMade.matrix(new double[][] {{0, 5}, {0, 0}}));
        assertArrayEquals(new double[] {5, 16_777_217 / 2.0}, errors); // 4096² + 1 is no float
    }

    @Test
    void theLargestOfEqualValuesIsTheFirst() {
        assertEquals(1, MeasurementContext.largest(List.of(1.0, 3.0, 3.0, 2.0)));
        assertEquals(0, MeasurementContext.largest(List.of(-1.0, -1.0)));
        assertEquals(2, MeasurementContext.largest(List.of(-3.0, -2.0, -1.0)));
    }
}
