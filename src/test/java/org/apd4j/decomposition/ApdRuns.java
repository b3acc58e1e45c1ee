package org.apd4j.decomposition;

import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Target;

/** Runs on components that a test gives, and their losses in the order of {@link Loss}. */
final class ApdRuns {

    private ApdRuns() {
    }

    static DecompositionRun<ApdConfig> of(Target target, ApdConfig config, Components components) {
        return new DecompositionRun<>(Apd.METHOD, target, config, 0, ApdObjective.of(target.network(), components, config, 0, Workers.all()),
                Workers.all());
    }

    static ApdObjective objective(DecompositionRun<ApdConfig> run) {
        return (ApdObjective) run.objective();
    }

    /** One step; returns all losses, those that are off, too, where they are measured all the same, and NaN where they are not. */
    static double[] step(DecompositionRun<ApdConfig> run, SparseRows x, int step) {
        double[] losses = objective(run).computeAll(x, step, run.optimizer());
        run.update(step);
        return losses;
    }
}
