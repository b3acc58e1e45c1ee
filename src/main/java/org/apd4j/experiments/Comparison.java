package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.measures.RecoveredMechanisms;
import org.apd4j.measures.importance.AdversarialLadder;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.residual.CrossLayerShare;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * APD, SPD and shared gates on the same targets, measured by the same definitions, each with the settings of its own experiment. What counts as
 * success is the same for all three: the whole mechanism of every feature ({@link RecoveredMechanisms}).
 *
 * <p>The comparison of many seeds takes hours; {@link ComparisonStudy} makes it, and a file of its results. A few runs are compared by hand:
 *
 * <pre>{@code
 * var comparison = Comparison.fiveToTwo(Profile.QUICK);
 * comparison.table(Map.of("APD", comparison.apd().train().runs(), "SPD", comparison.spd().train().runs()))
 * }</pre>
 */
public final class Comparison {

    /** The name of APD in tables and files. */
    public static final String APD = "APD";
    /** The name of SPD in tables and files. */
    public static final String SPD = "SPD";
    /** The name of shared gates in tables and files. */
    public static final String SHARED = "shared gates";
    /** Batches of 512 samples for the errors under masks. */
    private static final int BATCHES = 4;
    /** Starts of the search for the worst masks, over which the median is taken. */
    private static final int STARTS = 20;
    private static final int SCRUBBING_SAMPLES = 6_000;

    private final String name;
    /** The same for the three methods. */
    private final TrainedTargets targets;
    private final ApdConfig apd;
    private final SpdConfig spd;
    private final SharedGateConfig shared;
    private final int seeds;

    Comparison(String name, LongFunction<TargetRun> maker, ApdConfig apd, SpdConfig spd, SharedGateConfig shared, int seeds) {
        this(name, new TrainedTargets(maker), apd, spd, shared, seeds);
    }

