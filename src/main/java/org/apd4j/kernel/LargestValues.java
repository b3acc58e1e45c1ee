package org.apd4j.kernel;

import java.util.Arrays;

/**
 * Finds the k largest of many values; of equal ones, those with the lower index. Linear in the number of values.
 *
 * <p>Holds its working memory: one object a thread.
 */
public final class LargestValues {

    /** The leading bits that the first look sorts by. */
    private static final int BIN_BITS = 12;

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
        reserve(bins[last]);
        int sure = 0;
        int open = 0;
        for (int i = 0; i < count; i++) {
            int bin = bin(values[offset + i]);
            if (bin > last) {
                indices[sure++] = i;
            } else if (bin == last) {
                candidates[open] = key(values[offset + i], i);
                candidateIndices[open++] = i;
            }
        }
        long smallest = kthLargest(open, wanted - above);
        merge(values, offset, smallest, open, indices, sure);
        return wanted;
    }

    private void reserve(int size) {
        if (candidates.length < size) {
            candidates = new long[2 * size];
            candidateIndices = new int[2 * size];
        }
    }

    /** Puts the candidates that are large enough among the sure ones, from the back, so that all indices rise. */
    private void merge(float[] values, int offset, long smallest, int open, int[] indices, int sure) {
        int kept = 0;
        for (int i = 0; i < open; i++) {
            int index = candidateIndices[i];
            if (key(values[offset + index], index) >= smallest) {
                candidateIndices[kept++] = index;
            }
        }
        int to = sure + kept - 1;
        int a = sure - 1;
        int b = kept - 1;
        while (b >= 0) {
            indices[to--] = a >= 0 && indices[a] > candidateIndices[b] ? indices[a--] : candidateIndices[b--];
        }
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
