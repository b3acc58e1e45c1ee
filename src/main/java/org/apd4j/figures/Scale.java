package org.apd4j.figures;

/** How an axis or a colour scale runs. */
public enum Scale {
    /** Equal steps are equal differences. */
    LINEAR,
    /** Equal steps are equal ratios; numbers that are not positive are left out, and the figure says how many. */
    LOGARITHMIC
}
