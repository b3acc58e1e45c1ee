package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.Requirements;

/**
 * One sample under a random mask that keeps at least what is important, {@code m = g + (1 − g) r} with {@code r ~ U[0, 1)}: the step of SPD's
 * training on one sample, with its numbers.
 *
 * <pre>{@code
 * var sample = MaskedSample.of(run, batch, 0, 7);
 * System.out.println("error " + sample.error());
 * }</pre>
 *
 * @param input  the sample
 * @param target the target's output
 * @param output the output under the mask
 * @param layers importances and masks of each layer; one entry where components are shared by all layers
 */
public record MaskedSample(List<Double> input, List<Double> target, List<Double> output, List<Layer> layers) {

    /**
     * A layer's importances and masks.
     *
     * @param name        the name of the layer
     * @param importances by component, g
     * @param masks       by component, m
     */
    public record Layer(String name, List<Double> importances, List<Double> masks) {

        /** Copies the lists. */
        public Layer {
            importances = List.copyOf(importances);
            masks = List.copyOf(masks);
        }
    }

    /** Copies the lists. */
    public MaskedSample {
        input = List.copyOf(input);
        target = List.copyOf(target);
        output = List.copyOf(output);
        layers = List.copyOf(layers);
    }

    /**
     * Runs one sample of a batch.
     *
     * @param row  the number of the sample in the batch
     * @param seed the seed of the random numbers r
     * @throws IndexOutOfBoundsException if there is no such sample
     * @throws IllegalArgumentException  if the decomposition switches no components off
     */
    public static MaskedSample of(DecompositionSource decomposed, SparseRows batch, int row, long seed) {
        var context = new MeasurementContext(decomposed);
        var search = new MaskSearch(context.evaluator(), batch, MaskSources.shared());
        SoftMask masks = search.mask(search.noise(seed, 0));
        SoftMask importances = context.evaluator().importanceMask(batch);
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < importances.layers(); l++) {
            layers.add(new Layer(OneHotImportances.name(context.evaluator(), importances, l), list(importances.layer(l), row),
                    list(masks.layer(l), row)));
        }
        return new MaskedSample(list(batch.toDense(), row), list(context.evaluator().target(batch), row),
                list(context.evaluator().masked(batch, masks), row), layers);
    }

    /**
     * Returns the mean {@link #error} of one sample over the seeds 0 … draws − 1.
     *
     * @param row   the number of the sample in the batch
     * @param draws the number of random masks, at least 1
     * @throws IndexOutOfBoundsException if there is no such sample
     * @throws IllegalArgumentException  if there is no draw, or the decomposition switches no components off
     */
    public static double meanError(DecompositionSource decomposed, SparseRows batch, int row, int draws) {
        Requirements.atLeast(1, draws, "draws");
        return IntStream.range(0, draws).mapToDouble(seed -> of(decomposed, batch, row, seed).error()).average().orElseThrow();
    }

    private static List<Double> list(Matrix values, int row) {
        List<Double> list = new ArrayList<>();
        for (int column = 0; column < values.columns(); column++) {
            list.add((double) values.get(row, column));
        }
        return list;
    }

    /** Returns the mean squared difference of the output under the mask to the target's. */
    public double error() {
        double sum = 0;
        for (int o = 0; o < output.size(); o++) {
            sum += (output.get(o) - target.get(o)) * (output.get(o) - target.get(o));
        }
        return sum / output.size();
    }
}
