package org.apd4j.measures.superposition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MonosemanticBaseline;
import org.apd4j.measures.internal.RejectionCounter;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.training.ProgressScope;

/**
 * The mean squared error to the true labels by the number of active features (paper section 3.1).
 *
 * <pre>{@code
 * var losses = LossByActiveFeatures.of(run, 0, 10_000);
 * Figures.lossByActiveFeatures(losses)
 * }</pre>
 *
 * @param exactly the losses for 1, 2, … active features, up to {@value #MOST_ACTIVE} or the number of features
 * @param natural the losses on the target's own data, without samples that have no active feature
 */
public record LossByActiveFeatures(List<Exactly> exactly, Losses natural) {

    /** The largest number of active features that is measured. */
    public static final int MOST_ACTIVE = 5;

    private static final long EXACT_SAMPLES = 0x6c6f7373627901L;
    private static final long NATURAL_SAMPLES = 0x6c6f7373627902L;

    /**
     * The losses for a number of active features; as many components are kept on each sample.
     *
     * @param active number of active features
     * @param losses the losses
     */
    public record Exactly(int active, Losses losses) {
    }

    /**
     * Mean squared errors to the true labels, over samples and outputs.
     *
     * @param target        loss of the target
     * @param decomposition loss of the active components
     * @param baseline      loss of the monosemantic baseline, which dedicates each hidden dimension or neuron to one feature
     * @param samples       number of samples
     */
    public record Losses(double target, double decomposition, double baseline, int samples) {
    }

    public LossByActiveFeatures {
        exactly = List.copyOf(exactly);
    }

    /**
     * Measures a decomposition; on natural data under the selection that training used.
     *
     * @param samples number of samples for each number of active features, and on natural data, at least 1
     * @throws IllegalArgumentException if the target's data are not sparse features, if it is neither a toy model of superposition nor a residual MLP
     *                                  with an output for every feature, if the decomposition was trained without switching components off (the Lp
     *                                  formulation), or if {@code samples} is below 1
     */
    public static LossByActiveFeatures of(DecompositionSource decomposed, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.ownMasking("the loss by active features"), seed, samples);
    }

    /**
     * Measures a decomposition; on natural data under a given selection. It sees whole natural batches, samples without an active feature included,
     * as in training.
     *
     * @param samples number of samples for each number of active features, and on natural data, at least 1
     * @throws IllegalArgumentException if the target's data are not sparse features, if it is neither a toy model of superposition nor a residual MLP
     *                                  with an output for every feature, or if {@code samples} is below 1
     */
    public static LossByActiveFeatures of(DecompositionSource decomposed, Selection natural, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.masking(natural), seed, samples);
    }

    private static LossByActiveFeatures of(MeasurementContext subject, MeasurementContext.Masking natural, long seed, int samples) {
        SparseFeatures data = Requirements.sparseFeatures(subject.target(), "the loss by active features");
        Requirements.outputPerFeature(subject.target(), "the loss by active features");
        Requirements.atLeast(1, samples, "samples");
        MonosemanticBaseline baseline = MonosemanticBaseline.of(subject.target());
        List<Exactly> exactly = new ArrayList<>();
        int most = Math.min(MOST_ACTIVE, data.features());
        try (ProgressScope work = ProgressScope.of("loss by active features", "samples", Math.multiplyExact(most + 1, samples))) {
            for (int active = 1; active <= most; active++) {
                int before = (active - 1) * samples;
                exactly.add(new Exactly(active, exactly(subject, baseline, data, active, seed, samples, done -> work.done(before + done))));
            }
            return new LossByActiveFeatures(exactly, natural(subject, baseline, natural, seed, samples, done -> work.done(most * samples + done)));
        }
    }

    private static Losses exactly(MeasurementContext subject, MonosemanticBaseline baseline, SparseFeatures data, int active, long seed, int samples,
                                  IntConsumer done) {
        Sums sums = new Sums(subject, baseline);
        MeasurementContext.Masking masking = subject.masking(Selection.perSampleTopK(Math.min(active, subject.components())));
        SparseRows x = new SparseRows(data.features());
        for (int batch = 0; sums.samples < samples; batch++) {
            int rows = Math.min(subject.decomposition().importance().batch(), samples - sums.samples);
            data.exactly(active).sample(RandomStream.of(seed, EXACT_SAMPLES, active, batch), rows, x);
            sums.add(x, masking, MeasurementContext.range(0, rows));
            done.accept(sums.samples);
        }
        return sums.losses();
    }

    private static Losses natural(MeasurementContext subject, MonosemanticBaseline baseline, MeasurementContext.Masking masking, long seed,
                                  int samples, IntConsumer done) {
        Sums sums = new Sums(subject, baseline);
        RejectionCounter draws = new RejectionCounter("at least one active feature", samples);
        for (int batch = 0; sums.samples < samples; batch++) {
            SparseRows x = subject.naturalBatch(seed, NATURAL_SAMPLES, batch);
            int[] used = IntStream.range(0, x.rows()).filter(row -> !x.isEmpty(row)).limit(samples - sums.samples).toArray();
            draws.count(x.rows(), used.length);
            if (used.length > 0) {
                sums.add(x, masking, used);
            }
            done.accept(sums.samples);
        }
        return sums.losses();
    }

    private static final class Sums {
        private final MeasurementContext subject;
        private final MonosemanticBaseline baseline;
        private double target;
        private double decomposition;
        private double monosemantic;
        private int samples;

        Sums(MeasurementContext subject, MonosemanticBaseline baseline) {
            this.subject = subject;
            this.baseline = baseline;
        }

        /** Adds the losses of some samples of a batch; the mask is taken on the whole batch. */
        void add(SparseRows x, MeasurementContext.Masking masking, int[] used) {
            Matrix labels = subject.target().labels().of(x);
            target += sum(MeasurementContext.squaredErrors(subject.evaluator().target(x), labels), used);
            decomposition += sum(MeasurementContext.squaredErrors(subject.evaluator().masked(x, masking.mask(x)), labels), used);
            monosemantic += sum(MeasurementContext.squaredErrors(baseline.output(x), labels), used);
            samples += used.length;
        }

        private static double sum(double[] errors, int[] used) {
            double sum = 0;
            for (int row : used) {
                sum += errors[row];
            }
            return sum;
        }

        Losses losses() {
            return new Losses(target / samples, decomposition / samples, monosemantic / samples, samples);
        }
    }
}
