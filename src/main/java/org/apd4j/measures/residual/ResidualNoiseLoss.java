package org.apd4j.measures.residual;

import java.util.Locale;
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
 * The loss of a residual MLP beside that of the monosemantic baseline, which dedicates each neuron to one feature: mean squared errors to the true
 * labels over natural samples and outputs. Measured on targets whose residual path mixes features more or less, it shows where the target's advantage
 * comes from (Bhagat et al. 2026).
 *
 * <pre>{@code
 * var loss = ResidualNoiseLoss.of(mlpRun.target(), 1, 0, 100_000); // the target as it is
 * System.out.println(loss.advantage());
 * }</pre>
 *
 * @param noise    s of the residual path {@code I + s M [features, features]}, where {@code W_E W_U = I + M}; 1 for an ordinary residual MLP
 * @param target   loss of the target
 * @param baseline loss of the baseline: its output is the label for as many features as there are neurons, x for the others
 * @param samples  number of samples, many of which have no active feature
 */
public record ResidualNoiseLoss(double noise, double target, double baseline, int samples) {

    private static final long SAMPLES = 0x6e6f697365L;
    private static final int TOGETHER = 4096;

    /**
     * Measures a target.
     *
     * @param noise   s of the target, see {@link org.apd4j.targets.ResidualMlp#withResidualNoise}
     * @param samples number of samples, at least 1
     * @throws IllegalArgumentException if the target is neither a residual MLP nor a toy model of superposition, or {@code samples} is below 1
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

    /** Returns by which fraction the target's loss is below the baseline's; negative if it is above. */
    public double advantage() {
        return 1 - target / baseline;
    }

    /** Returns the losses in one sentence. */
    public String summary() {
        return String.format(Locale.ROOT, "loss of the target %.2e, of the monosemantic baseline %.2e: %.0f %% lower", target, baseline,
                100 * advantage());
    }
}
