package org.apd4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * The losses of a run, recorded at no more than {@value #CAPACITY} steps, however long the run: when the history is full, every other record is
 * dropped, and from then on half as many steps are recorded. One thread writes; any thread may read.
 *
 * <pre>{@code
 * LossHistory history = run.history();
 * Charts.lossCurves("Faithfulness", history.steps(), Map.of("faithfulness", history.values("faithfulness")))
 * }</pre>
 */
public final class LossHistory {

    /** The largest number of recorded steps. */
    public static final int CAPACITY = 2000;

    private final List<String> names;
    private final int[] steps = new int[CAPACITY];
    private final double[][] values;
    private int size;
    /** The losses of the last step, whether it is recorded or not. */
    private final double[] last;
    private int stride = 1;

    /**
     * Creates an empty history.
     *
     * @param names the names of the losses, in the order of {@link #record}
     */
    public LossHistory(List<String> names) {
        this.names = List.copyOf(names);
        this.values = new double[names.size()][CAPACITY];
        this.last = new double[names.size()];
        Arrays.fill(last, Double.NaN);
    }

    /** Returns the names of the losses, in order. */
    public List<String> names() {
        return names;
    }

    /**
     * Adds the losses of a step, which must be later than the previous one. The history drops them again if the step is not one of those it
     * records, but {@link #last} returns them.
     *
     * @throws IllegalArgumentException if the number of losses is not that of the names
     */
    public synchronized void record(int step, double... losses) {
        if (losses.length != names.size()) {
            throw new IllegalArgumentException("got " + losses.length + " losses instead of " + names.size() + ": " + names);
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

    /** Returns the current distance of recorded steps, a power of 2. */
    synchronized int stride() {
        return stride;
    }

    /** Restores the records of a saved history, which this one then continues. */
    synchronized void restore(int stride, int[] steps, double[][] values) {
        this.stride = stride;
        this.size = steps.length;
        System.arraycopy(steps, 0, this.steps, 0, size);
        for (int i = 0; i < values.length; i++) {
            System.arraycopy(values[i], 0, this.values[i], 0, size);
        }
    }

    /** Sets the losses of the last step, without a record. */
    synchronized void recordLast(double[] losses) {
        System.arraycopy(losses, 0, last, 0, last.length);
    }

    /** Returns the number of recorded steps. */
    public synchronized int size() {
        return size;
    }

    /** Returns the recorded steps, in ascending order. */
    public synchronized int[] steps() {
        return Arrays.copyOf(steps, size);
    }

    /**
     * Returns a loss at each of {@link #steps}, without its coefficient.
     *
     * @throws NoSuchElementException if the run has no such loss
     */
    public synchronized double[] values(String name) {
        return Arrays.copyOf(values[index(name)], size);
    }

    /**
     * Returns a loss at the start of the last step, recorded or not, as {@link Run#loss} does; NaN before the first step.
     *
     * @throws NoSuchElementException if the run has no such loss
     */
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
                    : String.format(Locale.ROOT, ", %,d to %,d", steps[0], steps[size - 1]));
        }
    }
}
