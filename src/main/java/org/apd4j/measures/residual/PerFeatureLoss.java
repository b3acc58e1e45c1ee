package org.apd4j.measures.residual;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.RejectionCounter;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.training.ProgressScope;

/**
 * The mean squared error to the true labels by feature, on the samples of natural batches that have exactly one active feature (paper section 3.2).
 *
 * <pre>{@code
 * var losses = PerFeatureLoss.of(mlpRun, 0);
 * ResidualMlpFigures.perFeatureLoss(losses)
 * }</pre>
 *
 * @param features the losses of each feature
 * @param samples  number of samples with exactly one active feature
 */
public record PerFeatureLoss(List<Feature> features, int samples) {

    /** The least number of samples for the paper's figures. */
    public static final int SAMPLES = 100_000;

    private static final long STREAM = 0x70657266656174L;

    /**
     * The losses of one feature; NaN if no sample had only this feature active.
     *
     * @param feature          index i of the feature
     * @param target           loss of the target
     * @param batchTopK        loss of the components that the selection keeps on the whole natural batch
     * @param perSampleTop1    loss of the component with the largest importance on the sample
     * @param top1ToTarget     mean squared error of that component to the target's output instead of the true label
     * @param activeComponents mean number of components that the selection keeps on a sample
     * @param samples          number of samples in which only this feature was active
     */
    public record Feature(int feature, double target, double batchTopK, double perSampleTop1, double top1ToTarget,
                          double activeComponents, int samples) {

        /** Returns what the decomposition adds to the target's loss at the selection that training used; below 0 where it is better. */
        public double addedByBatchTopK() {
            return batchTopK - target;
        }

        /** Returns what the decomposition adds to the target's loss with one component a sample; below 0 where it is better. */
        public double addedByTop1() {
            return perSampleTop1 - target;
        }
    }

    /** Returns the features that were alone active in some sample, in their order. */
    public List<Feature> measured() {
        return features.stream().filter(feature -> feature.samples() > 0).toList();
    }

    /** Returns the {@linkplain #measured measured} features in the order of the target's loss, the smallest first. */
    public List<Feature> byTargetLoss() {
        return measured().stream().sorted(Comparator.comparingDouble(Feature::target)).toList();
    }

    /** Returns the {@linkplain #measured measured} features in the order of their loss with one component a sample, the largest first. */
    public List<Feature> worstFirst() {
        return measured().stream().sorted(Comparator.comparingDouble(Feature::perSampleTop1).reversed()).toList();
    }

    /** Returns the number of features whose loss with one component a sample is above a limit. */
    public int above(double limit) {
        return (int) measured().stream().filter(feature -> feature.perSampleTop1() > limit).count();
    }

    /** Returns the rank correlation, over features, of the error with one component a sample and the number of active components. */
    public double activeComponentsCorrelation() {
        return Statistics.rankCorrelation(values(Feature::top1ToTarget), values(Feature::activeComponents));
    }

    private double[] values(ToDoubleFunction<Feature> value) {
        return measured().stream().mapToDouble(value).toArray();
    }

    /** Returns in one sentence what the decomposition adds to the target's loss, on average and for the worst feature. */
    public String summary() {
        Feature worst = worstFirst().get(0);
        return String.format(Locale.ROOT, "mean loss of the target %.2e; batch top-k adds %.1e on average, one component a sample %.1e; "
                + "largest loss with one component: %.2e, feature %d; %d of %d features keep more than one component on average",
                Statistics.mean(values(Feature::target)), Statistics.mean(values(Feature::addedByBatchTopK)),
                Statistics.mean(values(Feature::addedByTop1)), worst.perSampleTop1(), worst.feature(),
                measured().stream().filter(feature -> feature.activeComponents() > 1).count(), measured().size());
    }

    public PerFeatureLoss {
        features = List.copyOf(features);
    }

    /**
     * Measures a decomposition on at least {@value #SAMPLES} samples, under the selection that training used.
     *
     * @throws IllegalArgumentException if the target has no output for every feature or hardly any sample with one active feature, or if the
     *                                  decomposition was trained without switching components off (the Lp formulation)
     */
    public static PerFeatureLoss of(DecompositionSource decomposed, long seed) {
        return of(decomposed, seed, SAMPLES);
    }

