package org.apd4j.math.internal;

/**
 * One fused sweep of Adam (Kingma and Ba, 2015) over a block of parameters, with bias correction and, as AdamW does, decoupled
 * weight decay.
 *
 * <pre>{@code
 * float[] parameters = {1, 2}, gradients = {0.1f, -0.1f}, means = new float[2], squares = new float[2];
 * Adam.update(parameters, gradients, means, squares, 0, 2, 1, 1e-3, 0); // step 1, learning rate 1e-3, no weight decay
 * }</pre>
 */
public final class Adam {

    /** Decay of the mean of the gradients. */
    public static final float BETA_1 = 0.9f;
    /** Decay of the mean of their squares. */
    public static final float BETA_2 = 0.999f;
    /** Added to the root of the mean square. */
    public static final float EPSILON = 1e-8f;

    // 1 − β in double precision: 1 − 0.999f would be off by 1e-5
    private static final float NEW_1 = 0.1f;
    private static final float NEW_2 = 0.001f;

    private Adam() {
    }

    /**
     * Updates {@code parameters[from … to − 1]} and both moments.
     *
     * @param step         number of this update, from 1
     * @param learningRate may be 0: the moments still change
     * @param weightDecay  {@code p ← p (1 − learningRate · weightDecay)} before the update; 0 for Adam
     */
    public static void update(float[] parameters, float[] gradients, float[] means, float[] squares, int from, int to,
                              int step, double learningRate, double weightDecay) {
        float decay = (float) (1 - learningRate * weightDecay);
        float size = (float) (learningRate / (1 - Math.pow(0.9, step)));
        float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
        for (int i = from; i < to; i++) {
            float mean = mean(means[i], gradients[i]);
            float square = square(squares[i], gradients[i]);
            means[i] = mean;
            squares[i] = square;
            parameters[i] = parameter(parameters[i], mean, square, decay, size, rootScale);
        }
    }

    /**
     * Computes what {@link #update} would write, without writing it.
     *
     * @return the largest absolute values among the new parameters, the new means and the new squares, in this order; NaN if one of them is NaN
     */
    public static double[] largestAfterUpdate(float[] parameters, float[] gradients, float[] means, float[] squares, int from, int to,
                                              int step, double learningRate, double weightDecay) {
        float decay = (float) (1 - learningRate * weightDecay);
        float size = (float) (learningRate / (1 - Math.pow(0.9, step)));
        float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(0.999, step)));
        float largestParameter = 0;
        float largestMean = 0;
        float largestSquare = 0;
        for (int i = from; i < to; i++) {
            float mean = mean(means[i], gradients[i]);
            float square = square(squares[i], gradients[i]);
            largestParameter = Math.max(largestParameter, Math.abs(parameter(parameters[i], mean, square, decay, size, rootScale)));
            largestMean = Math.max(largestMean, Math.abs(mean));
            largestSquare = Math.max(largestSquare, square);
        }
        return new double[] {largestParameter, largestMean, largestSquare};
    }

    private static float mean(float mean, float gradient) {
        return BETA_1 * mean + NEW_1 * gradient;
    }

    private static float square(float square, float gradient) {
        return BETA_2 * square + NEW_2 * gradient * gradient;
    }

    private static float parameter(float parameter, float mean, float square, float decay, float size, float rootScale) {
        return decay * parameter - size * mean / ((float) Math.sqrt(square) * rootScale + EPSILON);
    }
}
