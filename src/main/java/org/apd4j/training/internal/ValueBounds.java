package org.apd4j.training.internal;

import org.apd4j.math.internal.Adam;

/**
 * Upper bounds on the absolute values of everything that an optimizer changes. From them and the size of the gradients follow the bounds after an
 * update, so that an update whose values all stay finite is usually known to be one without a look at any of them.
 *
 * @param parameter bound on the parameters
 * @param mean      bound on the running means of the gradients
 * @param square    bound on the running means of their squares
 */
public record ValueBounds(double parameter, double mean, double square) {

    /** The largest float is 3.4e38; the rest is room for the rounding of every update since the values were last looked at. */
    private static final double SAFE = 1e37;

    /** Nothing is known. */
    public static final ValueBounds UNKNOWN = new ValueBounds(Double.NaN, Double.NaN, Double.NaN);

    /**
     * Returns bounds after an update, whatever the single values are: an update changes a parameter by at most the learning rate times the mean,
     * divided by {@link Adam#EPSILON}.
     *
     * @param gradient bound on the gradients
     */
    public ValueBounds after(double gradient, int step, double learningRate, double weightDecay) {
        double newMean = Math.max(mean, gradient);
        return new ValueBounds(Math.abs(1 - learningRate * weightDecay) * parameter + rate(step, learningRate) * newMean / Adam.EPSILON, newMean,
                Math.max(square, gradient * gradient));
    }

    /** Returns whether values within these bounds, and all that an update computes on the way to them, are finite. */
    public boolean areSafe(int step, double learningRate) {
        return parameter < SAFE && mean < SAFE && square < SAFE && rate(step, learningRate) < SAFE;
    }

    private static double rate(int step, double learningRate) {
        return learningRate / (1 - Math.pow(0.9, step));
    }

    /** Returns bounds that hold for the values of both; NaN if one is. */
    public ValueBounds and(ValueBounds other) {
        return new ValueBounds(Math.max(parameter, other.parameter), Math.max(mean, other.mean), Math.max(square, other.square));
    }
}
