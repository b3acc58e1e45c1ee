package org.apd4j.data;

import org.apd4j.math.SparseRows;

/** The check of a batch that a sampler has filled; samplers may be written by users. */
final class SampledBatch {

    private SampledBatch() {
    }

    /**
     * Checks the rows, columns and values of a batch.
     *
     * @param rows the number of rows that was requested
     * @throws IllegalStateException if the batch is not as requested; the message names the sampler and the first fault
     */
    static void check(Sampler data, SparseRows batch, int rows) {
        if (batch.hasOpenRow()) {
            throw wrong(data, "left a row of the batch unfinished; it must call endRow() after the last value of every row");
        }
        if (batch.rows() != rows) {
            throw wrong(data, batch.rows() == 0 ? "added no row to the batch; " + rows + " were requested"
                    : "added " + batch.rows() + " rows to a batch of " + rows);
        }
        for (int row = 0; row < rows; row++) {
            int before = -1;
            for (int i = batch.start(row); i < batch.start(row + 1); i++) {
                int column = batch.column(i);
                if (column < 0 || column >= batch.columns()) {
                    throw wrong(data, "set feature " + column + " in row " + row + " of a batch; the features are 0 … " + (batch.columns() - 1));
                }
                if (column <= before) {
                    throw wrong(data, "set feature " + column + " after feature " + before + " in row " + row
                            + " of a batch; the features of a row must be set in ascending order, each once");
                }
                if (!Float.isFinite(batch.value(i))) {
                    throw wrong(data, "gave " + batch.value(i) + " for feature " + column + " in row " + row
                            + " of a batch; every value must be finite");
                }
                before = column;
            }
        }
    }

    private static IllegalStateException wrong(Sampler data, String what) {
        return new IllegalStateException(Sampler.label(data) + " " + what);
    }
}
