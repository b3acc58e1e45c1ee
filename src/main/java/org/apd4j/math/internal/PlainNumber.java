package org.apd4j.math.internal;

import java.util.Locale;

/**
 * A number in the digits in which it was given, the same in every locale: "0.003", "20".
 *
 * <pre>{@code
 * System.out.println(PlainNumber.of(20)); // 20, not 20.0
 * }</pre>
 */
public final class PlainNumber {

    private static final double LARGEST_WHOLE = 1e6;

    private PlainNumber() {
    }

    /** Returns the number as a text. */
    public static String of(double value) {
        return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE ? Long.toString((long) value) : Double.toString(value);
    }

    /** Returns a number above 0, rounded to two significant digits. */
    public static double twoDigits(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
        return Double.parseDouble(String.format(Locale.ROOT, "%.1e", Math.rint(value / unit) * unit));
    }
}
