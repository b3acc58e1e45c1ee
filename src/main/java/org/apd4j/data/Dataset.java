package org.apd4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of an array, each one sample, with or without the class that each belongs to. Immutable.
 *
 * <p>As a {@link Sampler} it goes through all rows in an order that is shuffled with the run's seed, and then through all of them again in
 * another order: inside one epoch no row comes twice.
 *
 * <pre>{@code
 * Dataset digits = Dataset.read(Path.of("digits.csv"));
 * Dataset.Split split = digits.split(0.8, 0);
 * }</pre>
 */
public final class Dataset implements Sampler {

    private static final long ORDER = 0x65706f6368L;
    private static final long SPLIT = 0x73706c6974L;

    private final SparseRows rows;
    private final int[] labels;
    private final List<String> classes;
    /** The order of the epoch that was asked for last. */
    private volatile Order order;

    private record Order(long seed, long purpose, long epoch, int[] rows) {
    }

    /**
     * A part of the rows to learn from and the rest to judge by.
     *
     * @param train the larger part, usually
     * @param test  rows that are not in {@code train}
     */
    public record Split(Dataset train, Dataset test) {
    }

    private Dataset(SparseRows rows, int[] labels, List<String> classes) {
        this.rows = rows;
        this.labels = labels;
        this.classes = List.copyOf(classes);
    }

    /**
     * Rows without labels.
     *
     * @param values {@code [rows][features]}; copied
     * @throws IllegalArgumentException if there is no row or no feature, rows differ in length, or a value is not finite
     */
    public static Dataset of(float[][] values) {
        return new Dataset(checked(values), null, List.of());
    }

