package org.apd4j.math;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * Means, standard deviations, quantiles and rank correlations, with the conventions that all figures and tables share.
 *
 * <pre>{@code
 * double mean = Statistics.mean(1, 2, 4);
 * double spread = Statistics.standardDeviation(1, 2, 4);
 * }</pre>
 */
public final class Statistics {

    private Statistics() {
    }

    /** Returns the mean, or NaN if there are no values. */
    public static double mean(double... values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** Returns the mean, or NaN if there are no values. */
    public static double mean(List<Double> values) {
        return mean(array(values));
    }

    /** Returns the sample standard deviation, {@code sqrt(Σ (v − mean)² / (n − 1))}, or NaN if there are fewer than two values. */
    public static double standardDeviation(double... values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / (values.length - 1));
    }

    /** Returns the sample standard deviation, {@code sqrt(Σ (v − mean)² / (n − 1))}, or NaN if there are fewer than two values. */
    public static double standardDeviation(List<Double> values) {
        return standardDeviation(array(values));
    }

    /** Returns the median; for an even number of values, the mean of the two in the middle. */
    public static double median(double... values) {
        return quantile(0.5, values);
    }

    /**
     * Returns a quantile, interpolated linearly at position {@code (n − 1) · fraction} of the sorted values {@code v_0 … v_{n−1}} (type 7 of
     * Hyndman and Fan, 1996; NumPy's default), or NaN if there are no values.
     * It is not commons-math's, which refuses fraction 0 and leaves out NaN.
     *
     * @param fraction in [0, 1]
     * @throws IllegalArgumentException if {@code fraction} is outside [0, 1]
     */
    public static double quantile(double fraction, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return quantileOfSorted(fraction, sorted);
    }

    /**
     * Returns a quantile, as {@link #quantile} does, of values that are sorted already.
     *
     * @param sorted in ascending order
     * @throws IllegalArgumentException if {@code fraction} is outside [0, 1]
     */
    public static double quantileOfSorted(double fraction, double[] sorted) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction is " + fraction + "; it must be 0 … 1");
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = (sorted.length - 1) * fraction;
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Returns Spearman's rank correlation of pairs, in [−1, 1]. Ties get the mean of their ranks. NaN for fewer than two pairs, if one side is
     * constant, or if a value is NaN.
     *
     * @throws IllegalArgumentException if the two sides differ in length
     */
    public static double rankCorrelation(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException("there are " + one.length + " values on one side and " + other.length + " on the other");
        }
        if (one.length < 2 || DoubleStream.concat(Arrays.stream(one), Arrays.stream(other)).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        return new SpearmansCorrelation().correlation(one, other) + 0.0; // −0 becomes 0
    }

    /** Returns the values as an array. */
    public static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Returns the values as an immutable list. */
    public static List<Double> list(double... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
