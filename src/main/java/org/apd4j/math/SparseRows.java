package org.apd4j.math;

import java.util.Arrays;

/**
 * A batch with few non-zero values: row by row, the columns that are not zero and their values. Buffers grow as needed and are
 * used again.
 *
 * <pre>{@code
 * var batch = new SparseRows(5);
 * batch.add(3, 0.5f);
 * batch.endRow(); // one sample in which only feature 3 is active
 * }</pre>
 */
public final class SparseRows {

    private final int columns;
    private int rows;
    /** Where each row begins; start[rows + 1] is where the row that is being written ends so far. */
    private int[] start = new int[64];
    private int[] column = new int[64];
    private float[] value = new float[64];

    /** No rows yet; {@code columns} is the width. */
    public SparseRows(int columns) {
        this.columns = columns;
    }

    /** The non-zero values of a dense block. */
    public static SparseRows of(Matrix dense) {
        SparseRows sparse = new SparseRows(dense.columns());
        for (int row = 0; row < dense.rows(); row++) {
            for (int j = 0; j < dense.columns(); j++) {
                if (dense.get(row, j) != 0) {
                    sparse.add(j, dense.get(row, j));
                }
            }
            sparse.endRow();
        }
        return sparse;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Number of non-zero values. */
    public int size() {
        return start[rows];
    }

    /** Where row {@code row} begins among {@link #column} and {@link #value}; the last one's end is {@code start(rows)}. */
    public int start(int row) {
        return start[row];
    }

    /** The column of the {@code i}-th non-zero value. */
    public int column(int i) {
        return column[i];
    }

    /** The {@code i}-th non-zero value. */
    public float value(int i) {
        return value[i];
    }

    /** Whether a row has no value but zeros. */
    public boolean isEmpty(int row) {
        return start[row] == start[row + 1];
    }

    /** Whether the other holds the same values in the same places. */
    public boolean hasEntriesOf(SparseRows other) {
        return columns == other.columns && rows == other.rows && Arrays.equals(start, 0, rows + 1, other.start, 0, rows + 1)
                && Arrays.equals(column, 0, size(), other.column, 0, size()) && Arrays.equals(value, 0, size(), other.value, 0, size());
    }

    /** The same number for the same values in the same places, and nearly always another for others. */
    public int hashOfEntries() {
        int hash = 31 * columns + rows;
        for (int row = 0; row < rows; row++) {
            for (int i = start[row]; i < start[row + 1]; i++) {
                hash = 31 * (31 * hash + column[i]) + Float.floatToIntBits(value[i]);
            }
            hash = 31 * hash + 1;
        }
        return hash;
    }

    /** Whether values were added to a row that has not been ended. */
    public boolean hasOpenRow() {
        return start[rows + 1] > start[rows];
    }

    /** Forgets all rows. */
    public void clear() {
        rows = 0;
        start[1] = 0;
    }

    /** Adds a value to the row that is being written; columns of a row come in rising order. */
    public void add(int column, float value) {
        int at = start[rows + 1];
        if (at == this.column.length) {
            this.column = Arrays.copyOf(this.column, at * 2);
            this.value = Arrays.copyOf(this.value, at * 2);
        }
        this.column[at] = column;
        this.value[at] = value;
        start[rows + 1] = at + 1;
    }

    /** Ends the row that is being written and begins the next. */
    public void endRow() {
        rows++;
        if (rows + 1 == start.length) {
            start = Arrays.copyOf(start, start.length * 2);
        }
        start[rows + 1] = start[rows];
    }

    /**
     * Copies the given rows of another batch, in the given order.
     *
     * @throws IllegalArgumentException if the other is of another width
     */
    public void gather(SparseRows from, int[] which, int count) {
        if (from.columns != columns) {
            throw new IllegalArgumentException("rows that are " + from.columns + " wide do not fit a batch that is " + columns + " wide");
        }
        int size = 0;
        for (int i = 0; i < count; i++) {
            size += from.start[which[i] + 1] - from.start[which[i]];
        }
        reserve(count, size);
        rows = count;
        for (int i = 0; i < count; i++) {
            int first = from.start[which[i]];
            int at = start[i];
            int length = from.start[which[i] + 1] - first;
            for (int k = 0; k < length; k++) {
                column[at + k] = from.column[first + k];
                value[at + k] = from.value[first + k];
            }
            start[i + 1] = at + length;
        }
        start[count + 1] = start[count];
    }

    private void reserve(int rows, int size) {
        if (start.length < rows + 2) {
            start = new int[2 * rows + 2];
        }
        if (column.length < size) {
            column = new int[2 * size];
            value = new float[2 * size];
        }
    }

    /** {@code out += rows first … last − 1 of this · weights}; {@code out} has as many rows as are taken. */
    public void addProduct(int first, int last, Matrix weights, Matrix out) {
        if (weights.rows() != columns || out.columns() != weights.columns()) {
            throw new IllegalArgumentException("cannot multiply [" + rows + ", " + columns + "] by " + weights + " into " + out);
        }
        float[] from = weights.data();
        float[] to = out.data();
        int width = weights.columns();
        for (int row = first; row < last; row++) {
            int at = out.rowStart(row - first);
            for (int k = start[row]; k < start[row + 1]; k++) {
                float factor = value[k];
                int source = weights.rowStart(column[k]);
                for (int j = 0; j < width; j++) {
                    to[at + j] = Math.fma(factor, from[source + j], to[at + j]);
                }
            }
        }
    }

    /** {@code out += rows first … last − 1 of this}; {@code out} has as many rows as are taken. */
    public void addTo(int first, int last, Matrix out) {
        for (int row = first; row < last; row++) {
            for (int k = start[row]; k < start[row + 1]; k++) {
                out.data()[out.rowStart(row - first) + column[k]] += value[k];
            }
        }
    }

    /** {@code out += thisᵀ · gradient}. */
    public void addTransposedProduct(Matrix gradient, Matrix out) {
        float[] from = gradient.data();
        float[] to = out.data();
        int width = gradient.columns();
        for (int row = 0; row < rows; row++) {
            int source = gradient.rowStart(row);
            for (int k = start[row]; k < start[row + 1]; k++) {
                float factor = value[k];
                int at = out.rowStart(column[k]);
                for (int j = 0; j < width; j++) {
                    to[at + j] = Math.fma(factor, from[source + j], to[at + j]);
                }
            }
        }
    }

    /** The batch with its zeros, {@code [rows, columns]}. */
    public Matrix toDense() {
        Matrix dense = Matrix.zeros(rows, columns);
        addTo(0, rows, dense);
        return dense;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "] with " + size() + " entries that are not zero";
    }
}
