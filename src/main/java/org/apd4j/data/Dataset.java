package org.apd4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An immutable data set: the rows of an array, each of which is a sample, optionally with class labels.
 *
 * <p>As a {@link Sampler}, it draws epoch by epoch without replacement: every epoch goes through all rows, in an order of its own that depends on
 * the run's seed.
 *
 * <pre>{@code
 * Dataset digits = Dataset.read(Path.of("digits.csv"));
 * Dataset.Split split = digits.split(0.8, 0);
 * }</pre>
 */
public final class Dataset implements Sampler {

    private static final long ORDER = 0x65706f6368L;
    private static final long SPLIT = 0x73706c6974L;

    private final Rows rows;
    private final int @Nullable [] labels;
    private final List<String> classes;
    /** The order of the epoch that was drawn from last. */
    private volatile @Nullable Order order;

    private record Order(long seed, long purpose, long epoch, int[] rows) {
    }

    /**
     * A data set divided into training and test data.
     *
     * @param train the rows to train on
     * @param test  the rows to evaluate on, none of which is in {@code train}
     */
    public record Split(Dataset train, Dataset test) {
    }

    private Dataset(Rows rows, int @Nullable [] labels, List<String> classes) {
        this.rows = rows;
        this.labels = labels;
        this.classes = List.copyOf(classes);
    }

    /**
     * Returns a data set without labels.
     *
     * @param values {@code [rows][features]}; copied
     * @throws IllegalArgumentException if there is no row or no feature, rows differ in length, or a value is not finite
     */
    public static Dataset of(float[][] values) {
        return new Dataset(new Rows.OfValues(checked(values)), null, List.of());
    }

    /**
     * Returns samples of other data that are changed one by one, such as with a feature that is never active:
     *
     * <pre>{@code
     * var unseen = Dataset.changed(target.trained().data(), 20_000, 1, x -> x[0] = 0);
     * }</pre>
     *
     * @param from   what the samples are drawn from
     * @param rows   the number of samples, at least 1
     * @param seed   the seed of the draw
     * @param change changes the values of a sample in place, {@code [features]}
     * @throws IllegalArgumentException if there is no sample, or a changed value is not finite
     */
    public static Dataset changed(Sampler from, int rows, long seed, Consumer<float[]> change) {
        Matrix drawn = from.sample(seed, rows).toDense();
        float[][] values = new float[drawn.rows()][drawn.columns()];
        for (int row = 0; row < values.length; row++) {
            for (int i = 0; i < values[row].length; i++) {
                values[row][i] = drawn.get(row, i);
            }
            change.accept(values[row]);
        }
        return of(values);
    }

    /**
     * Returns a data set with labels.
     *
     * @param values  {@code [rows][features]}; copied
     * @param labels  {@code [rows]}, the class of each row, 0 … classes − 1; copied
     * @param classes the names of the classes, in order
     * @throws IllegalArgumentException as in {@link #of(float[][])}, or if a label is not a class or the number of labels is not that of the rows
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
        return new Dataset(new Rows.OfValues(rows), labels.clone(), classes);
    }

    /**
     * Returns a data set of images that are stored with one byte for each value.
     *
     * @param pixels {@code [rows · width]}, 0 … 255 for the values 0 … 1; neither copied nor checked, and must not be changed any more
     * @param labels {@code [rows]}, each of them a class; not copied either
     */
    static Dataset ofPixels(byte[] pixels, int width, int[] labels, List<String> classes) {
        return new Dataset(new PixelRows(pixels, width), labels, classes);
    }

    /**
     * Reads a data set from a file in one of two formats:
     * <ul>
     * <li>{@code .npz} with an array {@code values [rows, …]} (or {@code images}, {@code data}, {@code x}) and optionally an integer array
     *     {@code labels [rows]} (or {@code label}, {@code target}, {@code class}, {@code y});
     * <li>{@code .csv} in UTF-8, whose first line names the columns (after a {@code #} or not). A column {@code label} (or {@code labels},
     *     {@code target}, {@code class}, {@code y}) holds the class, all other columns numbers. Columns are separated by commas; decimals have a
     *     point.
     * </ul>
     *
     * @throws IOException              if the file does not exist or does not have this form; the message says where it differs
     * @throws IllegalArgumentException if the name of the file has another extension
     */
    public static Dataset read(Path file) throws IOException {
        return DatasetFile.read(file);
    }

