package org.apd4j.math;

import java.util.Arrays;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.NativeFloats;

/**
 * A row-major block of floats, {@code [rows, columns]}, in an array that may hold more than this block.
 *
 * <pre>{@code
 * Matrix matrix = Matrix.zeros(2, 3);
 * matrix.set(1, 2, 5);
 * Matrix lastRow = matrix.block(1, 1); // a window into the same array
 * }</pre>
 *
 * <p>Blocks are windows: {@link #block} of a stack shares its array. A block made with {@link #withCapacity} can change its number of
 * rows, so that a buffer allocated once serves batches of different sizes. Not thread-safe.
 */
public final class Matrix {

    /** Columns whose values of all rows fit a core's first cache. */
    private static final int TRANSPOSED_TOGETHER = 32;

    private final float[] data;
    private final int offset;
    private final int columns;
    private final int capacity;
    private int rows;
    private NativeFloats shared;

    private Matrix(float[] data, int offset, int rows, int columns) {
        this.data = data;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.capacity = rows;
    }

    /** A block of zeros, {@code [rows, columns]}. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(new float[Math.multiplyExact(rows, columns)], 0, rows, columns);
    }

    /** An empty block that {@link #resize} can give up to {@code capacity} rows. */
    public static Matrix withCapacity(int capacity, int columns) {
        Matrix matrix = zeros(capacity, columns);
        matrix.rows = 0;
        return matrix;
    }

    /**
     * The block over the whole of an array, which is not copied.
     *
     * @throws IllegalArgumentException if the array's length is not {@code rows · columns}
     */
    public static Matrix over(float[] data, int rows, int columns) {
        if (data.length != (long) rows * columns) {
            throw new IllegalArgumentException("an array of " + data.length + " does not hold [" + rows + ", " + columns + "]");
        }
        return new Matrix(data, 0, rows, columns);
    }

    /** The identity, {@code [size, size]}. */
    public static Matrix identity(int size) {
        Matrix matrix = zeros(size, size);
        for (int i = 0; i < size; i++) {
            matrix.data[i * size + i] = 1;
        }
        return matrix;
    }

    /** A window of {@code rows} rows from row {@code first} on; it shares the values. */
    public Matrix block(int first, int rows) {
        return new Matrix(data, offset + first * columns, rows, columns);
    }

    /** A window with another shape on the same values. */
    public Matrix reshaped(int rows, int columns) {
        if ((long) rows * columns != (long) this.rows * this.columns) {
            throw new IllegalArgumentException("[" + this.rows + ", " + this.columns + "] is not [" + rows + ", " + columns + "]");
        }
        return new Matrix(data, offset, rows, columns);
    }

    /** The array that holds the values, from {@link #offset} on. */
    public float[] data() {
        return data;
    }

    /** Where the first value stands in {@link #data}. */
    public int offset() {
        return offset;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Number of values, {@code rows · columns}. */
    public int size() {
        return rows * columns;
    }

    /** Where row {@code row} begins in {@link #data}. */
    public int rowStart(int row) {
        return offset + row * columns;
    }

    public float get(int row, int column) {
        return data[offset + row * columns + column];
    }

    public void set(int row, int column, float value) {
        data[offset + row * columns + column] = value;
    }

    /**
     * Changes the number of rows; the values of the rows that stay, stay.
     *
     * @throws IllegalArgumentException beyond the capacity
     */
    public Matrix resize(int rows) {
        if (rows < 0 || rows > capacity) {
            throw new IllegalArgumentException(rows + " rows do not fit a block with room for " + capacity);
        }
        this.rows = rows;
        return this;
    }

    /** The most rows that {@link #resize} takes. */
    public int capacity() {
        return capacity;
    }

    public Matrix fill(float value) {
        Arrays.fill(data, offset, offset + size(), value);
        return this;
    }

    /** Copies the values of a block of the same size. */
    public Matrix copyFrom(Matrix other) {
        System.arraycopy(other.data, other.offset, data, offset, size());
        return this;
    }

    /** A block of its own with the same values. */
    public Matrix copy() {
        return over(toArray(), rows, columns);
    }

    /** The values, row by row, in a new array. */
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + size());
    }

    /** A new block {@code [columns, rows]}. */
    public Matrix transposed() {
        Matrix result = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.data[j * rows + i] = data[offset + i * columns + j];
            }
        }
        return result;
    }

    /** Writes columns {@code first … last − 1} into the same rows of {@code to}, {@code [columns, rows]}; a few columns at a time. */
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

    /** Whether every value is zero. */
    public boolean isZero() {
        for (int i = offset; i < offset + size(); i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Keeps a copy of the present values where {@link Gemm} can read them without copying. Worth it for a factor of many
     * products. Call it again after every change of the values; products use the copy, not the array.
     */
    public Matrix share() {
        if (shared == null) {
            shared = new NativeFloats();
        }
        shared.copyFrom(data, offset, size());
        return this;
    }

    /** The copy that {@link #share} made, or null. */
    public NativeFloats shared() {
        return shared;
    }

    /** {@code Σ (this − other)²}, summed in double precision; the shapes must be the same. */
    public double squaredDistance(Matrix other) {
        if (other.rows() != rows() || other.columns() != columns()) {
            throw new IllegalArgumentException(this + " and " + other + " differ in shape");
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
