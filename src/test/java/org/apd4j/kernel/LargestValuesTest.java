package org.apd4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargestValuesTest {

    private final LargestValues largest = new LargestValues();

    private static boolean[] naive(float[] values, int offset, int count, int k) {
        boolean[] chosen = new boolean[count];
        IntStream.range(0, count).boxed().sorted(Comparator.<Integer>comparingDouble(i -> 0.0 - values[offset + i]).thenComparing(i -> i)).limit(k)
                .forEach(i -> chosen[i] = true);
        return chosen;
    }

    @Test
    void theSameAreMarkedAsBySortingWhateverTheValuesAndTies() {
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
                boolean[] chosen = new boolean[count + 3];
                chosen[0] = true; // left over from before
                assertEquals(Math.max(0, Math.min(k, count)), largest.mark(values, offset, count, k, chosen));
                assertArrayEquals(naive(values, offset, count, k), Arrays.copyOf(chosen, count), "round " + round + ", k " + k);
            }
        }
    }

    @Test
    void infinitiesAndTheSmallestNumbersAreInOrder() {
        float[] values = {-1, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 0, Float.POSITIVE_INFINITY, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};
        for (int k = 0; k <= values.length; k++) {
            boolean[] chosen = new boolean[values.length];
            largest.mark(values, 0, values.length, k, chosen);
            assertArrayEquals(naive(values, 0, values.length, k), chosen);
        }
    }

    @Test
    void zerosOfEitherSignAreEqual() {
        boolean[] chosen = new boolean[4];
        largest.mark(new float[] {-0f, 0f, -0f, 0f}, 0, 4, 2, chosen);
        assertArrayEquals(new boolean[] {true, true, false, false}, chosen);
    }

    @Test
    void noValuesAreNoMarks() {
        assertEquals(0, largest.mark(new float[0], 0, 0, 3, new boolean[0]));
    }
}