    private static SparseRows checked(float[][] values) {
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("data set has " + values.length + " rows"
                    + (values.length == 0 ? "" : " of 0 values") + "; it must have at least one row of at least one value");
        }
        int width = values[0].length;
        for (int row = 0; row < values.length; row++) {
            if (values[row].length != width) {
                throw new IllegalArgumentException("row " + row + " has " + values[row].length + " values, row 0 has " + width
                        + "; all rows must have the same length");
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
        return rows.width();
    }

    /** Returns the number of rows. */
    public int size() {
        return rows.size();
    }

    /** Returns whether the rows have class labels. */
    public boolean isLabelled() {
        return labels != null;
    }

    /** Returns the names of the classes; an empty list if there are no labels. */
    public List<String> classes() {
        return classes;
    }

    /**
     * Returns the class of a row, 0 … classes − 1.
     *
     * @throws IllegalStateException if there are no labels
     */
    public int label(int row) {
        if (labels == null) {
            throw new IllegalStateException("data set has no labels");
        }
        return labels[row];
    }

    /**
     * Returns the classes of all rows, as a new array.
     *
     * @throws IllegalStateException if there are no labels
     */
    public int[] labels() {
        return IntStream.range(0, size()).map(this::label).toArray();
    }

    /** Returns the values of a row, as a new array. */
    public float[] row(int row) {
        return rows(row).toDense().toArray();
    }

    /** Returns a copy of all rows, in their order. */
    public SparseRows all() {
        return rows(IntStream.range(0, size()).toArray());
    }

    /** Returns a copy of the rows with the given indices. */
    public SparseRows rows(int... which) {
        SparseRows chosen = new SparseRows(features());
        rows.gather(chosen, which, which.length);
        return chosen;
    }

    /**
     * Returns the rows with the given indices, and their labels, as a data set.
     *
     * @throws IllegalArgumentException if no index is given
     */
    public Dataset subset(int... which) {
        if (which.length == 0) {
            throw new IllegalArgumentException("no rows were given; a data set needs at least one");
        }
        return new Dataset(new Rows.OfValues(rows(which)), labels == null ? null : Arrays.stream(which).map(this::label).toArray(), classes);
    }

    /** Returns the mean of all rows, {@code [1, features]}. */
    public INDArray mean() {
        double[] sums = new double[features()];
        SparseRows part = new SparseRows(features());
        for (int first = 0; first < size(); first += Rows.TOGETHER) {
            int[] which = IntStream.range(first, Math.min(size(), first + Rows.TOGETHER)).toArray();
            rows.gather(part, which, which.length);
            for (int i = 0; i < part.size(); i++) {
                sums[part.column(i)] += part.value(i);
            }
        }
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / size());
        }
        return Tensors.of(means, 1, means.length);
    }

    /**
     * Returns the indices of the rows of a class, in ascending order.
     *
     * @throws IllegalStateException if there are no labels
     */
    public int[] ofClass(int label) {
        return IntStream.range(0, size()).filter(row -> label(row) == label).toArray();
    }

    /**
     * Divides the rows at random into training and test data.
     *
     * @param part the fraction of the rows to train on, in (0, 1)
     * @throws IllegalArgumentException if the fraction is out of range, or one of the two parts would be empty
     */
    public Split split(double part, long seed) {
        int first = (int) Math.round(part * size());
        if (!(part > 0 && part < 1) || first == 0 || first == size()) {
            throw new IllegalArgumentException("part is " + part + " of " + size()
                    + " rows; it must be between 0 and 1 and leave at least one row on either side");
        }
        int[] all = shuffled(RandomStream.of(seed, SPLIT));
        int[] train = Arrays.copyOf(all, first);
        int[] test = Arrays.copyOfRange(all, first, all.length);
        Arrays.sort(train);
        Arrays.sort(test);
        return new Split(subset(train), subset(test));
    }

    /** {@inheritDoc} No row is drawn twice unless {@code count} exceeds the number of rows. */
    @Override
    public void sample(RandomStream random, int count, SparseRows batch) {
        int[] which = new int[count];
        for (int done = 0; done < count; done += size()) {
            System.arraycopy(shuffled(random), 0, which, done, Math.min(size(), count - done));
        }
        rows.gather(batch, which, count);
    }

    @Override
    public void batch(long seed, long purpose, long number, int count, SparseRows batch) {
        rows.gather(batch, draw(seed, purpose, number, count), count);
    }

    /** Returns the indices of the rows that {@link #batch} draws: the next ones in the order of the epoch. */
    public int[] draw(long seed, long purpose, long number, int count) {
        int[] which = new int[count];
        for (int i = 0; i < count; i++) {
            long at = number * count + i;
            which[i] = order(seed, purpose, at / size())[(int) (at % size())];
        }
        return which;
    }

    private int[] order(long seed, long purpose, long epoch) {
        @Nullable Order last = order;
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

    /** Returns whether the other is a data set of the same rows in the same order, with the same labels and classes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dataset data && classes.equals(data.classes) && Arrays.equals(labels, data.labels)
                && rows.hasValuesOf(data.rows);
    }

    @Override
    public int hashCode() {
        return Objects.hash(classes, Arrays.hashCode(labels), rows.hashOfValues());
    }

    /** Returns the numbers of rows, values and classes, such as "1,000 rows of 64 values, 10 classes". */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d rows of %,d values", size(), features())));
        if (isLabelled()) {
            words.add(classes.size() + " classes");
        }
        return String.join(", ", words);
    }
}
