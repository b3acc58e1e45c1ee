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
 * Attribution-based Parameter Decomposition (Braun et al. 2025, arXiv 2501.14926), which splits the weights of a network into components that
 * sum to the weights (faithfulness), of which few are needed on any input (minimality), and each of which is simple (simplicity). The package
 * description lists the equations and where each is computed.
 *
 * <pre>{@code
 * var target = Tms.of(TmsConfig.paper5to2(), 0).train();
 * var apd = Apd.decompose(target, ApdConfig.paperTms5to2());
 * apd.train();
 * }</pre>
 */
public final class Apd {

    /** The method as an object, for code that works with any method. */
    public static final DecompositionMethod<ApdConfig> METHOD = new ApdMethod();

    private Apd() {
    }

    /**
     * Returns a new run that decomposes a trained target, with the target's seed. The run has not begun to train.
     *
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static DecompositionRun<ApdConfig> decompose(TargetRun target, ApdConfig config) {
        return decompose(target.trained(), config, target.seed());
    }

    /**
     * Returns a new run that decomposes a trained target.
     *
     * @param seed the seed of batches and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static DecompositionRun<ApdConfig> decompose(TargetRun target, ApdConfig config, long seed) {
        return decompose(target.trained(), config, seed);
    }

    /**
     * Returns a new run that decomposes any target: one of the paper's, or a network that was trained elsewhere ({@link Target#of}).
     *
     * @param seed the seed of batches and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static DecompositionRun<ApdConfig> decompose(Target target, ApdConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * Returns a new run that trains on the given threads; their number does not change the results.
     *
     * @param seed the seed of batches and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static DecompositionRun<ApdConfig> decompose(Target target, ApdConfig config, long seed, Workers workers) {
        return DecompositionRun.begin(METHOD, target, config, seed, workers);
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist, is damaged, or holds a run of another method; the message names the file and the fault
     */
    public static DecompositionRun<ApdConfig> load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /**
     * Loads a run that was saved, to train on the given threads; their number does not change the results.
     *
     * @throws IOException if the file does not exist, is damaged, or holds a run of another method; the message names the file and the fault
     */
    public static DecompositionRun<ApdConfig> load(Path file, Workers workers) throws IOException {
        return DecompositionRun.load(METHOD, file, workers);
    }
}
