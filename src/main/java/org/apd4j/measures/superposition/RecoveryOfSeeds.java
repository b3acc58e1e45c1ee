package org.apd4j.measures.superposition;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Statistics;

/**
 * The recovery of several runs that differ in their seed alone, with means and deviations over them.
 *
 * <pre>{@code
 * var seeds = RecoveryOfSeeds.of(List.of(run, apd));
 * System.out.println(seeds.successes() + " of " + seeds.count() + " succeed, MMCS " + seeds.mean(Recovery::mmcs));
 * }</pre>
 *
 * @param runs the recovery of each run, in the order of the seeds
 */
public record RecoveryOfSeeds(List<Recovery> runs) {

    public RecoveryOfSeeds {
        runs = List.copyOf(runs);
    }

    /**
     * Measures the recovery of each of these decompositions.
     *
     * @throws IllegalArgumentException if one of them has no encoder
     */
    public static RecoveryOfSeeds of(List<? extends DecompositionSource> runs) {
        return new RecoveryOfSeeds(runs.stream().map(run -> Recovery.of(run)).toList());
    }

    /** Returns the number of runs. */
    public int count() {
        return runs.size();
    }

    /** Returns the runs that {@linkplain Recovery#success succeed}. */
    public RecoveryOfSeeds succeeded() {
        return new RecoveryOfSeeds(runs.stream().filter(Recovery::success).toList());
    }

    /** Returns the number of runs that {@linkplain Recovery#success succeed}. */
    public int successes() {
        return succeeded().count();
    }

    /** Returns the fraction of runs that {@linkplain Recovery#success succeed}, 0 to 1; NaN if there is no run. */
    public double successRate() {
        return mean(recovery -> recovery.success() ? 1 : 0);
    }

    /** Returns the mean of a measure over the runs; NaN if there is no run. */
    public double mean(ToDoubleFunction<Recovery> measure) {
        return Statistics.mean(values(measure));
    }

    /** Returns the sample standard deviation of a measure over the runs; 0 if there are fewer than two. */
    public double deviation(ToDoubleFunction<Recovery> measure) {
        return runs.size() < 2 ? 0 : Statistics.standardDeviation(values(measure));
    }

    private double[] values(ToDoubleFunction<Recovery> measure) {
        return runs.stream().mapToDouble(measure).toArray();
    }

    /**
     * The features of several runs, divided by how well their directions are recovered.
     *
     * @param cosine   the cosine similarity below which a feature counts as missed
     * @param missed   number of features below it, over all runs
     * @param features number of features over all runs
     * @param mmcs     mean cosine similarity of those that are found; NaN if there are none
     * @param ml2r     mean L2 ratio of those that are found; NaN if there are none
     */
    public record Missed(double cosine, int missed, int features, double mmcs, double ml2r) {

        /** Returns the numbers in one sentence. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d of %d features over all seeds have a cosine below %.2f; the others have MMCS %.4f, ML2R %.4f",
                    missed, features, cosine, mmcs, ml2r);
        }
    }

    /**
     * Divides the features of all runs into those that are found and those that are missed.
     *
     * @param cosine the cosine similarity below which a feature counts as missed
     */
    public Missed missed(double cosine) {
        List<Recovery.Feature> all = runs.stream().flatMap(run -> run.features().stream()).toList();
        List<Recovery.Feature> found = all.stream().filter(feature -> feature.cosine() >= cosine).toList();
        return new Missed(cosine, all.size() - found.size(), all.size(),
                Statistics.mean(found.stream().mapToDouble(Recovery.Feature::cosine).toArray()),
                Statistics.mean(found.stream().mapToDouble(Recovery.Feature::l2Ratio).toArray()));
    }

    /** Returns the number of runs that {@linkplain Recovery#succeedsAtLength succeed and keep the lengths}. */
    public int successesAtLength() {
        return (int) runs.stream().filter(Recovery::succeedsAtLength).count();
    }

    /** Returns how many runs succeed, in words: "8 of 10". */
    public String successText() {
        return successes() + " of " + count();
    }
}
