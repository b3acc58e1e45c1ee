package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
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
    void aHistoryKnowsItsNamesAndSaysWhatItHolds() {
        var history = new LossHistory(List.of("near", "far"));
        assertEquals("near, far at 0 steps", history.toString());
        assertTrue(Double.isNaN(history.last("near")) && Double.isNaN(history.last("far")));
        history.record(0, 3, 4);
        history.record(1_000, 1, 2);
        assertEquals("near, far at 2 steps, 0 to 1,000", history.toString());
        assertEquals(List.of(1.0, 2.0), List.of(history.last("near"), history.last("far")));
        assertEquals("got 1 losses instead of 2: [near, far]",
                assertThrows(IllegalArgumentException.class, () -> history.record(2_000, 1)).getMessage());
        assertEquals("no loss named 'sum'; this run has [near, far]",
                assertThrows(NoSuchElementException.class, () -> history.values("sum")).getMessage());
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
