package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apd4j.data.Sampler;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceRecovery;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.network.Network;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * An experiment with Stochastic Parameter Decomposition (arXiv 2506.20790, section 3), with its settings, runs and acceptance criteria.
 *
 * <pre>{@code
 * var experiment = SpdExperiment.fiveToTwo(Profile.QUICK);
 * var spd = experiment.decompose(experiment.target(experiment.firstSeed()).train());
 * spd.train();
 * experiment.check(List.of(spd))
 * }</pre>
 *
 * @param name      the experiment's name
 * @param targets   makes the target's run for a seed
 * @param spd       the decomposition
 * @param firstSeed the seed of the first target and decomposition; its target {@linkplain #represents represents} every feature
 * @param seeds     the number of targets and decompositions, at least 1
 * @param blocks    by decomposed layer, the number of components that should work together on every input; 0 where each feature should have one of
 *                  its own
 * @param paper     the published recovery of the features; empty where the paper gives none
 * @param differs   what differs from the published experiment
 * @param profile   the experiment's size
 */
public record SpdExperiment(String name, LongFunction<TargetRun> targets, SpdConfig spd, long firstSeed, int seeds, List<Integer> blocks,
                            Optional<PublishedRecovery> paper, Difference differs, Profile profile) {

    /**
     * What differs from a published experiment.
     *
     * @param isOfSize whether the model has another size, so that its results cannot be compared with the published ones
     * @param words    the difference in words; empty if there is none
     */
    public record Difference(boolean isOfSize, String words) {

        /** Returns no difference. */
        public static Difference none() {
            return new Difference(false, "");
        }

        private static Difference ofSteps(int steps, int published) {
            return steps == published ? none() : new Difference(false, String.format(Locale.ROOT, "%,d steps, published %,d", steps, published));
        }
    }

    /** The value of the active feature in inputs with a single one, as in the paper. */
    public static final double VALUE = 0.75;

    /** An output is within this distance of {@link #VALUE} where the target represents its feature, as in the reference's check. */
    private static final double NEAR = 0.1;
    /** The distance of the seeds that are tried for one target, and how many of them. */
    private static final long APART = 100;
    private static final int TRIED = 20;
    /** Targets with more features are taken as they are: their features disturb each other more, and few of them are left out. */
    private static final int CHOSEN_FEATURES = 5;

    private static final List<Double> COEFFICIENTS = List.of(0.1, 0.3, 1.0, 10.0, 100.0);

    /** Copies the list. */
    public SpdExperiment {
        blocks = List.copyOf(blocks);
    }

    /** Returns TMS 5-2: ten seeds, two in the quick size. */
    public static SpdExperiment fiveToTwo(Profile profile) {
        return tms("TMS 5-2", TmsConfig.spd5to2(), SpdConfig.paperTms5to2(), 3, profile.isQuick() ? 2 : 10, List.of(0, 0),
                new PublishedRecovery(1.000, 0.000, 0.993, 0.002, false, ""), profile);
    }

    /** Returns TMS 5-2 with a fixed identity between encoder and decoder, which is decomposed, too: three seeds, one in the quick size. */
    public static SpdExperiment fiveToTwoIdentity(Profile profile) {
        return tms("TMS 5-2+ID", TmsConfig.spd5to2().withIdentity(), SpdConfig.paperTms5to2(), 3, profile.isQuick() ? 1 : 3,
                List.of(0, 2, 0), new PublishedRecovery(1.000, 0.000, 0.992, 0.010, false, ""), profile);
    }

    /** Returns TMS 40-10, with 10,000 steps except under {@link Profile#LONG}, which has the paper's 40,000. */
    public static SpdExperiment fortyToTen(Profile profile) {
        return tms("TMS 40-10", TmsConfig.spd40to10(), SpdConfig.paperTms40to10(), 0, 1, List.of(0, 0),
                new PublishedRecovery(1.000, 0.000, 1.010, 0.007, false, ""), profile);
    }

    /** Returns TMS 40-10 with a fixed identity between encoder and decoder, with as many steps as {@link #fortyToTen}. */
    public static SpdExperiment fortyToTenIdentity(Profile profile) {
        return tms("TMS 40-10+ID", TmsConfig.spd40to10().withIdentity(), SpdConfig.paperTms40to10(), 0, 1, List.of(0, 10, 0),
                new PublishedRecovery(1.000, 0.000, 1.031, 0.001, false, ""), profile);
    }

    private static SpdExperiment tms(String name, TmsConfig target, SpdConfig spd, long firstSeed, int seeds, List<Integer> blocks,
                                     PublishedRecovery paper, Profile profile) {
        boolean large = target.features() > 5;
        TmsConfig model = !profile.isQuick() || !large ? target : target.with(c -> {
            c.features = 12; // 20 in five dimensions disturb each other so much that no output comes near its input
            c.hidden = 5;
            c.training.batch = 1024;
            c.training.steps = 2_000;
        });
        SpdConfig all = !target.identity() ? spd : spd.with(c -> c.parameters = List.of(Tms.ENCODER, Tms.hidden(0))); // the identity is not trained
        SpdConfig config = profile.isQuick() ? all.with(c -> {
            c.steps = large ? 4_000 : 6_000;
            c.components = large ? 36 : 20;
            c.batch = 1024;
            c.learningRate = large ? 5e-3 : 1e-2;
            c.importanceMinimality = large ? 3e-4 : c.importanceMinimality; // errors are means over fewer outputs
        }) : large && profile != Profile.LONG ? all.with(c -> c.steps = 10_000) : all;
        List<Integer> own = blocks.stream().map(block -> block == 0 ? 0 : model.hidden()).toList();
        String size = profile.isQuick() ? large ? ", quick: 12-5" : ", quick" : large && profile == Profile.LONG ? ", all steps" : "";
        Difference differs = profile.isQuick() && large ? new Difference(true, "smaller model, fewer steps") : Difference.ofSteps(config.steps(), spd.steps());
        return new SpdExperiment(name + size, seed -> Tms.of(model, seed), config, firstSeed, seeds, own, Optional.of(paper), differs, profile);
    }

    /** Returns the residual MLP of one layer; the quick one has a fifth of its size, as many active features a sample, and a larger coefficient. */
    public static SpdExperiment oneLayer(Profile profile) {
        return residual("one layer", ResidualMlpConfig.spdOneLayer(), SpdConfig.paperOneLayer(), profile);
    }

    /** Returns the residual MLP of two layers, which takes about an hour; the quick one is as small as that of {@link #oneLayer}. */
    public static SpdExperiment twoLayers(Profile profile) {
        return residual("two layers", ResidualMlpConfig.spdTwoLayers(), SpdConfig.paperTwoLayers(), profile);
    }

    /**
     * Returns the residual MLP of three layers, with the 100,000 steps of the released configuration; the quick one is as small as that of
     * {@link #oneLayer}. It takes many hours:
     *
     * <pre>{@code
     * try {
     *     var experiment = SpdExperiment.threeLayers(Profile.LONG);
     *     var run = RunFolder.of(Path.of("runs")).resume(experiment.decompose(experiment.target(0).train()));
     *     run.train(1);     // or all: run.train(); stopped, the same lines go on
     * } catch (IOException e) {
     *     throw new UncheckedIOException(e);
     * }
     * }</pre>
     */
    public static SpdExperiment threeLayers(Profile profile) {
        return residual("three layers", ResidualMlpConfig.spdThreeLayers(), SpdConfig.paperThreeLayers(), profile);
    }

    private static SpdExperiment residual(String layers, ResidualMlpConfig target, SpdConfig spd, Profile profile) {
        String name = "residual MLP, " + layers;
        if (!profile.isQuick()) {
            return new SpdExperiment(name, seed -> ResidualMlp.of(target, seed), spd, 0, 1, blocks(target), Optional.empty(), Difference.none(),
                    profile);
        }
        ResidualMlpConfig small = target.with(c -> {
            c.features = 20;
            c.residual = 200;
            c.neurons = target.neurons() / 5;
            c.probability = 0.05;
            c.training.batch = 1024;
        });
        return new SpdExperiment(name + ", quick", seed -> ResidualMlp.of(small, seed), spd.with(c -> {
            c.components = Math.min(spd.components(), 20 * target.layers());
            c.batch = 1024;
            c.steps = 3_000;
            c.learningRate = 5e-3;
            c.importanceMinimality = 2e-4;
        }), 0, 1, blocks(small), Optional.empty(), new Difference(true, "smaller model, fewer steps"), profile);
    }

    /** W_in has a component for each feature, W_out one for each neuron, all of which work together. */
    private static List<Integer> blocks(ResidualMlpConfig target) {
        return IntStream.range(0, 2 * target.layers()).mapToObj(layer -> layer % 2 == 0 ? 0 : target.neurons()).toList();
    }

    /** Returns the target's run for a seed, not yet trained. */
    public TargetRun target(long seed) {
        return targets.apply(seed);
    }

    /** Returns the decomposition's run on a target of this experiment, with the target's seed, not yet trained. */
    public DecompositionRun<SpdConfig> decompose(TargetRun target) {
        return Spd.decompose(target, spd);
    }

    /**
     * Returns the decomposition's run of a target's network on other data than the network was trained on, not yet trained.
     *
     * @param name what is special about the data, for display
     * @param data what the inputs are drawn from
     * @throws IllegalArgumentException if data and network differ in their number of features
     */
    public DecompositionRun<SpdConfig> decompose(TargetRun target, String name, Sampler data) {
        Target trained = target.trained();
        return Spd.decompose(Target.of(trained.name() + ", " + name, trained.network(), data), spd, target.seed());
    }

    /**
     * Returns whether a target represents every feature: output i is within 0.1 of 0.75 if feature i alone is 0.75. The training of toy models of 5
     * features fails in about half of the seeds, which says nothing of the decomposition.
     */
    public static boolean represents(TargetRun target) {
        Network network = target.trained().network();
        Matrix x = Matrix.identity(network.inputs());
        for (int i = 0; i < x.rows(); i++) {
            x.set(i, i, (float) VALUE);
        }
        Matrix y = network.forward(x);
        return IntStream.range(0, x.rows()).allMatch(i -> Math.abs(y.get(i, i) - VALUE) < NEAR);
    }

    /**
     * Returns the runs for all seeds, not yet trained. Making one trains its target; where a toy model of 5 features does not
     * {@linkplain #represents represent} every one, the seeds 100, 200 … further are tried.
     *
     * @throws IllegalStateException when it is trained, if none of 20 targets represents every feature
     */
    public SeedRuns<DecompositionRun<SpdConfig>> allSeeds() {
        return SeedRuns.named(name + ", " + seeds + (seeds == 1 ? " seed" : " seeds"), LongStream.range(0, seeds).mapToObj(place -> "seed " + (firstSeed + place)).toList(),
                place -> decompose(paper.isEmpty() ? target(firstSeed + place).train() : complete(firstSeed + place)));
    }

    private TargetRun complete(long seed) {
        for (int tried = 0; tried < TRIED; tried++) {
            TargetRun target = target(seed + tried * APART).train();
            if (target.trained().network().inputs() > CHOSEN_FEATURES || represents(target)) {
                return target;
            }
        }
        throw new IllegalStateException("none of the targets of " + name + " with the seeds " + seed + ", " + (seed + APART)
                + " … represents every feature; train it for more steps");
    }

    /**
     * Returns decompositions of a target that differ in the coefficient of importance minimality: 0.1, 0.3, 1, 10 and 100 times that of this
     * experiment (figure 8 of the paper). They are not yet trained, except the one that is given.
     *
     * @param own a run of this experiment's own settings
     */
    public Map<String, DecompositionRun<SpdConfig>> coefficients(TargetRun target, DecompositionRun<SpdConfig> own) {
        Map<String, DecompositionRun<SpdConfig>> runs = new LinkedHashMap<>();
        for (double factor : COEFFICIENTS) {
            double coefficient = factor * spd.importanceMinimality();
            runs.put(String.format(Locale.ROOT, "%.0e", coefficient), factor == 1 ? own
                    : Spd.decompose(target, spd.with(c -> c.importanceMinimality = coefficient)));
        }
        return runs;
    }

    /** Returns this experiment with other settings of the decomposition. */
    public SpdExperiment with(Consumer<SpdConfig.Fields> change) {
        return new SpdExperiment(name, targets, spd.with(change), firstSeed, seeds, blocks, paper, differs, profile);
    }

    /** Returns how well runs of this experiment recover the features of a toy model of superposition, in their order. */
    public List<ImportanceRecovery> recovery(List<? extends DecompositionRun<SpdConfig>> runs) {
        return runs.stream().map(run -> ImportanceRecovery.of(run, blocks, run.seed())).toList();
    }

    /**
     * Returns the same for runs with names, such as those that differ in one setting.
     *
     * @param runs heading → run
     */
    public Map<String, ImportanceRecovery> recovery(Map<String, ? extends DecompositionRun<SpdConfig>> runs) {
        Map<String, ImportanceRecovery> found = new LinkedHashMap<>();
        runs.forEach((heading, run) -> found.put(heading, recovery(List.of(run)).get(0)));
        return found;
    }

    /**
     * Returns what runs of this experiment reach, beside the published values.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(List<? extends DecompositionRun<SpdConfig>> runs) {
        return addTo(AcceptanceCriteria.in(profile), runs).check();
    }

    /**
     * Adds what runs of this experiment reach, beside the published values and what differs from their settings, to a verdict on several experiments,
     * and returns it. Where the model has another size than the published one, the verdict on each published value is that it is not comparable.
     */
    public AcceptanceCriteria addTo(AcceptanceCriteria verdict, List<? extends DecompositionRun<SpdConfig>> runs) {
        verdict.settings(differs.words());
        return paper.isPresent() ? recovered(verdict, paper.get(), recovery(runs)) : residual(verdict, runs);
    }

    private AcceptanceCriteria recovered(AcceptanceCriteria verdict, PublishedRecovery published, List<ImportanceRecovery> found) {
        List<ImportanceRecovery> right = found.stream().filter(ImportanceRecovery::success).toList();
        double[] mmcs = numbers(right, one -> one.live().mmcs());
        double[] ml2r = numbers(right, one -> one.live().ml2r());
        said(verdict, "MMCS, seeds that succeed", NumberText.spread(published.mmcs(), published.mmcsDeviation()), text(mmcs), spread(mmcs),
                mmcs.length, mmcs.length > 0 && published.agreesOnMmcs(Statistics.mean(mmcs)) ? "agrees" : difference(mmcs, published.mmcs()));
        said(verdict, "ML2R, seeds that succeed", NumberText.spread(published.ml2r(), published.ml2rDeviation()), text(ml2r), spread(ml2r),
                ml2r.length, ml2r.length > 0 && published.agreesOnMl2r(Statistics.mean(ml2r)) ? "agrees" : difference(ml2r, published.ml2r()));
        if (profile.isQuick()) {
            return verdict.atLeast(name + ": seeds that succeed", right.size(), 1, found.size());
        }
        return said(verdict, "seeds that succeed", "robust, by its text", right.size() + " of " + found.size(), Double.NaN, found.size(),
                right.size() == found.size() ? "agrees" : "not every seed works");
    }

    /** Adds a published result beside ours, with a verdict if the model has the published size. */
    private AcceptanceCriteria said(AcceptanceCriteria verdict, String quantity, String published, String ours, double spread, int runs, String words) {
        return verdict.said(name + ": " + quantity, published, ours, spread, runs, differs.isOfSize() ? AcceptanceCriteria.NOT_COMPARABLE : words);
    }

    private static String difference(double[] values, double published) {
        return values.length == 0 ? "not reproduced" : String.format(Locale.ROOT, "differs (%+.3f)", Statistics.mean(values) - published);
    }

    private static double[] numbers(List<ImportanceRecovery> found, ToDoubleFunction<ImportanceRecovery> number) {
        return found.stream().mapToDouble(number).toArray();
    }

    private static String text(double[] values) {
        return values.length == 0 ? "–" : String.format(Locale.ROOT, "%.3f", Statistics.mean(values));
    }

    private static double spread(double[] values) {
        return values.length < 2 ? Double.NaN : Statistics.standardDeviation(values);
    }

    private AcceptanceCriteria residual(AcceptanceCriteria verdict, List<? extends DecompositionRun<SpdConfig>> runs) {
        List<List<ImportanceMatrix>> layers = new ArrayList<>();
        runs.forEach(run -> layers.add(OneHotImportances.of(run, VALUE).layers()));
        double[] correlations = runs.stream().mapToDouble(run -> NeuronContributions.of(run).correlation()).toArray();
        if (profile.isQuick()) { // nothing is published for the small model, and the bound is ours
            verdict.atLeast(name + ": correlation of neuron contributions", Statistics.mean(correlations), 0.9, runs.size());
        } else {
            double published = blocks.size() == 2 ? 1 : 0.999; // one layer: figure 7; two and three: figures 10 and 11
            said(verdict, "correlation of neuron contributions", String.format(Locale.ROOT, "%.3f", published), text(correlations),
                    spread(correlations), correlations.length, Statistics.mean(correlations) >= published - 0.0005 ? "agrees" : "lower");
        }
        int features = layers.get(0).get(0).values().rows();
        for (int l = 0; l < blocks.size(); l += 2) {
            String of = blocks.size() == 2 ? "" : ", layer " + (l / 2 + 1);
            double[] in = numbers(layers, l, matrix -> matrix.important(ImportanceStatistics.ACTIVE).size());
            double[] perFeature = numbers(layers, l, matrix -> matrix.meanAbove(ImportanceStatistics.ACTIVE));
            double[] out = numbers(layers, l + 1, matrix -> matrix.important(ImportanceStatistics.ACTIVE).size());
            int neurons = blocks.get(l + 1);
            said(verdict, "important components of W_in" + of, "one for each feature",
                    String.format(Locale.ROOT, "%.0f for %d features", Statistics.mean(in), features), spread(in), in.length,
                    Statistics.mean(in) == features ? "agrees: one each" : "not one for each");
            said(verdict, "of these, on a feature alone" + of, "1.0", String.format(Locale.ROOT, "%.1f", Statistics.mean(perFeature)),
                    spread(perFeature), perFeature.length, Math.abs(Statistics.mean(perFeature) - 1) < 0.05 ? "agrees" : "differs");
            said(verdict, "important components of W_out" + of, "one for each neuron",
                    String.format(Locale.ROOT, "%.0f for %d neurons", Statistics.mean(out), neurons), spread(out), out.length,
                    Statistics.mean(out) == neurons ? "agrees" : "differs");
        }
        return verdict;
    }

    private static double[] numbers(List<List<ImportanceMatrix>> layersOfRuns, int layer, ToDoubleFunction<ImportanceMatrix> number) {
        return layersOfRuns.stream().mapToDouble(layers -> number.applyAsDouble(layers.get(layer))).toArray();
    }
}
