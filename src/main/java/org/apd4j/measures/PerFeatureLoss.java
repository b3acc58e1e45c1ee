package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposed;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.SparseRows;

/**
 * Mean squared error to the true labels, feature by feature, on the samples of natural batches that have exactly one active feature
 * (paper section 3.2; method: measures).
 *
 * @param features one entry for each feature, in their order
 * @param samples  number of samples with exactly one active feature
 */
public record PerFeatureLoss(List<Feature> features, int samples) {

    /** As many samples as the paper's figures need. */
    public static final int SAMPLES = 100_000;

    private static final long STREAM = 0x70657266656174L;

    /**
     * A feature's losses; NaN if no sample had it as its only active one.
     *
     * @param feature          i
     * @param target           of the target
     * @param batchTopK        of the decomposition at the selection that training used; the mask is taken on the whole natural batch
     * @param perSampleTop1    of the decomposition with each sample's component of largest attribution
     * @param activeComponents mean number of components in the mask of {@code batchTopK}
     * @param samples          number of samples in which it alone was active
     */
    public record Feature(int feature, double target, double batchTopK, double perSampleTop1, double activeComponents, int samples) {
    }

    public PerFeatureLoss {
        features = List.copyOf(features);
    }

    /** On {@value #SAMPLES} samples or a few more. */
    public static PerFeatureLoss of(Decomposed decomposed, long seed) {
        return of(decomposed, seed, SAMPLES);
    }

    /**
     * On another number of samples.
     *
     * @param samples how many samples with exactly one active feature there must be at least; the last batch is used to its end
     * @throws IllegalArgumentException if the training had no top-k, or such samples hardly ever come
     */
    public static PerFeatureLoss of(Decomposed decomposed, long seed, int samples) {
        Subject subject = new Subject(decomposed);
        return of(subject, subject.trainingSelection("the loss per feature"), seed, samples);
    }

    /** With another selection in the place of the training's. */
    public static PerFeatureLoss of(Decomposed decomposed, Selection selection, long seed, int samples) {
        return of(new Subject(decomposed), selection, seed, samples);
    }

    private static PerFeatureLoss of(Subject subject, Selection selection, long seed, int samples) {
        Subject.requireAtLeast(1, samples, "samples");
        Subject.requireOutputPerFeature(subject.target(), "the loss per feature");
        int features = subject.features();
        double[] target = new double[features];
        double[] batchTopK = new double[features];
        double[] top1 = new double[features];
        double[] active = new double[features];
        int[] count = new int[features];
        int found = 0;
        Draws draws = new Draws("exactly one active feature", samples);
        for (int batch = 0; found < samples; batch++) {
            SparseRows whole = subject.naturalBatch(seed, STREAM, batch);
            int[] single = IntStream.range(0, whole.rows()).filter(row -> Subject.active(whole, row) == 1).toArray();
            found += single.length;
            draws.count(whole.rows(), single.length);
            if (single.length == 0) {
                continue;
            }
            Matrix attributions = subject.evaluator().attributions(whole);
            Mask mask = Mask.of(selection, attributions);
            boolean[][] keep = new boolean[single.length][subject.components()];
            Matrix ofSingle = Matrix.zeros(single.length, subject.components());
            for (int s = 0; s < single.length; s++) {
                for (int c = 0; c < subject.components(); c++) {
                    keep[s][c] = mask.isActive(single[s], c);
                    ofSingle.set(s, c, attributions.get(single[s], c));
                }
            }
            SparseRows x = Subject.rows(whole, single);
            Matrix labels = subject.target().labels().of(x);
            double[] targetErrors = Subject.squaredErrors(subject.evaluator().target(x), labels);
            double[] batchErrors = Subject.squaredErrors(subject.masked(x, keep), labels);
            Mask ofTop1 = Mask.of(Selection.perSampleTopK(1), ofSingle);
            double[] top1Errors = Subject.squaredErrors(subject.evaluator().masked(x, ofTop1), labels);
            for (int s = 0; s < single.length; s++) {
                int feature = x.column(x.start(s));
                count[feature]++;
                target[feature] += targetErrors[s];
                batchTopK[feature] += batchErrors[s];
                top1[feature] += top1Errors[s];
                for (boolean kept : keep[s]) {
                    active[feature] += kept ? 1 : 0;
                }
            }
        }
        List<Feature> result = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            result.add(new Feature(i, target[i] / count[i], batchTopK[i] / count[i], top1[i] / count[i], active[i] / count[i], count[i]));
        }
        return new PerFeatureLoss(result, found);
    }
}
