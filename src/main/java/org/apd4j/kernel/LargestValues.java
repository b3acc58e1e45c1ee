package org.apd4j.kernel;

/**
 * Finds the k largest of many values; of equal ones, those with the lower index. Linear in the number of values.
 *
 * <p>Holds its working memory: one object a thread.
 */
public final class LargestValues {

    private long[] keys = new long[0];

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
            for (int i = 0; i < count; i++) {
                chosen[i] = false;
            }
            return 0;
        }
        if (keys.length < count) {
            keys = new long[count];
        }
        for (int i = 0; i < count; i++) {
            keys[i] = key(values[offset + i], i);
        }
        long smallest = kthLargest(count, wanted);
        for (int i = 0; i < count; i++) {
            chosen[i] = key(values[offset + i], i) >= smallest;
        }
        return wanted;
    }

    /** Orders by value, then by falling index; all keys differ. */
    private static long key(float value, int index) {
        int bits = Float.floatToRawIntBits(value + 0f); // −0 becomes 0
        int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
        return ((long) ordered << 32) | (0xffffffffL - index);
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
