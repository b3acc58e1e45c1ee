package org.apd4j.data;

import org.apd4j.math.SparseRows;

/** Checks what a sampler made of a batch, which may be anybody's code. */
final class SampledBatch {

    private SampledBatch() {
    }

    /**
     * @param rows that were asked for
     * @throws IllegalStateException naming the sampler and the first thing that is wrong
     */
    static void check(Sampler data, SparseRows batch, int rows) {
        if (batch.hasOpenRow()) {
            throw wrong(data, "left a row of the batch unfinished; it must call endRow() after the last value of every row");
        }
        if (batch.rows() != rows) {
            throw wrong(data, batch.rows() == 0 ? "put no row into the batch; " + rows + " were asked for"
                    : "put " + batch.rows() + " rows into a batch of " + rows);
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
                            + " of a batch; the features of a row come in rising order, each once");
                }
                if (!Float.isFinite(batch.value(i))) {
                    throw wrong(data, "gave " + batch.value(i) + " for feature " + column + " in row " + row + " of a batch; every value must be finite");
                }
                before = column;
            }
        }
    }

    private static IllegalStateException wrong(Sampler data, String what) {
        return new IllegalStateException(Sampler.label(data) + " " + what);
    }
}
