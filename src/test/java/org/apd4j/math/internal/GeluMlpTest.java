package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apd4j.network.Activation;
import org.junit.jupiter.api.Test;

class GeluMlpTest {

    private static final int WIDTH = 3;
    private static final float[] W_IN = {9, 1.5f, -2, 0.7f};
    private static final float[] B_IN = {9, 0.2f, -0.4f, 0};
    private static final float[] W_OUT = {9, 0.8f, -1.1f, 2};
    private static final float B_OUT = 0.3f;

    /** The perceptron whose parameters begin at index 1, in double precision. */
    private static double exact(double a, double[] parameters) {
        double sum = B_OUT;
        for (int j = 0; j < WIDTH; j++) {
            sum += parameters[2 * WIDTH + j] * Activation.GELU.exact(a * parameters[j] + parameters[WIDTH + j]);
        }
        return sum;
    }

    private static double[] parameters() {
        double[] all = new double[3 * WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            all[j] = W_IN[1 + j];
            all[WIDTH + j] = B_IN[1 + j];
            all[2 * WIDTH + j] = W_OUT[1 + j];
        }
        return all;
    }

    @Test
    void geluIsExactToAMillionth() {
        float[] one = {1};
        float[] none = {0};
        for (int i = -12_000; i <= 12_000; i++) {
            float v = i / 1000f;
            float[] out = new float[1];
            GeluMlp.forward(new float[] {v}, 0, 1, one, none, one, 0, 1, 0, out, 0, new GeluMlp.Memory(1));
            assertEquals(Activation.GELU.exact(v), out[0], 1e-6, "at " + v);
            float[] slope = new float[1];
            GeluMlp.backward(new float[][] {{v}}, new float[][] {{1}}, new int[1], new int[] {1}, one, none, one, 0, 1, new float[][] {slope},
                    new float[1], new float[1], new float[1], new GeluMlp.Memory(1));
            assertEquals(Activation.GELU.derivative(v), slope[0], 1e-6, "the derivative at " + v);
        }
    }

    @Test
    void hugeAndTinyInputsStayFinite() {
        float[] inputs = {-1e30f, -1e-30f, 0, 1e-30f, 1e30f};
        float[] out = new float[5];
        GeluMlp.forward(inputs, 0, 5, new float[] {1}, new float[1], new float[] {1}, 0, 1, 0, out, 0, new GeluMlp.Memory(5));
        assertEquals(1e30f, out[4]);
        assertEquals(0, out[0] / 1e30f, 1e-6);
        assertEquals(0, out[2]);
        float[] slopes = new float[5];
        GeluMlp.backward(new float[][] {inputs}, new float[][] {{1, 1, 1, 1, 1}}, new int[1], new int[] {5}, new float[] {1}, new float[1],
                new float[] {1}, 0, 1, new float[][] {slopes}, new float[1], new float[1], new float[1], new GeluMlp.Memory(5));
        assertArrayEquals(new float[] {0, 0.5f, 0.5f, 0.5f, 1}, slopes, 1e-6f);
    }

    @Test
    void perceptronsAreEvaluatedFromTheirOwnParametersOn() {
        float[] a = {7, -1.3f, 0, 0.4f, 2.5f};
        float[] gamma = {7, 7, 7, 7, 7, 7};
        GeluMlp.forward(a, 1, 4, W_IN, B_IN, W_OUT, 1, WIDTH, B_OUT, gamma, 2, new GeluMlp.Memory(8));
        assertEquals(7, gamma[1]);
        for (int n = 0; n < 4; n++) {
            assertEquals(exact(a[1 + n], parameters()), gamma[2 + n], 3e-6);
        }
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        float[] a = {-1.3f, -0.2f, 0.4f, 2.5f};
        float[] gradient = {0.5f, -1, 2, 0.25f};
        float[] aGradient = {10, 0, 0, 0};
        float[][] found = {new float[4], new float[4], new float[4]};
        GeluMlp.backward(new float[][] {a}, new float[][] {gradient}, new int[1], new int[] {4}, W_IN, B_IN, W_OUT, 1, WIDTH,
                new float[][] {aGradient}, found[0], found[1], found[2], new GeluMlp.Memory(4));
        double h = 1e-5;
        for (int n = 0; n < 4; n++) {
            double slope = (exact(a[n] + h, parameters()) - exact(a[n] - h, parameters())) / (2 * h);
            assertEquals(gradient[n] * slope + (n == 0 ? 10 : 0), aGradient[n], 1e-5);
        }
        for (int i = 0; i < 3 * WIDTH; i++) {
            double expected = 0;
            for (int n = 0; n < 4; n++) {
                double[] up = parameters();
                double[] down = parameters();
                up[i] += h;
                down[i] -= h;
                expected += gradient[n] * (exact(a[n], up) - exact(a[n], down)) / (2 * h);
            }
            assertEquals(expected, found[i / WIDTH][1 + i % WIDTH], 1e-5, "parameter " + i);
        }
        for (float[] own : found) {
            assertEquals(0, own[0], "a perceptron before the first index has no gradient");
        }
    }

    @Test
    void inputsInPiecesGiveTheGradientsOfTheWhole() {
        Random random = new Random(5);
        float[] a = new float[90];
        float[] gradient = new float[90];
        for (int n = 0; n < 90; n++) {
            a[n] = (float) random.nextGaussian();
            gradient[n] = (float) random.nextGaussian();
        }
        float[][] whole = {new float[90], new float[4], new float[4], new float[4]};
        GeluMlp.backward(new float[][] {a}, new float[][] {gradient}, new int[1], new int[] {90}, W_IN, B_IN, W_OUT, 1, WIDTH,
                new float[][] {whole[0]}, whole[1], whole[2], whole[3], new GeluMlp.Memory(90));
        float[][] pieces = {new float[90], new float[4], new float[4], new float[4]};
        GeluMlp.backward(new float[][] {a, a}, new float[][] {gradient, gradient}, new int[] {0, 60}, new int[] {60, 30}, W_IN, B_IN, W_OUT, 1, WIDTH,
                new float[][] {pieces[0], pieces[0]}, pieces[1], pieces[2], pieces[3], new GeluMlp.Memory(60));
        assertArrayEquals(whole[0], pieces[0]);
        for (int i = 1; i < 4; i++) {
            assertArrayEquals(whole[i], pieces[i], 1e-4f);
            assertTrue(whole[i][1] != 0);
        }
    }
}
