package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * An immutable matrix of doubles, {@code [rows, columns]}.
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

    /** A function of row and column. */
    @FunctionalInterface
    public interface Cell {
        /** Returns the value at a row and column. */
        double at(int row, int column);
    }

    /** Returns the grid of the values of a function. */
    public static Grid of(int rows, int columns, Cell cell) {
        double[] values = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row * columns + column] = cell.at(row, column);
            }
        }
        return new Grid(rows, columns, values);
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /**
     * Returns a value.
     *
     * @throws IndexOutOfBoundsException if there is no such row or column
     */
    public double get(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("no row " + row + ", column " + column + " in a grid of shape " + this);
        }
        return values[row * columns + column];
    }

    /** Returns a copy of a row. */
    public double[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** Returns a copy of all values, {@code [rows][columns]}. */
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
