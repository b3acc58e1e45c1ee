package org.apd4j.data;

import java.util.stream.IntStream;
import org.apd4j.math.SparseRows;

/** The rows of a {@link Dataset}, however they are stored. They do not change. */
interface Rows {

    /** The number of rows that are compared at a time. */
    int TOGETHER = 1_024;

    /** Returns the number of rows. */
    int size();

    /** Returns the number of values of a row. */
    int width();

    /** Replaces the content of a batch by the rows with the first {@code count} of the given indices. */
    void gather(SparseRows batch, int[] which, int count);

    /** Returns a hash code of the values: that of {@link SparseRows#hashOfEntries}, whatever they are stored in. */
    int hashOfValues();

    /** Returns whether the others have the same values. */
    default boolean hasValuesOf(Rows other) {
        if (size() != other.size() || width() != other.width()) {
            return false;
        }
        SparseRows own = new SparseRows(width());
        SparseRows others = new SparseRows(width());
        for (int first = 0; first < size(); first += TOGETHER) {
            int[] which = IntStream.range(first, Math.min(size(), first + TOGETHER)).toArray();
            gather(own, which, which.length);
            other.gather(others, which, which.length);
            if (!own.hasEntriesOf(others)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Rows stored as their non-zero values.
     *
     * @param values the rows, which are not changed any more
     */
    record OfValues(SparseRows values) implements Rows {

        @Override
        public int size() {
            return values.rows();
        }

        @Override
        public int width() {
            return values.columns();
        }

        @Override
        public void gather(SparseRows batch, int[] which, int count) {
            batch.gather(values, which, count);
        }

        @Override
        public int hashOfValues() {
            return values.hashOfEntries();
        }
    }
}
