package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * A rectangle of numbers, {@code [rows, columns]}. Immutable.
 *
 * <pre>{@code
 * Grid grid = Grid.of(2, 3, (row, column) -> row * column);
 * System.out.println(grid.get(1, 2)); // 2.0
 * }</pre>
 */
public final class Grid {

    private final int rows;
    private final int columns;
    private final double[] values;

    private Grid(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /** What a grid is made of. */
    @FunctionalInterface
    public interface Cell {
        /** The value at a place. */
        double at(int row, int column);
    }

    /** A grid, computed cell by cell. */
    public static Grid of(int rows, int columns, Cell cell) {
        double[] values = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = cell.at(row, column);
            }
        }
        return new Grid(rows, columns, values);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** @throws IndexOutOfBoundsException outside the grid */
    public double get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("there is no [" + row + ", " + column + "] in " + this);
        }
        return values[row * columns + column];
    }

    /** A row; a copy. */
    public double[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** {@code [rows][columns]}; a copy. */
    public double[][] toArray() {
        double[][] array = new double[rows][];
        Arrays.setAll(array, this::row);
        return array;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid grid && rows == grid.rows && columns == grid.columns && Arrays.equals(values, grid.values);
    }

    @Override
    public int hashCode() {
        return 31 * rows + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
