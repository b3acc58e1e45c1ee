package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Remedies;

/** The findings of a diagnosis while they are collected; what is no problem for the method is not added. */
final class Report {

    /** The number of components, features or layers that a sentence names. */
    private static final int NAMED = 8;

    private final Remedies remedies;
    private final List<Finding> findings;

    Report(Remedies remedies) {
        this.remedies = remedies;
        this.findings = new ArrayList<>(remedies.known());
    }

    /** Returns whether a kind of problem is one for the method. */
    boolean asksFor(Finding.Kind kind) {
        return remedies.against(kind).isPresent();
    }

    void add(Finding.Kind kind, List<Integer> components, double value, String seen) {
        remedies.against(kind).ifPresent(move -> findings.add(new Finding(kind, components, value, seen, move)));
    }

    /** Adds a problem that no method can solve. */
    void add(Finding finding) {
        findings.add(finding);
    }

    /** Returns the findings, the most serious first. */
    List<Finding> findings() {
        return findings.stream().sorted(Comparator.comparing(Finding::kind)).toList();
    }

    /** Returns numbers for a sentence, at most the first eight. */
    static String text(List<Integer> numbers, String between) {
        Stream<String> first = numbers.stream().limit(NAMED).map(String::valueOf);
        return first.collect(Collectors.joining(between)) + (numbers.size() > NAMED ? between + "…" : "");
    }
}
