package org.apd4j.experiments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.tables.NumberTable;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.RunFolder;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * APD, SPD and shared gates on the same targets, measured by the same definitions, each with the settings of its own experiment. What counts as
 * success is the same for all three: over the live components, MMCS above {@value Recovery#SUCCESSFUL_MMCS} and a different component for every
 * feature; on a residual MLP, every feature covered and separated ({@link FeatureOwners}).
 *
 * <p>The comparison of many seeds takes hours. In a folder it continues where it was stopped:
 *
 * <pre>{@code
 * try {
 *     Comparison.fiveToTwo(Profile.PAPER).withSeeds(90).run(RunFolder.of(Path.of("comparison")));
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 */
public final class Comparison {

    private static final String APD = "APD";
    private static final String SPD = "SPD";
    private static final String SHARED = "shared gates";
    /** Batches of 512 samples for the errors under masks. */
    private static final int BATCHES = 4;

    private final String name;
    private final LongFunction<TargetRun> maker;
    private final ApdConfig apd;
    private final SpdConfig spd;
    private final SharedGateConfig shared;
    private final int seeds;
    private final boolean rows;
    /** By seed; each is trained once for the three methods. */
    private final Map<Long, TargetRun> targets = new ConcurrentHashMap<>();

    Comparison(String name, LongFunction<TargetRun> maker, ApdConfig apd, SpdConfig spd, SharedGateConfig shared, int seeds, boolean rows) {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds is " + seeds + "; it must be at least 1");
        }
        this.name = name;
        this.maker = maker;
        this.apd = apd;
        this.spd = spd;
        this.shared = shared;
        this.seeds = seeds;
        this.rows = rows;
    }

    /** Returns the comparison on TMS 5-2: three seeds, one in the quick size, where the methods take fewer steps. */
    public static Comparison fiveToTwo(Profile profile) {
        TmsConfig model = TmsConfig.paper5to2();
        Profile size = settingsOf(profile);
        return new Comparison("TMS 5-2" + (profile.isQuick() ? ", quick" : ""), seed -> Tms.of(model, seed), TmsExperiment.fiveToTwo(size).apd(),
                SpdExperiment.fiveToTwo(size).spd(), SharedGateExperiment.fiveToTwo(size).settings(), profile.isQuick() ? 1 : 3, true);
    }

    /** Returns the comparison on TMS 40-10: three seeds, one in the quick size. */
    public static Comparison fortyToTen(Profile profile) {
        TmsConfig model = TmsConfig.paper40to10();
        Profile size = settingsOf(profile);
        return new Comparison("TMS 40-10" + (profile.isQuick() ? ", quick" : ""), seed -> Tms.of(model, seed), TmsExperiment.fortyToTen(size).apd(),
                SpdExperiment.fortyToTen(size).spd().with(c -> c.components = Math.max(c.components, 2 * model.features())),
                SharedGateExperiment.fortyToTen(size).settings(), profile.isQuick() ? 1 : 3, true);
    }

    /** Returns the comparison on the residual MLP of one layer: one seed. The quick one has 40 features and 20 neurons. */
    public static Comparison oneLayer(Profile profile) {
        Profile size = settingsOf(profile);
        SharedGateExperiment experiment = SharedGateExperiment.oneLayer(size);
        return new Comparison("residual MLP, one layer" + (profile.isQuick() ? ", quick" : ""), experiment.targets(),
                ResidualMlpExperiment.oneLayer(size).apd(),
                SpdExperiment.oneLayer(size).spd().with(c -> c.components = profile.isQuick() ? 60 : c.components), experiment.settings(), 1, false);
    }

    /** None of the three has longer settings of its own for every model. */
    private static Profile settingsOf(Profile profile) {
        return profile == Profile.LONG ? Profile.PAPER : profile;
    }

    /** Returns this comparison with another number of seeds, 0 … seeds − 1. */
    public Comparison withSeeds(int seeds) {
        return new Comparison(name, maker, apd, spd, shared, seeds, rows);
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
        TargetRun run = targets.computeIfAbsent(seed, maker::apply);
        synchronized (run) { // the first thread trains it; the others find it finished
            return run.train();
        }
    }

    /**
     * What a run reached.
     *
     * @param seed        the run's seed
     * @param success     whether it succeeds, by the definition of this comparison
     * @param direction   for a toy model MMCS, for a residual MLP the mean cosine of neuron contributions
     * @param length      for a toy model ML2R, for a residual MLP the mean length ratio of neuron contributions
     * @param live        number of components that are important on some sample, in the first layer where each has its own
     * @param distinct    number of different components that own a feature, in the layer that has fewest
     * @param keepOnly    error of a feature's output with its own component alone, relative to that without any
     * @param gated       mean squared error of the output with each component as much as its importance
     * @param adversarial the same with the worst masks that a search finds
     * @param seconds     seconds of training
     */
    public record Outcome(long seed, boolean success, double direction, double length, int live, int distinct, double keepOnly, double gated,
                          double adversarial, double seconds) {
    }

    /** Measures a run of any of the three methods. */
    public Outcome measure(DecompositionRun<?> run) {
        ImportanceStatistics statistics = ImportanceStatistics.of(run, run.seed());
        List<Integer> live = statistics.layers().get(0).liveComponents();
        FeatureOwners owners = FeatureOwners.of(run, rows ? SharedGateExperiment.TOY : SharedGateExperiment.FUNCTION);
        int distinct = owners.layers().stream().mapToInt(layer -> (int) layer.owner().stream().distinct().count()).min().orElseThrow();
        MaskedReconstruction errors = MaskedReconstruction.of(run, run.seed(), BATCHES);
        double keepOnly = KeepOnlyError.of(run, owners.value()).share();
        if (rows) {
            Recovery found = Recovery.of(run, Tms.ENCODER, live);
            return new Outcome(run.seed(), found.success(), found.mmcs(), found.ml2r(), live.size(), found.distinctComponents(), keepOnly,
                    errors.gated(), errors.adversarial(), run.seconds());
        }
        NeuronContributions found = NeuronContributions.of(run);
        double[] cosines = new double[found.features()];
        double[] lengths = new double[found.features()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = found.cosine(i);
            lengths[i] = found.lengthRatio(i);
        }
        return new Outcome(run.seed(), owners.coverage() == 1 && owners.separation() == 1, Statistics.mean(cosines), Statistics.mean(lengths),
                live.size(), distinct, keepOnly, errors.gated(), errors.adversarial(), run.seconds());
    }

    /**
     * Returns what finished runs reached, a line for each method, means over the seeds.
     *
     * @param runs method → its runs; those that are not finished are left out
     */
    public Table table(Map<String, ? extends List<? extends DecompositionRun<?>>> runs) {
        List<List<Outcome>> outcomes = new ArrayList<>();
        runs.values().forEach(of -> outcomes.add(of.stream().filter(run -> run.isFinished()).map(this::measure).toList()));
        return NumberTable.named("Three methods on the same targets: " + name).texts("method", List.copyOf(runs.keySet()))
                .texts("succeed", outcomes.stream().map(Comparison::successes).toList())
                .numbers(rows ? "MMCS" : "cosine", means(outcomes, Outcome::direction))
                .numbers(rows ? "ML2R" : "length ratio", means(outcomes, Outcome::length))
                .numbers("live", means(outcomes, Outcome::live)).numbers("distinct", means(outcomes, Outcome::distinct))
                .numbers("own component alone, error", means(outcomes, Outcome::keepOnly)).numbers("error, s = 0", means(outcomes, Outcome::gated))
                .numbers("error, s worst", means(outcomes, Outcome::adversarial)).numbers("seconds", means(outcomes, Outcome::seconds)).build();
    }

    private static String successes(List<Outcome> of) {
        return String.format(Locale.ROOT, "%d of %d", of.stream().filter(Outcome::success).count(), of.size());
    }

    private static double[] means(List<List<Outcome>> outcomes, ToDoubleFunction<Outcome> number) {
        return outcomes.stream().mapToDouble(of -> Statistics.mean(of.stream().mapToDouble(number).toArray())).toArray();
    }

    /**
     * Trains the runs of all three methods, and returns {@link #table}. Each run is saved in the folder while it trains; called again, the
     * comparison goes on from there.
     *
     * @throws IOException if what is saved cannot be read, or the folder cannot be written to
     */
    public Table run(RunFolder folder) throws IOException {
        folder.writable();
        Map<String, List<? extends DecompositionRun<?>>> runs = new LinkedHashMap<>();
        runs.put(APD, folder.resume(apd()).train().runs());
        runs.put(SPD, folder.resume(spd()).train().runs());
        runs.put(SHARED, folder.resume(shared()).train().runs());
        return table(runs);
    }

    @Override
    public String toString() {
        return "comparison of APD, SPD and shared gates on " + name + ", " + seeds + (seeds == 1 ? " seed" : " seeds");
    }
}
