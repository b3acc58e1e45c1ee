package org.apd4j.math.internal;

/**
 * The update of Adam (Kingma and Ba, 2015) in one pass over a block of parameters, with bias correction and the decoupled weight decay of
 * AdamW (Loshchilov and Hutter, 2019).
 *
 * <pre>{@code
 * float[] parameters = {1, 2}, gradients = {0.1f, -0.1f}, means = new float[2], squares = new float[2];
 * Adam.update(parameters, gradients, means, squares, 0, 2, 1, 1e-3, 0); // step 1, learning rate 1e-3, no weight decay
 * }</pre>
 */
public final class Adam {

    /** Decay rate of the mean of the gradients, β₁. */
    public static final float BETA_1 = 0.9f;
    /** Decay rate of the mean of the squared gradients, β₂. */
    public static final float BETA_2 = 0.999f;
    /** Term added to the square root of the mean square, ε. */
    public static final float EPSILON = 1e-8f;

    /** {@code 1 − β₁}, rounded once: in single precision, {@code 1 − 0.9f} is off in its last digits. */
    private static final float NEW_1 = 0.1f;
    private static final double USUAL_BETA_2 = 0.999;

    private Adam() {
    }

    /** Updates {@code parameters[from … to − 1]} and both moments with the usual β₂, {@link #BETA_2}. */
    public static void update(float[] parameters, float[] gradients, float[] means, float[] squares, int from, int to,
                              int step, double learningRate, double weightDecay) {
        update(parameters, gradients, means, squares, from, to, step, learningRate, weightDecay, USUAL_BETA_2);
    }

    /**
     * Updates {@code parameters[from … to − 1]} and both moments.
     *
     * @param step         the number of this update, counted from 1
     * @param learningRate at least 0; at 0 the moments still change
     * @param weightDecay  λ of {@code p ← p (1 − learningRate · λ)}, which comes before the update; 0 for plain Adam
     * @param beta2        β₂, at least 0 and below 1
     */
    public static void update(float[] parameters, float[] gradients, float[] means, float[] squares, int from, int to,
                              int step, double learningRate, double weightDecay, double beta2) {
        float decay = (float) (1 - learningRate * weightDecay);
        float size = (float) (learningRate / (1 - Math.pow(0.9, step)));
        float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
        float old2 = (float) beta2;
        float new2 = (float) (1 - beta2);
        for (int i = from; i < to; i++) {
            float mean = mean(means[i], gradients[i]);
            float square = square(squares[i], gradients[i], old2, new2);
            means[i] = mean;
            squares[i] = square;
            parameters[i] = parameter(parameters[i], mean, square, decay, size, rootScale);
        }
    }

    /**
     * Returns the magnitudes that {@link #update} would lead to, without writing anything.
     *
     * @return the largest absolute value of the new parameters, of the new means and of the new mean squares; NaN where a value is NaN
     */
    public static double[] largestAfterUpdate(float[] parameters, float[] gradients, float[] means, float[] squares, int from, int to,
                                              int step, double learningRate, double weightDecay, double beta2) {
        float decay = (float) (1 - learningRate * weightDecay);
        float size = (float) (learningRate / (1 - Math.pow(0.9, step)));
        float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
        float old2 = (float) beta2;
        float new2 = (float) (1 - beta2);
        float largestParameter = 0;
        float largestMean = 0;
        float largestSquare = 0;
        for (int i = from; i < to; i++) {
            float mean = mean(means[i], gradients[i]);
            float square = square(squares[i], gradients[i], old2, new2);
            largestParameter = Math.max(largestParameter, Math.abs(parameter(parameters[i], mean, square, decay, size, rootScale)));
            largestMean = Math.max(largestMean, Math.abs(mean));
            largestSquare = Math.max(largestSquare, square);
        }
        return new double[] {largestParameter, largestMean, largestSquare};
    }

    private static float mean(float mean, float gradient) {
        return BETA_1 * mean + NEW_1 * gradient;
    }

    private static float square(float square, float gradient, float beta2, float new2) {
        return beta2 * square + new2 * gradient * gradient;
    }

    private static float parameter(float parameter, float mean, float square, float decay, float size, float rootScale) {
        return decay * parameter - size * mean / ((float) Math.sqrt(square) * rootScale + EPSILON);
    }
}
