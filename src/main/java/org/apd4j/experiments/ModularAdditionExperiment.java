package org.apd4j.experiments;

import java.util.List;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;

/**
 * The experiment with the Local Interaction Basis on a transformer that learns to add modulo 113 (arXiv 2405.10928, section 4.1): how it is trained, on
 * which pairs its bases are computed, and by which it is judged.
 *
 * <pre>{@code
 * var experiment = ModularAdditionExperiment.of(Profile.QUICK);
 * var run = experiment.run(0);
 * System.out.println(run.config().steps() + " epochs, bases of " + experiment.pairs().size() + " pairs");
 * }</pre>
 *
 * @param config   settings of the training
 * @param most     number of pairs, the first ones, from which bases and edges are computed, and number of other pairs by which ablations are judged;
 *                 all if there are fewer
 * @param basis    settings of the basis
 * @param schedule of the node ablations
 * @param profile  the experiment's size
 */
public record ModularAdditionExperiment(ModularAdditionConfig config, int most, InteractionConfig basis, AblationSchedule schedule, Profile profile) {

    /** The node layers: the embedding at all three positions, the stream after attention, the stream after the MLP, and the logits. */
    public static final List<String> NODE_LAYERS = List.of("ln1.0", "ln2.0", "unembed", SectionedNetwork.OUTPUT);
    /** How much lower than that of the untouched network an accuracy may be. */
    public static final double ALLOWED = 0.001;

    /** Below it directions are rounding noise: with the published 1e-15 their number depends on the machine. */
    private static final double THRESHOLD = 1e-7;
    private static final int QUICK_PAIRS = 1_000;

    /**
     * Returns the experiment. Under {@link Profile#PAPER} training ends soon after the network has learned to add, under {@link Profile#LONG} after the
     * paper's 60,000 epochs; the quick one has ten times the learning rate, a part of the pairs, and fewer points in its curves.
     */
    public static ModularAdditionExperiment of(Profile profile) {
        ModularAdditionConfig config = switch (profile) {
            case QUICK -> ModularAdditionConfig.fast();
            case LOOK, PAPER -> ModularAdditionConfig.untilLearned();
            case LONG -> ModularAdditionConfig.paper();
        };
        return new ModularAdditionExperiment(config, profile.isQuick() ? QUICK_PAIRS : Integer.MAX_VALUE,
                InteractionConfig.paper().with(c -> c.threshold = THRESHOLD),
                profile.isQuick() ? AblationSchedule.exponential(16, 1.5) : AblationSchedule.paper(), profile);
    }

    /** Returns the training of a seed, which has not begun yet. */
    public ModularAdditionRun run(long seed) {
        return ModularAdditionRun.of(config, seed);
    }

    /** Returns the task. */
    public ModularAddition task() {
        return config.task();
    }

    /** Returns the pairs from which bases and edges are computed; the network has been trained on them. */
    public Samples pairs() {
        return first(task().train());
    }

    /** Returns the pairs by which ablations are judged; the network has not seen them. */
    public Samples judged() {
        return first(task().test());
    }

    private Samples first(Samples samples) {
        return samples.size() <= most ? samples : samples.rows(0, most);
    }

    /** Returns what differs from the published experiment, in words; empty if nothing does. */
    public String differs() {
        return switch (profile) {
            case QUICK -> "a sixtieth of the epochs, a part of the pairs";
            case LOOK, PAPER -> "trained until learned, not for 60,000 epochs";
            case LONG -> "";
        };
    }

    /** Returns both bases of a trained network, and the nodes and edges that it needs with them. */
    public BasisComparison compare(ModularAdditionRun run) {
        return BasisComparison.of(SectionedNetwork.transformer(run.trained()), NODE_LAYERS, pairs(), judged(), basis, schedule, ALLOWED);
    }
}
