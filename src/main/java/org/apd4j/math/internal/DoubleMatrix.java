package org.apd4j.math.internal;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.apd4j.math.Matrix;

/**
 * A row-major matrix of doubles, {@code [rows, columns]}, for what single precision does not suffice for.
 *
 * <pre>{@code
 * DoubleMatrix matrix = DoubleMatrix.of(new double[][] {{1, 2}, {3, 4}});
 * DoubleMatrix square = DoubleGemm.product(matrix, matrix);
 * }</pre>
 *
 * <p>Mutable, and not thread-safe.
 */
public final class DoubleMatrix {

    private final double[] data;
    private final int rows;
    private final int columns;

    private DoubleMatrix(double[] data, int rows, int columns) {
        this.data = data;
        this.rows = rows;
        this.columns = columns;
    }

    /** Returns a matrix of zeros. */
    public static DoubleMatrix zeros(int rows, int columns) {
        return new DoubleMatrix(new double[Math.multiplyExact(rows, columns)], rows, columns);
    }

    /** Returns the identity matrix, {@code [size, size]}. */
    public static DoubleMatrix identity(int size) {
        return diagonal(size, i -> 1);
    }

    /** Returns a square matrix with the given values on its diagonal and zeros elsewhere. */
    public static DoubleMatrix diagonal(int size, IntToDoubleFunction value) {
        DoubleMatrix matrix = zeros(size, size);
        for (int i = 0; i < size; i++) {
            matrix.set(i, i, value.applyAsDouble(i));
        }
        return matrix;
    }

    /**
     * Returns a view of a whole array, which is not copied.
     *
     * @throws IllegalArgumentException if the array's length is not {@code rows · columns}
     */
    public static DoubleMatrix over(double[] data, int rows, int columns) {
        if (data.length != (long) rows * columns) {
            throw new IllegalArgumentException("an array of " + data.length + " values is no [" + rows + ", " + columns + "] matrix");
        }
        return new DoubleMatrix(data, rows, columns);
    }

    /** Returns the matrix of the values of a function. */
    public static DoubleMatrix of(int rows, int columns, Grid.Cell cell) {
        DoubleMatrix matrix = zeros(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.data[row * columns + column] = cell.at(row, column);
            }
        }
        return matrix;
    }

    /**
     * Returns a copy of rows.
     *
     * @throws IllegalArgumentException if there are none, or their lengths differ
     */
    public static DoubleMatrix of(double[][] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("there are no rows");
        }
        for (int i = 1; i < rows.length; i++) {
            if (rows[i].length != rows[0].length) {
                throw new IllegalArgumentException("row 0 has " + rows[0].length + " values, row " + i + " has " + rows[i].length);
            }
        }
        return of(rows.length, rows[0].length, (i, j) -> rows[i][j]);
    }

    /** Returns a copy of a grid. */
    public static DoubleMatrix of(Grid grid) {
        return of(grid.rows(), grid.columns(), grid::get);
    }

    /** Returns a copy of a matrix of floats. */
    public static DoubleMatrix of(Matrix matrix) {
        return of(matrix.rows(), matrix.columns(), matrix::get);
    }

    /** Returns the values, row by row; not a copy. */
    public double[] data() {
        return data;
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns a value; indices are not checked against the shape. */
    public double get(int row, int column) {
        return data[row * columns + column];
    }

    /** Sets a value; indices are not checked against the shape. */
    public void set(int row, int column, double value) {
        data[row * columns + column] = value;
    }

    /** Returns a copy of rows {@code first … first + count − 1}. */
    public DoubleMatrix rows(int first, int count) {
        return new DoubleMatrix(Arrays.copyOfRange(data, first * columns, (first + count) * columns), count, columns);
    }

    /** Returns a copy of columns {@code first … first + count − 1}. */
    public DoubleMatrix columns(int first, int count) {
        DoubleMatrix part = zeros(rows, count);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(data, row * columns + first, part.data, row * count, count);
        }
        return part;
    }

    /** Returns the transpose, {@code [columns, rows]}, as a new matrix. */
    public DoubleMatrix transposed() {
        return of(columns, rows, (i, j) -> data[j * columns + i]);
    }

    /** Returns a copy. */
    public DoubleMatrix copy() {
        return new DoubleMatrix(data.clone(), rows, columns);
    }

    /**
     * Adds a multiple of a matrix of the same shape to this one.
     *
     * @return this matrix
     */
    public DoubleMatrix add(double factor, DoubleMatrix other) {
        double[] added = other.data;
        for (int i = 0; i < data.length; i++) {
            data[i] += factor * added[i];
        }
        return this;
    }

    /**
     * Multiplies every value by a number.
     *
     * @return this matrix
     */
    public DoubleMatrix scale(double factor) {
        for (int i = 0; i < data.length; i++) {
            data[i] *= factor;
        }
        return this;
    }

    /** Returns whether no value is infinite or NaN. */
    public boolean isFinite() {
        boolean finite = true;
        for (double value : data) {
            finite &= Double.isFinite(value);
        }
        return finite;
    }

    /** Returns an immutable copy. */
    public Grid toGrid() {
        return Grid.of(rows, columns, this::get);
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
