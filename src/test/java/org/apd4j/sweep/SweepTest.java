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
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdAxis;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.figures.Figures;
import org.apd4j.tables.Tables;
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

    private Sweep<ApdConfig> sweep(ApdConfig config) {
        return Sweep.of(Apd.METHOD, TARGET, config, ApdAxis.simplicity(0.1, 0.7), ApdAxis.batchTopK(0.2, 0.3), 2)
                .measuring("seed twice", run -> {
                    measured.incrementAndGet();
                    return 2 * run.seed();
                }).cacheIn(folder);
    }

    @Test
    void aSweepMeasuresEveryRunOnceAndShowsTheMeansOfItsSeeds() {
        Sweep<ApdConfig> sweep = sweep(CONFIG);
        assertFalse(sweep.isFinished());
        assertTrue(Double.isNaN(sweep.result().mean("seed twice").get(0, 0)));
        Table table = Tables.sweep(sweep.train().train().result());
        assertTrue(sweep.isFinished());
        assertEquals(8, measured.get());
        assertEquals(List.of(0.0, 2.0), sweep.result().found(1, 0, "seed twice"));
        assertEquals(1, sweep.result().mean("seed twice").get(1, 1));
        assertEquals(List.of("0.1", "0.1", "0.7", "0.7"), table.stringColumn("simplicity").asList());
        assertEquals(List.of("2 of 2", "2 of 2", "2 of 2", "2 of 2"), table.stringColumn("seeds done").asList());
        DecompositionRun<ApdConfig> last = sweep.runs(1, 1).get(1);
        assertEquals(last.loss("faithfulness"), sweep.result().found(1, 1, "faithfulness").get(1));
        assertEquals(2, Figures.sweep(sweep.result(), "faithfulness").numbers().rowCount());
    }

    @Test
    void whatIsInTheFolderIsNotTrainedAgainAndGivesTheSameTable() {
        String first = Tables.sweep(sweep(CONFIG).train().result()).print();
        Sweep<ApdConfig> second = sweep(CONFIG).train();
        assertEquals(8, measured.get());
        assertEquals(List.of(), second.runs(0, 0));
        assertEquals(first, Tables.sweep(second.result()).print());
    }

    @Test
    void aSweepThatWasStoppedGoesOnWhereItWas() {
        AtomicInteger stops = new AtomicInteger();
        Sweep<ApdConfig> first = sweep(CONFIG).whenever(now -> {
            if (stops.getAndIncrement() == 0) {
                now.stop();
            }
        });
        first.train();
        int done = measured.get();
        assertTrue(done >= 1 && done < 8 && done == first.result().finished(), done + " of 8 were done");
        Sweep<ApdConfig> second = sweep(CONFIG).train();
        assertEquals(8, measured.get());
        assertEquals(8, second.result().finished());
        first.train(); // in the same process: goes on with its own runs
        assertEquals(8, first.result().finished());
    }

    @Test
    void otherSettingsAreOtherRuns() {
        sweep(CONFIG).train();
        sweep(CONFIG.with(c -> c.steps = 21)).train();
        assertEquals(16, measured.get());
        Sweep.of(Apd.METHOD, TARGET, CONFIG, ApdAxis.simplicity(0.1), ApdAxis.batchTopK(0.2), 1).measuring("another", run -> measured.incrementAndGet()).cacheIn(folder).train();
        assertEquals(17, measured.get());
        Sweep.of(Apd.METHOD, Tms.untrained(TmsConfig.paper5to2(), 1), CONFIG, ApdAxis.simplicity(0.1), ApdAxis.batchTopK(0.2), 1)
                .measuring("another", run -> measured.incrementAndGet()).cacheIn(folder).train();
        assertEquals(18, measured.get());
    }

    @Test
    void aDamagedResultIsNamed() throws IOException {
        sweep(CONFIG).train();
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(path -> path.toString().endsWith(".npz")).toList();
        }
        assertEquals(8, files.size());
        Files.write(files.get(0), new byte[] {1, 2, 3});
        String message = assertThrows(UncheckedIOException.class, () -> sweep(CONFIG).train()).getMessage();
        assertTrue(message.startsWith(files.get(0).toString()) && message.endsWith("; delete it, and its run is trained again"), message);
    }

    @Test
    void whatComesTooLateOrIsOutOfItsRangeIsRefused() {
        Sweep<ApdConfig> sweep = Sweep.of(Apd.METHOD, TARGET, CONFIG, ApdAxis.simplicity(0.1), ApdAxis.batchTopK(0.2), 1).train();
        assertThrows(IllegalStateException.class, () -> sweep.cacheIn(folder));
        assertThrows(IllegalStateException.class, () -> sweep.measuring("late", run -> 0));
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(Apd.METHOD, TARGET, CONFIG, ApdAxis.simplicity(0.1), ApdAxis.batchTopK(6), 1));
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(Apd.METHOD, TARGET, CONFIG, ApdAxis.simplicity(0.1), ApdAxis.batchTopK(0.2), 0));
    }
}
