package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apd4j.experiments.ComparisonStudy.Part;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonStudyTest {

    private static final Results.Origin FIRST = new Results.Origin("first", "2026-11-27", "PAPER", "Linux, one, two");
    private static final Results.Origin SECOND = new Results.Origin("second", "2026-11-28", "PAPER", "another");
    private static final ComparisonResults NONE = new ComparisonResults(List.of());

    @TempDir
    private Path folder;

    private ComparisonStudy tiny(int seeds) {
        return ComparisonStudy.of(Part.FIVE_TO_TWO, seeds, ComparisonTest.tiny(1));
    }

    private RunFolder runs() {
        return RunFolder.of(folder.resolve("runs"));
    }

    @Test
    void partsHaveTheRunsOfTheCommittedComparison() {
        assertEquals(3 * 90, ComparisonStudy.of(Part.FIVE_TO_TWO, Part.FIVE_TO_TWO.seeds()).size());
        assertEquals(3 * 30 + 2, ComparisonStudy.of(Part.FORTY_TO_TEN, Part.FORTY_TO_TEN.seeds()).size(), "two of SPD at 40,000 steps");
        assertEquals(3 * 3, ComparisonStudy.of(Part.ONE_LAYER, Part.ONE_LAYER.seeds()).size());
        assertEquals(2 * 3 + 1, ComparisonStudy.of(Part.TWO_LAYERS, Part.TWO_LAYERS.seeds()).size(), "one of SPD");
        ComparisonStudy sensitivity = ComparisonStudy.of(Part.SENSITIVITY, Part.SENSITIVITY.seeds());
        assertEquals((6 + 4 + 5) * 2 * 10, sensitivity.size());
        List<String> names = sensitivity.missingIn(NONE);
        assertEquals(sensitivity.size(), names.stream().distinct().count());
        assertTrue(names.contains("TMS 5-2, APD, simplicity × 1/3, seed 9"), names.toString());
        assertTrue(ComparisonStudy.of(Part.FORTY_TO_TEN, 2).missingIn(NONE).contains("TMS 40-10, SPD, steps 40000, seed 1"));
    }

    @Test
    void studiesTogetherHaveTheRunsOfEachInOrder() {
        ComparisonStudy first = ComparisonStudy.of(Part.TWO_LAYERS, 2);
        ComparisonStudy second = ComparisonStudy.of(Part.FIVE_TO_TWO, 1);
        ComparisonStudy both = ComparisonStudy.together(List.of(first, second));
        assertEquals(Stream.concat(first.missingIn(NONE).stream(), second.missingIn(NONE).stream()).toList(), both.missingIn(NONE));
        assertEquals("comparison study two-layers, 2 seeds; 5-2, 1 seed, 8 runs", both.toString());
    }

    /** The seconds of training in the file are those of the saved runs. */
    @Test
    void aStudyThatIsMadeAgainTrainsAndMeasuresOnlyWhatIsMissing() throws IOException {
        Path file = folder.resolve("comparison.csv");
        ComparisonResults one = tiny(1).make(runs(), file, FIRST, line -> { });
        assertEquals(3, one.rows().size());
        assertEquals(List.of(), tiny(1).missingIn(one));
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        ComparisonResults two = tiny(2).make(runs(), file, SECOND, told::add);
        assertEquals(3, told.size(), told.toString());
        assertEquals(6, two.rows().size());
        assertTrue(two.rows().stream().allMatch(row -> row.origin().commit().equals(row.seed() == 0 ? "first" : "second")), two.rows().toString());
        assertEquals(ComparisonResults.read(file).rows().stream().map(row -> row.outcome().whole()).toList(),
                two.rows().stream().map(row -> row.outcome().whole()).toList());

        Path other = folder.resolve("other.csv");
        ComparisonResults again = tiny(2).make(runs(), other, SECOND, line -> { });
        for (int i = 0; i < 6; i++) {
            assertEquals(two.rows().get(i).outcome().seconds(), again.rows().get(i).outcome().seconds(), 1e-3, "nothing was trained again");
        }
    }

    @Test
    void onlyFinishedRunsAreMeasuredAndTheFolderStaysAsItIs() throws IOException {
        Path file = folder.resolve("comparison.csv");
        tiny(1).make(runs(), folder.resolve("first.csv"), FIRST, line -> { });
        List<String> before = listed();
        ComparisonResults found = tiny(2).measure(runs(), file, SECOND, line -> { });
        assertEquals(3, found.rows().size(), "those of the second seed are not trained");
        assertEquals(before, listed());
        assertFalse(tiny(2).missingIn(found).isEmpty());
    }

    private List<String> listed() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("runs"))) {
            return files.map(path -> path.getFileName() + " " + path.toFile().length()).sorted().toList();
        }
    }

    @Test
    void aRunWithOtherSettingsIsMissing() {
        ComparisonStudy tiny = tiny(1);
        ComparisonStudy paper = ComparisonStudy.of(Part.FIVE_TO_TWO, 1);
        assertNotEquals(tiny.missingIn(NONE), paper.missingIn(NONE), "targets have other names");
        ComparisonResults.Row row = ComparisonResultsTest.row("tiny", Comparison.APD, "", 0, 5, 5);
        assertEquals(3, tiny.missingIn(NONE.with(row)).size(), "its fingerprint is another");
    }
}
