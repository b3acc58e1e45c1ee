package org.apd4j.decomposition;

import org.apd4j.kernel.Workers;
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

    /** The same for any target. */
    public static ApdRun decompose(Target target, ApdConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * The same on other threads; they do not change the numbers.
     *
     * @throws IllegalStateException if the settings are too large for this process's heap; the message says what they need
     */
    public static ApdRun decompose(Target target, ApdConfig config, long seed, Workers workers) {
        HeapNeed.check(target.name(), target.network(), config);
        return new ApdRun(target, config, seed, Components.random(target.network(), config, seed, workers), workers);
    }
}
