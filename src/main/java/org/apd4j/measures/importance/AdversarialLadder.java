package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The adversarial error of {@link MaskedReconstruction} after more and more steps of the search, from several random starts: whether the worst masks
 * that 20 steps find are nearly the worst there are.
 *
 * <pre>{@code
 * var ladder = AdversarialLadder.of(run, 0, 3);
 * System.out.println("after " + ladder.steps() + " steps " + ladder.medians());
 * }</pre>
 *
 * @param steps  the numbers of steps, in ascending order
 * @param errors for each number of steps, the error from each start
 */
public record AdversarialLadder(List<Integer> steps, List<List<Double>> errors) {

    private static final List<Integer> STEPS = List.of(20, 40, 80, 160, 320);
    private static final int BATCH = 512;
    private static final double STEP_SIZE = 0.1;

    /** Copies the lists. */
    public AdversarialLadder {
        steps = List.copyOf(steps);
        errors = errors.stream().map(List::copyOf).toList();
    }

    /**
     * Measures a decomposition with masks that all samples share, without a delta component; see {@link #of(DecompositionSource, MaskSources, long, int)}.
     *
     * @param starts the number of random starts, at least 1; 20 for a table
     * @throws IllegalArgumentException if there is no start, or the decomposition switches no components off
     */
    public static AdversarialLadder of(DecompositionSource decomposed, long seed, int starts) {
        return of(decomposed, MaskSources.shared(), seed, starts);
    }

    /**
     * Measures a decomposition on a batch of 512 samples of its target's data, after 20, 40, 80, 160 and 320 steps of 0.1.
     *
     * @param kind   what the masks are searched among, and whether a delta component takes part
     * @param starts the number of random starts, at least 1; 20 for a table
     * @throws IllegalArgumentException if there is no start, or the decomposition switches no components off
     */
    public static AdversarialLadder of(DecompositionSource decomposed, MaskSources kind, long seed, int starts) {
        if (starts < 1) {
            throw new IllegalArgumentException("starts is " + starts + "; it must be at least 1");
        }
        var context = new MeasurementContext(decomposed);
        SparseRows x = context.target().data().sample(seed, BATCH);
        var search = new MaskSearch(context.evaluator(), x, kind);
        List<List<Double>> errors = STEPS.stream().<List<Double>>map(steps -> new ArrayList<>()).toList();
        for (int start = 0; start < starts; start++) {
            List<Matrix> sources = search.start(seed, start);
            int done = 0;
            for (int rung = 0; rung < STEPS.size(); rung++) {
                search.climb(sources, STEPS.get(rung) - done, STEP_SIZE);
                done = STEPS.get(rung);
                errors.get(rung).add(search.error(sources));
            }
        }
        return new AdversarialLadder(STEPS, errors);
    }

    /** Returns, for each number of steps, the median over the starts. */
    public List<Double> medians() {
        return IntStream.range(0, steps.size()).mapToObj(rung -> Statistics.median(Statistics.array(errors.get(rung)))).toList();
    }
}
