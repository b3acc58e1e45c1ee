package org.apd4j.measures.residual;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.FeatureComponents;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MonosemanticBaseline;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.training.ProgressScope;

/**
 * The losses under scrubbing, which show whether components that a sample does not need can be removed without harm while those that it needs cannot
 * (paper section 3.2). A loss is the mean squared error to the <em>target's output</em> on one natural sample.
 *
 * <pre>{@code
 * var scrubbing = Scrubbing.of(mlpRun, 0, 20_000);
 * System.out.println(scrubbing.of(Scrubbing.Kind.SCRUBBED).mean());
 * ResidualMlpFigures.scrubbing(scrubbing)
 * }</pre>
 *
 * @param losses by kind, the losses of the same samples in the same order; samples without an active feature are included
 */
public record Scrubbing(Map<Kind, Distribution> losses) {

    private static final long SAMPLES = 0x736372756201L;
    private static final long HALVES = 0x736372756202L;

    /** The output that is compared with the target's. */
    public enum Kind {
        /** That of the components kept by the selection that training used, on natural batches of the size used in training. */
        TOP_K("top-k"),
        /** That of a random half of the components, and all those that the sample's active features use. */
        SCRUBBED("scrubbed"),
        /** That of a random half of the components, but none of those that the sample's active features use. */
        ANTI_SCRUBBED("anti-scrubbed"),
        /** That of a random half of the components: each is kept with probability ½. */
        RANDOM("random"),
        /** An output of zeros. */
        ZERO("zero"),
        /** That of the monosemantic baseline: the label for as many features as there are neurons, x for the others. */
        BASELINE("monosemantic baseline");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** Returns the name in figures and tables. */
        public String label() {
            return label;
        }
    }

    public Scrubbing {
        losses = Collections.unmodifiableMap(new EnumMap<>(losses));
    }

    /**
     * Measures a decomposition under the selection that training used.
     *
     * @param samples number of samples, at least 1
     * @throws IllegalArgumentException if the target is neither a residual MLP nor a toy model of superposition with an output for every feature, if
     *                                  the decomposition was trained without switching components off (the Lp formulation), or if {@code samples} is
     *                                  below 1
     */
    public static Scrubbing of(DecompositionSource decomposed, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.ownMasking("scrubbing"), seed, samples);
    }

    /**
     * Measures a decomposition under a given selection, in place of the one that training used.
     *
     * @param samples number of samples, at least 1
     * @throws IllegalArgumentException if the target is neither a residual MLP nor a toy model of superposition with an output for every feature, or
     *                                  if {@code samples} is below 1
     */
    public static Scrubbing of(DecompositionSource decomposed, Selection selection, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.masking(selection), seed, samples);
    }

    private static Scrubbing of(MeasurementContext subject, MeasurementContext.Masking masking, long seed, int samples) {
        Requirements.atLeast(1, samples, "samples");
        Requirements.outputPerFeature(subject.target(), "scrubbing");
        MonosemanticBaseline baseline = MonosemanticBaseline.of(subject.target());
        FeatureComponents map = FeatureComponents.of(subject.decomposition());
        Map<Kind, double[]> losses = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            losses.put(kind, new double[samples]);
        }
        int done = 0;
        try (ProgressScope work = ProgressScope.of("scrubbing", "samples", samples)) {
            for (int batch = 0; done < samples; batch++) {
                SparseRows whole = subject.naturalBatch(seed, SAMPLES, batch);
                int rows = Math.min(whole.rows(), samples - done);
                RandomStream random = RandomStream.of(seed, HALVES, batch);
                boolean[][] half = new boolean[rows][];
                Arrays.setAll(half, row -> MeasurementContext.randomHalf(random, subject.components()));
                SparseRows x = MeasurementContext.rows(whole, MeasurementContext.range(0, rows));
                Matrix expected = subject.evaluator().target(x);
                for (Kind kind : Kind.values()) {
                    Matrix output = switch (kind) {
                        case TOP_K -> subject.evaluator().masked(whole, masking.mask(whole)).block(0, rows);
                        case SCRUBBED -> subject.masked(x, forced(half, x, map, true));
                        case ANTI_SCRUBBED -> subject.masked(x, forced(half, x, map, false));
                        case RANDOM -> subject.masked(x, half);
                        case ZERO -> Matrix.zeros(rows, subject.outputs());
                        case BASELINE -> baseline.output(x);
                    };
                    System.arraycopy(MeasurementContext.squaredErrors(output, expected), 0, losses.get(kind), done, rows);
                }
                done += rows;
                work.done(done);
            }
        }
        Map<Kind, Distribution> distributions = new EnumMap<>(Kind.class);
        losses.forEach((kind, values) -> distributions.put(kind, Distribution.of(values)));
        return new Scrubbing(distributions);
    }

    /** Returns the masks with the components that active features use all on or all off. */
    private static boolean[][] forced(boolean[][] half, SparseRows x, FeatureComponents map, boolean on) {
        boolean[][] keep = new boolean[half.length][];
        for (int row = 0; row < keep.length; row++) {
            keep[row] = half[row].clone();
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                keep[row][map.componentOf(x.column(i))] = on;
            }
        }
        return keep;
    }

    /** Returns the losses of a kind. */
    public Distribution of(Kind kind) {
        return Objects.requireNonNull(losses.get(kind));
    }

    /** Returns the number of samples. */
    public int samples() {
        return of(Kind.TOP_K).count();
    }

    /** Returns whether the means rise from top-k over scrubbed and the baseline to anti-scrubbed, the order that the paper finds. */
    public boolean inOrder() {
        List<Kind> order = List.of(Kind.TOP_K, Kind.SCRUBBED, Kind.BASELINE, Kind.ANTI_SCRUBBED);
        return IntStream.range(1, order.size()).allMatch(i -> of(order.get(i - 1)).mean() < of(order.get(i)).mean());
    }
}
