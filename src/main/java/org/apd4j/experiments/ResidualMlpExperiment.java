package org.apd4j.experiments;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.LayerShares;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.training.Results;
import org.apd4j.training.Run;
import org.apd4j.training.RunFolder;
import org.apd4j.training.Saveable;
import org.apd4j.training.SavedRun;
import tech.tablesaw.api.Table;

/**
 * An experiment on a residual MLP (paper sections 3.2 and 3.3), with its settings, runs and acceptance criteria.
 *
 * <pre>{@code
 * var experiment = ResidualMlpExperiment.oneLayer(Profile.QUICK);
 * var target = experiment.target(0).train();
 * var apd = experiment.decompose(target).train();
 * Figures.losses(apd)
 * }</pre>
 *
 * @param name              the experiment's name; saved runs are named after it
 * @param target            the model and its training
 * @param apd               the decomposition
 * @param feature           the feature that figures of one feature show
 * @param points            the number of values of x at which a feature's response is measured
 * @param ablations         the number of random ablations of one input
 * @param scrubbingSamples  the number of samples for scrubbing
 * @param perFeatureSamples the number of samples for the loss per feature
 * @param noiseSamples      the number of samples for the loss against the residual noise
 * @param paper             the published results
 */
public record ResidualMlpExperiment(String name, ResidualMlpConfig target, ApdConfig apd, int feature, int points, int ablations,
                                    int scrubbingSamples, int perFeatureSamples, int noiseSamples, PublishedResidualMlp paper) {

    /** The number of steps of the published runs; the released configuration, which {@link Profile#PAPER} takes, has a quarter of them. */
    public static final int LONG_STEPS = 40_000;

    private static final double[] LESS_NOISE = {0, 0.25, 0.5, 0.75};

    /** Returns compressed computation: one layer with half as many neurons as features. */
    public static ResidualMlpExperiment oneLayer(Profile profile) {
        ApdConfig apd = ApdConfig.paperCompressedComputation();
        return of("compressed computation", ResidualMlpConfig.paperOneLayer(), apd, apd.with(c -> {
            c.components = 52;
            c.rank = 20;
            c.steps = 1_200;
            c.learningRate = 2e-3;
        }), PublishedResidualMlp.ONE_LAYER, profile);
    }

    /** Returns cross-layer distributed representations: the same number of neurons in two layers. */
    public static ResidualMlpExperiment twoLayers(Profile profile) {
        ApdConfig apd = ApdConfig.paperCrossLayer();
        return of("cross-layer representations", ResidualMlpConfig.paperTwoLayers(), apd, apd.with(c -> {
            c.components = 80;
            c.rank = 10;
            c.steps = 1_200;
            c.learningRate = 2e-3;
        }), PublishedResidualMlp.TWO_LAYERS, profile);
    }

    /** QUICK is the paper's model at two fifths of its size, with features as far from orthogonal, and as many of them active in a sample. */
    private static ResidualMlpExperiment of(String name, ResidualMlpConfig target, ApdConfig paper, ApdConfig quick,
                                            PublishedResidualMlp published, Profile profile) {
        ResidualMlpExperiment whole = new ResidualMlpExperiment(name, target, paper, 42, 201, 10_000, 20_000, 100_000, 100_000, published);
        return switch (profile) {
            case LOOK, PAPER -> whole;
            case LONG -> whole.longer();
            case QUICK -> new ResidualMlpExperiment(name + ", quick", target.with(c -> {
                c.features = 40;
                c.residual = 400;
                c.neurons = 20 / target.layers();
                c.probability = 0.025;
                c.training.batch = 1024;
                c.training.steps = 2_000;
            }), quick, 12, 101, 1_000, 5_000, 10_000, 50_000, published);
        };
    }

    /** Returns this experiment with as many steps as the published run, {@value #LONG_STEPS}. */
    public ResidualMlpExperiment longer() {
        return new ResidualMlpExperiment(name + ", long", target, apd.with(c -> c.steps = LONG_STEPS), feature, points, ablations,
                scrubbingSamples, perFeatureSamples, noiseSamples, paper);
    }

    /** Returns the target's run for a seed, not yet trained. */
    public TargetRun target(long seed) {
        return ResidualMlp.of(target, seed);
    }

    /** Returns the decomposition's run on a target of this experiment, with the target's seed, not yet trained. */
    public DecompositionRun<ApdConfig> decompose(TargetRun target) {
        return Apd.decompose(target, apd);
    }

    /**
     * Returns the runs of targets that differ in how much their residual path mixes features (see {@link ResidualMlp#withResidualNoise}), not yet
     * trained, by s = 0, ¼, ½, ¾. The target of this experiment has s = 1.
     *
     * @param seed the seed of each
     */
    public Map<Double, TargetRun> lessNoisy(long seed) {
        Map<Double, TargetRun> runs = new LinkedHashMap<>();
        for (double noise : LESS_NOISE) {
            runs.put(noise, ResidualMlp.withResidualNoise(target, noise, seed));
        }
        return runs;
    }

    /** Returns the loss of a target with residual noise s, beside that of the monosemantic baseline. */
    public ResidualNoiseLoss noiseLoss(double noise, TargetRun target) {
        return ResidualNoiseLoss.of(target.trained(), noise, target.seed(), noiseSamples);
    }

    /**
     * A target and its decomposition, saved earlier or made now.
     *
     * @param target the target's run, finished
     * @param apd    the decomposition's run; finished if it was saved, not begun if it was not
     * @param origin where they come from, one sentence
     */
    public record Kept(TargetRun target, DecompositionRun<ApdConfig> apd, String origin) {
    }

    /**
     * Returns the runs saved for a seed, if they are finished runs of exactly this experiment; otherwise their committed results, if there are any;
     * otherwise a decomposition that has not begun to train, on a target that is trained now. In each case {@code kept.apd().train()} leads to a
     * finished decomposition. While {@link Results} are shown, so are those of this experiment.
     *
     * @param folder  a {@link RunFolder}, in which the runs are named {@link #keptTargetName} and {@link #keptName}
     * @param results a folder of {@link Results}; large decompositions are cut there, by little
     */
    public Kept kept(Path folder, Path results, long seed) {
        if (Results.areShown()) {
            TargetRun shown = target(seed).train();
            return new Kept(shown, decompose(shown), "The committed result is shown: " + shown.shownFrom().orElseThrow() + ".");
        }
        RunFolder runs = RunFolder.of(folder);
        Optional<SavedRun<TargetRun>> savedTarget = runs.find(keptTargetName(seed), target(seed));
        Optional<String> fault = obstacle("target", folder, keptTargetName(seed), savedTarget);
        if (fault.isPresent()) {
            return committed(results, seed).orElseGet(() -> trainedHere(target(seed).train(), fault.get()));
        }
        TargetRun target = savedTarget.flatMap(SavedRun::run).orElseThrow().train();
        DecompositionRun<ApdConfig> fresh = decompose(target);
        Optional<SavedRun<DecompositionRun<ApdConfig>>> saved = runs.find(keptName(seed), fresh);
        Optional<String> missing = obstacle("decomposition", folder, keptName(seed), saved);
        if (missing.isPresent()) {
            return committed(results, seed).orElseGet(() -> trainedHere(target, missing.get()));
        }
        return new Kept(target, saved.flatMap(SavedRun::run).orElseThrow(),
                String.format(Locale.ROOT, "Taken from %s: %,d steps, trained before.", saved.get().file(), fresh.steps()));
    }

    private Kept trainedHere(TargetRun target, String reason) {
        return new Kept(target, decompose(target), "Trained here: " + reason + ".");
    }

    /** Returns the committed results of this experiment; empty unless both runs are there. */
    private Optional<Kept> committed(Path results, long seed) {
        TargetRun target = target(seed);
        if (!Results.take(results, target)) {
            return Optional.empty();
        }
        DecompositionRun<ApdConfig> apd = decompose(target);
        return !Results.take(results, apd) ? Optional.empty() : Optional.of(new Kept(target, apd, String.format(Locale.ROOT,
                "Taken from the committed results: %s; %s.", apd.shownFrom().orElseThrow(),
                apd.cut().map(Object::toString).orElse("as trained"))));
    }

    /** Returns why what is saved is not a finished run of this experiment; empty if it is. */
    private static <R extends Run<R> & Saveable<R>> Optional<String> obstacle(String what, Path folder, String name, Optional<SavedRun<R>> saved) {
        if (saved.isEmpty()) {
            return Optional.of("there is no " + name + " in " + folder);
        }
        SavedRun<R> found = saved.get();
        String where = "in " + found.file() + " the " + what;
        return found.fault().or(() -> found.difference().map(difference -> where + " differs in " + difference))
                .or(() -> found.run().filter(run -> !run.isFinished())
                        .map(run -> String.format(Locale.ROOT, "%s is at step %,d of %,d", where, run.step(), run.steps())));
    }

    /** The least rank correlation of the first layer's shares at which components follow the target into both layers. */
    private static final double FOLLOWS = 0.9;

    /**
     * Returns the results beside the published ones: with the paper's settings each loss of scrubbing, which agrees within 25 %, the largest loss
     * of a feature with one component a sample, and, for two layers, how the components follow the target into both; with the quick settings, bounds
     * in proportion to the model's size.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if a bound is missed
     */
    public Table check(Profile profile, Scrubbing scrubbing, ComponentCategories categories, NeuronContributions contributions,
                       PerFeatureLoss perFeature) {
        boolean quick = profile.isQuick();
        int features = target.features();
        double topK = scrubbing.of(Scrubbing.Kind.TOP_K).mean();
        double scrubbed = scrubbing.of(Scrubbing.Kind.SCRUBBED).mean();
        double antiScrubbed = scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean();
        double baseline = scrubbing.of(Scrubbing.Kind.BASELINE).mean();
        AcceptanceCriteria verdict = AcceptanceCriteria.in(profile);
        if (quick) {
            verdict.atMost("mean loss, top-k over baseline", topK / baseline, 0.5)
                    .atMost("mean loss, scrubbed over anti-scrubbed", scrubbed / antiScrubbed, 0.6);
        } else {
            verdict.settings(apd.steps() == LONG_STEPS ? "" : String.format(Locale.ROOT, "%,d steps, published %,d", apd.steps(), LONG_STEPS))
                    .agrees("mean loss, top-k", topK, paper.topK(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, scrubbed", scrubbed, paper.scrubbed(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, anti-scrubbed", antiScrubbed, paper.antiScrubbed(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, monosemantic baseline", baseline, paper.baseline(), PublishedResidualMlp.NEAR);
            tail(verdict, perFeature);
        }
        verdict.atLeast("features represented", categories.featuresRepresented(), quick ? 0.75 * features : paper.featuresRepresented())
                .atLeast("monosemantic components", categories.monosemantic(), quick ? 0.6 * features : paper.monosemantic());
        if (contributions.neuronsOfLayers().size() > 1) {
            NeuronContributions.AcrossLayers across = contributions.acrossLayers(NeuronContributions.LEADING_NEURONS);
            verdict.atLeast("rank correlation of layer 1's share, components and target", LayerShares.of(contributions).rankCorrelation(0),
                            quick ? 0.5 : FOLLOWS)
                    .said("features across layers, by their three largest neurons", "many, by eye",
                            String.format(Locale.ROOT, "%d (target %d, by chance %.0f)", across.components(), across.target(), across.chance()),
                            Double.NaN, 1, acrossVerdict(across));
        }
        return verdict.check();
    }

    private void tail(AcceptanceCriteria verdict, PerFeatureLoss perFeature) {
        PerFeatureLoss.Feature worst = perFeature.worstFirst().get(0);
        if (Double.isNaN(paper.largestTop1())) {
            return;
        }
        int beyond = perFeature.above(paper.largestTop1());
        verdict.said("largest loss of a feature, one component a sample", String.format(Locale.ROOT, "≈ %.1e", paper.largestTop1()),
                String.format(Locale.ROOT, "%.1e, feature %d", worst.perSampleTop1(), worst.feature()), Double.NaN, 1,
                beyond == 0 ? "agrees" : beyond + (beyond == 1 ? " feature lies" : " features lie") + " beyond the published tail");
    }

    private static String acrossVerdict(NeuronContributions.AcrossLayers across) {
        return across.components() < Math.min(across.target(), across.chance())
                ? "fewer than in the target and by chance: components are more one-sided" : "as in the target";
    }

    /** Returns the name under which {@link #kept} looks for the decomposition's run: "compressed-computation-seed-0". */
    public String keptName(long seed) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-seed-" + seed;
    }

    /** Returns the name under which {@link #kept} looks for the target's run: "compressed-computation-seed-0-target". */
    public String keptTargetName(long seed) {
        return keptName(seed) + "-target";
    }
}
