package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeluMlpTableTest {

    private static final int INPUTS = 2500;

    /** A perceptron, whose parameters begin at index 2, inputs, and the gradients with respect to its outputs. */
    private static final class Sample {
        final int width;
        final float[] wIn;
        final float[] bIn;
        final float[] wOut;
        final float bOut = 0.3f;
        final float[] a = new float[INPUTS];
        final float[] gradient = new float[INPUTS];
        final GeluMlpTable table = new GeluMlpTable();
        final GeluMlpTable.Memory memory = new GeluMlpTable.Memory();

        Sample(int width, double steepness, double range, int seed) {
            Random random = new Random(seed);
            this.width = width;
            wIn = gaussian(random, width + 2, steepness * Math.sqrt(2));
            bIn = gaussian(random, width + 2, 0.5);
            wOut = gaussian(random, width + 2, 1 / Math.sqrt(width));
            for (int n = 0; n < INPUTS; n++) {
                a[n] = random.nextInt(4) == 0 ? 0 : (float) (range * (2 * random.nextDouble() - 0.7));
                gradient[n] = (float) random.nextGaussian();
            }
        }

        private static float[] gaussian(Random random, int count, double deviation) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            return values;
        }

        boolean fill() {
            table.begin();
            table.include(a, 0, INPUTS);
            return table.fill(INPUTS, wIn, bIn, wOut, 2, width, bOut, memory);
        }

        /** γ in double precision. */
        double exact(double input) {
            double sum = bOut;
            for (int j = 2; j < width + 2; j++) {
                sum += wOut[j] * Activation.GELU.exact(input * wIn[j] + bIn[j]);
            }
            return sum;
        }

        /** Σ |w_out| and, with slopes, Σ |w_out w_in|. */
        double total(boolean slopes) {
            double sum = 0;
            for (int j = 2; j < width + 2; j++) {
                sum += Math.abs(wOut[j]) * (slopes ? Math.abs(wIn[j]) : 1);
            }
            return sum;
        }

        /** Returns the gradients with respect to a, and to the three arrays of parameters. */
        float[][] backward() {
            float[][] all = {new float[INPUTS], new float[width + 2], new float[width + 2], new float[width + 2]};
            table.beginBackward(memory);
            table.backward(a, gradient, 0, 1000, all[0], memory);
            table.backward(a, gradient, 1000, INPUTS - 1000, all[0], memory);
            table.addParameterGradients(wIn, bIn, wOut, 2, width, all[1], all[2], all[3], memory);
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 1, 1", "16, 1, 0.01", "16, 3, 2", "128, 1, 1", "16, 15, 1", "1, 0.001, 50", "16, 1, 20", "5, 1, 1e-20"})
    void interpolatedOutputsAreOffByAtMostAMillionth(int width, double steepness, double range) {
        for (int seed = 0; seed < 6; seed++) {
            Sample sample = new Sample(width, steepness, range, seed);
            assertTrue(sample.fill());
            float[] gamma = new float[INPUTS + 3];
            sample.table.forward(sample.a, 0, INPUTS, gamma, 3);
            double largest = 0;
            for (float a : sample.a) {
                largest = Math.max(largest, Math.abs(a));
            }
            double rounding = 2e-7 * (1 + largest * sample.total(true)); // of a and v to single precision
            for (int n = 0; n < INPUTS; n++) {
                double exact = sample.exact(sample.a[n]);
                assertEquals(exact, gamma[n + 3], 1e-6 * Math.max(1, Math.abs(exact)) + rounding, "seed " + seed + " at " + sample.a[n]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 1, 1", "16, 1, 0.01", "16, 3, 2", "128, 1, 1", "16, 15, 1", "1, 0.001, 50", "5, 1, 1e-20"})
    void gradientsAreThoseOfTheDirectEvaluation(int width, double steepness, double range) {
        for (int seed = 0; seed < 6; seed++) {
            Sample sample = new Sample(width, steepness, range, seed);
            assertTrue(sample.fill());
            float[][] found = sample.backward();
            double[][] expected = {new double[INPUTS], new double[width + 2], new double[width + 2], new double[width + 2]};
            double[][] terms = {new double[INPUTS], new double[width + 2], new double[width + 2], new double[width + 2]};
            for (int n = 0; n < INPUTS; n++) {
                double g = sample.gradient[n];
                for (int j = 2; j < width + 2; j++) {
                    double v = (double) sample.a[n] * sample.wIn[j] + sample.bIn[j];
                    double slope = slope(v);
                    add(expected[0], terms[0], n, g * sample.wOut[j] * sample.wIn[j] * slope);
                    add(expected[1], terms[1], j, g * sample.wOut[j] * sample.a[n] * slope);
                    terms[1][j] += Math.abs(g * sample.wOut[j] / sample.wIn[j]);
                    add(expected[2], terms[2], j, g * sample.wOut[j] * slope);
                    terms[2][j] += Math.abs(g * sample.wOut[j]);
                    add(expected[3], terms[3], j, g * Activation.GELU.exact(v));
                    terms[3][j] += Math.abs(g);
                }
                terms[0][n] = Math.abs(g) * Math.max(sample.total(true), 1e-6); // ≤ 1 in every neuron
            }
            for (int which = 0; which < 4; which++) {
                for (int i = 0; i < expected[which].length; i++) {
                    assertEquals(expected[which][i], found[which][i], 1e-6 * terms[which][i], "seed " + seed + ", array " + which + " at " + i);
                }
            }
        }
    }

    private static void add(double[] sums, double[] terms, int at, double term) {
        sums[at] += term;
        terms[at] += Math.abs(term);
    }

    private static double slope(double v) {
        return 0.5 * (1 + Erf.erf(v / Math.sqrt(2))) + v * Math.exp(-v * v / 2) / Math.sqrt(2 * Math.PI);
    }

    /** By central differences of the interpolated outputs, whose rounding limits what can be seen. */
    @Test
    void parameterGradientsAreThoseOfTheInterpolatedOutputs() {
        Sample sample = new Sample(4, 1, 1, 5);
        assertTrue(sample.fill());
        float[][] found = sample.backward();
        float[][] parameters = {sample.wIn, sample.bIn, sample.wOut};
        for (int which = 0; which < 3; which++) {
            for (int j = 2; j < 6; j++) {
                float before = parameters[which][j];
                parameters[which][j] = before + 0.01f;
                double up = loss(sample);
                parameters[which][j] = before - 0.01f;
                double down = loss(sample);
                parameters[which][j] = before;
                double scale = Math.max(20, Math.abs(found[which + 1][j]));
                assertEquals((up - down) / 0.02, found[which + 1][j], 1e-3 * scale, which + ", " + j);
            }
        }
    }

    private static double loss(Sample sample) {
        assertTrue(sample.fill());
        float[] gamma = new float[INPUTS];
        sample.table.forward(sample.a, 0, INPUTS, gamma, 0);
        double sum = 0;
        for (int n = 0; n < INPUTS; n++) {
            sum += (double) gamma[n] * sample.gradient[n];
        }
        return sum;
    }

    @Test
    void atZeroNothingIsInterpolated() {
        Sample sample = new Sample(16, 1, 1, 7);
        Arrays.fill(sample.bIn, 0);
        assertTrue(sample.fill());
        float[] gamma = new float[1];
        sample.table.forward(new float[1], 0, 1, gamma, 0);
        assertEquals(sample.bOut, gamma[0]);
    }

    @Test
    void constantInputsNeedOneCell() {
        Sample sample = new Sample(16, 1, 0, 7);
        assertTrue(sample.fill());
        float[] gamma = new float[INPUTS];
        sample.table.forward(sample.a, 0, INPUTS, gamma, 0);
        assertEquals(sample.exact(0), gamma[17], 1e-6);
    }

    @Test
    void aGateThatIsTooSteepForItsInputsIsNotTabulated() {
        assertFalse(new Sample(16, 1000, 1, 1).fill());
        Sample biased = new Sample(16, 1, 1, 1);
        biased.bIn[3] = 1e6f;
        assertFalse(biased.fill());
    }

    @Test
    void infiniteInputsAndParametersAreNotTabulatedAndNanStaysNan() {
        for (float value : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f}) {
            Sample sample = new Sample(16, 1, 1, 1);
            sample.a[5] = value;
            assertFalse(sample.fill());
            Sample infinite = new Sample(16, 1, 1, 1);
            infinite.wIn[4] = value;
            assertFalse(infinite.fill());
        }
        Sample sample = new Sample(16, 1, 1, 1);
        float[] usual = new float[INPUTS];
        sample.fill();
        sample.table.forward(sample.a, 0, INPUTS, usual, 0);
        sample.a[5] = Float.NaN;
        assertTrue(sample.fill());
        float[] gamma = new float[INPUTS];
        sample.table.forward(sample.a, 0, INPUTS, gamma, 0);
        usual[5] = Float.NaN;
        assertArrayEquals(usual, gamma);
        assertTrue(Float.isNaN(sample.backward()[1][2]));
    }

    @Test
    void aNanAmongTheWeightsMakesEveryOutputNan() {
        Sample sample = new Sample(16, 1, 1, 1);
        sample.wIn[4] = Float.NaN;
        assertFalse(sample.fill());
        Sample out = new Sample(16, 1, 1, 1);
        out.wOut[4] = Float.NaN;
        if (out.fill()) {
            float[] gamma = new float[1];
            out.table.forward(out.a, 0, 1, gamma, 0);
            assertTrue(Float.isNaN(gamma[0]));
        }
    }
}