    /**
     * Rows with labels.
     *
     * @param values  {@code [rows][features]}; copied
     * @param labels  {@code [rows]}, the class of each, 0 … classes − 1
     * @param classes names of the classes, in order
     * @throws IllegalArgumentException as in {@link #of(float[][])}, or if a label is none of the classes or their number is not that of the rows
     */
    public static Dataset of(float[][] values, int[] labels, List<String> classes) {
        SparseRows rows = checked(values);
        if (labels.length != values.length) {
            throw new IllegalArgumentException("there are " + labels.length + " labels for " + values.length + " rows; every row needs one");
        }
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes.size()) {
                throw new IllegalArgumentException("the label of row " + row + " is " + labels[row] + "; it must be "
                        + (classes.isEmpty() ? "one of the classes, of which there are none" : "0 … " + (classes.size() - 1)));
            }
        }
        return new Dataset(rows, labels.clone(), classes);
    }

    /**
     * Rows of a file: {@code .npz} with the arrays {@code values [rows, …]} (or {@code images}, {@code data}, {@code x}) and, if there are labels,
     * {@code labels [rows]} (or {@code target}, {@code y}) of whole numbers; or {@code .csv} in UTF-8 with a line of names first (behind a {@code #}
     * or not), the column {@code label} (or {@code class}, {@code target}), if there is one, holding the class and all others numbers. Columns are
     * separated by commas, decimals by a point.
     *
     * @throws IOException              if there is no such file, or it holds anything else: one sentence
     * @throws IllegalArgumentException if the file's name ends otherwise
     */
    public static Dataset read(Path file) throws IOException {
        return DatasetFile.read(file);
    }

    private static SparseRows checked(float[][] values) {
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("the data has " + values.length + " rows"
                    + (values.length == 0 ? "" : " of 0 values") + "; it must have at least one row of at least one value");
        }
        int width = values[0].length;
        for (int row = 0; row < values.length; row++) {
            if (values[row].length != width) {
                throw new IllegalArgumentException("row " + row + " has " + values[row].length + " values, row 0 has " + width
                        + "; all rows must be of the same length");
            }
            for (int i = 0; i < width; i++) {
                if (!Float.isFinite(values[row][i])) {
                    throw new IllegalArgumentException("row " + row + " holds " + values[row][i] + " at " + i + "; every value must be finite");
                }
            }
        }
        return SparseRows.of(Matrix.over(flat(values, width), values.length, width));
    }

    private static float[] flat(float[][] values, int width) {
        float[] all = new float[Math.multiplyExact(values.length, width)];
        for (int row = 0; row < values.length; row++) {
            System.arraycopy(values[row], 0, all, row * width, width);
        }
        return all;
    }

    @Override
    public int features() {
        return rows.columns();
    }

    /** Number of rows. */
    public int size() {
        return rows.rows();
    }

    /** Whether every row has a class. */
    public boolean isLabelled() {
        return labels != null;
    }

    /** Names of the classes; none if there are no labels. */
    public List<String> classes() {
        return classes;
    }

    /**
     * The class of a row, 0 … classes − 1.
     *
     * @throws IllegalStateException if there are no labels
     */
    public int label(int row) {
        if (labels == null) {
            throw new IllegalStateException("the data has no labels; it was made without");
        }
        return labels[row];
    }

    /** The classes of all rows; a copy. */
    public int[] labels() {
        return IntStream.range(0, size()).map(this::label).toArray();
    }

    /** The values of a row; a copy. */
    public float[] row(int row) {
        return rows(row).toDense().toArray();
    }

    /** All rows, in their order; a copy. */
    public SparseRows all() {
        return rows(IntStream.range(0, size()).toArray());
    }

    /** Some rows. */
    public SparseRows rows(int... which) {
        SparseRows chosen = new SparseRows(features());
        chosen.gather(rows, which, which.length);
        return chosen;
    }

    /** Some rows, with their labels, as data of their own. */
    public Dataset subset(int... which) {
        if (which.length == 0) {
            throw new IllegalArgumentException("no rows were chosen; it must be at least one");
        }
        return new Dataset(rows(which), labels == null ? null : Arrays.stream(which).map(row -> labels[row]).toArray(), classes);
    }

    /** The mean of all rows, {@code [1, features]}. */
    public INDArray mean() {
        double[] sums = new double[features()];
        for (int i = 0; i < rows.size(); i++) {
            sums[rows.column(i)] += rows.value(i);
        }
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / size());
        }
        return Tensors.of(means, 1, means.length);
    }

    /** The rows of a class, in their order. */
    public int[] ofClass(int label) {
        return IntStream.range(0, size()).filter(row -> label(row) == label).toArray();
    }

    /**
     * Deals the rows at random into two parts.
     *
     * @param part the part of the rows that is to learn from, above 0 and below 1
     * @throws IllegalArgumentException if it is not, or one of the two would be empty
     */
    public Split split(double part, long seed) {
        int first = (int) Math.round(part * size());
        if (!(part > 0 && part < 1) || first == 0 || first == size()) {
            throw new IllegalArgumentException("part is " + part + " of " + size()
                    + " rows; it must be above 0 and below 1 and leave a row on both sides");
        }
        int[] all = shuffled(RandomStream.of(seed, SPLIT));
        int[] train = Arrays.copyOf(all, first);
        int[] test = Arrays.copyOfRange(all, first, all.length);
        Arrays.sort(train);
        Arrays.sort(test);
        return new Split(subset(train), subset(test));
    }

    /** {@inheritDoc} No row comes twice unless more are asked for than there are. */
    @Override
    public void sample(RandomStream random, int count, SparseRows batch) {
        int[] which = new int[count];
        for (int done = 0; done < count; done += size()) {
            System.arraycopy(shuffled(random), 0, which, done, Math.min(size(), count - done));
        }
        batch.gather(rows, which, count);
    }

    @Override
    public void batch(long seed, long purpose, long number, int count, SparseRows batch) {
        batch.gather(rows, draw(seed, purpose, number, count), count);
    }

    /** Which rows a batch of {@link #batch} holds: those that are next in the order of its epoch. */
    public int[] draw(long seed, long purpose, long number, int count) {
        int[] which = new int[count];
        for (int i = 0; i < count; i++) {
            long at = number * count + i;
            which[i] = order(seed, purpose, at / size())[(int) (at % size())];
        }
        return which;
    }

    private int[] order(long seed, long purpose, long epoch) {
        Order last = order;
        if (last == null || last.seed != seed || last.purpose != purpose || last.epoch != epoch) {
            last = new Order(seed, purpose, epoch, shuffled(RandomStream.of(seed, purpose, ORDER, epoch)));
            order = last;
        }
        return last.rows;
    }

    private int[] shuffled(RandomStream random) {
        int[] all = new int[size()];
        for (int i = 0; i < all.length; i++) {
            int j = random.nextInt(i + 1);
            all[i] = all[j];
            all[j] = i;
        }
        return all;
    }

    /** Whether the other has the same rows in the same order, with the same labels and classes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Dataset data && classes.equals(data.classes) && Arrays.equals(labels, data.labels)
                && rows.hasEntriesOf(data.rows);
    }

    @Override
    public int hashCode() {
        return Objects.hash(classes, Arrays.hashCode(labels), rows.hashOfEntries());
    }

    /** The data in a few words. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d rows of %,d values", size(), features())));
        if (isLabelled()) {
            words.add(classes.size() + " classes");
        }
        return String.join(", ", words);
    }
}
