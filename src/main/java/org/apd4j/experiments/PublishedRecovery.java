package org.apd4j.experiments;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.Finished;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

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
 */
public record PublishedRecovery(double mmcs, double mmcsDeviation, double ml2r, double ml2rDeviation, boolean brittle) {

    /** TMS 5-2 (paper section 3.1). */
    public static final PublishedRecovery TMS_5_2 = new PublishedRecovery(0.998, 0.000, 0.893, 0.004, true);

    /** TMS 40-10 (paper section 3.1). */
    public static final PublishedRecovery TMS_40_10 = new PublishedRecovery(0.996, 0.003, 0.935, 0.001, false);

    /** Means that differ by no more than this agree, whatever the published deviation. */
    private static final double CLOSE = 0.005;

    /**
     * Returns a table of the published values beside those of runs, over the seeds that succeeded and over all finished runs. Means agree if they
     * differ by at most three published standard deviations, or by at most 0.005.
     */
    public Table besideOurs(List<? extends DecompositionRun<?>> runs) {
        var finished = Finished.of(runs);
        List<Recovery> all = finished.runs().stream().map(Recovery::of).toList();
        List<Recovery> succeeded = all.stream().filter(Recovery::success).toList();
        String mmcsText = NumberText.spread(mmcs, mmcsDeviation);
        String ml2rText = NumberText.spread(ml2r, ml2rDeviation);
        return NumberTable.named("Paper beside ours")
                .texts("quantity", List.of("MMCS, seeds that succeed", "ML2R, seeds that succeed", "MMCS, all seeds", "ML2R, all seeds",
                        "seeds that succeed"))
                .texts("paper", List.of(mmcsText, ml2rText, mmcsText, ml2rText, "not given"))
                .texts("ours", List.of(spread(succeeded, Recovery::mmcs), spread(succeeded, Recovery::ml2r), spread(all, Recovery::mmcs),
                        spread(all, Recovery::ml2r), finished.count(succeeded.size())))
                .texts("verdict", List.of(
                        verdict(succeeded, Recovery::mmcs, mmcs, mmcsDeviation),
                        verdict(succeeded, Recovery::ml2r, ml2r, ml2rDeviation),
                        verdict(all, Recovery::mmcs, mmcs, mmcsDeviation),
                        verdict(all, Recovery::ml2r, ml2r, ml2rDeviation),
                        successes(all.size(), succeeded.size(), finished.planned())))
                .build();
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

    private static String spread(List<Recovery> found, ToDoubleFunction<Recovery> measure) {
        return NumberText.spread(found.stream().mapToDouble(measure).toArray());
    }

    private static String verdict(List<Recovery> found, ToDoubleFunction<Recovery> measure, double published, double deviation) {
        if (found.isEmpty()) {
            return "not reproduced";
        }
        double difference = Statistics.mean(found.stream().mapToDouble(measure).toArray()) - published;
        boolean agrees = Math.abs(difference) <= Math.max(CLOSE, 3 * deviation);
        return String.format(Locale.ROOT, "%s (%+.3f)", agrees ? "agrees" : "differs", difference);
    }
}
