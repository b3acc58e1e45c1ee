package org.apd4j.interaction.internal;

import org.apd4j.math.internal.DoubleMatrix;

/**
 * Pairs of numbers below p and their sums modulo p.
 *
 * <pre>{@code
 * AdditionPairs pairs = AdditionPairs.of(DoubleMatrix.of(new double[][] {{1, 4, 5}}), new int[] {0}); // 1 + 4 modulo 5; the token 5 is the equals sign
 * }</pre>
 *
 * @param first  the first numbers
 * @param second the second numbers
 * @param sums   the answers
 */
public record AdditionPairs(int[] first, int[] second, int[] sums) {

    /** Returns the pairs of samples of three tokens. */
    public static AdditionPairs of(DoubleMatrix tokens, int[] sums) {
        int[] first = new int[tokens.rows()];
        int[] second = new int[tokens.rows()];
        for (int x = 0; x < first.length; x++) {
            first[x] = (int) tokens.get(x, 0);
            second[x] = (int) tokens.get(x, 1);
        }
        return new AdditionPairs(first, second, sums);
    }

    int size() {
        return sums.length;
    }
}
