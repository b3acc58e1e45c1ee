package org.apd4j.notebook.jupyter;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The most similar of several names, by edit distance. */
final class Nearest {

    private Nearest() {
    }

    /**
     * Returns the candidate that is most similar to a name, with at most one edit for every three letters; differences in case count less. Returns an
     * empty Optional if there is none.
     */
    static Optional<String> to(String name, Collection<String> candidates) {
        String plain = name.toLowerCase(Locale.ROOT);
        int allowed = Math.max(1, name.length() / 3);
        return candidates.stream().distinct()
                .filter(candidate -> !candidate.equals(name) && candidate.length() > 1 && Math.abs(candidate.length() - name.length()) <= allowed)
                .filter(candidate -> isAlike(name, candidate))
                .filter(candidate -> distance(plain, candidate.toLowerCase(Locale.ROOT)) <= allowed)
                .min(Comparator.comparingInt((String candidate) -> distance(plain, candidate.toLowerCase(Locale.ROOT)))
                        .thenComparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns whether both names begin in the same case, or differ only in case: a type is no suggestion for a misspelt variable. */
    private static boolean isAlike(String name, String candidate) {
        return Character.isUpperCase(name.charAt(0)) == Character.isUpperCase(candidate.charAt(0)) || name.equalsIgnoreCase(candidate);
    }

    /** Returns the edit distance (Damerau–Levenshtein): insertions, deletions, replacements, and exchanges of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
