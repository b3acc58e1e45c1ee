package org.apd4j.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Schedule;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * An experiment on a toy model of superposition (paper section 3.1): everything that a notebook needs to run it.
 *
 * <pre>{@code
 * var experiment = TmsExperiment.fiveToTwo(Profile.QUICK);
 * var seeds = experiment.allSeeds().train();
 * experiment.paper().besideOurs(seeds.runs())
 * }</pre>
 *
 * @param name     for people
 * @param target   the model and its training
 * @param apd      the decomposition
 * @param seeds    how many seeds are run
 * @param samples  inputs that a measure takes for each of its numbers
 * @param paper    what was published
 * @param profile  how large it is
 * @param goal     what it has to reach over its seeds
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

    /** One way to run the experiment, as {@link #variants} lists them. */
    public record Variant(AttributionKind attributions, int copies) {

        /** The variant in words. */
        public String label() {
            return (attributions == AttributionKind.GRADIENT_FROM_COMPONENTS ? "from components" : "from target") + ", I = " + copies;
        }
    }

    /**
     * TMS 5-2. Of the two kinds of attribution and the two values of I in the initial values that the paper's text and code allow, this takes
     * the published pair, from components and I = 12: no other succeeds with more of ten seeds.
     */
    public static TmsExperiment fiveToTwo(Profile profile) {
        ApdConfig apd = ApdConfig.paperTms5to2();
        PublishedRecovery paper = PublishedRecovery.TMS_5_2;
        return switch (profile) {
            case PAPER -> new TmsExperiment("TMS 5-2", TmsConfig.paper5to2(), apd, 10, 100_000, paper, profile, new Goal(0.98, 0.75, 6));
            case QUICK -> new TmsExperiment("TMS 5-2, quick", TmsConfig.paper5to2(), apd.with(c -> c.steps = 6_000), 4, 20_000, paper,
                    profile, new Goal(0.96, 0.5, 1));
        };
    }

    /**
     * TMS 40-10: 40 features in 10 dimensions, 50 components. Attributions come from the target, as published. The quick one
     * takes fewer steps.
     */
    public static TmsExperiment fortyToTen(Profile profile) {
        ApdConfig apd = ApdConfig.paperTms40to10();
        PublishedRecovery paper = PublishedRecovery.TMS_40_10;
        return switch (profile) {
            case PAPER -> new TmsExperiment("TMS 40-10", TmsConfig.paper40to10(), apd, 10, 100_000, paper, profile, new Goal(0.99, 0.9, 0));
            case QUICK -> new TmsExperiment("TMS 40-10, quick", TmsConfig.paper40to10(), apd.with(c -> c.steps = 3_000), 2, 10_000,
                    paper, profile, new Goal(0.95, 0.85, 0));
        };
    }

    /** TMS 5-2 to be run in many variants: the quick one has fewer steps and seeds still. */
    public static TmsExperiment fiveToTwoVariants(Profile profile) {
        TmsExperiment experiment = fiveToTwo(profile);
        return switch (profile) {
            case PAPER -> experiment;
            case QUICK -> experiment.withSteps(4_000).withSeeds(2);
        };
    }

    /**
     * TMS 5-2 in the Lp formulation (paper section 2.3), which switches no component off. The paper says that it works less well.
     */
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

    /** The target's run for a seed. */
    public TargetRun target(long seed) {
        return Tms.of(target, seed);
    }

    /** The decomposition's run for a seed, on a target that it trains. */
    public DecompositionRun<ApdConfig> decompose(long seed) {
        return decompose(target(seed).train());
    }

    /** The decomposition's run on a target of this experiment, with the target's seed. */
    public DecompositionRun<ApdConfig> decompose(TargetRun target) {
        return Apd.decompose(target, apd);
    }

    /** Runs for all seeds, not yet trained. */
    public SeedRuns<DecompositionRun<ApdConfig>> allSeeds() {
        return SeedRuns.of(name + ", " + seeds + " seeds", seeds, this::decompose);
    }

    /** The way in which this experiment is run. */
    public Variant variant() {
        return new Variant(apd.attributions(), apd.copies());
    }

    /** Both kinds of attribution, and I = 1 and 12 in the initial values. */
    public List<Variant> variants() {
        return List.of(new Variant(AttributionKind.GRADIENT_FROM_COMPONENTS, 1), new Variant(AttributionKind.GRADIENT_FROM_COMPONENTS, 12),
                new Variant(AttributionKind.GRADIENT_FROM_TARGET, 1), new Variant(AttributionKind.GRADIENT_FROM_TARGET, 12));
    }

    /**
     * Runs for all seeds in every one of the {@link #variants}, by its label, not yet trained.
     *
     * @param own {@link #allSeeds} of this experiment, taken for its own variant: what is trained is not trained again
     */
    public Map<String, SeedRuns<DecompositionRun<ApdConfig>>> allVariants(SeedRuns<DecompositionRun<ApdConfig>> own) {
        Map<String, SeedRuns<DecompositionRun<ApdConfig>>> runs = new LinkedHashMap<>();
        variants().forEach(variant -> runs.put(variant.label(), variant.equals(variant()) ? own : with(variant).allSeeds()));
        return runs;
    }

    /** Runs for all seeds with several values of I in the rule for initial values, by what they say, not yet trained. */
    public Map<String, SeedRuns<DecompositionRun<ApdConfig>>> initialScales(int... copies) {
        Map<String, SeedRuns<DecompositionRun<ApdConfig>>> runs = new LinkedHashMap<>();
        for (int count : copies) {
            runs.put("I = " + count, with("I = " + count, c -> c.copies = count).allSeeds());
        }
        return runs;
    }

    /** The same experiment run another way. */
    public TmsExperiment with(Variant variant) {
        return with(variant.label(), c -> {
            c.attributions = variant.attributions();
            c.copies = variant.copies();
        });
    }

    /**
     * The same experiment with other settings of the decomposition.
     *
     * @param label what is said of it after the name
     */
    public TmsExperiment with(String label, Consumer<ApdConfig.Fields> change) {
        return new TmsExperiment(name + ", " + label, target, apd.with(change), seeds, samples, paper, profile, goal);
    }

    /** The same experiment with another number of seeds. */
    public TmsExperiment withSeeds(int seeds) {
        return new TmsExperiment(name, target, apd, seeds, samples, paper, profile, goal);
    }

    /** The same experiment over another number of steps. */
    public TmsExperiment withSteps(int steps) {
        return new TmsExperiment(name, target, apd.with(c -> c.steps = steps), seeds, samples, paper, profile, goal);
    }

    /**
     * What runs of this experiment reach beside its {@link Goal}.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(List<? extends DecompositionRun<ApdConfig>> runs) {
        List<Recovery> found = runs.stream().map(Recovery::of).toList();
        AcceptanceCriteria bounds = AcceptanceCriteria.in(profile)
                .atLeast("mean MMCS of all seeds", mean(found, Recovery::mmcs), goal.mmcs())
                .atLeast("mean ML2R of all seeds", mean(found, Recovery::ml2r), goal.ml2r());
        if (goal.successes() > 0) {
            bounds.atLeast("successes in " + found.size() + " seeds" , found.stream().filter(Recovery::success).count(), goal.successes());
        }
        return bounds.check();
    }

    private static double mean(List<Recovery> found, ToDoubleFunction<Recovery> measure) {
        return Statistics.mean(found.stream().mapToDouble(measure).toArray());
    }
}
