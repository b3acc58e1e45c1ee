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
    /** Of the last step, whether it is kept or not. */
    private final double[] last;
    private int stride = 1;

    /** @param names the losses, in the order in which {@link #record} takes them */
    public LossHistory(List<String> names) {
        this.names = List.copyOf(names);
        this.values = new double[names.size()][CAPACITY];
        this.last = new double[names.size()];
        Arrays.fill(last, Double.NaN);
    }

    /** The losses' names, in order. */
    public List<String> names() {
        return names;
    }

    /** Takes the losses of a step: the last ones, and kept if the step is one of those that are; steps come in rising order. */
    public synchronized void record(int step, double... losses) {
        if (losses.length != names.size()) {
            throw new IllegalArgumentException("got " + losses.length + " losses, the history holds " + names);
        }
        recordLast(losses);
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

    /** Takes the losses of the last step, which may be one that is not kept. */
    synchronized void recordLast(double[] losses) {
        System.arraycopy(losses, 0, last, 0, last.length);
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

    /** Returns a loss at the start of the last step that was done, kept or not: what {@link Run#loss} returns; NaN before the first step. */
    public synchronized double last(String name) {
        return last[index(name)];
    }

    private int index(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new NoSuchElementException("no loss named '" + name + "'; this run has " + new ArrayList<>(names));
        }
        return index;
    }

    @Override
    public String toString() {
        synchronized (this) {
            return String.join(", ", names) + " at " + size + " steps" + (size == 0 ? ""
                    : String.format(java.util.Locale.ROOT, ", %,d to %,d", steps[0], steps[size - 1]));
        }
    }
}
