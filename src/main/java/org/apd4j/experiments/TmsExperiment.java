package org.apd4j.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdAxis;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.sweep.Sweep;
import org.apd4j.sweep.SweepAxis;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Schedule;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * An experiment on a toy model of superposition (paper section 3.1), with its settings, runs and acceptance criteria.
 *
 * <pre>{@code
 * var experiment = TmsExperiment.fiveToTwo(Profile.QUICK);
 * var seeds = experiment.allSeeds().train();
 * experiment.check(seeds.runs())
 * }</pre>
 *
 * @param name     the experiment's name
 * @param target   the model and its training
 * @param apd      the decomposition
 * @param seeds    the number of seeds
 * @param samples  the number of inputs that a measure averages over
 * @param paper    the published results
 * @param profile  the experiment's size
 * @param goal     what its seeds have to reach together
 */
public record TmsExperiment(String name, TmsConfig target, ApdConfig apd, int seeds, int samples, PublishedRecovery paper, Profile profile,
                            Goal goal) {

    /**
     * What the seeds of an experiment have to reach together.
     *
     * @param mmcs      least mean of MMCS over all seeds
     * @param ml2r      least mean of ML2R over all seeds
     * @param successes least number of seeds that succeed; 0 is no bound
     */
    public record Goal(double mmcs, double ml2r, int successes) {
    }

    /**
     * A choice that the paper leaves open.
     *
     * @param attributions the kind of attributions that training uses
     * @param copies       I in the rule for initial values
     */
    public record Variant(AttributionKind attributions, int copies) {

        /** Returns the variant in words. */
        public String label() {
            return (attributions == AttributionKind.GRADIENT_FROM_COMPONENTS ? "from components" : "from target") + ", I = " + copies;
        }
    }

    /**
     * Returns TMS 5-2. The paper's text and code allow two kinds of attribution and two values of I in the rule for initial values; this is the
     * published pair, attributions from components and I = 12. None of the {@link #variants} succeeds with more of ten seeds.
     */
    public static TmsExperiment fiveToTwo(Profile profile) {
        profile.requireNotLong("TMS 5-2");
        ApdConfig apd = ApdConfig.paperTms5to2();
        PublishedRecovery paper = PublishedRecovery.TMS_5_2;
        return profile.isQuick()
                ? new TmsExperiment("TMS 5-2, quick", TmsConfig.paper5to2(), apd.with(c -> c.steps = 6_000), 4, 20_000, paper,
                        profile, new Goal(0.96, 0.5, 1))
                : new TmsExperiment("TMS 5-2", TmsConfig.paper5to2(), apd, 10, 100_000, paper, profile, new Goal(0.98, 0.75, 6));
    }

    /**
     * Returns TMS 40-10: 40 features in 10 dimensions, 50 components, attributions from the target, as published. The quick one has fewer
     * steps.
     */
    public static TmsExperiment fortyToTen(Profile profile) {
        profile.requireNotLong("TMS 40-10");
        ApdConfig apd = ApdConfig.paperTms40to10();
        PublishedRecovery paper = PublishedRecovery.TMS_40_10;
        return profile.isQuick()
                ? new TmsExperiment("TMS 40-10, quick", TmsConfig.paper40to10(), apd.with(c -> c.steps = 3_000), 2, 10_000,
                        paper, profile, new Goal(0.95, 0.85, 0))
                : new TmsExperiment("TMS 40-10", TmsConfig.paper40to10(), apd, 10, 100_000, paper, profile, new Goal(0.99, 0.9, 0));
    }

    /** Returns a sweep of the simplicity coefficient and k on TMS 5-2. */
    public static Sweep<ApdConfig> fiveToTwoSweep(Profile profile) {
        TmsExperiment experiment = fiveToTwoVariants(profile);
        return profile.isQuick() ? experiment.sweep(ApdAxis.simplicity(0.7, 3), ApdAxis.batchTopK(0.15, 0.211), 2)
                : experiment.sweep(ApdAxis.simplicity(0.1, 0.3, 0.7, 1.5, 3), ApdAxis.batchTopK(0.15, 0.211, 0.25, 0.3), 5);
    }

    /** Returns a sweep of the simplicity coefficient and k on TMS 40-10. */
    public static Sweep<ApdConfig> fortyToTenSweep(Profile profile) {
        TmsExperiment experiment = fortyToTen(profile);
        return profile.isQuick() ? experiment.withSteps(1_500).sweep(ApdAxis.simplicity(20), ApdAxis.batchTopK(0.5, 1), 1)
                : experiment.sweep(ApdAxis.simplicity(5, 20, 50), ApdAxis.batchTopK(0.5, 1, 2), 2);
    }

    /** Returns TMS 5-2 for many runs: the quick one has fewer steps and seeds than {@link #fiveToTwo}. */
    public static TmsExperiment fiveToTwoVariants(Profile profile) {
        TmsExperiment experiment = fiveToTwo(profile);
        return profile.isQuick() ? experiment.withSteps(4_000).withSeeds(2) : experiment;
    }

    /** Returns TMS 5-2 in the Lp formulation (paper section 2), which switches no component off and, according to the paper, works less well. */
    public static TmsExperiment lp(Profile profile) {
        return fiveToTwoVariants(profile).with("Lp formulation", c -> {
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
            c.sparsity = new LpPenalty(0.9);
            c.minimality = 7;
            c.simplicity = 1;
            c.power = 1;
            c.unitNorm = true;
            c.learningRate = 0.3;
            c.schedule = Schedule.constant().warmup(0.1);
        });
    }

    /** Returns the target's run for a seed, not yet trained. */
    public TargetRun target(long seed) {
        return Tms.of(target, seed);
    }

    /** Returns the decomposition's run for a seed, not yet trained; trains its target. */
    public DecompositionRun<ApdConfig> decompose(long seed) {
        return decompose(target(seed).train());
    }

    /** Returns the decomposition's run on a target of this experiment, with the target's seed, not yet trained. */
    public DecompositionRun<ApdConfig> decompose(TargetRun target) {
        return Apd.decompose(target, apd);
    }

    /** Returns the runs for all seeds, not yet trained. */
    public SeedRuns<DecompositionRun<ApdConfig>> allSeeds() {
        return SeedRuns.of(name + ", " + seeds + " seeds", seeds, this::decompose);
    }

    /**
     * Returns a sweep over this experiment's decomposition; nothing is trained yet. One target for each seed serves all settings.
     *
     * @param seeds the number of runs for each pair of values, at least 1
     * @throws IllegalArgumentException if there are no seeds, or a setting cannot have one of its values
     */
    public Sweep<ApdConfig> sweep(SweepAxis<ApdConfig> rows, SweepAxis<ApdConfig> columns, int seeds) {
        var targets = new TrainedTargets(this::target);
        return Sweep.of(name, Apd.METHOD, seed -> targets.of(seed).trained(), apd, rows, columns, seeds);
    }

    /** Returns this experiment's variant. */
    public Variant variant() {
        return new Variant(apd.attributions(), apd.copies());
    }

    /** Returns the four variants: both kinds of attribution, each with I = 1 and I = 12. */
    public List<Variant> variants() {
        return List.of(new Variant(AttributionKind.GRADIENT_FROM_COMPONENTS, 1), new Variant(AttributionKind.GRADIENT_FROM_COMPONENTS, 12),
                new Variant(AttributionKind.GRADIENT_FROM_TARGET, 1), new Variant(AttributionKind.GRADIENT_FROM_TARGET, 12));
    }

    /**
     * Returns the runs for all seeds of each of the {@link #variants}, by label, not yet trained.
     *
     * @param own {@link #allSeeds} of this experiment, which serve for its own variant, so that they are not trained twice
     */
    public Map<String, SeedRuns<DecompositionRun<ApdConfig>>> allVariants(SeedRuns<DecompositionRun<ApdConfig>> own) {
        Map<String, SeedRuns<DecompositionRun<ApdConfig>>> runs = new LinkedHashMap<>();
        variants().forEach(variant -> runs.put(variant.label(), variant.equals(variant()) ? own : with(variant).allSeeds()));
        return runs;
    }

    /** Returns the runs for all seeds with several values of I in the rule for initial values, by labels such as "I = 12", not yet trained. */
    public Map<String, SeedRuns<DecompositionRun<ApdConfig>>> initialScales(int... copies) {
        Map<String, SeedRuns<DecompositionRun<ApdConfig>>> runs = new LinkedHashMap<>();
        for (int count : copies) {
            runs.put("I = " + count, with("I = " + count, c -> c.copies = count).allSeeds());
        }
        return runs;
    }

    /** Returns this experiment in another variant. */
    public TmsExperiment with(Variant variant) {
        return with(variant.label(), c -> {
            c.attributions = variant.attributions();
            c.copies = variant.copies();
        });
    }

    /**
     * Returns this experiment with other settings of the decomposition.
     *
     * @param label added to the name
     */
    public TmsExperiment with(String label, Consumer<ApdConfig.Fields> change) {
        return new TmsExperiment(name + ", " + label, target, apd.with(change), seeds, samples, paper, profile, goal);
    }

    /** Returns this experiment with another number of seeds. */
    public TmsExperiment withSeeds(int seeds) {
        return new TmsExperiment(name, target, apd, seeds, samples, paper, profile, goal);
    }

    /** Returns this experiment with another number of steps. */
    public TmsExperiment withSteps(int steps) {
        return new TmsExperiment(name, target, apd.with(c -> c.steps = steps), seeds, samples, paper, profile, goal);
    }

    /**
     * Returns what runs of this experiment reach, beside the published values and this experiment's {@link Goal}.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(List<? extends DecompositionRun<ApdConfig>> runs) {
        List<Recovery> found = runs.stream().map(Recovery::of).toList();
        String differs = paper.settings() + (profile.isQuick() ? ", fewer steps" : "");
        AcceptanceCriteria verdict = paper.beside(AcceptanceCriteria.in(profile).settings(differs), runs);
        if (profile.isQuick()) {
            verdict.atLeast("mean MMCS of all seeds", mean(found, Recovery::mmcs), goal.mmcs(), found.size())
                    .atLeast("mean ML2R of all seeds", mean(found, Recovery::ml2r), goal.ml2r(), found.size());
            if (goal.successes() > 0) {
                verdict.atLeast("seeds that succeed", found.stream().filter(Recovery::success).count(), goal.successes(), found.size());
            }
        }
        return verdict.check();
    }

    private static double mean(List<Recovery> found, ToDoubleFunction<Recovery> measure) {
        return Statistics.mean(found.stream().mapToDouble(measure).toArray());
    }
}
