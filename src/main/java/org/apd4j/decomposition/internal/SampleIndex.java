package org.apd4j.decomposition.internal;

import java.util.Arrays;
import org.apd4j.decomposition.Mask;

/**
 * A mask seen from the samples: which samples have active components, and the active pairs of each of them. A mask lists its pairs by component;
 * this index lists them by sample.
 */
final class SampleIndex {

    private int[] activeRows = new int[0];
    private int[] idleRows = new int[0];
    private int activeCount;
    private int idleCount;
    /** By row of the batch, its place among the active samples; meaningless for idle ones. */
    private int[] placeOfRow = new int[0];
    /** The pairs, sample after sample. */
    private int[] pairs = new int[0];
    /** By place, where the sample's pairs begin; one more entry where the last one's end. */
    private int[] starts = new int[0];

    /** Indexes a mask over a batch of a size. */
    void build(Mask mask, int rows) {
        reserve(rows, mask.size());
        int[] pairsOfRow = placeOfRow; // first holds the number of pairs, then the place
        Arrays.fill(pairsOfRow, 0, rows, 0);
        for (int pair = 0; pair < mask.size(); pair++) {
            pairsOfRow[mask.row(pair)]++;
        }
        activeCount = 0;
        idleCount = 0;
        starts[0] = 0;
        for (int row = 0; row < rows; row++) {
            if (pairsOfRow[row] == 0) {
                idleRows[idleCount++] = row;
            } else {
                starts[activeCount + 1] = starts[activeCount] + pairsOfRow[row];
                placeOfRow[row] = activeCount;
                activeRows[activeCount++] = row;
            }
        }
        fill(mask);
    }

    /** Distributes the pairs, which come by component, so that each sample has its own in the order of the components. */
    private void fill(Mask mask) {
        int[] next = Arrays.copyOf(starts, activeCount);
        for (int pair = 0; pair < mask.size(); pair++) {
            pairs[next[placeOfRow[mask.row(pair)]]++] = pair;
        }
    }

    private void reserve(int rows, int size) {
        if (placeOfRow.length < rows) {
            placeOfRow = new int[rows];
            starts = new int[rows + 1];
            activeRows = new int[rows];
            idleRows = new int[rows];
        }
        if (pairs.length < size) {
            pairs = new int[size];
        }
    }

    /** Returns the rows of the samples with active components, ascending; the first {@link #activeCount} entries count. */
    int[] activeRows() {
        return activeRows;
    }

    /** Returns the number of samples with active components. */
    int activeCount() {
        return activeCount;
    }

    /** Returns the rows of the samples without, ascending; the first {@link #idleCount} entries count. */
    int[] idleRows() {
        return idleRows;
    }

    /** Returns the number of samples without active components. */
    int idleCount() {
        return idleCount;
    }

    /** Returns the place of a row among the samples with active components. */
    int place(int row) {
        return placeOfRow[row];
    }

    /** Returns the first of the positions, for {@link #pair}, of a sample's pairs. */
    int first(int place) {
        return starts[place];
    }

    /** Returns the position after a sample's last pair. */
    int end(int place) {
        return starts[place + 1];
    }

    /** Returns the number, in the mask, of the pair at a position. */
    int pair(int position) {
        return pairs[position];
    }
}
