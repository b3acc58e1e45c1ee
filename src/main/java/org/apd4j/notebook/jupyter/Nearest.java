package org.apd4j.notebook.jupyter;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that was probably meant, by the number of letters that have to change. */
final class Nearest {

    private Nearest() {
    }

    /**
     * The candidate nearest to a name: at most one change for every three letters, the case of letters counting less; empty if none is so near.
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

    /** Types are written with a capital and variables without: who forgot just that is told, but nobody is told of a type instead of a variable. */
    private static boolean isAlike(String name, String candidate) {
        return Character.isUpperCase(name.charAt(0)) == Character.isUpperCase(candidate.charAt(0)) || name.equalsIgnoreCase(candidate);
    }

    /** Letters to insert, delete, replace, or exchange with their neighbour, to make one word of the other. */
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
