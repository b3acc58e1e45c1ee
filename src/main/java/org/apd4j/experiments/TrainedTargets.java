package org.apd4j.experiments;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.apd4j.targets.TargetRun;

/** The targets of an experiment by seed, each of which is trained once, when it is first asked for, whatever threads ask for it. */
final class TrainedTargets {

    private final LongFunction<TargetRun> maker;
    private final Map<Long, TargetRun> runs = new ConcurrentHashMap<>();

    /**
     * Creates targets of which none is trained yet.
     *
     * @param maker returns the run of a seed, not yet trained
     */
    TrainedTargets(LongFunction<TargetRun> maker) {
        this.maker = maker;
    }

    /** Returns the target of a seed, trained. */
    TargetRun of(long seed) {
        TargetRun run = runs.computeIfAbsent(seed, maker::apply);
        synchronized (run) { // the first thread trains it; the others find it finished
            return run.train();
        }
    }
}
