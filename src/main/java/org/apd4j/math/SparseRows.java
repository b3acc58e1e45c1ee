package org.apd4j.math;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A batch with few non-zero values, stored row by row as column indices and values. Rows are appended; the buffers grow as needed and are
 * reused after {@link #clear}. Not thread-safe.
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
    /** The index of each row's first entry; start[rows + 1] is the current end of the row being written. */
    private int[] start = new int[64];
    private int[] column = new int[64];
    private float[] value = new float[64];

    /** Creates a batch without rows, {@code [0, columns]}. */
    public SparseRows(int columns) {
        this.columns = columns;
    }

    /** Returns the non-zero values of a dense block. */
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

    /** Returns the number of rows that have been ended. */
    public int rows() {
        return rows;
    }

    /** Returns the width of a row. */
    public int columns() {
        return columns;
    }

    /** Returns the number of stored values. */
    public int size() {
        return start[rows];
    }

    /** Returns the index of the first entry of a row, for {@link #column} and {@link #value}; the last row ends before {@code start(rows)}. */
    public int start(int row) {
        return start[row];
    }

    /** Returns the column of the {@code i}-th stored value. */
    public int column(int i) {
        return column[i];
    }

    /** Returns the {@code i}-th stored value. */
    public float value(int i) {
        return value[i];
    }

    /** Returns whether all values of a row are zero. */
    public boolean isEmpty(int row) {
        return start[row] == start[row + 1];
    }

    /** Returns whether another batch has the same shape and the same entries. */
    public boolean hasEntriesOf(SparseRows other) {
        return columns == other.columns && rows == other.rows && Arrays.equals(start, 0, rows + 1, other.start, 0, rows + 1)
                && Arrays.equals(column, 0, size(), other.column, 0, size()) && Arrays.equals(value, 0, size(), other.value, 0, size());
    }

    /** Returns a hash code that is consistent with {@link #hasEntriesOf}. */
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

    /** Returns whether values have been added since the last call of {@link #endRow}. */
    public boolean hasOpenRow() {
        return start[rows + 1] > start[rows];
    }

    /** Removes all rows; the buffers stay allocated. */
    public void clear() {
        rows = 0;
        start[1] = 0;
    }

    /** Adds a value to the row being written; the columns of a row must be given in ascending order. */
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

    /** Ends the row being written and begins the next. */
    public void endRow() {
        rows++;
        if (rows + 1 == start.length) {
            start = Arrays.copyOf(start, start.length * 2);
        }
        start[rows + 1] = start[rows];
    }

    /**
     * Replaces the content by rows of another batch, in the given order.
     *
     * @param which the indices of the rows
     * @param count how many of these indices are used
     * @throws IllegalArgumentException if the two batches differ in width
     */
    public void gather(SparseRows from, int[] which, int count) {
        if (from.columns != columns) {
            throw new IllegalArgumentException("cannot copy rows of width " + from.columns + " into a batch of width " + columns);
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

    /**
     * Computes {@code out += x · weights}, where {@code x} is rows {@code first … last − 1} of this batch.
     *
     * @param weights {@code [columns, n]}
     * @param out     {@code [last − first, n]}
     * @throws IllegalArgumentException if the widths do not match
     */
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

    /** Adds rows {@code first … last − 1} of this batch to {@code out}, {@code [last − first, columns]}. */
    public void addTo(int first, int last, Matrix out) {
        for (int row = first; row < last; row++) {
            for (int k = start[row]; k < start[row + 1]; k++) {
                out.data()[out.rowStart(row - first) + column[k]] += value[k];
            }
        }
    }

    /** Computes {@code out += thisᵀ · gradient}, {@code [columns, n]}, for a gradient {@code [rows, n]}. */
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

    /** Returns the batch as a dense block, {@code [rows, columns]}. */
    public Matrix toDense() {
        Matrix dense = Matrix.zeros(rows, columns);
        addTo(0, rows, dense);
        return dense;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "] with " + size() + " non-zero entries";
    }

    /** Returns in one sentence how many rows there are, how many are not empty, and how many values a row has on average. */
    public String summary() {
        long busy = IntStream.range(0, rows()).filter(row -> !isEmpty(row)).count();
        return String.format(Locale.ROOT, "%,d rows, %,d of them not empty, %.3f values a row", rows(), busy,
                rows() == 0 ? 0 : size() / (double) rows());
    }
}
