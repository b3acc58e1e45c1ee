package org.apd4j.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.NativeFloats;
import org.junit.jupiter.api.Test;

class MatrixTest {

    /** 0, 1, 2 … row by row. */
    private static Matrix counting(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Matrix.over(values, rows, columns);
    }

    @Test
    void aBlockOverAnArrayIsThatArrayRowByRow() {
        float[] values = {1, 2, 3, 4, 5, 6};
        Matrix matrix = Matrix.over(values, 2, 3);
        assertSame(values, matrix.data());
        assertEquals(0, matrix.offset());
        assertEquals(3, matrix.get(0, 2));
        assertEquals(4, matrix.get(1, 0));
        matrix.set(1, 1, 9);
        assertEquals(9, values[4]);
        assertEquals("[2, 3]", matrix.toString());
        var refused = assertThrows(IllegalArgumentException.class, () -> Matrix.over(values, 2, 2));
        assertEquals("an array of 6 values is no [2, 2] block", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Matrix.over(new float[0], 65536, 65536), "2³² values are not 0");
    }

    @Test
    void viewsShareTheirValuesInAnyShape() {
        Matrix all = counting(4, 3);
        Matrix window = all.block(1, 2).block(1, 1);
        assertEquals(6, window.offset());
        assertEquals(6, window.rowStart(0));
        assertEquals(9, all.block(2, 2).rowStart(1));
        assertArrayEquals(new float[] {6, 7, 8}, window.toArray());
        Matrix column = window.reshaped(3, 1);
        column.set(2, 0, -1);
        assertEquals(-1, all.get(2, 2));
        assertEquals(3, column.rows());
        assertEquals(1, column.columns());
        var refused = assertThrows(IllegalArgumentException.class, () -> window.reshaped(2, 2));
        assertEquals("cannot reshape [1, 3] to [2, 2]", refused.getMessage());
        window.fill(0);
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 0, 0, 0, 9, 10, 11}, all.toArray());
        assertTrue(window.isZero());
        assertFalse(all.block(2, 2).isZero());
        assertFalse(all.block(1, 2).isZero());
    }

    @Test
    void theIdentityIsOnesOnTheDiagonal() {
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, Matrix.identity(3).toArray());
        assertEquals(0, Matrix.identity(0).size());
    }

    @Test
    void rowsUpToTheCapacityCanBeTakenAndTheirValuesStay() {
        Matrix matrix = Matrix.withCapacity(3, 2);
        assertEquals(0, matrix.rows());
        assertEquals(3, matrix.capacity());
        assertSame(matrix, matrix.resize(3));
        matrix.fill(7);
        assertEquals(4, matrix.resize(2).size());
        assertEquals(0, matrix.resize(0).size());
        assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, matrix.resize(3).toArray());
        for (int rows : new int[] {-1, 4}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> matrix.resize(rows));
            assertEquals("cannot resize to " + rows + " rows; the capacity is 3", refused.getMessage());
        }
        assertEquals(3, matrix.rows());
    }

    @Test
    void aCopyIsIndependent() {
        Matrix window = counting(3, 2).block(1, 2);
        Matrix copy = window.copy();
        assertNotSame(window.data(), copy.data());
        assertEquals("[2, 2]", copy.toString());
        Matrix into = counting(3, 2).fill(-1);
        Matrix part = into.block(0, 2);
        assertSame(part, part.copyFrom(window));
        assertArrayEquals(new float[] {2, 3, 4, 5, -1, -1}, into.toArray());
        assertArrayEquals(new float[] {2, 3, 4, 5}, copy.toArray());
    }

    @Test
    void aTransposedBlockHasColumnsForRows() {
        Matrix window = counting(3, 2).block(1, 2);
        Matrix transposed = window.transposed();
        assertEquals("[2, 2]", transposed.toString());
        assertArrayEquals(new float[] {2, 4, 3, 5}, transposed.toArray());
        assertEquals("[2, 3]", counting(3, 2).transposed().toString());
    }

    @Test
    void aRangeOfColumnsIsTransposedAndTheRestIsLeft() {
        for (int[] range : new int[][] {{0, 70}, {0, 0}, {3, 4}, {5, 37}, {31, 33}, {10, 69}}) {
            Matrix from = counting(4, 70).block(1, 3);
            Matrix stack = Matrix.zeros(72, 3).fill(-1);
            from.transposeTo(stack.block(1, 70), range[0], range[1]);
            for (int row = 0; row < 72; row++) {
                int column = row - 1;
                for (int i = 0; i < 3; i++) {
                    float wanted = column >= range[0] && column < range[1] ? (i + 1) * 70 + column : -1;
                    assertEquals(wanted, stack.get(row, i), "column " + column + " of " + range[0] + " to " + range[1]);
                }
            }
        }
    }

    @Test
    void theSquaredDistanceIsSummedInDoublePrecision() {
        Matrix a = Matrix.over(new float[] {9, 9, 9, 1, 2, 3, 4, 5, 6}, 3, 3).block(1, 2);
        assertEquals(1 + 0 + 4 + 9 + 16 + 25, a.squaredDistance(Matrix.over(new float[] {0, 2, 1, 1, 1, 1}, 2, 3)));
        assertEquals(0, a.squaredDistance(a));
        // 2²⁴ + 1 is no float: the one would be lost
        assertEquals(16_777_217, Matrix.over(new float[] {4096, 1}, 1, 2).squaredDistance(Matrix.zeros(1, 2)));
        for (Matrix other : new Matrix[] {Matrix.zeros(3, 3), Matrix.zeros(2, 2)}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> a.squaredDistance(other));
            assertEquals("shapes differ: [2, 3] and " + other, refused.getMessage());
        }
    }

    @Test
    void aSharedMatrixIsReadAsItWasWhenShared() {
        Matrix large = Matrix.zeros(50, 50);
        large.set(3, 4, 2);
        assertNull(large.shared());
        assertSame(large, large.share());
        NativeFloats first = large.shared();
        large.set(3, 4, 5);
        Matrix identity = Matrix.identity(50);
        assertEquals(2, Gemm.product(large, identity, Matrix.zeros(50, 50)).get(3, 4));
        assertSame(first, large.share().shared(), "the memory is used again");
        assertEquals(5, Gemm.product(identity, large, Matrix.zeros(50, 50)).get(3, 4));
    }
}
