package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class SharedGateReachTest {

    private static final Path COMMITTED = Path.of("notebooks", "data", "reach.csv");
    private static final Results.Origin ORIGIN = new Results.Origin("abc1234", "2026-11-27", "PAPER", "Linux; 2 cores");

    private static SharedGateReach.Row row(String data, int components, long seed, int clean, double largestOther) {
        return new SharedGateReach.Row(data, components, seed, 5, clean, 1, largestOther, 5, 2, "01234567", ORIGIN);
    }

    @Test
    void aTableHasALineForEachCaseInTheOrderOfTheCases() {
        Table table = new SharedGateReach(List.of(row("5-2, pairs together in 80 %", 20, 0, 3, 0.4), row("5-2", 60, 0, 5, 0.01),
                row("5-2, pairs together in 80 %", 20, 1, 5, 0.02), row("5-2", 7, 0, 5, 0.03))).table();
        assertEquals(List.of("5-2", "5-2", "5-2, pairs together in 80 %"), table.stringColumn("toy model").asList());
        assertEquals(List.of(7, 60, 20), table.intColumn("C").asList());
        assertEquals(List.of("1 of 1", "1 of 1", "1 of 2"), table.stringColumn("all features clean").asList());
        assertEquals(0.21, (double) table.doubleColumn("largest other row, median").get(2), 1e-12);
        assertEquals(0.4, (double) table.doubleColumn("worst run").get(2), 1e-12);
    }

    @Test
    void aRunOfTheSameCaseAndSeedIsReplaced() {
        var results = new SharedGateReach(List.of(row("5-2", 7, 0, 5, 0.03))).with(row("5-2", 7, 0, 4, 0.1)).with(row("5-2", 20, 0, 5, 0));
        assertEquals(2, results.rows().size());
        assertFalse(results.rows().get(0).isClean());
    }

    /** The same criterion finds a trained run clean and an untrained one not. */
    @Test
    void aRunIsCleanWhenEveryComponentHoldsItsOwnRowAndNoOther() {
        var target = Tms.of(TmsConfig.paper5to2(), 3).train();
        SharedGateConfig settings = SharedGateConfig.tms5to2();
        SharedGateReach.Row trained = SharedGateReach.measure(SharedGate.decompose(target, settings.with(c -> c.steps = 2_000)).train(), "5-2", "f", ORIGIN);
        assertEquals(5, trained.kept());
        assertTrue(trained.isClean(), trained.toString());
        assertEquals(1, trained.own(), 0.05);
        SharedGateReach.Row untrained = SharedGateReach.measure(SharedGate.decompose(target, settings), "5-2", "f", ORIGIN);
        assertFalse(untrained.isClean(), untrained.toString());
        assertTrue(untrained.own() < 0.9, untrained.toString());
    }

    @Test
    void whatAFileHoldsWithTodaysSettingsIsNotTrainedAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("reach.csv");
        List<String> all = new SharedGateReach(List.of()).missing(1);
        assertEquals("5-2, C 7, seed 2000", all.get(0));
        new SharedGateReach(List.of(row("5-2", 7, 2000, 5, 0))).write(file);
        assertEquals(all, SharedGateReach.read(file).missing(1), "other settings are another run");
        List<String> told = new ArrayList<>();
        assertEquals(1, SharedGateReach.make(file, 0, ORIGIN, told::add).rows().size());
        assertEquals(List.of(), told);
    }

    @Test
    void theCommittedFileHasEveryCaseWithTodaysSettings() throws IOException {
        assertEquals(List.of(), SharedGateReach.read(COMMITTED).missing(SharedGateReach.TARGETS));
    }
}
