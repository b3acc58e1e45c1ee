package org.apd4j.decomposition;

import java.util.Arrays;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.TopK;

/**
 * Which components are active on which samples of a batch (method: one training step, 3): the active (sample, component) pairs, component
 * after component. A mask is used again batch after batch.
 *
 * <pre>{@code
 * var evaluator = run.decomposition().evaluator();
 * var batch = run.target().data().sample(0, 256);
 * Mask mask = evaluator.select(Selection.batchTopK(1), batch);
 * System.out.println(mask.count(0) + " samples keep component 0");
 * }</pre>
 */
public final class Mask implements ComponentMask {

    private final int components;
    /** Where a component's pairs begin. */
    private final int[] start;
    /** The sample of each pair. */
    private int[] row = new int[0];
    /** The pairs as flat indices {@code sample · C + component}, rising. */
    private int[] flat = new int[0];
    private int rows;
    private int size;
    private int[] found = new int[0];
    private final TopK largest = new TopK();

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
        mask.begin(active.length, active.length * components);
        for (int i = 0; i < active.length; i++) {
            if (active[i].length != components) {
                throw new IllegalArgumentException("row " + i + " of the mask has " + active[i].length + " entries for " + components
                        + " components");
            }
            for (int c = 0; c < components; c++) {
                if (active[i][c]) {
                    mask.flat[mask.size++] = i * components + c;
                }
            }
        }
        mask.sortByComponent();
        return mask;
    }

    /**
     * Selects by the attributions of a whole batch; of equal ones those with the lower flat index are active.
     *
     * @param attributions {@code [rows, C]}, at least 0
     */
    public static Mask of(Selection selection, Matrix attributions) {
        Mask mask = new Mask(attributions.columns());
        int[] all = new int[attributions.rows()];
        Arrays.setAll(all, row -> row);
        mask.select(selection, attributions, all, attributions.rows());
        return mask;
    }

    private void begin(int rows, int room) {
        this.rows = rows;
        this.size = 0;
        if (flat.length < room) {
            flat = new int[room];
            row = new int[room];
            found = new int[room];
        }
    }

    /**
     * Selects by attributions. Of equal ones those with the lower flat index are active.
     *
     * @param attributions {@code [n, C]}, at least 0, of the samples in {@code which}; all other samples have 0
     * @param which        rows of the batch, rising
     * @param rows         size of the batch
     */
    public void select(Selection selection, Matrix attributions, int[] which, int rows) {
        if (selection instanceof Selection.BatchTopK top) {
            selectInBatch((int) Math.floor(top.k() * rows), attributions, which, rows);
        } else {
            selectInRows(((Selection.PerSampleTopK) selection).k(), attributions, which, rows);
        }
        sortByComponent();
    }

    private void selectInBatch(int wanted, Matrix attributions, int[] which, int rows) {
        begin(rows, wanted);
        int count = largest.find(attributions.data(), attributions.offset(), attributions.size(), wanted, found);
        for (int i = 0; i < count; i++) {
            // A zero is no better than the zeros of the samples that were left out: they are filled in below, all by their flat index.
            if (attributions.data()[attributions.offset() + found[i]] > 0) {
                flat[size++] = which[found[i] / components] * components + found[i] % components;
            }
        }
        if (size < wanted) {
            fillWithZeros(wanted);
        }
    }

    private void fillWithZeros(int wanted) {
        int positive = size;
        System.arraycopy(flat, 0, found, 0, positive);
        int next = 0;
        int missing = wanted - positive;
        size = 0;
        for (int index = 0; size < wanted; index++) {
            if (next < positive && found[next] == index) {
                flat[size++] = index;
                next++;
            } else if (missing > 0) {
                flat[size++] = index;
                missing--;
            }
        }
    }

    private void selectInRows(int wanted, Matrix attributions, int[] which, int rows) {
        begin(rows, rows * wanted);
        int next = 0;
        for (int sample = 0; sample < rows; sample++) {
            boolean known = next < attributions.rows() && which[next] == sample;
            if (known) {
                largest.find(attributions.data(), attributions.rowStart(next++), components, wanted, found);
            }
            for (int i = 0; i < wanted; i++) {
                flat[size++] = sample * components + (known ? found[i] : i);
            }
        }
    }

    private void sortByComponent() {
        Arrays.fill(start, 0);
        for (int i = 0; i < size; i++) {
            start[flat[i] % components + 1]++;
        }
        for (int c = 0; c < components; c++) {
            start[c + 1] += start[c];
        }
        for (int i = 0; i < size; i++) {
            row[start[flat[i] % components]++] = flat[i] / components;
        }
        System.arraycopy(start, 0, start, 1, components);
        start[0] = 0;
    }

    /** C. */
    public int components() {
        return components;
    }

    @Override
    public int rows() {
        return rows;
    }

    /** Number of active pairs. */
    public int size() {
        return size;
    }

    /** Number of samples on which a component is active. */
    public int count(int component) {
        return start[component + 1] - start[component];
    }

    /** Number of a component's first pair; its last is {@code start(component + 1) − 1}. */
    public int start(int component) {
        return start[component];
    }

    /** The sample of a pair. */
    public int row(int pair) {
        return row[pair];
    }

    @Override
    public float value(int sample, int component) {
        return isActive(sample, component) ? 1 : 0;
    }

    /** Returns whether a component is active on a sample. */
    public boolean isActive(int sample, int component) {
        return Arrays.binarySearch(row, start[component], start[component + 1], sample) >= 0;
    }

    @Override
    public String toString() {
        return size() + " active pairs of " + rows() + " samples and " + components() + " components";
    }
}
