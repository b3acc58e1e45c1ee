package org.apd4j.decomposition;

import java.util.Arrays;
import org.apd4j.kernel.LargestValues;
import org.apd4j.kernel.Matrix;

/**
 * Which components are active on which samples of a batch (method: one training step, 3): the active (sample, component) pairs, component
 * after component. A mask is used again batch after batch.
 */
public final class Mask {

    private final int components;
    private final int[] start;
    private int rows;
    private int[] row = new int[0];
    private boolean[] chosen = new boolean[0];
    private final LargestValues largest = new LargestValues();

    /** No active pairs yet. */
    public Mask(int components) {
        this.components = components;
        this.start = new int[components + 1];
    }

    /**
     * Every pair for which {@code active[sample][component]}.
     *
     * @throws IllegalArgumentException if a row has another length
     */
    public static Mask of(boolean[][] active, int components) {
        Mask mask = new Mask(components);
        mask.reserve(active.length);
        for (int i = 0; i < active.length; i++) {
            if (active[i].length != components) {
                throw new IllegalArgumentException("row " + i + " of the mask has " + active[i].length + " entries for " + components
                        + " components");
            }
            System.arraycopy(active[i], 0, mask.chosen, i * components, components);
        }
        mask.collect();
        return mask;
    }

    /**
     * Selects by the attributions of a whole batch; of equal ones those with the lower flat index are active.
     *
     * @param attributions {@code [rows, C]}, at least 0
     * @throws IllegalArgumentException for the Lp formulation, which switches no component off
     */
    public static Mask of(Selection selection, Matrix attributions) {
        Mask mask = new Mask(attributions.columns());
        int[] all = new int[attributions.rows()];
        Arrays.setAll(all, row -> row);
        mask.select(selection, attributions, all, attributions.rows());
        return mask;
    }

    private void reserve(int rows) {
        this.rows = rows;
        if (chosen.length < rows * components) {
            chosen = new boolean[rows * components];
        }
    }

    /**
     * Selects by attributions. Of equal ones those with the lower flat index are active.
     *
     * @param attributions {@code [n, C]}, at least 0, of the samples in {@code which}; all other samples have 0
     * @param which        rows of the batch, rising
     * @param rows         size of the batch
     */
    void select(Selection selection, Matrix attributions, int[] which, int rows) {
        reserve(rows);
        Arrays.fill(chosen, 0, rows * components, false);
        if (selection instanceof Selection.BatchTopK top) {
            selectInBatch((int) Math.floor(top.k() * rows), attributions, which);
        } else if (selection instanceof Selection.PerSampleTopK top) {
            selectInRows(top.k(), attributions, which);
        } else {
            throw new IllegalArgumentException("the Lp formulation switches no component off");
        }
        collect();
    }

    private boolean[] marks = new boolean[0];

    private void selectInBatch(int wanted, Matrix attributions, int[] which) {
        int count = attributions.size();
        if (marks.length < count) {
            marks = new boolean[count];
        }
        int missing = wanted - largest.mark(attributions.data(), attributions.offset(), count, wanted, marks);
        // A zero is no better than the zeros of the samples that were left out: all zeros are filled in by their flat index.
        for (int i = 0; i < attributions.rows(); i++) {
            for (int c = 0; c < components; c++) {
                if (marks[i * components + c]) {
                    if (attributions.get(i, c) > 0) {
                        chosen[which[i] * components + c] = true;
                    } else {
                        missing++;
                    }
                }
            }
        }
        for (int flat = 0; missing > 0 && flat < rows * components; flat++) {
            if (!chosen[flat]) {
                chosen[flat] = true;
                missing--;
            }
        }
    }

    private void selectInRows(int wanted, Matrix attributions, int[] which) {
        if (marks.length < components) {
            marks = new boolean[components];
        }
        int next = 0;
        for (int sample = 0; sample < rows; sample++) {
            if (next < attributions.rows() && which[next] == sample) {
                largest.mark(attributions.data(), attributions.rowStart(next++), components, wanted, marks);
                System.arraycopy(marks, 0, chosen, sample * components, components);
            } else {
                Arrays.fill(chosen, sample * components, sample * components + wanted, true);
            }
        }
    }

    /** Lists the chosen pairs, component after component, samples rising. */
    private void collect() {
        Arrays.fill(start, 0);
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < components; c++) {
                if (chosen[i * components + c]) {
                    start[c + 1]++;
                }
            }
        }
        for (int c = 0; c < components; c++) {
            start[c + 1] += start[c];
        }
        if (row.length < size()) {
            row = new int[size()];
        }
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < components; c++) {
                if (chosen[i * components + c]) {
                    row[start[c]++] = i;
                }
            }
        }
        System.arraycopy(start, 0, start, 1, components);
        start[0] = 0;
    }

    /** C. */
    public int components() {
        return components;
    }

    /** Samples of the batch. */
    public int rows() {
        return rows;
    }

    /** Number of active pairs. */
    public int size() {
        return start[components];
    }

    /** Number of samples on which a component is active. */
    public int count(int component) {
        return start[component + 1] - start[component];
    }

    /** Number of a component's first pair; its last is {@code start(component + 1) − 1}. */
    int start(int component) {
        return start[component];
    }

    /** The sample of a pair. */
    int row(int pair) {
        return row[pair];
    }

    /** Whether a component is active on a sample. */
    public boolean isActive(int sample, int component) {
        return chosen[sample * components + component];
    }
}
