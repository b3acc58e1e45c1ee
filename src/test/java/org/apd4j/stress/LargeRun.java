package org.apd4j.stress;

import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;

/** A run whose file is large enough (26 MB) to take a while to write. */
final class LargeRun {

    private LargeRun() {
    }

    static DecompositionRun<ApdConfig> untrained() {
        var target = Tms.untrained(new TmsConfig(500, 50, 0, 0.01, 1, TmsConfig.paper5to2().training()), 0);
        return Apd.decompose(target, ApdConfig.paperTms40to10().with(c -> {
            c.components = 40;
            c.rank = 100;
            c.batch = 8;
            c.steps = 1_000_000;
        }), 0);
    }
}
