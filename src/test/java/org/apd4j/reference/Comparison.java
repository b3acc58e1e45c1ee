package org.apd4j.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apd4j.testsupport.GoldenRun;

/** The arrays of a golden run that have not been compared yet, and how far the compared ones are off. */
final class Comparison {

    private final String run;
    private final Set<String> left;
    private final Map<String, Double> differences = new LinkedHashMap<>();

    /** @param expected the arrays that must be compared */
    Comparison(String run, Set<String> expected) {
        this.run = run;
        left = new TreeSet<>(expected);
    }

    /** Whether the run has an array of that name that must be compared and has not been. */
    boolean expects(String array) {
        return left.contains(array);
    }

    void compare(String array, double[] actual, double[] expected) {
        left.remove(array);
        differences.put(array, GoldenRun.difference(actual, expected));
    }

    /** By array, relative to its largest entry. */
    Map<String, Double> differences() {
        return differences;
    }

    void allWithin(double tolerance) {
        assertEquals(Set.of(), left, "arrays of " + run + " that nothing was compared with");
        differences.forEach((array, difference) -> assertTrue(difference <= tolerance, run + ": " + array + " is off by " + difference));
    }
}
