package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * The output on a one-hot input, {@code x_i = 1}, under many random ablations of half of the components (paper section 3.2). Every component is kept
 * with probability ½; then the component that the feature uses is forced on (scrubbed) or off (anti-scrubbed). The embedding path, by which the input
 * reaches the output without any neuron ({@code x W_E W_U} in a residual MLP), is subtracted from all outputs.
 *
 * <pre>{@code
 * var ablation = OneHotAblation.of(mlpRun, 42, 0, 10_000);
 * ResidualMlpFigures.oneHotAblation(ablation)
 * }</pre>
 *
 * @param feature   index i of the feature
 * @param component the component that the feature uses, see {@link FeatureComponents}
 * @param outputs   the values of each output
 * @param ablations number of random ablations of each kind
 */
public record OneHotAblation(int feature, int component, List<Output> outputs, int ablations) {

    private static final long HALVES = 0x6f6e65686f74L;

    /**
     * The values of one output, without the embedding path.
     *
     * @param target                output of the target
     * @param scrubbedMean          mean over the ablations with the feature's component on
     * @param scrubbedDeviation     sample standard deviation over the ablations with the feature's component on
     * @param antiScrubbedMean      mean over the ablations with the feature's component off
     * @param antiScrubbedDeviation sample standard deviation over the ablations with the feature's component off
     */
    public record Output(double target, double scrubbedMean, double scrubbedDeviation, double antiScrubbedMean,
                         double antiScrubbedDeviation) {
    }

    public OneHotAblation {
        outputs = List.copyOf(outputs);
    }

    /**
     * Measures a decomposition.
     *
     * @param ablations number of random ablations of each kind, at least 2; 10,000 in the paper
     * @throws IllegalArgumentException if the target has no such feature, or {@code ablations} is below 2
     */
    public static OneHotAblation of(DecompositionSource decomposed, int feature, long seed, int ablations) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        Requirements.feature(subject.target(), feature);
        Requirements.atLeast(2, ablations, "ablations");
        int own = FeatureComponents.of(subject.decomposition()).componentOf(feature);
        try (ProgressScope work = ProgressScope.of("ablations of one input", "ablations", ablations)) {
            return of(subject, feature, own, seed, ablations, work, 0);
        }
    }

    /**
     * Measures every feature; the result of each is that of {@link #of} with the same seed.
     *
     * @param ablations number of random ablations of each kind and feature, at least 2
     * @throws IllegalArgumentException if {@code ablations} is below 2
     */
    public static List<OneHotAblation> all(DecompositionSource decomposed, long seed, int ablations) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        Requirements.atLeast(2, ablations, "ablations");
        FeatureComponents used = FeatureComponents.of(subject.decomposition());
        List<OneHotAblation> all = new ArrayList<>();
        try (ProgressScope work = ProgressScope.of("ablations of every input", "ablations", Math.multiplyExact(subject.features(), ablations))) {
            for (int feature = 0; feature < subject.features(); feature++) {
                all.add(of(subject, feature, used.componentOf(feature), seed, ablations, work, feature * ablations));
            }
        }
        return all;
    }

    private static OneHotAblation of(MeasurementContext subject, int feature, int own, long seed, int ablations, ProgressScope work, int before) {
        Matrix path = embeddingPath(subject, feature);
        Matrix target = subject.evaluator().target(oneHot(subject, feature, 1));
        double[][] scrubbed = new double[subject.outputs()][ablations];
        double[][] antiScrubbed = new double[subject.outputs()][ablations];
        int together = Math.min(ablations, 256);
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
            work.done(before + first + rows);
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

    /** Returns the values of the feature's own output in one sentence. */
    public String summary() {
        Output own = outputs.get(feature);
        return String.format(Locale.ROOT, "output %d, component %d: target %.2f, scrubbed %.2f ± %.2f, anti-scrubbed %.2f ± %.2f", feature, component,
                own.target(), own.scrubbedMean(), own.scrubbedDeviation(), own.antiScrubbedMean(), own.antiScrubbedDeviation());
    }
}
