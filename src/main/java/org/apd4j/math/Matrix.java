package org.apd4j.math;

import java.util.Arrays;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.NativeFloats;
import org.jspecify.annotations.Nullable;

/**
 * A row-major block of floats, {@code [rows, columns]}, which may be a part of a larger array.
 *
 * <pre>{@code
 * Matrix matrix = Matrix.zeros(2, 3);
 * matrix.set(1, 2, 5);
 * Matrix lastRow = matrix.block(1, 1); // a window into the same array
 * }</pre>
 *
 * <p>A block is a view: {@link #block} and {@link #reshaped} share the array. The number of rows of a block made by {@link #withCapacity} can
 * change, so that a buffer that is allocated once serves batches of different sizes. Not thread-safe.
 */
public final class Matrix {

    /** The number of columns transposed at a time, so that their values stay in the first-level cache. */
    private static final int TRANSPOSED_TOGETHER = 32;

    private final float[] data;
    private final int offset;
    private final int columns;
    private final int capacity;
    private int rows;
    private @Nullable NativeFloats shared;

    private Matrix(float[] data, int offset, int rows, int columns) {
        this.data = data;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.capacity = rows;
    }

    /** Returns a block of zeros, {@code [rows, columns]}. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(new float[Math.multiplyExact(rows, columns)], 0, rows, columns);
    }

    /** Returns a block without rows, which {@link #resize} can enlarge to at most {@code capacity} rows. */
    public static Matrix withCapacity(int capacity, int columns) {
        Matrix matrix = zeros(capacity, columns);
        matrix.rows = 0;
        return matrix;
    }

    /**
     * Returns a view of a whole array, which is not copied.
     *
     * @throws IllegalArgumentException if the array's length is not {@code rows · columns}
     */
    public static Matrix over(float[] data, int rows, int columns) {
        if (data.length != (long) rows * columns) {
            throw new IllegalArgumentException("an array of " + data.length + " values is no [" + rows + ", " + columns + "] block");
        }
        return new Matrix(data, 0, rows, columns);
    }

    /** Returns the identity matrix, {@code [size, size]}. */
    public static Matrix identity(int size) {
        Matrix matrix = zeros(size, size);
        for (int i = 0; i < size; i++) {
            matrix.data[i * size + i] = 1;
        }
        return matrix;
    }

    /** Returns a view of rows {@code first … first + rows − 1}. */
    public Matrix block(int first, int rows) {
        return new Matrix(data, offset + first * columns, rows, columns);
    }

    /**
     * Returns a view of the same values in another shape.
     *
     * @throws IllegalArgumentException if the number of values differs
     */
    public Matrix reshaped(int rows, int columns) {
        if ((long) rows * columns != (long) this.rows * this.columns) {
            throw new IllegalArgumentException("cannot reshape [" + this.rows + ", " + this.columns + "] to [" + rows + ", " + columns + "]");
        }
        return new Matrix(data, offset, rows, columns);
    }

    /** Returns the array that holds the values from index {@link #offset} on; it is not a copy. */
    public float[] data() {
        return data;
    }

    /** Returns the index of the first value in {@link #data}. */
    public int offset() {
        return offset;
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns the number of values, {@code rows · columns}. */
    public int size() {
        return rows * columns;
    }

    /** Returns the index in {@link #data} at which a row begins. */
    public int rowStart(int row) {
        return offset + row * columns;
    }

    /** Returns a value; indices are not checked against the shape. */
    public float get(int row, int column) {
        return data[offset + row * columns + column];
    }

    /** Sets a value; indices are not checked against the shape. */
    public void set(int row, int column, float value) {
        data[offset + row * columns + column] = value;
    }

    /**
     * Changes the number of rows and keeps the values of the rows that remain.
     *
     * @return this block
     * @throws IllegalArgumentException if {@code rows} is negative or exceeds the capacity
     */
    public Matrix resize(int rows) {
        if (rows < 0 || rows > capacity) {
            throw new IllegalArgumentException("cannot resize to " + rows + " rows; the capacity is " + capacity);
        }
        this.rows = rows;
        return this;
    }

    /** Returns the largest number of rows that {@link #resize} accepts. */
    public int capacity() {
        return capacity;
    }

    /**
     * Sets every value.
     *
     * @return this block
     */
    public Matrix fill(float value) {
        Arrays.fill(data, offset, offset + size(), value);
        return this;
    }

    /**
     * Copies the values of a block of the same size.
     *
     * @return this block
     */
    public Matrix copyFrom(Matrix other) {
        System.arraycopy(other.data, other.offset, data, offset, size());
        return this;
    }

    /** Returns a copy, which shares nothing with this block. */
    public Matrix copy() {
        return over(toArray(), rows, columns);
    }

    /** Returns the values, row by row, in a new array. */
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + size());
    }

    /** Returns the transpose, {@code [columns, rows]}, as a new block. */
    public Matrix transposed() {
        Matrix result = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.data[j * rows + i] = data[offset + i * columns + j];
            }
        }
        return result;
    }

    /** Writes columns {@code first … last − 1} of this block to the rows of the same indices of {@code to}, {@code [columns, rows]}. */
    public void transposeTo(Matrix to, int first, int last) {
        for (int from = first; from < last; from += TRANSPOSED_TOGETHER) {
            int end = Math.min(last, from + TRANSPOSED_TOGETHER);
            for (int column = from; column < end; column++) {
                int at = to.rowStart(column);
                int source = offset + column;
                for (int row = 0; row < rows; row++) {
                    to.data[at + row] = data[source + row * columns];
                }
            }
        }
    }

    /** Returns whether every value is zero. */
    public boolean isZero() {
        for (int i = offset; i < offset + size(); i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Copies the current values to native memory, where {@link Gemm} reads them without another copy. This pays for a block that is a factor
     * of many products. Products use the copy from then on, so call this method again after every change of the values.
     *
     * @return this block
     */
    public Matrix share() {
        if (shared == null) {
            shared = new NativeFloats();
        }
        shared.copyFrom(data, offset, size());
        return this;
    }

    /** Returns the copy made by {@link #share}, or null if there is none; not an Optional, since every product asks. */
    public @Nullable NativeFloats shared() {
        return shared;
    }

    /**
     * Returns {@code Σ (this − other)²}, summed in double precision.
     *
     * @throws IllegalArgumentException if the shapes differ
     */
    public double squaredDistance(Matrix other) {
        if (other.rows() != rows() || other.columns() != columns()) {
            throw new IllegalArgumentException("shapes differ: " + this + " and " + other);
        }
        double sum = 0;
        for (int row = 0; row < rows(); row++) {
            for (int column = 0; column < columns(); column++) {
                double difference = get(row, column) - other.get(row, column);
                sum += difference * difference;
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
