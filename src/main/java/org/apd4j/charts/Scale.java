package org.apd4j.charts;

/**
 * How an axis or a colour scale runs.
 *
 * <pre>{@code
 * Charts.lines("Decay", "x", new double[] {1, 2, 3}, "y", Scale.LOGARITHMIC, List.of(new Series("y", 1, 0.1, 0.01)))
 * }</pre>
 */
public enum Scale {
    /** Equal steps are equal differences. */
    LINEAR,
    /** Equal steps are equal ratios; numbers that are not positive are left out, and the figure says how many. */
    LOGARITHMIC
}
