package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * Selection of the k largest of many values, in time linear in their number. Among equal values, those with lower indices are selected.
 *
 * <pre>{@code
 * float[] values = {3, 1, 2};
 * int[] indices = new int[2];
 * int found = new TopK().find(values, 0, 3, 2, indices); // 0 and 2, the indices of 3 and 2
 * }</pre>
 *
 * <p>An object keeps its working memory and the last call's threshold, which makes the next call faster without changing its result. Not
 * thread-safe: use one object per thread.
 */
public final class TopK {

    /** Number of leading bits by which the first pass bins the values. */
    private static final int BIN_BITS = 12;

    /** Upper limit of candidates per selected value while the threshold is a guess. */
    private static final int ROOM = 4;
    /** The guessed threshold relative to the last call's. */
    private static final float GUESS = 0.7f;

    /** The guessed threshold, in the numbering of {@link #ordered}. */
    private int guess = Integer.MAX_VALUE;
    private final int[] bins = new int[1 << BIN_BITS];
    private long[] candidates = new long[64];
    private int[] candidateIndices = new int[64];

    /**
     * Finds the {@code k} largest of {@code values[offset … offset + count − 1]}.
     *
     * @param values  none of which is NaN
     * @param indices receives the indices of the selected values, relative to {@code offset}, in ascending order; its length is at least
     *                {@code min(k, count)}
     * @return the number of selected values, {@code min(k, count)}
     */
    public int find(float[] values, int offset, int count, int k, int[] indices) {
        int wanted = Math.min(k, count);
        if (wanted <= 0) {
            return 0;
        }
        if (!findAbove(guess, values, offset, count, wanted, indices)) {
            findAbove(lowerEdge(values, offset, count, wanted), values, offset, count, wanted, indices);
        }
        return wanted;
    }

    /**
     * Selects among the values that are not below {@code edge}, provided that there are enough of them and not too many.
     *
     * @param edge in the numbering of {@link #ordered}
     * @return whether the selection was made; if not, {@code indices} is unchanged
     */
    private boolean findAbove(int edge, float[] values, int offset, int count, int wanted, int[] indices) {
        reserve(Math.min(count, ROOM * wanted));
        int open = 0;
        for (int i = 0; i < count; i++) {
            if (ordered(values[offset + i]) >= edge) {
                if (open == candidates.length) {
                    return false;
                }
                candidates[open] = key(values[offset + i], i);
                candidateIndices[open++] = i;
            }
        }
        if (open < wanted) {
            return false;
        }
        long smallest = kthLargest(open, wanted);
        int found = 0;
        for (int i = 0; i < open; i++) {
            int index = candidateIndices[i];
            if (key(values[offset + index], index) >= smallest) {
                indices[found++] = index;
            }
        }
        float last = value(smallest);
        guess = last > 0 ? ordered(GUESS * last) : Integer.MAX_VALUE; // thresholds of successive batches are similar
        return true;
    }

    /** Returns a lower bound of the {@code wanted} largest values, rounded down to the leading bits, in the numbering of {@link #ordered}. */
    private int lowerEdge(float[] values, int offset, int count, int wanted) {
        Arrays.fill(bins, 0);
        for (int i = 0; i < count; i++) {
            bins[bin(values[offset + i])]++;
        }
        int last = bins.length - 1;
        int above = 0;
        while (above + bins[last] < wanted) {
            above += bins[last--];
        }
        reserve(above + bins[last]);
        return (last - (1 << (BIN_BITS - 1))) << (32 - BIN_BITS);
    }

    private void reserve(int size) {
        if (candidates.length < size) {
            candidates = new long[2 * size];
            candidateIndices = new int[2 * size];
        }
    }

    private static int bin(float value) {
        return (ordered(value) >> (32 - BIN_BITS)) + (1 << (BIN_BITS - 1));
    }

    /** Maps floats to integers in the same order; −0 is mapped as 0. */
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // −0 becomes 0
        return bits ^ ((bits >> 31) & 0x7fffffff);
    }

    /** Returns the float that {@link #ordered} maps to the given integer. */
    private static float fromOrdered(int ordered) {
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
    }

    private static float value(long key) {
        return fromOrdered((int) (key >> 32));
    }

    /** Returns a sort key, by value and then by descending index, so that all keys differ. */
    private static long key(float value, int index) {
        return ((long) ordered(value) << 32) | (0xffffffffL - index);
    }

    /** Returns the {@code k}-th largest candidate by quickselect with the median of three; permutes the candidates. */
    private long kthLargest(int count, int k) {
        long[] keys = candidates;
        int target = count - k;
        int low = 0;
        int high = count - 1;
        while (low < high) {
            long pivot = median(keys[low], keys[(low + high) >>> 1], keys[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (keys[i] < pivot) {
                    i++;
                }
                while (keys[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long swap = keys[i];
                    keys[i++] = keys[j];
                    keys[j--] = swap;
                }
            }
            if (target <= j) {
                high = j;
            } else if (target >= i) {
                low = i;
            } else {
                break;
            }
        }
        return keys[target];
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
