package org.apd4j.measures;

import java.util.Arrays;
import java.util.Locale;
import org.apd4j.math.Statistics;

/**
 * Many numbers and what is said of them in tables. Immutable.
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

    /** Of values, which are copied. */
    public static Distribution of(double... values) {
        return new Distribution(values.clone());
    }

    /** Number of values. */
    public int count() {
        return values.length;
    }

    /** The values in the order in which they were measured; a copy. */
    public double[] values() {
        return values.clone();
    }

    public double mean() {
        return Statistics.mean(values);
    }

    /** See {@link Statistics#standardDeviation}. */
    public double standardDeviation() {
        return Statistics.standardDeviation(values);
    }

    public double median() {
        return quantile(0.5);
    }

    /** See {@link Statistics#quantile}. */
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
