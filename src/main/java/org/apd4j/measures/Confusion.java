package org.apd4j.measures;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.network.Network;
import org.apd4j.targets.Target;

/**
 * Which class a network gives to the rows of each class: the one of its largest output, the lowest of equal ones.
 *
 * <pre>{@code
 * Confusion.of(digitsRun.target(), digits).accuracy()
 * }</pre>
 *
 * @param name    what was measured, for people
 * @param classes names, in order
 * @param counts  rows by true class and class given, {@code [classes, classes]}
 */
public record Confusion(String name, List<String> classes, Grid counts) {

    /** @throws IllegalArgumentException if the shape is not {@code [classes, classes]} */
    public Confusion {
        classes = List.copyOf(classes);
        if (counts.rows() != classes.size() || counts.columns() != classes.size()) {
            throw new IllegalArgumentException("the counts are " + counts + " for " + classes.size() + " classes");
        }
    }

    /**
     * Of a target on rows with labels, not those that it was trained on.
     *
     * @throws IllegalArgumentException if the rows are of another width or have another number of classes than the network has outputs
     * @throws IllegalStateException    if they have no labels
     */
    public static Confusion of(Target target, Dataset data) {
        check(target.network(), data);
        return of(target.name(), WeightedNetwork.of(target.network()).output(data.all()), data);
    }

    /** Of outputs that somebody computed, {@code [rows, classes]}. */
    public static Confusion of(String name, Matrix outputs, Dataset data) {
        double[][] counts = new double[data.classes().size()][data.classes().size()];
        for (int row = 0; row < outputs.rows(); row++) {
            counts[data.label(row)][largest(outputs, row)]++;
        }
        return new Confusion(name, data.classes(), Grid.of(counts.length, counts.length, (i, j) -> counts[i][j]));
    }

    static void check(Network network, Dataset data) {
        if (data.features() != network.inputs()) {
            throw new IllegalArgumentException("the data has " + data.features() + " values a row, the network takes " + network.inputs());
        }
        data.label(0);
        if (data.classes().size() != network.outputs()) {
            throw new IllegalArgumentException("the data has " + data.classes().size() + " classes, the network has " + network.outputs() + " outputs");
        }
    }

    private static int largest(Matrix outputs, int row) {
        int best = 0;
        for (int o = 1; o < outputs.columns(); o++) {
            best = outputs.get(row, o) > outputs.get(row, best) ? o : best;
        }
        return best;
    }

    /** Number of rows of a class. */
    public double rows(int label) {
        return IntStream.range(0, classes.size()).mapToDouble(given -> counts.get(label, given)).sum();
    }

    /** The part of all rows that are given their class, 0 … 1. */
    public double accuracy() {
        double right = IntStream.range(0, classes.size()).mapToDouble(label -> counts.get(label, label)).sum();
        return right / IntStream.range(0, classes.size()).mapToDouble(this::rows).sum();
    }

    /** The same over the rows of one class; NaN if there are none. */
    public double accuracy(int label) {
        return counts.get(label, label) / rows(label);
    }

    /** The mean of {@link #accuracy(int)} over all classes but one. */
    public double accuracyOfOthers(int label) {
        return IntStream.range(0, classes.size()).filter(other -> other != label && rows(other) > 0).mapToDouble(this::accuracy).average()
                .orElse(Double.NaN);
    }
}
