package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * Finds the k largest of many values; of equal ones, those with the lower index. Linear in the number of values.
 *
 * <pre>{@code
 * float[] values = {3, 1, 2};
 * int[] places = new int[2];
 * int found = new TopK().find(values, 0, 3, 2, places); // the places of 3 and 2
 * }</pre>
 *
 * <p>Holds its working memory, and the last threshold, which makes the next call faster but does not change what it finds: one object a
 * thread.
 */
public final class TopK {

    /** The leading bits that the first look sorts by. */
    private static final int BIN_BITS = 12;

    /** Values that are looked at closely, at most, when the edge is a guess: so many for each that is wanted. */
    private static final int ROOM = 4;
    /** A guessed edge, as a part of the last call's threshold. */
    private static final float GUESS = 0.7f;

    /** Values from here on, as {@link #ordered} numbers them, are looked at first. */
    private int guess = Integer.MAX_VALUE;
    private final int[] bins = new int[1 << BIN_BITS];
    private long[] candidates = new long[64];
    private int[] candidateIndices = new int[64];

    /**
     * Finds the {@code k} largest of {@code values[offset … offset + count − 1]}.
     *
     * @param values  not NaN
     * @param indices gets their places, {@code 0 … count − 1}, rising; has room for {@code min(k, count)}
     * @return how many there are, {@code min(k, count)}
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
     * Looks closely at the values from {@code edge} on only, if they are as many as wanted and not many more.
     *
     * @param edge as {@link #ordered} numbers values
     * @return whether they were; if not, nothing is found yet
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
        guess = last > 0 ? ordered(GUESS * last) : Integer.MAX_VALUE; // the next batch's threshold will be near this one's
        return true;
    }

    /** Where the last {@code wanted} values begin, rounded down to the leading bits; as {@link #ordered} numbers values. */
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

    /** Numbers floats in their order, −0 as 0. */
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // −0 becomes 0
        return bits ^ ((bits >> 31) & 0x7fffffff);
    }

    /** The inverse of {@link #ordered}. */
    private static float fromOrdered(int ordered) {
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
    }

    private static float value(long key) {
        return fromOrdered((int) (key >> 32));
    }

    /** Orders by value, then by falling index; all keys differ. */
    private static long key(float value, int index) {
        return ((long) ordered(value) << 32) | (0xffffffffL - index);
    }

    /** Quickselect with the median of three; permutes the candidates' keys. */
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
