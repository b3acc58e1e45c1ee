package org.apd4j.kernel;

import java.util.Arrays;

/**
 * Finds the k largest of many values; of equal ones, those with the lower index. Linear in the number of values.
 *
 * <p>Holds its working memory: one object a thread.
 */
public final class LargestValues {

    /** The leading bits of a key that the first look sorts by. */
    private static final int BIN_BITS = 12;

    private long[] keys = new long[0];
    private final int[] bins = new int[1 << BIN_BITS];

    /**
     * Marks the {@code k} largest of {@code values[offset … offset + count − 1]}.
     *
     * @param values not NaN
     * @param chosen {@code chosen[i]} becomes whether {@code values[offset + i]} is among the k largest, lower index first
     * @return how many are marked, {@code min(k, count)}
     */
    public int mark(float[] values, int offset, int count, int k, boolean[] chosen) {
        int wanted = Math.min(k, count);
        if (wanted <= 0) {
            Arrays.fill(chosen, 0, count, false);
            return 0;
        }
        // First by the leading bits alone: all in the higher bins are in, and only the bin in which the k-th lies is looked at closely.
        Arrays.fill(bins, 0);
        for (int i = 0; i < count; i++) {
            bins[bin(values[offset + i])]++;
        }
        int last = bins.length - 1;
        int above = 0;
        while (above + bins[last] < wanted) {
            above += bins[last--];
        }
        if (keys.length < bins[last]) {
            keys = new long[Math.max(bins[last], 2 * keys.length)];
        }
        int candidates = 0;
        for (int i = 0; i < count; i++) {
            int bin = bin(values[offset + i]);
            chosen[i] = bin > last;
            if (bin == last) {
                keys[candidates++] = key(values[offset + i], i);
            }
        }
        long smallest = kthLargest(candidates, wanted - above);
        for (int i = 0; i < candidates; i++) {
            if (keys[i] >= smallest) {
                chosen[(int) (0xffffffffL - (keys[i] & 0xffffffffL))] = true;
            }
        }
        return wanted;
    }

    private static int bin(float value) {
        return (ordered(value) >> (32 - BIN_BITS)) + (1 << (BIN_BITS - 1));
    }

    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // −0 becomes 0
        return bits ^ ((bits >> 31) & 0x7fffffff);
    }

    /** Orders by value, then by falling index; all keys differ. */
    private static long key(float value, int index) {
        return ((long) ordered(value) << 32) | (0xffffffffL - index);
    }

    /** Quickselect with the median of three; permutes the keys. */
    private long kthLargest(int count, int k) {
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
