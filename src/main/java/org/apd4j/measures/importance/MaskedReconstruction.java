package org.apd4j.measures.importance;

import java.util.List;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * The mean squared error of the output under masks {@code m = g + (1 − g) · s} that keep at least what is important, for four choices of s: 0, 1,
 * random, and the worst that a search finds.
 *
 * <pre>{@code
 * var errors = MaskedReconstruction.of(run, 0, 5);
 * System.out.println("random masks " + errors.stochastic() + ", worst masks " + errors.adversarial());
 * }</pre>
 *
 * @param gated       with {@code s = 0}: every component as much as its importance
 * @param unmasked    with {@code s = 1}: all components
 * @param stochastic  with {@code s ~ U[0, 1)}, independent for every sample, component and layer
 * @param adversarial with the worst s: as a rule one for each component and layer that all samples of a batch share
 */
public record MaskedReconstruction(double gated, double unmasked, double stochastic, double adversarial) {

    private static final int BATCH = 512;
    private static final int STEPS = 20;
    private static final double STEP_SIZE = 0.1;

    /**
     * Measures a decomposition on samples of its target's data, without a delta component, and with worst masks that all samples of a batch share.
     *
     * @param batches the number of batches of 512 samples, over which the errors are averaged
     * @throws IllegalArgumentException if there is no batch, or the decomposition switches no components off
     */
    public static MaskedReconstruction of(DecompositionSource decomposed, long seed, int batches) {
        return of(decomposed, MaskSources.shared(), seed, batches);
    }

    /**
     * Measures a decomposition on samples of its target's data.
     *
     * @param kind    what the worst masks are searched among, and whether a delta component takes part: in the random and the worst masks only, since
     *                with all masks 1 it would make the output the target's
     * @param batches the number of batches of 512 samples, over which the errors are averaged
     * @throws IllegalArgumentException if there is no batch, or the decomposition switches no components off
     */
    public static MaskedReconstruction of(DecompositionSource decomposed, MaskSources kind, long seed, int batches) {
        if (batches < 1) {
            throw new IllegalArgumentException("batches is " + batches + "; it must be at least 1");
        }
        var context = new MeasurementContext(decomposed);
        double[] sums = new double[4];
        for (int batch = 0; batch < batches; batch++) {
            SparseRows x = context.target().data().sample(seed + batch, BATCH);
            var search = new MaskSearch(context.evaluator(), x, kind);
            sums[0] += search.error(search.filled(0, 0));
            sums[1] += search.error(search.filled(1, 0));
            sums[2] += search.error(search.noise(seed, batch));
            List<Matrix> sources = search.start(seed, batch);
            search.climb(sources, STEPS, STEP_SIZE);
            sums[3] += search.error(sources);
        }
        return new MaskedReconstruction(sums[0] / batches, sums[1] / batches, sums[2] / batches, sums[3] / batches);
    }
}
