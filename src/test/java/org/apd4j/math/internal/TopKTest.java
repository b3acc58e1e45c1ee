package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopKTest {

    private final TopK largest = new TopK();

    private static int[] naive(float[] values, int offset, int count, int k) {
        return IntStream.range(0, count).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> 0.0 - values[offset + i]).thenComparing(i -> i))
                .limit(Math.max(0, k)).mapToInt(i -> i).sorted().toArray();
    }

    private int[] found(float[] values, int offset, int count, int k) {
        int[] places = new int[Math.max(0, Math.min(k, count))];
        assertEquals(places.length, largest.find(values, offset, count, k, places));
        return places;
    }

    @Test
    void theLargestValuesAreThoseFoundBySortingAlsoWithTies() {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            int count = 1 + random.nextInt(60);
            int offset = random.nextInt(3);
            float[] values = new float[offset + count + 2];
            int style = round % 5;
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (style) {
                    case 0 -> (float) random.nextGaussian();
                    case 1 -> random.nextInt(3) - 1;
                    case 2 -> random.nextBoolean() ? 0f : -0f;
                    case 3 -> (float) Math.exp(40 * random.nextGaussian());
                    default -> 1 + random.nextInt(4) * Math.ulp(1f); // all in one bin
                };
            }
            for (int k : new int[] {0, 1, count / 2, count - 1, count, count + 5}) {
                assertArrayEquals(naive(values, offset, count, k), found(values, offset, count, k), "round " + round + ", k " + k);
            }
        }
    }

    @Test
    void infinitiesAndTheSmallestNumbersAreInOrder() {
        float[] values = {-1, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 0, Float.POSITIVE_INFINITY, -Float.MIN_VALUE, Float.MAX_VALUE,
                -Float.MAX_VALUE};
        for (int k = 0; k <= values.length; k++) {
            assertArrayEquals(naive(values, 0, values.length, k), found(values, 0, values.length, k));
        }
    }

    @Test
    void zerosOfEitherSignAreEqual() {
        assertArrayEquals(new int[] {0, 1}, found(new float[] {-0f, 0f, -0f, 0f}, 0, 4, 2));
    }

    @Test
    void noValuesAreFoundInAnEmptyArray() {
        assertArrayEquals(new int[0], found(new float[0], 0, 0, 3));
    }
}
