package org.apd4j.decomposition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a method knows of the problems of its decompositions: which of them are problems at all, and the setting that moves each. A diagnosis measures
 * the problems, which needs no method, and takes the words from here.
 *
 * <pre>{@code
 * Remedies remedies = run.remedies();
 * System.out.println(remedies.against(Finding.Kind.NOT_FAITHFUL).orElse("not looked for"));
 * }</pre>
 */
public interface Remedies {

    /** The error of the output below which it is small, unless a method says otherwise, in units of the error without any component. */
    double SMALL_ERROR = 0.02;

    /** Returns the setting to change and the direction, or the value to try, in one or two sentences; empty if this is no problem for the method. */
    Optional<String> against(Finding.Kind kind);

    /** Returns the error of the output below which it is small, in units of the error without any component. */
    default double smallError() {
        return SMALL_ERROR;
    }

    /** Returns the agreement above which two seeds have found the same, mean |cos| of matched components; 0, as by default, if any will do. */
    default double leastAgreement() {
        return 0;
    }

    /**
     * Returns, for each parameter of which a part belongs to no component by design, that part's share of the sum of squares, so that it is not taken
     * for a problem. Empty by default.
     */
    default Map<String, Double> leftOut(Decomposition found) {
        return Map.of();
    }

    /** Returns problems that are already known, such as those that a check of the result has found. Empty by default. */
    default List<Finding> known() {
        return List.of();
    }
}
