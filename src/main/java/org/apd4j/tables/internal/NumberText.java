package org.apd4j.tables.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.measures.Distribution;

/**
 * Numbers as text for people, the same in every locale.
 *
 * <pre>{@code
 * System.out.println(NumberText.of(0.000123));
 * }</pre>
 */
public final class NumberText {

    private static final double SMALLEST_PLAIN = 1e-3;
    private static final double LARGEST_PLAIN = 1e6;
    /** Below this, four decimals leave at most three digits; a column that also has smaller numbers than can be plain is scientific throughout. */
    private static final double SMALL = 0.1;

    private NumberText() {
    }

    /** Returns one number in three significant digits or more: "0.998", "1.25", "20000", "4.81e-4", "–" for NaN, "∞". */
    public static String of(double value) {
        if (Double.isFinite(value) && Math.abs(value) < SMALL && Math.abs(value) >= SMALLEST_PLAIN) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        return column(value).apply(value);
    }

    /** Returns the mean of values and their sample standard deviation, "0.998 ± 0.004"; "–" if there are none. */
    public static String spread(double[] values) {
        Distribution found = Distribution.of(values);
        return values.length == 0 ? "–" : spread(found.mean(), values.length == 1 ? 0 : found.standardDeviation());
    }

    /** Returns a mean and a standard deviation: "0.998 ± 0.004". */
    public static String spread(double mean, double deviation) {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, deviation);
    }

    /** Returns a setting with the digits that it was given: "0.003", "20". */
    public static String setting(double value) {
        return PlainNumber.of(value);
    }

    /**
     * Returns a format for the numbers of a column: all with the same number of decimals, so that the points are aligned; columns of small
     * numbers, or of very large ones, in scientific notation, and so are numbers beside larger ones that would lose their digits.
     */
    public static DoubleFunction<String> column(double... values) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        boolean whole = true;
        for (double value : values) {
            double magnitude = Math.abs(value);
            if (Double.isFinite(value) && value != 0) {
                smallest = Math.min(smallest, magnitude);
                largest = Math.max(largest, magnitude);
                whole &= value == Math.rint(value);
            }
        }
        if (largest == 0 || whole && largest < LARGEST_PLAIN) {
            return plain(0);
        }
        if (largest >= LARGEST_PLAIN || largest < (smallest < SMALLEST_PLAIN ? SMALL : SMALLEST_PLAIN)) {
            return value -> special(value, NumberText::scientific);
        }
        int digitsBefore = Math.max(0, (int) Math.floor(Math.log10(largest)) + 1);
        int most = Math.max(1, Math.min(4, smallest < SMALL ? 4 : 4 - digitsBefore));
        for (int decimals = 1; decimals < most; decimals++) {
            double unit = Math.pow(10, decimals);
            if (Arrays.stream(values).filter(Double::isFinite).allMatch(v -> Math.abs(v * unit - Math.rint(v * unit)) < 1e-9 * unit)) {
                return plain(decimals);
            }
        }
        return plain(most);
    }

    /** Returns a format with so many decimals; numbers that would lose their digits have an exponent. */
    private static DoubleFunction<String> plain(int decimals) {
        double least = Math.min(SMALLEST_PLAIN, 5 * Math.pow(10, -decimals));
        return value -> special(value, v -> v != 0 && Math.abs(v) < least
                ? scientific(v) : String.format(Locale.ROOT, "%." + decimals + "f", v == 0 ? 0 : v));
    }

    private static String scientific(double value) {
        if (value == 0) {
            return "0";
        }
        String text = String.format(Locale.ROOT, "%.2e", value);
        int e = text.indexOf('e');
        return text.substring(0, e + 1) + Integer.parseInt(text.substring(e + 1));
    }

    private static String special(double value, DoubleFunction<String> finite) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return Double.isInfinite(value) ? value > 0 ? "∞" : "-∞" : finite.apply(value);
    }
}
