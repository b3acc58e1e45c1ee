package org.apd4j.reference;

import java.util.HashMap;
import java.util.Map;

/**
 * Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8, bias correction and decoupled weight decay (plain Adam if that is 0), and the learning rates of a run.
 */
public final class ReferenceOptimizer {

    /** f(t, T) after the warm-up: COSINE a quarter of a period, HALF_COSINE half of one. */
    public enum Schedule { CONSTANT, LINEAR, COSINE, EXPONENTIAL, HALF_COSINE }

    /**
     * @param lr the learning rate after the warm-up
     * @param warmup the fraction of the steps that warms up
     * @param steps S
     * @param halflife in steps, of the exponential schedule only
     */
    public record Settings(double lr, Schedule schedule, double warmup, int steps, double halflife, double weightDecay) {

        /** The learning rate of step s, counted from 0. */
        public double rate(int s) {
            int warm = (int) Math.floor(warmup * steps);
            if (s < warm) {
                return lr * s / warm;
            }
            double t = s - warm;
            double total = steps - warm;
            return lr * switch (schedule) {
                case CONSTANT -> 1;
                case LINEAR -> 1 - t / total;
                case COSINE -> total == 1 ? 1 : Math.cos(Math.PI / 2 * t / (total - 1));
                case EXPONENTIAL -> Math.pow(0.5, t / halflife);
                case HALF_COSINE -> total == 1 ? 1 : (1 + Math.cos(Math.PI * t / (total - 1))) / 2;
            };
        }
    }

    private final Settings settings;
    private final Map<String, double[][]> first = new HashMap<>();
    private final Map<String, double[][]> second = new HashMap<>();

    ReferenceOptimizer(Settings settings) {
        this.settings = settings;
    }

    /** One update of the transpose of an array, in place, with the gradient of the transpose. */
    void updateTransposed(int s, String name, double[][] array, double[][] gradient) {
        double[][] parameter = ReferenceNetwork.transposed(array);
        update(s, name, parameter, gradient);
        for (int i = 0; i < array.length; i++) {
            for (int j = 0; j < array[i].length; j++) {
                array[i][j] = parameter[j][i];
            }
        }
    }

    /** One update of one parameter, in place; s is the step, counted from 0. */
    void update(int s, String name, double[][] parameter, double[][] gradient) {
        double lr = settings.rate(s);
        double[][] m = first.computeIfAbsent(name, n -> new double[parameter.length][parameter[0].length]);
        double[][] v = second.computeIfAbsent(name, n -> new double[parameter.length][parameter[0].length]);
        for (int i = 0; i < parameter.length; i++) {
            for (int j = 0; j < parameter[i].length; j++) {
                double g = gradient[i][j];
                m[i][j] = 0.9 * m[i][j] + 0.1 * g;
                v[i][j] = 0.999 * v[i][j] + 0.001 * g * g;
                double mHat = m[i][j] / (1 - Math.pow(0.9, s + 1));
                double vHat = v[i][j] / (1 - Math.pow(0.999, s + 1));
                parameter[i][j] = parameter[i][j] * (1 - lr * settings.weightDecay) - lr * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        }
    }
}
