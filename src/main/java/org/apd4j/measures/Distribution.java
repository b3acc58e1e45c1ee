package org.apd4j.measures;

import java.util.Arrays;
import java.util.Locale;
import org.apd4j.math.Statistics;

/**
 * Measured values with their mean, deviation and quantiles. Immutable.
 *
 * <pre>{@code
 * var losses = Distribution.of(0.1, 0.2, 0.7);
 * System.out.println(losses.mean() + ", median " + losses.median());
 * }</pre>
 */
public final class Distribution {

    private final double[] values;
    private final double[] sorted;

    private Distribution(double[] values) {
        this.values = values;
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** Returns the distribution of the given values, which are copied. */
    public static Distribution of(double... values) {
        return new Distribution(values.clone());
    }

    /** Returns the number of values. */
    public int count() {
        return values.length;
    }

    /** Returns a copy of the values, in the order in which they were given. */
    public double[] values() {
        return values.clone();
    }

    /** Returns the mean. */
    public double mean() {
        return Statistics.mean(values);
    }

    /** Returns the sample {@linkplain Statistics#standardDeviation standard deviation}. */
    public double standardDeviation() {
        return Statistics.standardDeviation(values);
    }

    /** Returns the median. */
    public double median() {
        return quantile(0.5);
    }

    /**
     * Returns a {@linkplain Statistics#quantile quantile}.
     *
     * @param fraction 0 … 1: 0.05 is the 5 % quantile
     */
    public double quantile(double fraction) {
        return Statistics.quantileOfSorted(fraction, sorted);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distribution distribution && Arrays.equals(values, distribution.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "mean %.3g, median %.3g, 5 %% %.3g, 95 %% %.3g, %d values", mean(), median(), quantile(0.05),
                quantile(0.95), count());
    }
}
