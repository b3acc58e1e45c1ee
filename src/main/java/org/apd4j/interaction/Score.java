package org.apd4j.interaction;

/**
 * What an ablation is judged by.
 *
 * <pre>{@code
 * boolean stillGood = Score.ACCURACY.holds(0.985, 0.99, 0.01); // true
 * }</pre>
 */
public enum Score {
    /** The part of the samples, or positions, whose largest logit is the label's, the lowest index among equal ones. */
    ACCURACY,
    /** The mean cross-entropy of a sample or position, in nats. */
    CROSS_ENTROPY;

    /** Returns whether a score is worse than the base score by at most an allowed difference. */
    public boolean holds(double score, double base, double allowed) {
        return this == ACCURACY ? score >= base - allowed : score <= base + allowed;
    }
}
