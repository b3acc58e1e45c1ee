package org.apd4j.measures.residual;

import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.measures.internal.MonosemanticBaseline;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.targets.Target;
import org.apd4j.training.ProgressScope;

/**
 * What a target gains over the network that gives each neuron to one feature, on natural samples: mean squared errors to the true labels over
 * samples and outputs. Measured for targets whose residual path mixes features more or less, it says where the gain comes from (Bhagat et al.
 * 2026).
 *
 * <pre>{@code
 * var loss = ResidualNoiseLoss.of(mlpRun.target(), 1, 0, 100_000); // the target as it is
 * System.out.println(loss.advantage());
 * }</pre>
 *
 * @param noise    s: the input reaches the output past all layers by {@code I + s·M}, {@code W_E W_U = I + M}
 * @param target   of the target
 * @param baseline of the monosemantic baseline: the label for as many features as there are neurons, x for the others
 * @param samples  number of samples, of which many have no active feature
 */
public record ResidualNoiseLoss(double noise, double target, double baseline, int samples) {

    private static final long SAMPLES = 0x6e6f697365L;
    private static final int TOGETHER = 4096;

    /**
     * Measures a target.
     *
     * @param noise   s of the target, see {@link org.apd4j.targets.ResidualMlp#withResidualNoise}
     * @param samples at least 1
     * @throws IllegalArgumentException if there is no monosemantic baseline for the target
     */
    public static ResidualNoiseLoss of(Target target, double noise, long seed, int samples) {
        Requirements.atLeast(1, samples, "samples");
        MonosemanticBaseline baseline = MonosemanticBaseline.of(target);
        WeightedNetwork network = WeightedNetwork.of(target.network());
        double ofTarget = 0;
        double ofBaseline = 0;
        try (ProgressScope work = ProgressScope.of("loss against the residual noise", "samples", samples)) {
            for (int first = 0; first < samples; first += TOGETHER) {
                SparseRows x = new SparseRows(target.network().inputs());
                target.data().sample(RandomStream.of(seed, SAMPLES, first), Math.min(TOGETHER, samples - first), x);
                Matrix labels = target.labels().of(x);
                ofTarget += x.rows() * Statistics.mean(MeasurementContext.squaredErrors(network.output(x), labels));
                ofBaseline += x.rows() * Statistics.mean(MeasurementContext.squaredErrors(baseline.output(x), labels));
                work.done(first + x.rows());
            }
        }
        return new ResidualNoiseLoss(noise, ofTarget / samples, ofBaseline / samples, samples);
    }

    /** By how much the target is better, as a share of the baseline's loss; below 0 if it is worse. */
    public double advantage() {
        return 1 - target / baseline;
    }
}
