package org.apd4j.experiments;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.sweep.Sweep;
import org.apd4j.sweep.SweepAxis;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;

/**
 * A toy model's decomposition over a grid of two settings, several seeds at each place: how much its success depends on them. A {@link Sweep} whose
 * runs are kept in memory; one target for each seed serves all places. Stopped, the grid keeps what was learned, and {@link #train()} goes on.
 *
 * <pre>{@code
 * var grid = Sensitivity.fiveToTwo(Profile.QUICK);
 * grid.train();
 * Figures.successRate(grid.recovery())
 * }</pre>
 */
public final class Sensitivity implements Summarized {

    private final TmsExperiment experiment;
    private final int seeds;
    private final Sweep scan;
    private final Map<Long, TargetRun> targets = new ConcurrentHashMap<>();

    private Sensitivity(TmsExperiment experiment, SweepAxis rows, SweepAxis columns, int seeds) {
        this.experiment = experiment;
        this.seeds = seeds;
        this.scan = Sweep.of(experiment.name(), this::target, experiment.apd(), rows, columns, seeds);
    }

    /**
     * An experiment's decomposition over a grid; nothing has been trained yet.
     *
     * @param rows    a setting
     * @param columns another one
     * @param seeds   runs at each place, at least 1, with the seeds 0 … {@code seeds − 1}
     * @throws IllegalArgumentException if there are no seeds, or a value is none that its setting can have
     */
    public static Sensitivity of(TmsExperiment experiment, SweepAxis rows, SweepAxis columns, int seeds) {
        return new Sensitivity(experiment, rows, columns, seeds);
    }

    /** Simplicity coefficient and k on TMS 5-2. */
    public static Sensitivity fiveToTwo(Profile profile) {
        TmsExperiment experiment = TmsExperiment.fiveToTwoVariants(profile);
        return switch (profile) {
            case PAPER -> of(experiment, SweepAxis.simplicity(0.1, 0.3, 0.7, 1.5, 3), SweepAxis.batchTopK(0.15, 0.211, 0.25, 0.3), 5);
            case QUICK -> of(experiment, SweepAxis.simplicity(0.7, 3), SweepAxis.batchTopK(0.15, 0.211), 2);
        };
    }

    /** Simplicity coefficient and k on TMS 40-10. */
    public static Sensitivity fortyToTen(Profile profile) {
        TmsExperiment experiment = TmsExperiment.fortyToTen(profile);
        return switch (profile) {
            case PAPER -> of(experiment, SweepAxis.simplicity(5, 20, 50), SweepAxis.batchTopK(0.5, 1, 2), 2);
            case QUICK -> of(experiment.withSteps(1_500), SweepAxis.simplicity(20), SweepAxis.batchTopK(0.5, 1), 1);
        };
    }

    private Target target(long seed) {
        TargetRun target = targets.computeIfAbsent(seed, experiment::target);
        synchronized (target) { // the first one trains it; to the others it is finished
            target.train();
        }
        return target.target();
    }

    /** Trains all runs to their ends; of finished ones, nothing. Returns early when it is stopped. */
    public Sensitivity train() {
        scan.train();
        return this;
    }

    /** The runs at a place of the grid that exist so far, by seed. */
    public List<DecompositionRun<ApdConfig>> runs(int row, int column) {
        return scan.runs(row, column);
    }

    /** What the finished runs recovered, over the grid. */
    public RecoveryMap recovery() {
        SweepAxis rows = scan.rows();
        SweepAxis columns = scan.columns();
        return new RecoveryMap(experiment.name() + ", " + seeds + (seeds == 1 ? " seed each" : " seeds each"), rows.name(), rows.values(),
                columns.name(), columns.values(), IntStream.range(0, rows.values().size())
                        .mapToObj(row -> IntStream.range(0, columns.values().size())
                                .mapToObj(column -> runs(row, column).stream().filter(DecompositionRun::isFinished).map(Recovery::of).toList()).toList())
                        .toList());
    }

    @Override
    public Summary summary() {
        return scan.summary();
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
