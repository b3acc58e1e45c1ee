package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class GridTest {

    private static Grid counting(int rows, int columns) {
        return Grid.of(rows, columns, (row, column) -> 10 * row + column);
    }

    @Test
    void everyCellIsComputedOnceAndStoredInItsPlace() {
        Grid grid = counting(2, 3);
        assertEquals(0, grid.get(0, 0));
        assertEquals(12, grid.get(1, 2));
        assertEquals(10, grid.get(1, 0));
        assertArrayEquals(new double[] {10, 11, 12}, grid.row(1));
        assertArrayEquals(new double[][] {{0, 1, 2}, {10, 11, 12}}, grid.toArray());
        assertEquals("[2, 3]", grid.toString());
    }

    @Test
    void aCellOutsideTheGridIsRefused() {
        Grid grid = counting(2, 3);
        for (int[] place : new int[][] {{-1, 0}, {2, 0}, {0, -1}, {1, -1}, {0, 3}, {1, 3}}) {
            var refused = assertThrows(IndexOutOfBoundsException.class, () -> grid.get(place[0], place[1]));
            assertEquals("no row " + place[0] + ", column " + place[1] + " in a grid of shape [2, 3]", refused.getMessage());
        }
    }

    @Test
    void gridsAreEqualIfShapeAndValuesAre() {
        assertEquals(counting(2, 3), counting(2, 3));
        assertEquals(counting(2, 3).hashCode(), counting(2, 3).hashCode());
        Grid wide = Grid.of(1, 6, (row, column) -> column);
        Grid tall = Grid.of(6, 1, (row, column) -> row);
        assertNotEquals(wide, tall);
        assertNotEquals(wide.hashCode(), tall.hashCode());
        assertNotEquals(counting(2, 3), Grid.of(2, 3, (row, column) -> row == 1 && column == 2 ? 0 : 10 * row + column));
        assertNotEquals(counting(2, 3), new Object());
    }
}
