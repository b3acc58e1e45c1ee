package org.apd4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The losses of a run over its steps, kept at no more than {@value #CAPACITY} steps however long the run: when that many are
 * full, every other one is dropped and from then on half as many are kept. One thread writes; any thread may read.
 *
 * <pre>{@code
 * LossHistory history = run.history();
 * Charts.lossCurves("Faithfulness", history.steps(), Map.of("faithfulness", history.values("faithfulness")))
 * }</pre>
 */
public final class LossHistory {

    /** The most steps that are kept. */
    public static final int CAPACITY = 2000;

    private final List<String> names;
    private final int[] steps = new int[CAPACITY];
    private final double[][] values;
    private int size;
    private int stride = 1;

    /** @param names the losses, in the order in which {@link #record} takes them */
    public LossHistory(List<String> names) {
        this.names = List.copyOf(names);
        this.values = new double[names.size()][CAPACITY];
    }

    /** The losses' names, in order. */
    public List<String> names() {
        return names;
    }

    /** Keeps the losses of a step if it is one of those that are kept; steps come in rising order. */
    public synchronized void record(int step, double... losses) {
        if (losses.length != names.size()) {
            throw new IllegalArgumentException("got " + losses.length + " losses, the history holds " + names);
        }
        if (step % stride != 0) {
            return;
        }
        if (size == CAPACITY) {
            thinOut();
            if (step % stride != 0) {
                return;
            }
        }
        steps[size] = step;
        for (int i = 0; i < losses.length; i++) {
            values[i][size] = losses[i];
        }
        size++;
    }

    private void thinOut() {
        stride *= 2;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (steps[i] % stride == 0) {
                steps[kept] = steps[i];
                for (double[] value : values) {
                    value[kept] = value[i];
                }
                kept++;
            }
        }
        size = kept;
    }

    /** Every how many steps one is kept now, a power of 2. */
    synchronized int stride() {
        return stride;
    }

    /** Takes what another history had kept: goes on as that one would have. */
    synchronized void restore(int stride, int[] steps, double[][] values) {
        this.stride = stride;
        this.size = steps.length;
        System.arraycopy(steps, 0, this.steps, 0, size);
        for (int i = 0; i < values.length; i++) {
            System.arraycopy(values[i], 0, this.values[i], 0, size);
        }
    }

    /** How many steps are kept. */
    public synchronized int size() {
        return size;
    }

    /** The steps that are kept, rising. */
    public synchronized int[] steps() {
        return Arrays.copyOf(steps, size);
    }

    /**
     * One loss at each of {@link #steps}, without its coefficient.
     *
     * @throws NoSuchElementException if the run has no such loss
     */
    public synchronized double[] values(String name) {
        return Arrays.copyOf(values[index(name)], size);
    }

    /** The last kept value of a loss; NaN before the first step. */
    public synchronized double last(String name) {
        return size == 0 ? Double.NaN : values[index(name)][size - 1];
    }

    private int index(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new NoSuchElementException("no loss named '" + name + "'; this run has " + new ArrayList<>(names));
        }
        return index;
    }
}
