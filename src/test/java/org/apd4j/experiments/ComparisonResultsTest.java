package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.training.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class ComparisonResultsTest {

    private static final Path COMMITTED = Path.of("notebooks", "data", "comparison.csv");

    static ComparisonResults.Row row(String target, String method, String change, long seed, int directions, int whole) {
        return row(target, method, change, seed, 5, directions, whole);
    }

    private static ComparisonResults.Row row(String target, String method, String change, long seed, int features, int directions, int whole) {
        var outcome = new Comparison.Outcome(features, directions, whole, 0.9987654321, 0.5 + seed, 1, 1, 5, 0.25, 0.01, Double.NaN, 1e-3, 2e-3, 3e-3,
                4e-3, 5e-3, 6e-3, 7e-3, 8e-3, Double.NaN, Double.NaN, 100, 30);
        return new ComparisonResults.Row(target, method, change, seed, outcome, "01234567",
                new Results.Origin("abc1234", "2026-11-27", "PAPER", "Linux; 2 cores"));
    }

    private static ComparisonResults all() {
        return new ComparisonResults(List.of(row("TMS 5-2", "APD", "", 0, 5, 0), row("TMS 5-2", "SPD", "", 0, 5, 5),
                row("TMS 5-2", "shared gates", "", 1, 5, 5), row("TMS 5-2", "shared gates", "", 0, 5, 5), row("TMS 5-2", "APD", "", 1, 4, 0),
                row("TMS 5-2", "APD", "minimality × 3", 1, 5, 5), row("TMS 5-2", "APD", "minimality × 1/3", 1, 3, 0),
                row("TMS 40-10", "APD", "", 0, 5, 5), row("TMS 40-10", "APD", "steps 400", 0, 5, 5)));
    }

    @Test
    void aFileHoldsEveryRunWithSixDigits(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("comparison.csv");
        all().write(file);
        ComparisonResults read = ComparisonResults.read(file);
        assertEquals(all().rows().size(), read.rows().size());
        ComparisonResults.Row first = read.rows().get(0);
        assertEquals("TMS 40-10", first.target());
        assertEquals(0.998765, first.outcome().cosine());
        assertEquals(all().rows().get(0).origin(), first.origin());
        assertTrue(Double.isNaN(first.outcome().scrubbed()), "what is missing stays missing");
        read.write(folder.resolve("again.csv"));
        assertEquals(Files.readString(file), Files.readString(folder.resolve("again.csv")));
    }

    @Test
    void targetsWithFewerFeaturesComeFirst() {
        assertEquals(List.of("TMS 5-2", "TMS 40-10"),
                new ComparisonResults(List.of(row("TMS 40-10", "APD", "", 0, 40, 40, 0), row("TMS 5-2", "APD", "", 0, 5, 5, 0))).targets());
    }

    @Test
    void aTargetWhoseNameHasACommaIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("comparison.csv");
        new ComparisonResults(List.of(row("residual MLP, one layer", "APD", "", 0, 5, 5))).write(file);
        assertEquals(List.of("residual MLP, one layer"), ComparisonResults.read(file).targets());
    }

    @Test
    void aDamagedFileIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("comparison.csv");
        all().write(file);
        List<String> lines = Files.readAllLines(file);
        refused(file, List.of("method,target"), "its first line is not");
        refused(file, List.of(), "is not a file of comparison results");
        refused(file, List.of(lines.get(0), lines.get(1), lines.get(1)), "line 3: the run is there twice");
        refused(file, List.of(lines.get(0), lines.get(1) + ",1"), "cells; it must be");
        refused(file, List.of(lines.get(0), lines.get(1).replace(",5,5,", ",five,5,")), "line 2");
    }

    private static void refused(Path file, List<String> lines, String reason) throws IOException {
        Files.write(file, lines);
        String message = assertThrows(IOException.class, () -> ComparisonResults.read(file)).getMessage();
        assertTrue(message.contains(reason) && message.contains(file.toString()), message);
    }

    @Test
    void aRunThatIsThereAlreadyIsReplaced() {
        ComparisonResults changed = all().with(row("TMS 5-2", "APD", "", 0, 1, 1));
        assertEquals(all().rows().size(), changed.rows().size());
        assertEquals(1, changed.outcomes("TMS 5-2", "APD", "").get(0).whole());
    }

    @Test
    void everyLineOfATableSaysHowManyRunsItHas() {
        Table table = all().recovery();
        assertEquals(List.of("APD", "APD, steps 400", "APD", "SPD", "shared gates"), table.stringColumn("method").asList());
        assertEquals(List.of("1 of 1", "1 of 1", "1 of 2", "1 of 1", "2 of 2"), table.stringColumn("all directions").asList());
        assertEquals(List.of("1 of 1", "1 of 1", "0 of 2", "1 of 1", "2 of 2"), table.stringColumn("all whole").asList());
        assertEquals(1, (double) table.doubleColumn("length").get(4), 1e-12, "the mean of 0.5 and 1.5");
        assertEquals(0.5, (double) table.doubleColumn("length, all directions found").get(2), 1e-12, "of 0.5 and 1.5, only the first found all");
        assertEquals(0.5, (double) table.doubleColumn("minutes").get(0), 1e-12);
        Table own = all().ownComponents();
        assertEquals(table.stringColumn("method").asList(), own.stringColumn("method").asList());
        assertEquals(5, (double) own.doubleColumn("live").get(0), 1e-12);
        assertFalse(own.columnNames().contains("across layers"), "no method here has components of several layers");
        assertEquals(List.of("APD", "APD, steps 400", "APD", "APD, all directions found", "SPD", "shared gates"),
                all().errors().stringColumn("method").asList());
        assertEquals(List.of(1, 1, 2, 1, 1, 2), all().errors().intColumn("runs").asList());
        assertEquals(8e-3, (double) all().errors().doubleColumn("320 steps").get(0), 1e-12);
    }

    /** The middle columns count the seeds that were changed, 1 here, and not those of the whole comparison. */
    @Test
    void sensitivityComparesTheSameSeeds() {
        Table table = all().sensitivity();
        assertEquals(1, table.rowCount());
        assertEquals(List.of("TMS 5-2", "APD", "minimality", "0 of 1", "0 of 1", "1 of 1", "0 of 1", "0 of 1", "1 of 1"),
                table.columns().stream().map(column -> column.getString(0)).toList());
        assertEquals(0, new ComparisonResults(List.of()).sensitivity().rowCount());
        assertEquals("On TMS 5-2 with one setting a third or three times as large, all directions (all whole) are found by APD in 1 of 2 (1 of 2),"
                + " SPD in 0 of 0 (0 of 0), shared gates in 0 of 0 (0 of 0).", all().sensitivitySentence());
    }

    @Test
    void theShortTableHasOnlyTargetsOnWhichAllMethodsWereRun() {
        List<String> lines = all().markdown().lines().toList();
        assertEquals(2 + 3, lines.size(), all().markdown());
        assertEquals("| TMS 5-2 | APD | 1 of 2 | 0 of 2 | 1.000 | 5.0 | 1.0e-03 | 8.0e-03 | 0.50 |", lines.get(2));
        assertEquals("", new ComparisonResults(List.of()).markdown());
    }

    @Test
    void theReadmeShowsTheCommittedComparison() throws IOException {
        String table = Files.exists(COMMITTED) ? ComparisonResults.read(COMMITTED).markdown() : "";
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf("| Target | Method | All directions |");
        String shown = begin < 0 ? "" : readme.substring(begin, readme.indexOf("\n\n", begin) + 1);
        assertEquals(table, shown, "the README's table is that of lab.py compare --table");
        String sentence = ComparisonResults.read(COMMITTED).sensitivitySentence();
        assertTrue(readme.replace('\n', ' ').contains(sentence), "the README does not say: " + sentence);
    }
}
