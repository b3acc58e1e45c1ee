package org.apd4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SweepTest {

    private static final Target TARGET = Tms.untrained(TmsConfig.paper5to2(), 0);
    private static final ApdConfig CONFIG = ApdConfig.paperTms5to2().with(c -> {
        c.steps = 20;
        c.batch = 64;
    });

    @TempDir
    Path folder;

    private final AtomicInteger measured = new AtomicInteger();

    private Sweep scan(ApdConfig config) {
        return Sweep.of(TARGET, config, SweepAxis.simplicity(0.1, 0.7), SweepAxis.batchTopK(0.2, 0.3), 2)
                .measuring("seed twice", run -> {
                    measured.incrementAndGet();
                    return 2 * run.seed();
                }).cacheIn(folder);
    }

    @Test
    void aScanMeasuresEveryRunOnceAndShowsTheMeansOfItsSeeds() {
        Sweep scan = scan(CONFIG);
        assertFalse(scan.isFinished());
        assertTrue(Double.isNaN(scan.mean("seed twice").get(0, 0)));
        Table table = scan.train().train().table();
        assertTrue(scan.isFinished());
        assertEquals(8, measured.get());
        assertEquals(List.of(0.0, 2.0), scan.found(1, 0, "seed twice"));
        assertEquals(1, scan.mean("seed twice").get(1, 1));
        assertEquals(List.of("0.1", "0.1", "0.7", "0.7"), table.stringColumn("simplicity").asList());
        assertEquals(List.of("2 of 2", "2 of 2", "2 of 2", "2 of 2"), table.stringColumn("seeds done").asList());
        DecompositionRun<ApdConfig> last = scan.runs(1, 1).get(1);
        assertEquals(last.loss("faithfulness"), scan.found(1, 1, "faithfulness").get(1));
        assertEquals(2, scan.figure("faithfulness").numbers().rowCount());
    }

    @Test
    void whatIsInTheFolderIsNotTrainedAgainAndGivesTheSameTable() {
        String first = scan(CONFIG).train().table().print();
        Sweep second = scan(CONFIG).train();
        assertEquals(8, measured.get());
        assertEquals(List.of(), second.runs(0, 0));
        assertEquals(first, second.table().print());
    }

    @Test
    void aScanThatWasStoppedGoesOnWhereItWas() {
        AtomicInteger stops = new AtomicInteger();
        Sweep first = scan(CONFIG).whenever(scan -> {
            if (stops.getAndIncrement() == 0) {
                scan.stop();
            }
        });
        first.train();
        int done = measured.get();
        assertTrue(done >= 1 && done < 8 && done == first.finished(), done + " of 8 were done");
        Sweep second = scan(CONFIG).train();
        assertEquals(8, measured.get());
        assertEquals(8, second.finished());
        first.train(); // in the same process: goes on with its own runs
        assertEquals(8, first.finished());
    }

    @Test
    void otherSettingsAreOtherRuns() {
        scan(CONFIG).train();
        scan(CONFIG.with(c -> c.steps = 21)).train();
        assertEquals(16, measured.get());
        Sweep.of(TARGET, CONFIG, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(0.2), 1).measuring("another", run -> measured.incrementAndGet()).cacheIn(folder).train();
        assertEquals(17, measured.get());
        Sweep.of(Tms.untrained(TmsConfig.paper5to2(), 1), CONFIG, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(0.2), 1)
                .measuring("another", run -> measured.incrementAndGet()).cacheIn(folder).train();
        assertEquals(18, measured.get());
    }

    @Test
    void aDamagedResultIsNamed() throws IOException {
        scan(CONFIG).train();
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(path -> path.toString().endsWith(".npz")).toList();
        }
        assertEquals(8, files.size());
        Files.write(files.get(0), new byte[] {1, 2, 3});
        String message = assertThrows(UncheckedIOException.class, () -> scan(CONFIG).train()).getMessage();
        assertTrue(message.startsWith(files.get(0).toString()) && message.endsWith("; delete it, and its run is trained again"), message);
    }

    @Test
    void whatComesTooLateOrIsOutOfItsRangeIsRefused() {
        Sweep scan = Sweep.of(TARGET, CONFIG, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(0.2), 1).train();
        assertThrows(IllegalStateException.class, () -> scan.cacheIn(folder));
        assertThrows(IllegalStateException.class, () -> scan.measuring("late", run -> 0));
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(TARGET, CONFIG, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(6), 1));
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(TARGET, CONFIG, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(0.2), 0));
    }
}
