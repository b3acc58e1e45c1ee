package org.apd4j.measures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.math.SparseRows;

/**
 * The features that occur in no sample, and those that occur only together: no decomposition can find the mechanism of the former, or tell apart the
 * mechanisms of the latter.
 */
final class FeatureOccurrence {

    /** Features that occur in fewer samples may coincide by chance. */
    private static final int ENOUGH = 10;
    private static final int SHOWN = 8;

    private final int[] counts;
    /** By feature, a hash of the set of samples in which it occurs: equal for two features that always occur together. */
    private final long[] patterns;
    private int samples;

    FeatureOccurrence(int features) {
        counts = new int[features];
        patterns = new long[features];
    }

    void add(SparseRows x) {
        for (int row = 0; row < x.rows(); row++) {
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                if (x.value(i) != 0) {
                    counts[x.column(i)]++;
                    patterns[x.column(i)] += scrambled(samples);
                }
            }
            samples++;
        }
    }

    /** The finalizer of SplitMix64, so that the sums over two different sets of samples are equal with probability 2⁻⁶⁴. */
    private static long scrambled(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Appends the problems found. */
    void addTo(Report report) {
        List<Integer> never = IntStream.range(0, counts.length).filter(feature -> counts[feature] == 0).boxed().toList();
        if (!never.isEmpty()) {
            report.add(new Finding(Kind.NEVER_OCCURS, List.of(), never.size(), String.format(Locale.ROOT,
                    "%d of %d features never occur in %,d samples: %s.", never.size(), counts.length, samples, Report.text(never, ", ")),
                    "A mechanism that no sample uses cannot be found: give samples in which they occur, or leave these inputs out."));
        }
        List<List<Integer>> together = together();
        if (!together.isEmpty()) {
            String groups = together.stream().limit(SHOWN).map(group -> Report.text(group, " and ") + String.format(Locale.ROOT, " (in %,d of %,d samples)",
                    counts[group.get(0)], samples)).collect(Collectors.joining("; "));
            report.add(new Finding(Kind.ALWAYS_TOGETHER, List.of(), together.size(),
                    "Features always occur together: " + groups + (together.size() > SHOWN ? "; …" : "") + ".",
                    "One component for all of them is the right answer on this data; to tell their mechanisms apart, give samples in which one"
                            + " occurs without the other."));
        }
    }

    /** Returns groups of features that occur only together. Features that occur in every sample do not count: that is normal for dense data. */
    private List<List<Integer>> together() {
        Map<Long, List<Integer>> groups = new LinkedHashMap<>();
        for (int feature = 0; feature < counts.length; feature++) {
            if (counts[feature] >= ENOUGH && counts[feature] < samples) {
                groups.computeIfAbsent(patterns[feature], pattern -> new ArrayList<>()).add(feature);
            }
        }
        return groups.values().stream().filter(group -> group.size() > 1).toList();
    }
}
