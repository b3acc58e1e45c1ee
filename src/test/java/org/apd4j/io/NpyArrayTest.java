package org.apd4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NpyArrayTest {

    /** Every type that can hold a number below zero holds one at 2, and at 3 another. */
    private static List<NpyArray> signed() {
        return List.of(NpyArray.of(new float[] {0, 1, -2, -3}, 4), NpyArray.of(new double[] {0, 1, -2, -3}, 4),
                NpyArray.of(new int[] {0, 1, -2, -3}, 4), NpyArray.of(new long[] {0, 1, -2, -3}, 4),
                NpyArray.ofSigned(new byte[] {0, 1, -2, -3}, 4));
    }

    @Test
    void numbersOfEveryTypeArePreserved() {
        for (NpyArray array : signed()) {
            assertEquals(List.of(0.0, 1.0, -2.0, -3.0), List.of(array.number(0), array.number(1), array.number(2), array.number(3)),
                    array.toString());
        }
        NpyArray bytes = NpyArray.of(new byte[] {0, 127, -128, -1}, 4);
        assertEquals(List.of(0.0, 127.0, 128.0, 255.0), List.of(bytes.number(0), bytes.number(1), bytes.number(2), bytes.number(3)));
        assertEquals(1, NpyArray.of(new boolean[] {false, true}, 2).number(1));
    }

    @Test
    void theFirstNegativeNumberIsFound() {
        for (NpyArray array : signed()) {
            assertEquals(2, array.firstNegative(), array.toString());
        }
        assertEquals(-1, NpyArray.of(new float[] {0, -0f, 3}, 3).firstNegative());
        assertEquals(-1, NpyArray.of(new byte[] {-1}, 1).firstNegative(), "bytes have no sign");
        assertEquals(0, NpyArray.of(new long[] {Long.MIN_VALUE}, 1).firstNegative());
        assertEquals(-1, NpyArray.of(new float[0], 0).firstNegative());
    }

    @Test
    void theFirstNumberThatIsNotFiniteIsFound() {
        assertEquals(1, NpyArray.of(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}, 3).firstNotFinite());
        assertEquals(2, NpyArray.of(new double[] {1, 2, Double.NEGATIVE_INFINITY}, 3).firstNotFinite());
        assertEquals(-1, NpyArray.of(new double[] {1, Double.MAX_VALUE}, 2).firstNotFinite());
        assertEquals(-1, NpyArray.of(new int[] {1, 2}, 2).firstNotFinite());
    }

    @Test
    void arraysAreEqualInTypeShapeAndEveryEntry() {
        NpyArray one = NpyArray.of(new float[] {1, Float.NaN}, 2);
        NpyArray same = NpyArray.of(new float[] {1, Float.NaN}, 2);
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        for (NpyArray other : List.of(NpyArray.of(new float[] {1, Float.NaN}, 2, 1), NpyArray.of(new float[] {1, 2}, 2),
                NpyArray.of(new double[] {1, Double.NaN}, 2))) {
            assertNotEquals(one, other);
            assertNotEquals(one.hashCode(), other.hashCode());
        }
    }
}
