package org.apd4j.sharedgate;

import java.io.IOException;
import java.nio.file.Path;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.internal.Workers;
import org.apd4j.sharedgate.internal.SharedGateMethod;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;

/**
 * Decomposition by shared gates: a component spans all decomposed matrices of a network, as in APD, and has one gate, which is trained as in SPD, by
 * deleting random amounts of what the gates call unimportant. The package description lists the equations and where each is computed.
 *
 * <pre>{@code
 * var target = Tms.of(TmsConfig.paper5to2(), 0).train();
 * var run = SharedGate.decompose(target, SharedGateConfig.tms5to2());
 * run.train();
 * }</pre>
 */
public final class SharedGate {

    /** The method as an object, for code that works with any method. */
    public static final DecompositionMethod<SharedGateConfig> METHOD = new SharedGateMethod();

    private SharedGate() {
    }

    /**
     * Decomposes a trained target with settings that are chosen from the target and its data alone, with the target's seed, and checks the result with
     * another seed. Trains at least two runs.
     */
    public static CheckedDecomposition decompose(TargetRun target) {
        return decompose(target.trained(), target.seed());
    }

    /**
     * Decomposes any target with settings that are chosen from the target and its data alone, and checks the result with another seed. Trains at least
     * two runs.
     *
     * @param seed the seed of batches, masks and initial values
     */
    public static CheckedDecomposition decompose(Target target, long seed) {
        return CheckedDecomposition.of(target, SharedGateConfig.suggest(target), seed);
    }

    /**
     * Returns a new run that decomposes a trained target, with the target's seed. The run has not begun to train.
     *
     * @throws IllegalArgumentException if the settings do not fit the target
     */
    public static DecompositionRun<SharedGateConfig> decompose(TargetRun target, SharedGateConfig config) {
        return decompose(target.trained(), config, target.seed());
    }

    /**
     * Returns a new run that decomposes any target: one of the papers', or a network that was trained elsewhere ({@link Target#of}).
     *
     * @param seed the seed of batches, masks and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     */
    public static DecompositionRun<SharedGateConfig> decompose(Target target, SharedGateConfig config, long seed) {
        return decompose(target, config, seed, Workers.all());
    }

    /**
     * Returns a new run that trains on the given threads; their number does not change the results.
     *
     * @param seed the seed of batches, masks and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     */
    public static DecompositionRun<SharedGateConfig> decompose(Target target, SharedGateConfig config, long seed, Workers workers) {
        return DecompositionRun.begin(METHOD, target, config, seed, workers);
    }

    /**
     * Returns the gates of a decomposition by this method.
     *
     * @throws IllegalArgumentException if it was made by another method
     */
    public static SharedGateImportance gates(Decomposition decomposition) {
        if (decomposition.importance() instanceof SharedGateImportance gates) {
            return gates;
        }
        throw new IllegalArgumentException("the decomposition has no shared gates; its importance is by " + decomposition.importance().describe());
    }

    /**
     * Loads a run that was saved.
     *
     * @throws IOException if the file does not exist, is damaged, or holds a run of another method; the message names the file and the fault
     */
    public static DecompositionRun<SharedGateConfig> load(Path file) throws IOException {
        return DecompositionRun.load(METHOD, file, Workers.all());
    }
}