    private Comparison(String name, TrainedTargets targets, ApdConfig apd, SpdConfig spd, SharedGateConfig shared, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds is " + seeds + "; it must be at least 1");
        }
        this.name = name;
        this.targets = targets;
        this.apd = apd;
        this.spd = spd;
        this.shared = shared;
        this.seeds = seeds;
    }

    /** Returns the comparison on TMS 5-2: three seeds, one in the quick size, where the methods take fewer steps. */
    public static Comparison fiveToTwo(Profile profile) {
        TmsConfig model = TmsConfig.paper5to2();
        Profile size = settingsOf(profile);
        return new Comparison("TMS 5-2" + (profile.isQuick() ? ", quick" : ""), seed -> Tms.of(model, seed), TmsExperiment.fiveToTwo(size).apd(),
                SpdExperiment.fiveToTwo(size).spd(), SharedGateExperiment.fiveToTwo(size).settings(), profile.isQuick() ? 1 : 3);
    }

    /** Returns the comparison on TMS 40-10: three seeds, one in the quick size. */
    public static Comparison fortyToTen(Profile profile) {
        TmsConfig model = TmsConfig.paper40to10();
        Profile size = settingsOf(profile);
        return new Comparison("TMS 40-10" + (profile.isQuick() ? ", quick" : ""), seed -> Tms.of(model, seed), TmsExperiment.fortyToTen(size).apd(),
                SpdExperiment.fortyToTen(size).spd().with(c -> c.components = Math.max(c.components, 2 * model.features())),
                SharedGateExperiment.fortyToTen(size).settings(), profile.isQuick() ? 1 : 3);
    }

    /** Returns the comparison on the residual MLP of one layer: one seed. The quick one has 40 features and 20 neurons. */
    public static Comparison oneLayer(Profile profile) {
        Profile size = settingsOf(profile);
        SharedGateExperiment experiment = SharedGateExperiment.oneLayer(size);
        return new Comparison("residual MLP, one layer" + (profile.isQuick() ? ", quick" : ""), experiment.targets(),
                ResidualMlpExperiment.oneLayer(size).apd(),
                SpdExperiment.oneLayer(size).spd().with(c -> c.components = profile.isQuick() ? 60 : c.components), experiment.settings(), 1);
    }

    /** Returns the comparison on the residual MLP of two layers: one seed. The quick one has 40 features and 20 neurons. */
    public static Comparison twoLayers(Profile profile) {
        Profile size = settingsOf(profile);
        SharedGateExperiment experiment = SharedGateExperiment.twoLayers(size);
        return new Comparison("residual MLP, two layers" + (profile.isQuick() ? ", quick" : ""), experiment.targets(),
                ResidualMlpExperiment.twoLayers(size).apd(), profile.isQuick() ? SpdExperiment.oneLayer(size).spd().with(c -> c.components = 80)
                : SpdConfig.paperTwoLayers(), experiment.settings(), 1);
    }

    /** None of the three has longer settings of its own for every model. */
    private static Profile settingsOf(Profile profile) {
        return profile == Profile.LONG ? Profile.PAPER : profile;
    }

    /** Returns this comparison with another number of seeds, 0 … seeds − 1. */
    public Comparison withSeeds(int seeds) {
        return new Comparison(name, targets, apd, spd, shared, seeds);
    }

    /** Returns the name of the targets. */
    public String name() {
        return name;
    }

    /** Returns the number of seeds. */
    public int seeds() {
        return seeds;
    }

    /** Returns the settings of APD. */
    ApdConfig apdSettings() {
        return apd;
    }

    /** Returns the settings of SPD. */
    SpdConfig spdSettings() {
        return spd;
    }

    /** Returns the settings of shared gates. */
    SharedGateConfig sharedSettings() {
        return shared;
    }

    /** Returns the runs of APD, not yet trained. Making one trains its target. */
    public SeedRuns<DecompositionRun<ApdConfig>> apd() {
        return runs(APD, target -> Apd.decompose(target, apd));
    }

    /** Returns the runs of SPD, not yet trained. Making one trains its target. */
    public SeedRuns<DecompositionRun<SpdConfig>> spd() {
        return runs(SPD, target -> Spd.decompose(target, spd));
    }

    /** Returns the runs of shared gates, not yet trained. Making one trains its target. */
    public SeedRuns<DecompositionRun<SharedGateConfig>> shared() {
        return runs(SHARED, target -> SharedGate.decompose(target, shared));
    }

    private <S extends Record & DecompositionSettings> SeedRuns<DecompositionRun<S>> runs(String method,
                                                                                             Function<TargetRun, DecompositionRun<S>> decompose) {
        return SeedRuns.of(name + ", " + method, seeds, seed -> decompose.apply(target(seed)));
    }

    /** Returns the target of a seed, trained; the same for all methods. */
    public TargetRun target(long seed) {
        return targets.of(seed);
    }

    /**
     * What a run reached. What has no meaning for the method or the target is NaN.
     *
     * @param features     number of features
     * @param directions   number of features with a direction of their own ({@link RecoveredMechanisms})
     * @param whole        number of features whose whole mechanism was recovered
     * @param cosine       for a toy model MMCS of the live components, for a residual MLP the mean cosine of neuron contributions
     * @param length       for a toy model ML2R of the live components, for a residual MLP the mean length ratio of neuron contributions
     * @param coverage     share of features with an important component ({@link FeatureOwners})
     * @param separation   share of these with a component of their own
     * @param live         number of components that are important on some sample, in the first layer where each has its own
     * @param l0           mean number of important components a sample, the largest of any layer
     * @param keepOnly     error of a feature's output with its own component alone, relative to that without any
     * @param crossLayer   share of the features' components that reach over all layers, where there are several
     * @param gated        mean squared error of the output with each component as much as its importance
     * @param stochastic   the same with random masks
     * @param adversarial  the same with the worst masks that 20 steps of a search find
     * @param ladder20     the same after 20 steps, on one batch, the median of 20 starts ({@link AdversarialLadder})
     * @param ladder40     the same after 40 steps
     * @param ladder80     the same after 80 steps
     * @param ladder160    the same after 160 steps
     * @param ladder320    the same after 320 steps
     * @param scrubbed     error with a random half of the components and those that the active features use ({@link Scrubbing})
     * @param antiScrubbed error with a random half of the components without those that the active features use
     * @param steps        number of training steps
     * @param seconds      seconds of training
     */
    public record Outcome(int features, int directions, int whole, double cosine, double length, double coverage, double separation, int live,
                          double l0, double keepOnly, double crossLayer, double gated, double stochastic, double adversarial, double ladder20,
                          double ladder40, double ladder80, double ladder160, double ladder320, double scrubbed, double antiScrubbed, int steps,
                          double seconds) {

        /** Returns whether every feature has a direction of its own. */
        public boolean hasDirections() {
            return directions == features;
        }

        /** Returns whether the whole mechanism of every feature was recovered. */
        public boolean success() {
            return whole == features;
        }
    }

    /** Returns the losses under scrubbing of a run whose components span all layers, on the samples by which all tables compare them. */
    static Scrubbing scrubbing(DecompositionRun<?> run) {
        return Scrubbing.of(run, run.seed(), SCRUBBING_SAMPLES);
    }

    /** Returns the errors of a run under masks, on the samples by which all tables compare them. */
    static MaskedReconstruction errors(DecompositionRun<?> run) {
        return MaskedReconstruction.of(run, run.seed(), BATCHES);
    }

    /**
     * Measures a run of any of the three methods.
     *
     * @throws IllegalArgumentException if the target is neither a toy model of superposition nor a residual MLP with an output for every feature
     */
    public static Outcome measure(DecompositionRun<?> run) {
        ImportanceStatistics statistics = ImportanceStatistics.of(run, run.seed());
        List<Integer> live = statistics.layers().get(0).liveComponents();
        var bounds = RecoveredMechanisms.Bounds.of(run.target());
        FeatureOwners owners = FeatureOwners.of(run, bounds.value());
        KeepOnlyError alone = KeepOnlyError.of(run, owners);
        RecoveredMechanisms mechanisms = RecoveredMechanisms.of(run, bounds, live, owners, alone);
        MaskedReconstruction errors = errors(run);
        List<Double> ladder = AdversarialLadder.of(run, run.seed(), STARTS).medians();
        boolean isShared = run.decomposition().components().isShared();
        boolean hasLayers = bounds.equals(RecoveredMechanisms.Bounds.CONTRIBUTIONS);
        double crossLayer = isShared && hasLayers && NeuronContributions.of(run).neuronsOfLayers().size() > 1
                ? CrossLayerShare.of(run, bounds.value()).share().orElse(Double.NaN) : Double.NaN;
        double scrubbed = Double.NaN;
        double antiScrubbed = Double.NaN;
        if (isShared) {
            Scrubbing scrubbing = scrubbing(run);
            scrubbed = scrubbing.of(Scrubbing.Kind.SCRUBBED).mean();
            antiScrubbed = scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean();
        }
        return new Outcome(mechanisms.features().size(), mechanisms.directions(), mechanisms.whole(), mechanisms.meanCosine(),
                mechanisms.meanLength(), owners.coverage(), owners.separation(), live.size(),
                statistics.layers().stream().mapToDouble(ImportanceStatistics.Layer::l0).max().orElse(Double.NaN),
                alone.share(), crossLayer, errors.gated(), errors.stochastic(), errors.adversarial(), ladder.get(0),
                ladder.get(1), ladder.get(2), ladder.get(3), ladder.get(4), scrubbed, antiScrubbed, run.steps(), run.seconds());
    }

    /**
     * Returns what finished runs reached, a line for each method.
     *
     * @param runs method → its runs; those that are not finished are left out
     */
    public Table table(Map<String, ? extends List<? extends DecompositionRun<?>>> runs) {
        List<ComparisonResults.Row> rows = new ArrayList<>();
        runs.forEach((method, of) -> of.stream().filter(run -> run.isFinished()).forEach(run -> rows.add(new ComparisonResults.Row(name, method, "",
                run.seed(), measure(run), run.fingerprint(), ComparisonResults.HERE))));
        return new ComparisonResults(rows).recoveryAndOwnComponents();
    }

    @Override
    public String toString() {
        return "comparison of APD, SPD and shared gates on " + name + ", " + seeds + (seeds == 1 ? " seed" : " seeds");
    }
}
