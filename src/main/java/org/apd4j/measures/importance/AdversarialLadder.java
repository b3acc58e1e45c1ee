package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The mean squared error of the output under the worst masks {@code m = g + (1 − g) · s} that searches of increasing length find. A decomposition
 * whose unimportant components can be combined into something harmful shows it in an error that keeps rising with the length of the search.
 *
 * <pre>{@code
 * var ladder = AdversarialLadder.of(run, 0, 20);
 * System.out.println("20 steps " + ladder.median(0) + ", 320 steps " + ladder.median(4));
 * }</pre>
 *
 * @param steps  the lengths of the searches, in steps of 0.1 by the gradient's signs
 * @param errors by start, the error after each length
 */
public record AdversarialLadder(List<Integer> steps, List<List<Double>> errors) {

    private static final List<Integer> LENGTHS = List.of(20, 40, 80, 160, 320);
    private static final double STEP_SIZE = 0.1;
    private static final int BATCH = 512;

    /** Copies the lists. */
    public AdversarialLadder {
        steps = List.copyOf(steps);
        errors = errors.stream().map(List::copyOf).toList();
    }

    /**
     * Measures a decomposition on a batch of 512 samples of its target's data.
     *
     * @param seed   the seed of the batch and of the starts
     * @param starts the number of random starts, at least 1
     * @throws IllegalArgumentException if there is no start, or the decomposition switches no components off
     */
    public static AdversarialLadder of(DecompositionSource decomposed, long seed, int starts) {
        if (starts < 1) {
            throw new IllegalArgumentException("starts is " + starts + "; it must be at least 1");
        }
        var context = new MeasurementContext(decomposed);
        SparseRows x = context.target().data().sample(seed, BATCH);
        var search = new MaskedReconstruction.Search(context.evaluator(), x);
        List<List<Double>> errors = new ArrayList<>();
        for (int start = 0; start < starts; start++) {
            List<Matrix> sources = search.shared(seed, start);
            int last = LENGTHS.get(LENGTHS.size() - 1);
            double[] before = Arrays.copyOf(search.climb(sources, last, STEP_SIZE), last + 1);
            before[last] = search.error(sources);
            errors.add(LENGTHS.stream().map(length -> before[length]).toList());
        }
        return new AdversarialLadder(LENGTHS, errors);
    }

    /** Returns the median over the starts of the error after the given length of the search, 0 for the shortest. */
    public double median(int length) {
        return Statistics.median(of(length));
    }

    /** Returns the smallest error of any start after the given length. */
    public double smallest(int length) {
        return Statistics.quantile(0, of(length));
    }

    /** Returns the largest error of any start after the given length. */
    public double largest(int length) {
        return Statistics.quantile(1, of(length));
    }

    private double[] of(int length) {
        return errors.stream().mapToDouble(start -> start.get(length)).toArray();
    }
}
