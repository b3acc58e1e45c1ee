package org.apd4j.decomposition.internal;

import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;
import org.apd4j.targets.internal.TargetDifference;

/**
 * The fingerprint of all that a decomposition's result depends on: method, settings, seed and target. The run need not exist.
 *
 * <pre>{@code
 * String digits = RunFingerprint.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), 0).digits(8);
 * }</pre>
 */
public final class RunFingerprint {

    private RunFingerprint() {
    }

    /** Returns the fingerprint, to which more can be added. */
    public static <S extends Record & DecompositionSettings> Fingerprint of(DecompositionMethod<S> method, Target target, S settings, long seed) {
        Fingerprint all = Fingerprint.of("decomposition run").add("method", method.name())
                .add("config", method.canonical(target.network(), settings)).add("seed", seed);
        return TargetDifference.add(target, all, Parameter.Role.values());
    }
}
