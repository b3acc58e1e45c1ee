package org.apd4j.measures.classification;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.network.Network;
import org.apd4j.targets.Target;

/**
 * The confusion matrix of a classifier. The predicted class is the one with the largest output, the lowest index among equal ones.
 *
 * <pre>{@code
 * Confusion.of(digitsRun.target(), digits).accuracy()
 * }</pre>
 *
 * @param name    name of the classifier, for display
 * @param classes names of the classes, in order
 * @param counts  {@code [classes, classes]}, number of rows by true and by predicted class
 */
public record Confusion(String name, List<String> classes, Grid counts) {

    /**
     * Creates a confusion matrix.
     *
     * @throws IllegalArgumentException if the counts are not {@code [classes, classes]}
     */
    public Confusion {
        classes = List.copyOf(classes);
        if (counts.rows() != classes.size() || counts.columns() != classes.size()) {
            throw new IllegalArgumentException("the counts are " + counts + "; they must have a row and a column for each of the " + classes.size()
                    + " classes");
        }
    }

    /**
     * Measures a target on labelled rows, which should not be the rows that it was trained on.
     *
     * @throws IllegalArgumentException if the rows do not have the network's number of inputs, or not as many classes as the network has outputs
     * @throws IllegalStateException    if the rows have no labels
     */
    public static Confusion of(Target target, Dataset data) {
        check(target.network(), data);
        return of(target.name(), WeightedNetwork.of(target.network()).output(data.all()), data);
    }

    /**
     * Returns the confusion matrix of given outputs.
     *
     * @param name    name of the classifier, for display
     * @param outputs {@code [rows, classes]}
     * @param data    the labelled rows
     */
    public static Confusion of(String name, Matrix outputs, Dataset data) {
        double[][] counts = new double[data.classes().size()][data.classes().size()];
        for (int row = 0; row < outputs.rows(); row++) {
            counts[data.label(row)][largest(outputs, row)]++;
        }
        return new Confusion(name, data.classes(), Grid.of(counts.length, counts.length, (i, j) -> counts[i][j]));
    }

    /**
     * Returns the confusions of a target, of all its components, and of those components alone that the training's selection keeps for each
     * row when all rows are one batch.
     *
     * @throws IllegalArgumentException if the rows do not fit the network, or the training switched no component off
     * @throws IllegalStateException    if the rows have no labels
     */
    public static List<Confusion> compared(DecompositionSource decomposed, Dataset data) {
        Decomposition found = decomposed.decomposition();
        Evaluator evaluator = found.evaluator();
        return List.of(of(found.target(), data), of("all components", evaluator.allComponents(data.all()), data),
                of("active components only", evaluator.masked(data.all()), data));
    }

    /**
     * Returns the confusion of those components alone that the training's selection keeps for each row when all rows are one batch.
     *
     * @throws IllegalArgumentException if the rows do not fit the network, or the training switched no component off
     * @throws IllegalStateException    if the rows have no labels
     */
    public static Confusion ofActive(DecompositionSource decomposed, Dataset data) {
        Decomposition found = decomposed.decomposition();
        check(found.target().network(), data);
        return of("active components only", found.evaluator().masked(data.all()), data);
    }

    static void check(Network network, Dataset data) {
        if (data.features() != network.inputs()) {
            throw new IllegalArgumentException("the data set has " + data.features() + " values per row; the network takes " + network.inputs());
        }
        data.label(0); // refuses data without labels
        if (data.classes().size() != network.outputs()) {
            throw new IllegalArgumentException("the data set has " + data.classes().size() + " classes; the network has " + network.outputs()
                    + " outputs");
        }
    }

    private static int largest(Matrix outputs, int row) {
        int best = 0;
        for (int o = 1; o < outputs.columns(); o++) {
            best = outputs.get(row, o) > outputs.get(row, best) ? o : best;
        }
        return best;
    }

    /** Returns the number of rows of a class. */
    public double rows(int label) {
        return IntStream.range(0, classes.size()).mapToDouble(given -> counts.get(label, given)).sum();
    }

    /** Returns the fraction of all rows whose class is predicted correctly, 0 … 1. */
    public double accuracy() {
        double right = IntStream.range(0, classes.size()).mapToDouble(label -> counts.get(label, label)).sum();
        return right / IntStream.range(0, classes.size()).mapToDouble(this::rows).sum();
    }

    /** Returns the accuracy on the rows of one class, 0 … 1; NaN if it has no rows. */
    public double accuracy(int label) {
        return counts.get(label, label) / rows(label);
    }

    /** Returns the mean {@linkplain #accuracy(int) accuracy} over all other classes that have rows; NaN if there are none. */
    public double accuracyOfOthers(int label) {
        return IntStream.range(0, classes.size()).filter(other -> other != label && rows(other) > 0).mapToDouble(this::accuracy).average()
                .orElse(Double.NaN);
    }

    /** Returns in one sentence how the accuracy on a class and that on the others differ between this classifier and an edited one. */
    public String forgetting(Confusion edited, int label) {
        return String.format(Locale.ROOT, "%s: '%s' %.0f %% → %.0f %%, the other classes %.1f %% → %.1f %%", edited.name(), classes.get(label),
                100 * accuracy(label), 100 * edited.accuracy(label), 100 * accuracyOfOthers(label), 100 * edited.accuracyOfOthers(label));
    }
}
