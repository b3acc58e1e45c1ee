package org.apd4j.training.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Adam;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.NotFiniteException;
import org.junit.jupiter.api.Test;

class OptimizerTest {

    private static final int SIZE = 6;

    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    private static Optimizer optimizer(float[] parameters, double weightDecay) {
        var optimizer = new Optimizer(weightDecay, Workers.one());
        optimizer.add("w", Matrix.over(parameters, 1, SIZE));
        return optimizer;
    }

    private double power(double from, double to) {
        return Math.pow(10, from + random.nextDouble() * (to - from));
    }

    private static boolean areFinite(float[]... arrays) {
        for (float[] array : arrays) {
            for (float value : array) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void anUpdateIsThatOfAdamIfItIsFiniteAndOmittedOtherwise() {
        int refused = 0;
        int close = 0;
        for (int trial = 0; trial < 3_000; trial++) {
            double rate = power(-6, trial % 2 == 0 ? 0 : 38);
            double decay = trial % 3 == 0 ? power(-3, 3) : 0;
            double largest = trial % 5 == 0 ? 22 : 5;
            float[] parameters = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                parameters[i] = (float) (random.nextGaussian() * power(-3, trial % 7 == 0 ? 37 : 2));
            }
            float[] own = parameters.clone();
            Optimizer optimizer = optimizer(own, decay);
            float[] means = new float[SIZE];
            float[] squares = new float[SIZE];
            boolean finite = true;
            for (int step = 1; step <= 20 && finite; step++) {
                float[] gradients = new float[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    gradients[i] = (float) (random.nextGaussian() * power(-30, largest));
                }
                System.arraycopy(gradients, 0, optimizer.gradient("w").data(), 0, SIZE);
                float[] meansBefore = means.clone();
                float[] squaresBefore = squares.clone();
                float[] before = parameters.clone();
                Adam.update(parameters, gradients, means, squares, 0, SIZE, step, rate, decay);
                finite = areFinite(parameters, means, squares);
                int now = step;
                if (finite) {
                    optimizer.update(step, rate);
                    close += Math.abs(parameters[0]) > 1e30 ? 1 : 0;
                } else {
                    refused++;
                    assertThrows(NotFiniteException.class, () -> optimizer.update(now, rate));
                    parameters = before;
                    means = meansBefore;
                    squares = squaresBefore;
                }
                assertArrayEquals(parameters, own);
                assertArrayEquals(means, optimizer.means("w"));
                assertArrayEquals(squares, optimizer.squares("w"));
            }
        }
        assertTrue(refused > 300 && close > 300, refused + " refused, " + close + " of large values");
    }

    private static String refusal(double rate, float gradient, float second) {
        float[] parameters = {1, 2, 3, 4, 5, 6};
        Optimizer optimizer = optimizer(parameters, 0);
        optimizer.gradient("w").data()[0] = gradient;
        optimizer.gradient("w").data()[SIZE - 1] = second;
        String message = assertThrows(NotFiniteException.class, () -> optimizer.update(8, rate)).getMessage();
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, parameters);
        assertArrayEquals(new float[SIZE], optimizer.means("w"));
        assertArrayEquals(new float[SIZE], optimizer.squares("w"));
        return message.substring(0, message.indexOf(';'));
    }

    @Test
    void valueThatWouldNotBeFiniteIsNamed() {
        assertEquals("the gradient of 'w' became NaN at step 7", refusal(1, 0, Float.NaN));
        assertEquals("the gradient of 'w' became Infinity at step 7", refusal(1, Float.NEGATIVE_INFINITY, 0));
        assertEquals("Adam's second moment of 'w' became Infinity at step 7", refusal(1, 0, 6e20f));
        assertEquals("the parameter 'w' became Infinity at step 7", refusal(3e38, 1, 0).replace("NaN", "Infinity"));
    }

    @Test
    void largeFiniteGradientsAreAccepted() {
        float[] parameters = {1, 2, 3, 4, 5, 6};
        Optimizer optimizer = optimizer(parameters, 0);
        optimizer.gradient("w").data()[0] = 5e20f;
        optimizer.update(1, 1);
        assertEquals(0, parameters[0], 1e-6);
    }

    /** At the first step Adam moves a value by the learning rate against its gradient's sign; with weight decay it first shrinks. */
    @Test
    void blocksThatShareAnArrayMoveItOneAfterTheOther() {
        Optimizer optimizer = new Optimizer(0.5, Workers.one());
        Matrix shared = Matrix.over(new float[] {1, 2, -4}, 1, 3);
        optimizer.add("first use", shared);
        optimizer.add("other", Matrix.over(new float[] {1}, 1, 1));
        optimizer.add("second use", shared.reshaped(3, 1));
        optimizer.gradient("first use").copyFrom(Matrix.over(new float[] {1, 1, -3}, 1, 3));
        optimizer.gradient("second use").copyFrom(Matrix.over(new float[] {5, -5, 0}, 3, 1));
        optimizer.update(1, 0.1);
        float[] expected = new float[3];
        float[] start = {1, 2, -4};
        int[] firstSign = {1, 1, -1};
        int[] secondSign = {1, -1, 0};
        for (int i = 0; i < 3; i++) {
            expected[i] = (start[i] * 0.95f - 0.1f * firstSign[i]) * 0.95f - 0.1f * secondSign[i];
        }
        assertArrayEquals(expected, shared.toArray(), 1e-6f);
        assertArrayEquals(new float[] {0.1f, 0.1f, -0.3f}, optimizer.means("first use"), 1e-7f);
        assertArrayEquals(new float[] {0.5f, -0.5f, 0}, optimizer.means("second use"), 1e-7f);
    }
}
