package org.apd4j.charts;

/**
 * The scale of an axis or of colours.
 *
 * <pre>{@code
 * Charts.lines("Decay", "x", new double[] {1, 2, 3}, "y", Scale.LOGARITHMIC, List.of(new Series("y", 1, 0.1, 0.01)))
 * }</pre>
 */
public enum Scale {
    /** Equal steps are equal differences. */
    LINEAR,
    /** Equal steps are equal ratios; values that are not positive are left out, and the figure says how many. */
    LOGARITHMIC
}
