package org.apd4j.decomposition;

import org.apd4j.kernel.Workers;
import org.apd4j.network.Network;
import org.apd4j.target.Target;
import org.apd4j.target.TargetRun;

/**
 * Attribution-based Parameter Decomposition (Braun et al. 2025, arXiv 2501.14926): splits the weights of a network into components that
 * sum to the weights, of which few are needed on any input, each as simple as possible.
 *
 * <pre>{@code
 * var target = Tms.of(TmsConfig.paper5to2(), 0).train();
 * var apd = Apd.decompose(target, ApdConfig.paperTms5to2());
 * apd.train();
 * }</pre>
 */
public final class Apd {

    private Apd() {
    }

    /**
     * A run that decomposes a trained target, with the target's seed; it has not begun to train.
     *
     * @throws IllegalStateException if the settings are too large for this process's heap; the message says what they need
     */
    public static ApdRun decompose(TargetRun target, ApdConfig config) {
        return decompose(target.target(), config, target.seed());
    }

    /** A run that decomposes a trained target; it has not begun to train. */
    public static ApdRun decompose(TargetRun target, ApdConfig config, long seed) {
        return decompose(target.target(), config, seed);
    }

    /**
     * The same for any target: one of the paper's, or a network of one's own ({@link Target#of}).
     *
     * @throws IllegalArgumentException if the settings ask for a loss that the network cannot have
     */
    public static ApdRun decompose(Target target, ApdConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * The same on other threads; they do not change the numbers.
     *
     * @throws IllegalArgumentException if the settings ask for a loss that the network cannot have
     * @throws IllegalStateException if the settings are too large for this process's heap; the message says what they need
     */
    public static ApdRun decompose(Target target, ApdConfig config, long seed, Workers workers) {
        Network network = target.network();
        if (config.hiddenReconstruction() > 0 && network.observed().isEmpty()) {
            throw new IllegalArgumentException("hiddenReconstruction is " + config.hiddenReconstruction() + ", but the network of '" + target.name()
                    + "' observes no layer; mark one with NetworkBuilder.observe, or set the coefficient to 0");
        }
        if (config.divergence() == ApdConfig.Divergence.KL && network.outputs() < 2) {
            throw new IllegalArgumentException("the divergence is KL, but '" + target.name()
                    + "' has one output, whose softmax is 1 whatever it is; use MSE");
        }
        HeapNeed.check(target, config);
        return new ApdRun(target, config, seed, Components.random(target.network(), config, seed, workers), workers);
    }
}
