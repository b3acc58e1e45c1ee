package org.apd4j.interaction;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.apd4j.data.Dataset;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.DoubleMatrix;

/**
 * Inputs of a network in double precision, {@code [N, inputs]}, with or without the right answers; for a transformer, tokens. Immutable.
 *
 * <pre>{@code
 * Samples samples = Samples.of(digits).rows(0, 500);
 * }</pre>
 */
public final class Samples {

    private final DoubleMatrix inputs;
    private final int[] labels;

    private Samples(DoubleMatrix inputs, int[] labels) {
        this.inputs = inputs;
        this.labels = labels;
    }

    /**
     * Returns samples without labels.
     *
     * @param rows {@code [N][inputs]}
     * @throws IllegalArgumentException if there are none, they differ in length, or a value is not finite
     */
    public static Samples of(double[][] rows) {
        return checked(DoubleMatrix.of(rows), new int[0]);
    }

    /**
     * Returns samples without labels.
     *
     * @param rows {@code [N, inputs]}
     * @throws IllegalArgumentException if there are none, or a value is not finite
     */
    public static Samples of(Matrix rows) {
        return checked(DoubleMatrix.of(rows), new int[0]);
    }

    /**
     * Returns sequences of tokens without labels.
     *
     * @param sequences {@code [N][positions]}
     * @throws IllegalArgumentException if there are none, or they differ in length
     */
    public static Samples ofTokens(int[]... sequences) {
        double[][] rows = new double[sequences.length][];
        Arrays.setAll(rows, i -> Arrays.stream(sequences[i]).asDoubleStream().toArray());
        return of(rows);
    }

    /** Returns the rows of a data set, with its labels if it has any. */
    public static Samples of(Dataset data) {
        float[][] rows = new float[data.size()][];
        Arrays.setAll(rows, data::row);
        return checked(DoubleMatrix.of(data.size(), data.features(), (i, j) -> rows[i][j]), data.isLabelled() ? data.labels() : new int[0]);
    }

    private static Samples checked(DoubleMatrix inputs, int[] labels) {
        if (inputs.rows() == 0) {
            throw new IllegalArgumentException("there are no samples");
        }
        if (!inputs.isFinite()) {
            throw new IllegalArgumentException("the samples have a value that is infinite or NaN");
        }
        return new Samples(inputs, labels);
    }

    /**
     * Returns the same inputs with the right answers.
     *
     * @param labels class of each sample; where every position of a sequence is answered, those of all positions, sample by sample
     * @throws IllegalArgumentException if not every sample has equally many, or one is negative
     */
    public Samples withLabels(int... labels) {
        if (labels.length == 0 || labels.length % inputs.rows() != 0) {
            throw new IllegalArgumentException("there are " + labels.length + " labels for " + inputs.rows() + " samples");
        }
        if (Arrays.stream(labels).anyMatch(label -> label < 0)) {
            throw new IllegalArgumentException("a label is negative; classes are numbered from 0");
        }
        return new Samples(inputs, labels.clone());
    }

    /**
     * Returns some consecutive samples.
     *
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public Samples rows(int first, int count) {
        Objects.checkFromIndexSize(first, count, inputs.rows());
        int each = labels.length / inputs.rows();
        return checked(inputs.rows(first, count), Arrays.copyOfRange(labels, first * each, (first + count) * each));
    }

    /** Returns the number N of samples. */
    public int size() {
        return inputs.rows();
    }

    /** Returns the number of inputs of a sample. */
    public int width() {
        return inputs.columns();
    }

    /** Returns whether the right answers are known. */
    public boolean isLabelled() {
        return labels.length > 0;
    }

    /** Returns a copy of the labels; empty if there are none. */
    public int[] labels() {
        return labels.clone();
    }

    /** Returns the inputs, which must not be changed; for the library. */
    DoubleMatrix inputs() {
        return inputs;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d samples of %,d values", inputs.rows(), inputs.columns()) + (isLabelled() ? " with labels" : "");
    }
}