    /**
     * Measures a decomposition under the selection that training used.
     *
     * @param samples least number of samples with exactly one active feature, at least 1; the last batch is used completely
     * @throws IllegalArgumentException if the target has no output for every feature or hardly any sample with one active feature, if the
     *                                  decomposition was trained without switching components off (the Lp formulation), or if {@code samples} is
     *                                  below 1
     */
    public static PerFeatureLoss of(DecompositionSource decomposed, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.ownMasking("the loss per feature"), seed, samples);
    }

    /**
     * Measures a decomposition under a given selection.
     *
     * @param samples least number of samples with exactly one active feature, at least 1; the last batch is used completely
     * @throws IllegalArgumentException if the target has no output for every feature or hardly any sample with one active feature, or if
     *                                  {@code samples} is below 1
     */
    public static PerFeatureLoss of(DecompositionSource decomposed, Selection selection, long seed, int samples) {
        MeasurementContext subject = new MeasurementContext(decomposed);
        return of(subject, subject.masking(selection), seed, samples);
    }

    private static PerFeatureLoss of(MeasurementContext subject, MeasurementContext.Masking masking, long seed, int samples) {
        Requirements.atLeast(1, samples, "samples");
        Requirements.outputPerFeature(subject.target(), "the loss per feature");
        Sums sums = new Sums(subject);
        RejectionCounter draws = new RejectionCounter("exactly one active feature", samples);
        try (ProgressScope work = ProgressScope.of("loss per feature", "samples", samples)) {
            for (int batch = 0; sums.found < samples; batch++) {
                SparseRows x = subject.naturalBatch(seed, STREAM, batch);
                int[] single = IntStream.range(0, x.rows()).filter(row -> MeasurementContext.active(x, row) == 1).toArray();
                draws.count(x.rows(), single.length);
                if (single.length > 0) {
                    sums.add(x, single, masking.mask(x), subject.evaluator().select(Selection.perSampleTopK(1), x));
                }
                work.done(sums.found);
            }
            return sums.result();
        }
    }

    /** Collects samples from several batches, because a masked pass is fast only with enough samples for each component. */
    private static final class Sums {
        private static final int TOGETHER = 1024;

        private final MeasurementContext subject;
        private final double[] target;
        private final double[] batchTopK;
        private final double[] top1;
        private final double[] top1ToTarget;
        private final double[] active;
        private final int[] count;
        private int found;
        private final SparseRows waiting;
        private final List<float[]> batchMasks = new ArrayList<>();
        private final List<float[]> top1Masks = new ArrayList<>();

        Sums(MeasurementContext subject) {
            this.subject = subject;
            int features = subject.features();
            this.target = new double[features];
            this.batchTopK = new double[features];
            this.top1 = new double[features];
            this.top1ToTarget = new double[features];
            this.active = new double[features];
            this.count = new int[features];
            this.waiting = new SparseRows(features);
        }

        void add(SparseRows x, int[] single, ComponentMask inBatch, ComponentMask ofTop1) {
            for (int row : single) {
                waiting.add(x.column(x.start(row)), x.value(x.start(row)));
                waiting.endRow();
                batchMasks.add(row(inBatch, row));
                top1Masks.add(row(ofTop1, row));
            }
            found += single.length;
            if (waiting.rows() >= TOGETHER) {
                evaluate();
            }
        }

        private float[] row(ComponentMask mask, int sample) {
            float[] values = new float[subject.components()];
            for (int c = 0; c < values.length; c++) {
                values[c] = mask.value(sample, c);
            }
            return values;
        }

        private void evaluate() {
            Matrix labels = subject.target().labels().of(waiting);
            Matrix y = subject.evaluator().target(waiting);
            double[] ofTarget = MeasurementContext.squaredErrors(y, labels);
            double[] ofBatch = MeasurementContext.squaredErrors(subject.masked(waiting, batchMasks.toArray(new float[0][])), labels);
            Matrix withTop1 = subject.masked(waiting, top1Masks.toArray(new float[0][]));
            double[] ofTop1 = MeasurementContext.squaredErrors(withTop1, labels);
            double[] ofTop1ToTarget = MeasurementContext.squaredErrors(withTop1, y);
            for (int row = 0; row < waiting.rows(); row++) {
                int feature = waiting.column(row);
                count[feature]++;
                target[feature] += ofTarget[row];
                batchTopK[feature] += ofBatch[row];
                top1[feature] += ofTop1[row];
                top1ToTarget[feature] += ofTop1ToTarget[row];
                for (float value : batchMasks.get(row)) {
                    active[feature] += value > MeasurementContext.ACTIVE ? 1 : 0;
                }
            }
            waiting.clear();
            batchMasks.clear();
            top1Masks.clear();
        }

        PerFeatureLoss result() {
            evaluate();
            return new PerFeatureLoss(IntStream.range(0, count.length).mapToObj(i -> new Feature(i, target[i] / count[i],
                    batchTopK[i] / count[i], top1[i] / count[i], top1ToTarget[i] / count[i], active[i] / count[i], count[i])).toList(), found);
        }
    }
}
