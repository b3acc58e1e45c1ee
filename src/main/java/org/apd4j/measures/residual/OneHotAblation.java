package org.apd4j.measures.residual;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.FeatureComponents;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.training.ProgressScope;

/**
 * The output on one one-hot input, {@code x_i = 1}, under many random ablations of half of the components (paper section 3.2; method:
 * scrubbing). Every component is kept with probability ½; the feature's own is then forced on (scrubbed) or off (anti-scrubbed). What reaches
 * the output past all layers, {@code x W_E W_U} of a residual MLP, is taken off.
 *
 * <pre>{@code
 * var ablation = OneHotAblation.of(mlpRun, 42, 0, 10_000);
 * ResidualMlpFigures.oneHotAblation(ablation)
 * }</pre>
 *
 * @param feature   i
 * @param component the feature's component, see {@link FeatureComponents}
 * @param outputs   one entry for each output, in their order
 * @param ablations number of random ablations of each kind
 */
public record OneHotAblation(int feature, int component, List<Output> outputs, int ablations) {

    private static final long HALVES = 0x6f6e65686f74L;

    /**
     * An output minus the embedding path.
     *
     * @param target                of the target
     * @param scrubbedMean          mean over the ablations with the feature's component on
     * @param scrubbedDeviation     their sample standard deviation
     * @param antiScrubbedMean      mean over the ablations with the feature's component off
     * @param antiScrubbedDeviation their sample standard deviation
     */
    public record Output(double target, double scrubbedMean, double scrubbedDeviation, double antiScrubbedMean,
                         double antiScrubbedDeviation) {
    }

    public OneHotAblation {
        outputs = List.copyOf(outputs);
    }

    /**
     * Measures it.
     *
     * @param ablations at least 2; the paper has 10,000
     * @throws IllegalArgumentException if there is no such feature
     */
    public static OneHotAblation of(DecompositionSource decomposed, int feature, long seed, int ablations) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        Requirements.feature(subject.target(), feature);
        Requirements.atLeast(2, ablations, "ablations");
        int own = FeatureComponents.of(subject.decomposition()).componentOf(feature);
        Matrix path = embeddingPath(subject, feature);
        Matrix target = subject.evaluator().target(oneHot(subject, feature, 1));
        double[][] scrubbed = new double[subject.outputs()][ablations];
        double[][] antiScrubbed = new double[subject.outputs()][ablations];
        int together = Math.min(ablations, 256);
        try (ProgressScope work = ProgressScope.of("ablations of one input", "ablations", ablations)) {
            for (int first = 0; first < ablations; first += together) {
                int rows = Math.min(together, ablations - first);
                SparseRows x = oneHot(subject, feature, rows);
                RandomStream random = RandomStream.of(seed, HALVES, feature, first);
                boolean[][] keep = new boolean[rows][];
                for (int row = 0; row < rows; row++) {
                    keep[row] = MeasurementContext.randomHalf(random, subject.components());
                    keep[row][own] = true;
                }
                store(subject.masked(x, keep), path, scrubbed, first);
                for (boolean[] components : keep) {
                    components[own] = false;
                }
                store(subject.masked(x, keep), path, antiScrubbed, first);
                work.done(first + rows);
            }
        }
        return new OneHotAblation(feature, own, IntStream.range(0, subject.outputs()).mapToObj(o -> new Output(
                (double) target.get(0, o) - path.get(0, o),
                Statistics.mean(scrubbed[o]), Statistics.standardDeviation(scrubbed[o]),
                Statistics.mean(antiScrubbed[o]), Statistics.standardDeviation(antiScrubbed[o]))).toList(), ablations);
    }

    private static SparseRows oneHot(MeasurementContext subject, int feature, int rows) {
        SparseRows x = new SparseRows(subject.features());
        for (int row = 0; row < rows; row++) {
            x.add(feature, 1);
            x.endRow();
        }
        return x;
    }

    private static Matrix embeddingPath(MeasurementContext subject, int feature) {
        NetworkGraph graph = subject.decomposition().components().graph();
        Matrix path = Matrix.zeros(1, subject.outputs());
        graph.path(graph.input(), graph.output()).addApplied(oneHot(subject, feature, 1), 0, 1, path);
        return path;
    }

    private static void store(Matrix outputs, Matrix path, double[][] values, int first) {
        for (int row = 0; row < outputs.rows(); row++) {
            for (int o = 0; o < outputs.columns(); o++) {
                values[o][first + row] = (double) outputs.get(row, o) - path.get(0, o);
            }
        }
    }
}
