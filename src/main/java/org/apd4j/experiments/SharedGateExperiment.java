package org.apd4j.experiments;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.apd4j.data.FeaturePairs;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.ImportanceRecovery;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.residual.CrossLayerShare;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * An experiment with decomposition by shared gates, with its settings, runs and acceptance criteria. Targets are trained as in the experiments of
 * APD. The settings are those that {@link org.apd4j.sharedgate.SharedGateConfig#suggest} finds; under {@link Profile#LONG} there are more seeds of toy
 * models, and residual MLPs train for longer on larger batches.
 *
 * <pre>{@code
 * var experiment = SharedGateExperiment.fiveToTwo(Profile.QUICK);
 * var shared = experiment.decompose(experiment.target(0).train());
 * shared.train();
 * experiment.check(List.of(shared))
 * }</pre>
 *
 * @param name     the experiment's name
 * @param targets  makes the target's run for a seed
 * @param settings the decomposition
 * @param seeds    the number of targets and decompositions, at least 1
 * @param goal     what the runs have to reach
 * @param profile  the experiment's size
 */
public record SharedGateExperiment(String name, LongFunction<TargetRun> targets, SharedGateConfig settings, int seeds, Goal goal, Profile profile) {

    /** The value of the active feature in inputs with a single one, for toy models of superposition. */
    public static final double TOY = 0.75;
    /** The same for residual MLPs. */
    public static final double FUNCTION = 1;

    private static final Functions QUICK_LAYERS = new Functions(0.9, 0.95, 0.9, 1e-3, 0.05);
    static final Functions ONE_LAYER = new Functions(1, 0.99, 0.95, 1.6e-4, 0.01);
    static final Functions TWO_LAYERS = new Functions(0.99, 0.97, 0.95, 3.5e-4, 0.01);

    /** What runs have to reach: our own bounds, since nothing is published. */
    public sealed interface Goal {
    }

    /**
     * What runs on toy models of superposition have to reach.
     *
     * @param successes the least share of runs in which every feature has a live component of its own ({@link ImportanceRecovery#success})
     * @param ml2r      the least mean L2 ratio over all runs
     */
    public record Rows(double successes, double ml2r) implements Goal {
    }

    /**
     * What runs on residual MLPs have to reach, on average.
     *
     * @param separation least coverage and separation of the features ({@link FeatureOwners})
     * @param cosine     least mean cosine similarity of a component's neuron contributions to the target's ({@link LengthFactors})
     * @param length     least mean length ratio of these contributions
     * @param scrubbed   largest error with a random half of the components and all that the active features use ({@link Scrubbing})
     * @param keepOnly   largest error of a feature's output with its own component alone, relative to that without any ({@link KeepOnlyError#share})
     */
    public record Functions(double separation, double cosine, double length, double scrubbed, double keepOnly) implements Goal {

        /** Returns whether all of them hold at the same time. */
        boolean areMet(double coverage, double separated, double meanCosine, double meanLength, double scrubbedError, double keepOnlyShare) {
            return coverage >= separation && separated >= separation && meanCosine >= cosine && meanLength >= length && scrubbedError <= scrubbed
                    && keepOnlyShare <= keepOnly;
        }
    }

    /** Returns TMS 5-2: ten seeds, three in the quick size, which takes half as many steps. */
    public static SharedGateExperiment fiveToTwo(Profile profile) {
        SharedGateConfig settings = SharedGateConfig.tms5to2();
        return toy("TMS 5-2", TmsConfig.paper5to2(), profile.isQuick() ? settings.with(c -> c.steps = 4_000) : settings, profile, 3, 10, 30);
    }

    /** Returns TMS 40-10: three seeds, one in the quick size, which takes a quarter of the steps. */
    public static SharedGateExperiment fortyToTen(Profile profile) {
        SharedGateConfig settings = SharedGateConfig.tms40to10();
        return toy("TMS 40-10", TmsConfig.paper40to10(), profile.isQuick() ? settings.with(c -> c.steps = 2_000) : settings, profile, 1, 3, 6);
    }

    private static SharedGateExperiment toy(String name, TmsConfig model, SharedGateConfig settings, Profile profile, int quick, int paper,
                                            int more) {
        return new SharedGateExperiment(name + (profile.isQuick() ? ", quick" : ""), seed -> Tms.of(model, seed), settings,
                seeds(profile, quick, paper, more), new Rows(profile.isQuick() ? 0.6 : 1, profile.isQuick() ? 0.95 : 0.98), profile);
    }

    private static int seeds(Profile profile, int quick, int paper, int more) {
        return switch (profile) {
            case QUICK -> quick;
            case LOOK, PAPER -> paper;
            case LONG -> more;
        };
    }

    /**
     * Returns TMS 5-2 on features that come in pairs, 0 with 1 and 2 with 3; its targets are trained on them, too. What is right is known only as
     * long as each feature also comes alone, so that nothing is asked of the runs.
     *
     * @param together the probability that a feature's partner is active, given that it is active itself, 0 … 1
     */
    public static SharedGateExperiment pairs(double together, Profile profile) {
        TmsConfig model = TmsConfig.paper5to2();
        SharedGateExperiment plain = fiveToTwo(profile);
        String name = String.format(Locale.ROOT, "TMS 5-2, pairs in %.0f %%", 100 * together);
        return new SharedGateExperiment(name + (profile.isQuick() ? ", quick" : ""), seed -> {
            Target untrained = Tms.untrained(model, seed);
            var data = new FeaturePairs(new SparseFeatures(model.features(), model.probability(), 0, 1), together);
            return new TargetRun(new Target(name, untrained.network(), data, Labels.INPUT), model.training(), seed);
        }, plain.settings(), plain.seeds(), new Rows(0, 0), profile);
    }

    /** Returns the residual MLP of one layer; the quick one has two fifths of its size and as many active features a sample. */
    public static SharedGateExperiment oneLayer(Profile profile) {
        return residual("residual MLP, one layer", ResidualMlpConfig.paperOneLayer(), c -> {
            c.steps = 10_000;
            c.batch = 1024;
        }, profile.isQuick() ? QUICK_LAYERS : ONE_LAYER, profile);
    }

    /** Returns the residual MLP of two layers; the quick one has two fifths of its size and as many active features a sample. */
    public static SharedGateExperiment twoLayers(Profile profile) {
        return residual("residual MLP, two layers", ResidualMlpConfig.paperTwoLayers(), c -> {
            c.steps = 20_000;
            c.batch = 512;
        }, profile.isQuick() ? QUICK_LAYERS : TWO_LAYERS, profile);
    }

    private static SharedGateExperiment residual(String name, ResidualMlpConfig paper, Consumer<SharedGateConfig.Fields> longer, Goal goal,
                                                 Profile profile) {
        SharedGateConfig settings = switch (profile) {
            case LOOK, PAPER -> SharedGateConfig.residualMlp();
            case LONG -> SharedGateConfig.residualMlp().with(longer);
            case QUICK -> SharedGateConfig.residualMlp().with(c -> {
                c.components = 80;
                c.candidates = 1024;
                c.steps = 3_000;
                c.pruningSamples = 5_000;
            });
        };
        ResidualMlpConfig model = profile.isQuick() ? paper.with(c -> {
            c.features = 40;
            c.residual = 400;
            c.neurons = 20 / paper.layers();
            c.probability = 0.025;
            c.training.batch = 1024;
            c.training.steps = 2_000;
        }) : paper;
        return new SharedGateExperiment(name + (profile.isQuick() ? ", quick" : ""), seed -> ResidualMlp.of(model, seed), settings,
                seeds(profile, 1, 1, 3), goal, profile);
    }

    /** Returns the target's run for a seed, not yet trained. */
    public TargetRun target(long seed) {
        return targets.apply(seed);
    }

    /** Returns the decomposition's run on a target of this experiment, with the target's seed, not yet trained. */
    public DecompositionRun<SharedGateConfig> decompose(TargetRun target) {
        return SharedGate.decompose(target, settings);
    }

    /** Returns the runs for all seeds, not yet trained. Making one trains its target. */
    public SeedRuns<DecompositionRun<SharedGateConfig>> allSeeds() {
        return SeedRuns.named(name + ", " + seeds + (seeds == 1 ? " seed" : " seeds"),
                LongStream.range(0, seeds).mapToObj(seed -> "seed " + seed).toList(), seed -> decompose(target(seed).train()));
    }

    /** Returns this experiment with other settings of the decomposition. */
    public SharedGateExperiment with(Consumer<SharedGateConfig.Fields> change) {
        return new SharedGateExperiment(name, targets, settings.with(change), seeds, goal, profile);
    }

    /** Returns this experiment with another number of seeds. */
    public SharedGateExperiment withSeeds(int seeds) {
        return new SharedGateExperiment(name, targets, settings, seeds, goal, profile);
    }

    /** Returns how well runs of this experiment recover the features of a toy model of superposition, in their order. */
    public List<ImportanceRecovery> recovery(List<? extends DecompositionRun<SharedGateConfig>> runs) {
        return runs.stream().map(run -> ImportanceRecovery.of(run, List.of(0), run.seed())).toList();
    }

    /**
     * Returns what runs of this experiment reach.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(List<? extends DecompositionRun<SharedGateConfig>> runs) {
        return addTo(AcceptanceCriteria.in(profile), runs).check();
    }

    /** Adds what runs of this experiment reach to a verdict on several experiments, and returns it. */
    public AcceptanceCriteria addTo(AcceptanceCriteria verdict, List<? extends DecompositionRun<SharedGateConfig>> runs) {
        if (goal instanceof Rows rows) {
            List<ImportanceRecovery> found = recovery(runs);
            return verdict.atLeast(name + ": share of the seeds that succeed", mean(found, one -> one.success() ? 1 : 0), rows.successes(), runs.size())
                    .atLeast(name + ": mean ML2R of all seeds", mean(found, one -> one.live().ml2r()), rows.ml2r(), runs.size());
        }
        Functions functions = (Functions) goal;
        List<FeatureOwners> owners = runs.stream().map(run -> FeatureOwners.of(run, FUNCTION)).toList();
        List<LengthFactors> lengths = runs.stream().map(run -> LengthFactors.of(run, FUNCTION)).toList();
        verdict.atLeast(name + ": coverage", mean(owners, FeatureOwners::coverage), functions.separation(), runs.size())
                .atLeast(name + ": separation", mean(owners, FeatureOwners::separation), functions.separation(), runs.size())
                .atLeast(name + ": cosine of the contributions", mean(lengths, LengthFactors::meanCosine), functions.cosine(), runs.size())
                .atLeast(name + ": length ratio of the contributions", mean(lengths, LengthFactors::meanRatio), functions.length(), runs.size())
                .atMost(name + ": scrubbed error", mean(runs, run -> Comparison.scrubbing(run).of(Scrubbing.Kind.SCRUBBED).mean()), functions.scrubbed(), runs.size())
                .atMost(name + ": error with a feature's own component alone", mean(runs, run -> KeepOnlyError.of(run, FUNCTION).share()),
                        functions.keepOnly(), runs.size());
        if (!lengths.isEmpty() && lengths.get(0).layers() > 1) {
            verdict.atLeast(name + ": share of the components that live in both layers",
                    mean(runs, run -> CrossLayerShare.of(run, FUNCTION).share().orElse(Double.NaN)), functions.separation(), runs.size());
        }
        return verdict;
    }

    private static <T> double mean(List<? extends T> of, ToDoubleFunction<T> number) {
        return Statistics.mean(of.stream().mapToDouble(number).toArray());
    }
}
