package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.network.Parameter;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.internal.TargetDifference;
import org.apd4j.training.Saveable;
import tech.tablesaw.api.Table;

/**
 * An experiment on a residual MLP (paper sections 3.2 and 3.3): everything that a notebook needs to run it.
 *
 * <pre>{@code
 * var experiment = ResidualMlpExperiment.oneLayer(Profile.QUICK);
 * var target = experiment.target(0).train();
 * var apd = experiment.decompose(target).train();
 * Figures.losses(apd)
 * }</pre>
 *
 * @param name              for people; names the files of kept runs too
 * @param target            the model and its training
 * @param apd               the decomposition
 * @param feature           the feature that is looked at alone
 * @param points            values of x at which a feature's response is taken
 * @param ablations         random ablations of one input
 * @param scrubbingSamples  samples of scrubbing
 * @param perFeatureSamples samples of the loss per feature
 * @param noiseSamples      samples of the loss against the residual noise
 * @param paper             what was published
 */
public record ResidualMlpExperiment(String name, ResidualMlpConfig target, ApdConfig apd, int feature, int points, int ablations,
                                    int scrubbingSamples, int perFeatureSamples, int noiseSamples, PublishedResidualMlp paper) {

    /** Steps of the published runs; the released configuration, which {@link Profile#PAPER} means, has a quarter of them. */
    public static final int LONG_STEPS = 40_000;

    private static final double[] LESS_NOISE = {0, 0.25, 0.5, 0.75};

    /** Compressed computation: one layer with half as many neurons as features. */
    public static ResidualMlpExperiment oneLayer(Profile profile) {
        ApdConfig apd = ApdConfig.paperCompressedComputation();
        return of("compressed computation", ResidualMlpConfig.paperOneLayer(), apd, apd.with(c -> {
            c.components = 52;
            c.rank = 20;
            c.steps = 1_200;
            c.learningRate = 2e-3;
        }), PublishedResidualMlp.ONE_LAYER, profile);
    }

    /** Cross-layer distributed representations: the same with the neurons in two layers. */
    public static ResidualMlpExperiment twoLayers(Profile profile) {
        ApdConfig apd = ApdConfig.paperCrossLayer();
        return of("cross-layer representations", ResidualMlpConfig.paperTwoLayers(), apd, apd.with(c -> {
            c.components = 80;
            c.rank = 10;
            c.steps = 1_200;
            c.learningRate = 2e-3;
        }), PublishedResidualMlp.TWO_LAYERS, profile);
    }

    /** QUICK is the paper's model at two fifths of its size: features as far from right angles, and as many of them active at a time. */
    private static ResidualMlpExperiment of(String name, ResidualMlpConfig target, ApdConfig paper, ApdConfig quick,
                                            PublishedResidualMlp published, Profile profile) {
        return switch (profile) {
            case PAPER -> new ResidualMlpExperiment(name, target, paper, 42, 201, 10_000, 20_000, 100_000, 100_000, published);
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

    /** The same with as many steps as the published run, {@value #LONG_STEPS}. */
    public ResidualMlpExperiment longer() {
        return new ResidualMlpExperiment(name + ", long", target, apd.with(c -> c.steps = LONG_STEPS), feature, points, ablations,
                scrubbingSamples, perFeatureSamples, noiseSamples, paper);
    }

    /** The target's run for a seed. */
    public TargetRun target(long seed) {
        return ResidualMlp.of(target, seed);
    }

    /** The decomposition's run on a target of this experiment, with the target's seed. */
    public DecompositionRun<ApdConfig> decompose(TargetRun target) {
        return Apd.decompose(target, apd);
    }

    /**
     * Targets that differ in how much their residual path mixes features, see {@link ResidualMlp#withResidualNoise}, not yet trained: s = 0, ¼, ½, ¾.
     * For s = 1 it is the target of this experiment.
     *
     * @param seed of all of them
     */
    public Map<Double, TargetRun> lessNoisy(long seed) {
        Map<Double, TargetRun> runs = new LinkedHashMap<>();
        for (double noise : LESS_NOISE) {
            runs.put(noise, ResidualMlp.withResidualNoise(target, noise, seed));
        }
        return runs;
    }

    /** What a target of this experiment gains over the monosemantic baseline. */
    public ResidualNoiseLoss noiseLoss(double noise, TargetRun target) {
        return ResidualNoiseLoss.of(target.target(), noise, target.seed(), noiseSamples);
    }

    /**
     * A target and its decomposition that were kept, or will be trained.
     *
     * @param target the target's run, finished
     * @param apd    the decomposition's run, finished if it was kept
     * @param origin where they come from, one sentence
     */
    public record Kept(TargetRun target, DecompositionRun<ApdConfig> apd, String origin) {
    }

    /**
     * The runs that were kept for a seed, if they are finished runs of exactly this experiment; else a target that is trained now, and a
     * decomposition that is not trained yet. {@code kept.apd().train()} then is right in both cases.
     */
    public Kept kept(Path folder, long seed) {
        Path file = apdFile(folder, seed);
        String reason = "there is no " + file;
        if (Files.exists(file) && Files.exists(targetFile(folder, seed))) {
            try {
                TargetRun target = TargetRun.load(targetFile(folder, seed));
                DecompositionRun<ApdConfig> apd = Apd.load(file);
                reason = notOurs(target, apd, seed);
                if (reason == null) {
                    return new Kept(target, apd, String.format(Locale.ROOT, "Taken from %s: %,d steps, trained before.", file, apd.step()));
                }
                reason = "in " + file + " " + reason;
            } catch (IOException e) {
                reason = e.getMessage();
            }
        }
        TargetRun target = target(seed).train();
        return new Kept(target, decompose(target), "Trained here: " + reason + ".");
    }

    /**
     * What the results have to reach: with the paper's settings its published values, each scrub loss within 25 %; with the quick ones looser
     * bounds in parts of the model's size.
     *
     * @throws IllegalStateException under {@link Profile#QUICK}, if they fall short
     */
    public Table check(Profile profile, Scrubbing scrubbing, ComponentCategories categories, NeuronContributions contributions) {
        boolean paperSized = profile == Profile.PAPER;
        int features = target.features();
        AcceptanceCriteria bounds = AcceptanceCriteria.in(profile)
                .atLeast("features represented", categories.featuresRepresented(), paperSized ? paper.featuresRepresented() : 0.75 * features)
                .atLeast("monosemantic components", categories.monosemantic(), paperSized ? paper.monosemantic() : 0.6 * features);
        if (paper.acrossLayers() > 0) {
            bounds.atLeast("duosemantic components", categories.duosemantic(), 1)
                    .atLeast("features across layers", contributions.featuresAcrossLayers(NeuronContributions.LEADING_NEURONS).size(),
                            paperSized ? paper.acrossLayers() : 0.25 * features);
        }
        double topK = scrubbing.of(Scrubbing.Kind.TOP_K).mean();
        double scrubbed = scrubbing.of(Scrubbing.Kind.SCRUBBED).mean();
        double antiScrubbed = scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean();
        double baseline = scrubbing.of(Scrubbing.Kind.BASELINE).mean();
        if (paperSized) {
            bounds.agrees("mean loss, top-k", topK, paper.topK(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, scrubbed", scrubbed, paper.scrubbed(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, anti-scrubbed", antiScrubbed, paper.antiScrubbed(), PublishedResidualMlp.NEAR)
                    .agrees("mean loss, monosemantic baseline", baseline, paper.baseline(), PublishedResidualMlp.NEAR);
        } else {
            bounds.atMost("mean loss, top-k over baseline", topK / baseline, 0.5)
                    .atMost("mean loss, scrubbed over anti-scrubbed", scrubbed / antiScrubbed, 0.6);
        }
        return bounds.check();
    }

    /** The name, without its ending, of the file in which {@link #kept} looks for the decomposition's run: "compressed-computation-seed-0". */
    public String keptName(long seed) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "-seed-" + seed;
    }

    /** The same for the target's run. */
    public String keptTargetName(long seed) {
        return keptName(seed) + "-target";
    }

    private Path apdFile(Path folder, long seed) {
        return folder.resolve(keptName(seed) + ".npz");
    }

    private Path targetFile(Path folder, long seed) {
        return folder.resolve(keptTargetName(seed) + ".npz");
    }

    /** Why two runs are not finished runs of this experiment for a seed; null if they are. */
    private String notOurs(TargetRun run, DecompositionRun<ApdConfig> found, long seed) {
        if (!run.isFinished() || !found.isFinished()) {
            return String.format(Locale.ROOT, "the target is at step %,d of %,d, the decomposition at step %,d of %,d", run.step(), run.steps(),
                    found.step(), found.steps());
        }
        return target(seed).difference(run).map(difference -> "the target differs in " + difference)
                .or(() -> Saveable.difference(apd, found.config())
                        .or(() -> found.seed() == seed ? Optional.empty() : Optional.of("the seed"))
                        .or(() -> TargetDifference.of(run.target(), found.target(), Parameter.Role.values()))
                        .map(difference -> "the decomposition differs in " + difference))
                .orElse(null);
    }
}
