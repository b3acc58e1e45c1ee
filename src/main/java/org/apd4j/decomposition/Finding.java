package org.apd4j.decomposition;

import java.util.List;

/**
 * A problem that a decomposition shows, and the setting to change.
 *
 * <pre>{@code
 * for (Finding finding : Diagnosis.of(run).findings()) {
 *     System.out.println(finding.seen() + " " + finding.move());
 * }
 * }</pre>
 *
 * @param kind       the kind of problem
 * @param components the components concerned; empty if it concerns all of them, those of single layers, or the data
 * @param value      the measured value that shows the problem
 * @param seen       the problem in words
 * @param move       the setting to change, and the direction or the value to try
 */
public record Finding(Kind kind, List<Integer> components, double value, String seen, String move) {

    /** The kinds of problems, the most serious first. */
    public enum Kind {
        /** Features occur in no sample. */
        NEVER_OCCURS,
        /** Features occur only together. */
        ALWAYS_TOGETHER,
        /** On most samples no component is active. */
        NOTHING_ACTIVE,
        /** The components do not add up to the weights. */
        NOT_FAITHFUL,
        /** One of several seeds ended far from the weights, compared with the best. */
        FAILED_SEED,
        /** Several seeds found different components. */
        SEEDS_DISAGREE,
        /** The active components do not reproduce the target's output, but more of them would. */
        TOO_FEW_ACTIVE,
        /** The active components do not reproduce the target's output, and neither would more of them. */
        NOT_MINIMAL,
        /** The output of the active components points the right way but is too small. */
        SHRUNK,
        /** More components are active on a sample than it needs. */
        TOO_MANY_ACTIVE,
        /** Features, alone in the input, activate no component. */
        NOT_COVERED,
        /** One component is the strongest for several features. */
        MERGED,
        /** Two components are nearly the same. */
        SPLIT,
        /** A component is active on nearly every sample. */
        EVERYWHERE,
        /** All components are in use, so that more of them might be needed. */
        ALL_USED,
        /** Components are never active. */
        DEAD
    }

    /** Copies the list. */
    public Finding {
        components = List.copyOf(components);
    }
}
