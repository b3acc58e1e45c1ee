package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.experiments.Profile;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class ResultCardTest {

    private static final Table RESULT = NumberTable.named("Paper beside ours").texts("quantity", List.of("MMCS, \"all\" seeds", "runs"))
            .texts("ours", List.of("0.991 ± 0.014", "10")).build();

    @Test
    void theResultOfARunWithThePapersSettingsIsReadBackAsItWas(@TempDir Path folder) {
        var card = new ResultCard(folder.resolve("cards").resolve("01.csv"), Profile.PAPER, System.nanoTime());
        assertSame(RESULT, card.keep(RESULT));
        Table read = card.table();
        assertEquals(RESULT.stringColumn("quantity").asList(), read.stringColumn("quantity").asList());
        assertEquals(RESULT.stringColumn("ours").asList(), read.stringColumn("ours").asList());
        assertTrue(read.name().startsWith("Paper beside ours. Profile PAPER, 1 minute"), read.name());
    }

    @Test
    void theHeadingNamesTheCommitThatIsRecorded(@TempDir Path folder) {
        var card = new ResultCard(folder.resolve("01.csv"), Profile.PAPER, System.nanoTime());
        Results.recordTo(folder, new Results.Origin("1234567", "2026-11-27", "PAPER", "two cores"));
        try {
            card.keep(RESULT);
        } finally {
            Results.stopRecording();
        }
        assertEquals("Paper beside ours. Profile PAPER, commit 1234567, 2026-11-27, two cores, 1 minute.", card.table().name());
    }

    @Test
    void aQuickRunLeavesTheKeptResultAsItIs(@TempDir Path folder) {
        Path file = folder.resolve("01.csv");
        new ResultCard(file, Profile.QUICK, 0).keep(RESULT);
        assertFalse(Files.exists(file));
        Table table = new ResultCard(file, Profile.QUICK, 0).table();
        assertEquals("a run with the profile PAPER writes it to " + file, table.stringColumn("what to do").get(0));
    }
}
