package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AdamTest {

    @Test
    void updatesAgreeWithTheFormulasInDoublePrecisionAndStayInTheirRange() {
        Random random = new Random(6);
        int size = 50;
        float[] p = new float[size];
        float[] m = new float[size];
        float[] v = new float[size];
        double[] parameter = new double[size];
        double[] mean = new double[size];
        double[] square = new double[size];
        for (int i = 0; i < size; i++) {
            parameter[i] = p[i] = (float) random.nextGaussian();
        }
        for (int step = 1; step <= 200; step++) {
            double rate = step == 1 ? 0 : 0.01 / step;
            float[] gradient = new float[size];
            for (int i = 0; i < size; i++) {
                gradient[i] = i % 10 == 0 ? 0 : (float) (random.nextGaussian() * Math.pow(10, i % 7 - 5));
                if (i >= 5 && i < 45) {
                    mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
                    square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
                    parameter[i] = parameter[i] * (1 - rate * 0.01)
                            - rate * mean[i] / (1 - Math.pow(0.9, step)) / (Math.sqrt(square[i] / (1 - Math.pow(0.999, step))) + 1e-8);
                }
            }
            Adam.update(p, gradient, m, v, 5, 45, step, rate, 0.01);
        }
        for (int i = 0; i < size; i++) {
            assertEquals(parameter[i], p[i], 1e-5);
        }
    }

    @Test
    void theFirstUpdateHasTheSizeOfTheLearningRateAndAZeroGradientMovesNothing() {
        float[] p = {1, 1, 1};
        Adam.update(p, new float[] {1e-3f, -50, 0}, new float[3], new float[3], 0, 3, 1, 0.1, 0);
        assertArrayEquals(new float[] {0.9f, 1.1f, 1}, p, 1e-5f);
    }

    @Test
    void atLearningRateZeroOnlyTheMomentsChange() {
        float[] p = {1};
        float[] m = new float[1];
        float[] v = new float[1];
        Adam.update(p, new float[] {2}, m, v, 0, 1, 1, 0, 0.5);
        assertEquals(1, p[0]);
        assertEquals(0.2, m[0], 1e-6);
        assertEquals(0.004, v[0], 1e-7); // 1 − 0.999f is 0.001 to 1e-5
    }
}
