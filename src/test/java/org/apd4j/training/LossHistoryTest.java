package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.targets.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossHistoryTest {

    private static TargetRun run() {
        return Tms.of(TmsConfig.paper5to2().with(c -> c.training.set(new TrainingConfig(1, 9_000, 1e-3, Schedule.constant(), 0))), 0);
    }

    @Test
    void historyOfAContinuedRunIsThatOfAnUninterruptedOne(@TempDir Path folder) throws IOException {
        TargetRun whole = run().train();
        TargetRun half = run().train(5_001);
        assertEquals(4, half.history().stride());
        half.save(folder.resolve("run.npz"));
        TargetRun loaded = TargetRun.load(folder.resolve("run.npz"));
        assertEquals(4, loaded.history().stride());
        loaded.train();
        assertArrayEquals(whole.history().steps(), loaded.history().steps());
        assertArrayEquals(whole.history().values("mse"), loaded.history().values("mse"));
    }
}
