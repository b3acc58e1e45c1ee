package org.apd4j.spd;

import java.io.IOException;
import java.nio.file.Path;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.internal.Workers;
import org.apd4j.spd.internal.SpdMethod;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;

/**
 * Stochastic Parameter Decomposition (Bushnaq, Braun, Sharkey 2025, arXiv 2506.20790), which splits each weight matrix of a network into
 * subcomponents of rank one that sum to it, and trains a gate for each that says how important it is on an input, by deleting random amounts of what
 * the gates call unimportant. The package description lists the equations and where each is computed.
 *
 * <pre>{@code
 * var target = Tms.of(TmsConfig.paper5to2(), 0).train();
 * var spd = Spd.decompose(target, SpdConfig.paperTms5to2());
 * spd.train();
 * }</pre>
 */
public final class Spd {

    /** The method as an object, for code that works with any method. */
    public static final DecompositionMethod<SpdConfig> METHOD = new SpdMethod();

    private Spd() {
    }

    /**
     * Returns a new run that decomposes a trained target, with the target's seed. The run has not begun to train.
     *
     * @throws IllegalArgumentException if the settings do not fit the target
     */
    public static DecompositionRun<SpdConfig> decompose(TargetRun target, SpdConfig config) {
        return decompose(target.trained(), config, target.seed());
    }

    /**
     * Returns a new run that decomposes any target: one of the paper's, or a network that was trained elsewhere ({@link Target#of}).
     *
     * @param seed the seed of batches, masks and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     */
    public static DecompositionRun<SpdConfig> decompose(Target target, SpdConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * Returns a new run that trains on the given threads; their number does not change the results.
     *
     * @param seed the seed of batches, masks and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static DecompositionRun<SpdConfig> decompose(Target target, SpdConfig config, long seed, Workers workers) {
        return DecompositionRun.begin(METHOD, target, config, seed, workers);
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist, is damaged, or holds a run of another method; the message names the file and the fault
     */
    public static DecompositionRun<SpdConfig> load(Path file) throws IOException {
        return DecompositionRun.load(METHOD, file, Workers.all());
    }
}
