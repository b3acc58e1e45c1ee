package org.apd4j.training.internal;

import org.apd4j.math.internal.Adam;

/**
 * Upper bounds on the magnitudes of everything that an optimiser updates. Bounds after an update follow from those before it and from the
 * gradients, so that it is usually certain that all updated values are finite without computing them twice.
 *
 * @param parameter the bound on the parameters
 * @param mean      the bound on the running means of the gradients
 * @param square    the bound on the running means of the squared gradients
 */
record ValueBounds(double parameter, double mean, double square) {

    /** The bound below which values count as finite. The largest float is 3.4e38; the margin covers rounding errors that add up over updates. */
    private static final double SAFE = 1e37;

    /** Bounds of which nothing is known. */
    static final ValueBounds UNKNOWN = new ValueBounds(Double.NaN, Double.NaN, Double.NaN);

    /**
     * Returns the bounds after an update. An update changes a parameter by at most the learning rate times the mean, divided by {@link Adam#EPSILON}.
     *
     * @param gradient the bound on the gradients
     */
    ValueBounds after(double gradient, int step, double learningRate, double weightDecay) {
        double newMean = Math.max(mean, gradient);
        return new ValueBounds(Math.abs(1 - learningRate * weightDecay) * parameter + rate(step, learningRate) * newMean / Adam.EPSILON, newMean,
                Math.max(square, gradient * gradient));
    }

    /** Returns whether all values within these bounds are finite, and all intermediate results of an update that leads to them. */
    boolean areSafe(int step, double learningRate) {
        return parameter < SAFE && mean < SAFE && square < SAFE && rate(step, learningRate) < SAFE;
    }

    private static double rate(int step, double learningRate) {
        return learningRate / (1 - Math.pow(0.9, step));
    }

    /** Returns bounds that hold for the values of this and the other; NaN if one of them is. */
    ValueBounds and(ValueBounds other) {
        return new ValueBounds(Math.max(parameter, other.parameter), Math.max(mean, other.mean), Math.max(square, other.square));
    }
}
