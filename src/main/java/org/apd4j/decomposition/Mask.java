package org.apd4j.decomposition;

import java.util.Arrays;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.TopK;

/**
 * A hard mask: the components that are active on each sample of a batch (step 3 of APD), as active (sample, component) pairs, ordered
 * by component. A mask can be reused batch after batch.
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
    /** By component, where its pairs begin; one more entry where the last one's end. */
    private final int[] start;
    /** By pair, its sample. */
    private int[] row = new int[0];
    /** The pairs as flat indices {@code sample · C + component}, ascending. */
    private int[] flat = new int[0];
    private int rows;
    private int size;
    /** Results of the search for the largest attributions. */
    private int[] found = new int[0];
    private final TopK largest = new TopK();

    /** Makes a mask without active pairs. */
    public Mask(int components) {
        this.components = components;
        this.start = new int[components + 1];
    }

    /**
     * Returns the mask of the pairs with {@code active[sample][component]}.
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
     * Returns the mask that a selection takes from the attributions of a whole batch. Ties go to the lower flat index {@code sample · C + component}.
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
     * Selects by the attributions of some samples of a batch; the others have attributions 0. Ties go to the lower flat index.
     *
     * @param attributions {@code [n, C]}, at least 0, of the samples in {@code which}
     * @param which        rows of the batch, ascending
     * @param rows         the size of the batch
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
            // Zeros tie with those of the samples that were left out; fillWithZeros takes the first of all of them.
            if (attributions.data()[attributions.offset() + found[i]] > 0) {
                flat[size++] = which[found[i] / components] * components + found[i] % components;
            }
        }
        if (size < wanted) {
            fillWithZeros(wanted);
        }
    }

    /** Adds the pairs of lowest flat index that are not active yet, as many as are missing; the active ones are ascending and stay so. */
    private void fillWithZeros(int wanted) {
        int[] positive = Arrays.copyOf(flat, size);
        int missing = wanted - size;
        int next = 0;
        size = 0;
        for (int index = 0; size < wanted; index++) {
            boolean isPositive = next < positive.length && positive[next] == index;
            if (isPositive) {
                next++;
            } else {
                missing--;
            }
            if (isPositive || missing >= 0) {
                flat[size++] = index;
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

    /** Returns C, the number of components. */
    public int components() {
        return components;
    }

    @Override
    public int rows() {
        return rows;
    }

    /** Returns the number of active pairs. */
    public int size() {
        return size;
    }

    /** Returns the number of samples on which a component is active. */
    public int count(int component) {
        return start[component + 1] - start[component];
    }

    /** Returns the number of a component's first pair; its last is {@code start(component + 1) − 1}. */
    public int start(int component) {
        return start[component];
    }

    /** Returns the sample of a pair. */
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
