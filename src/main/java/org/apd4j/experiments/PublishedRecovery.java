package org.apd4j.experiments;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.tables.internal.Finished;
import org.apd4j.tables.internal.NumberText;

/**
 * Published values of {@link Recovery}: mean and standard deviation over the copies of one run.
 *
 * <pre>{@code
 * System.out.println("MMCS " + Recovery.of(run).mmcs() + ", published " + PublishedRecovery.TMS_5_2.mmcs());
 * }</pre>
 *
 * @param mmcs          mean max cosine similarity
 * @param mmcsDeviation standard deviation of the mean max cosine similarity
 * @param ml2r          mean L2 ratio
 * @param ml2rDeviation standard deviation of the mean L2 ratio
 * @param brittle       whether the paper calls the experiment brittle, so that some seeds may fail
 * @param settings      how the published runs differ from those of the {@linkplain TmsExperiment experiment}, in words
 */
public record PublishedRecovery(double mmcs, double mmcsDeviation, double ml2r, double ml2rDeviation, boolean brittle, String settings) {

    /** TMS 5-2 (paper section 3.1). */
    public static final PublishedRecovery TMS_5_2 = new PublishedRecovery(0.998, 0.000, 0.893, 0.004, true,
            "published: 12 copies in one run; ours: a run for each seed");

    /** TMS 40-10 (paper section 3.1). */
    public static final PublishedRecovery TMS_40_10 = new PublishedRecovery(0.996, 0.003, 0.935, 0.001, false,
            "published: 3 copies in one run, learning rate 0.001; ours: a run for each seed, 0.005");

    /** Means that differ by no more than this agree, whatever the published deviation. */
    private static final double CLOSE = 0.005;

    /**
     * Adds the published values to a verdict, beside those of runs: over the seeds that succeeded and over all finished runs. Means agree if they
     * differ by at most three published standard deviations, or by at most 0.005.
     */
    AcceptanceCriteria beside(AcceptanceCriteria verdict, List<? extends DecompositionRun<?>> runs) {
        var finished = Finished.of(runs);
        List<Recovery> all = finished.runs().stream().map(Recovery::of).toList();
        List<Recovery> succeeded = all.stream().filter(Recovery::success).toList();
        row(verdict, "MMCS, seeds that succeed", succeeded, Recovery::mmcs, mmcs, mmcsDeviation);
        row(verdict, "ML2R, seeds that succeed", succeeded, Recovery::ml2r, ml2r, ml2rDeviation);
        row(verdict, "MMCS, all seeds", all, Recovery::mmcs, mmcs, mmcsDeviation);
        row(verdict, "ML2R, all seeds", all, Recovery::ml2r, ml2r, ml2rDeviation);
        return verdict.said("seeds that succeed", "not given", finished.count(succeeded.size()), Double.NaN, all.size(),
                successes(all.size(), succeeded.size(), finished.planned()));
    }

    private static void row(AcceptanceCriteria verdict, String quantity, List<Recovery> found, ToDoubleFunction<Recovery> measure, double published,
                            double deviation) {
        double[] values = found.stream().mapToDouble(measure).toArray();
        verdict.said(quantity, NumberText.spread(published, deviation),
                values.length == 0 ? "–" : String.format(Locale.ROOT, "%.3f", Statistics.mean(values)),
                values.length < 2 ? Double.NaN : Statistics.standardDeviation(values), values.length, verdict(found, measure, published, deviation));
    }

    private String successes(int all, int succeeded, int planned) {
        if (all < planned) {
            return "not finished";
        }
        if (succeeded == all) {
            return "every seed works";
        }
        return brittle ? "brittle, as the paper says" : "not every seed works";
    }

    /** Returns whether a mean MMCS differs from the published one by at most three published standard deviations, or by at most 0.005. */
    public boolean agreesOnMmcs(double mean) {
        return agrees(mean - mmcs, mmcsDeviation);
    }

    /** Returns whether a mean ML2R differs from the published one by at most three published standard deviations, or by at most 0.005. */
    public boolean agreesOnMl2r(double mean) {
        return agrees(mean - ml2r, ml2rDeviation);
    }

    private static boolean agrees(double difference, double deviation) {
        return Math.abs(difference) <= Math.max(CLOSE, 3 * deviation);
    }

    private static String verdict(List<Recovery> found, ToDoubleFunction<Recovery> measure, double published, double deviation) {
        if (found.isEmpty()) {
            return "not reproduced";
        }
        double difference = Statistics.mean(found.stream().mapToDouble(measure).toArray()) - published;
        return String.format(Locale.ROOT, "%s (%+.3f)", agrees(difference, deviation) ? "agrees" : "differs", difference);
    }
}
