package org.apd4j.experiments;

import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.measures.gated.FunctionRecovery;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * The experiment on hand-coded gated functions (paper appendix B.1): one network, decomposed from several random starts.
 *
 * <pre>{@code
 * var experiment = GatedExperiment.of(Profile.QUICK);
 * var seeds = experiment.allSeeds().train();
 * GatedTables.seeds(experiment.gated(), seeds.runs(), experiment.points())
 * }</pre>
 *
 * @param name   the experiment's name
 * @param gated  the functions and the network that computes them, the same for all seeds
 * @param apd    the decomposition
 * @param seeds  the number of seeds of the decomposition
 * @param points the number of values of x at which a curve is measured
 */
public record GatedExperiment(String name, GatedFunctions gated, ApdConfig apd, int seeds, int points) {

    /** The seed of the functions and of the neurons' order, as in the configurations of the public code. */
    public static final long FUNCTIONS_SEED = 0;

    private static final String NAME = "gated functions";

    /** Every point of the grid on which the functions are defined, and seven between any two. */
    private static final int POINTS = 73;

    /** Returns the paper's experiment on four functions; the quick one has a smaller batch and fewer steps. */
    public static GatedExperiment of(Profile profile) {
        profile.requireNotLong(NAME);
        ApdConfig apd = ApdConfig.paperGatedFunctions();
        GatedFunctions gated = GatedFunctions.paper(FUNCTIONS_SEED);
        return !profile.isQuick() ? new GatedExperiment(NAME, gated, apd, 8, POINTS)
                : new GatedExperiment(NAME + ", quick", gated, apd.with(c -> {
                    c.batch = 2_000;
                    c.steps = 10_000;
                    c.learningRate = 5e-3;
                }), 3, POINTS);
    }

    /**
     * Returns an experiment on the same functions with three times the paper's simplicity coefficient, a smaller batch and many short runs. It is not
     * the paper's: it was found by trial, as the setting in which some seeds work.
     */
    public static GatedExperiment moreSimplicity(Profile profile) {
        profile.requireNotLong(NAME);
        ApdConfig apd = ApdConfig.paperGatedFunctions().with(c -> {
            c.simplicity *= 3;
            c.batch = 2_000;
            c.steps = profile.isQuick() ? 4_000 : 15_000;
            c.learningRate = 5e-3;
        });
        return new GatedExperiment(NAME + ", more simplicity", GatedFunctions.paper(FUNCTIONS_SEED), apd, profile.isQuick() ? 3 : 24, POINTS);
    }

    /** Returns the decomposition's run for a seed, not yet trained. */
    public DecompositionRun<ApdConfig> decompose(long seed) {
        return Apd.decompose(gated.target(), apd, seed);
    }

    /**
     * Returns the results beside what they have to reach. With the paper's settings, at least one seed has to work, and at least one of
     * {@link #moreSimplicity}; with the quick ones, in the best seed all functions but one need a component of their own, and two fifths of each
     * component have to be in its function.
     *
     * @param dearer the runs of {@link #moreSimplicity}
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(Profile profile, List<? extends DecompositionRun<ApdConfig>> runs, List<? extends DecompositionRun<ApdConfig>> dearer) {
        FunctionRecovery best = FunctionRecovery.of(gated, FunctionRecovery.best(gated, runs));
        AcceptanceCriteria bounds = AcceptanceCriteria.in(profile);
        return profile.isQuick() ? bounds.atLeast("functions that have a component, best seed", best.distinctFunctions(), best.functions() - 1)
                .atLeast("least share of a component in its function, best seed", best.leastShare(), 0.4).check()
                : bounds.atLeast("seeds that work, of " + runs.size(), working(runs), 1)
                .atLeast("seeds that work with more simplicity, of " + dearer.size(), working(dearer), 1).check();
    }

    private long working(List<? extends DecompositionRun<ApdConfig>> runs) {
        return runs.stream().filter(run -> FunctionRecovery.of(gated, run).works()).count();
    }

    /** Returns the runs for all seeds, not yet trained. */
    public SeedRuns<DecompositionRun<ApdConfig>> allSeeds() {
        return SeedRuns.of(name + ", " + seeds + " seeds", seeds, this::decompose);
    }
}
