package org.apd4j.apd;

import java.io.IOException;
import java.nio.file.Path;
import org.apd4j.apd.internal.ApdMethod;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;

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

    /** The method, for what works with any. */
    public static final DecompositionMethod<ApdConfig> METHOD = new ApdMethod();

    private Apd() {
    }

    /**
     * A run that decomposes a trained target, with the target's seed; it has not begun to train.
     *
     * @throws IllegalStateException if the settings are too large for this process's heap; the message says what they need
     */
    public static DecompositionRun<ApdConfig> decompose(TargetRun target, ApdConfig config) {
        return decompose(target.target(), config, target.seed());
    }

    /** A run that decomposes a trained target; it has not begun to train. */
    public static DecompositionRun<ApdConfig> decompose(TargetRun target, ApdConfig config, long seed) {
        return decompose(target.target(), config, seed);
    }

    /**
     * The same for any target: one of the paper's, or a network of one's own ({@link Target#of}).
     *
     * @throws IllegalArgumentException if the settings ask for a loss that the network cannot have
     */
    public static DecompositionRun<ApdConfig> decompose(Target target, ApdConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * The same on other threads; they do not change the numbers.
     *
     * @throws IllegalArgumentException if the settings ask for a loss that the network cannot have
     * @throws IllegalStateException if the settings are too large for this process's heap; the message says what they need
     */
    public static DecompositionRun<ApdConfig> decompose(Target target, ApdConfig config, long seed, Workers workers) {
        return DecompositionRun.begin(METHOD, target, config, seed, workers);
    }

    /**
     * Returns a run as it was saved.
     *
     * @throws IOException if there is no such file or anything in it is not as it should be: one sentence naming file, array and fault
     */
    public static DecompositionRun<ApdConfig> load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** The same on other threads; they do not change the numbers. */
    public static DecompositionRun<ApdConfig> load(Path file, Workers workers) throws IOException {
        return DecompositionRun.load(METHOD, file, workers);
    }
}
