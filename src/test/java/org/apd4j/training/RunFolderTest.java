package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.io.ArrayFile;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    @TempDir
    private Path folder;

    private RunFolder runs;

    @BeforeEach
    void make() {
        runs = RunFolder.of(folder.resolve("runs"));
    }

    private static TargetRun run(int steps, long seed) {
        TmsConfig config = TmsConfig.paper5to2();
        return Tms.of(config.with(c -> c.training.steps = steps), seed);
    }

    @Test
    void aRunContinuesWhereItWasSavedAndOtherwiseBegins() throws IOException {
        TargetRun first = runs.resume(run(50, 0));
        assertEquals(0, first.step());
        first.train(20); // saved in the background: resume waits for it
        TargetRun second = runs.resume(run(50, 0));
        assertEquals(20, second.step());
        assertEquals(run(50, 0).train().loss("mse"), second.train().loss("mse"));
        assertEquals(50, runs.resume(run(50, 0)).step());
        assertEquals(0, runs.resume(run(50, 1)).step());
        assertEquals(0, runs.resume(run(60, 0)).step());
    }

    @Test
    void aNameIsNeverGivenToAnotherRun() throws IOException {
        runs.resume("tms", run(50, 0)).train();
        byte[] saved = Files.readAllBytes(runs.file("tms"));
        assertEquals("training cannot continue: " + runs.file("tms") + " differs in steps (60 here, 50 there); delete the file, or use another name, to "
                + "begin anew", assertThrows(IOException.class, () -> runs.resume("tms", run(60, 0))).getMessage());
        Files.writeString(runs.file("tms"), "no run");
        assertTrue(assertThrows(IOException.class, () -> runs.resume("tms", run(50, 0))).getMessage().startsWith("training cannot continue: "));
        Files.write(runs.file("tms"), saved);
        assertEquals(50, runs.resume("tms", run(50, 0)).step());
        assertThrows(IllegalArgumentException.class, () -> runs.resume("../tms", run(50, 0)));
    }

    @Test
    void theRunsOfAGroupContinueEachFromItsOwnFile() throws IOException {
        run(50, 1).train(20).save(runs.file(RunFolder.nameOf(run(50, 1))));
        SeedRuns<TargetRun> group = SeedRuns.of("two seeds", 2, seed -> run(50, seed));
        List<TargetRun> all = runs.resume(group).train().runs();
        for (int seed = 0; seed < 2; seed++) {
            assertEquals(run(50, seed).train().loss("mse"), all.get(seed).loss("mse"));
        }
        assertEquals(List.of("50 of 50", "50 of 50"), runs.list().stream().map(RunFolder.Entry::progress).toList());
        Files.writeString(runs.file(RunFolder.nameOf(run(50, 0))), "no run");
        SeedRuns<TargetRun> damaged = runs.resume(group);
        assertThrows(UncheckedIOException.class, damaged::train);
    }

    @Test
    void whatIsSavedSaysWhetherTrainingCanContinueFromIt() throws IOException {
        assertEquals(Optional.empty(), runs.find(run(50, 0)));
        assertEquals(Optional.empty(), runs.find("tms", run(50, 0)));
        run(50, 0).train(20).save(runs.file("tms"));
        SavedRun<TargetRun> same = runs.find("tms", run(50, 0)).orElseThrow();
        assertTrue(same.isSame());
        assertEquals(Optional.empty(), same.obstacle());
        assertEquals(20, same.worth());
        SavedRun<TargetRun> other = runs.find("tms", run(50, 1)).orElseThrow();
        assertFalse(other.isSame());
        assertEquals(runs.file("tms") + " differs in the seed (1 here, 0 there)", other.obstacle().orElseThrow());
        assertEquals(0, other.worth());
        Files.writeString(runs.file("tms"), "no run");
        SavedRun<TargetRun> damaged = runs.find("tms", run(50, 0)).orElseThrow();
        assertFalse(damaged.isSame());
        assertEquals(damaged.fault(), damaged.obstacle());
    }

    @Test
    void numbersAreFoundUnderTheirNameInTheirOrder() throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", 0.5);
        numbers.put("accuracy", Double.NaN);
        assertEquals(Optional.empty(), runs.numbers("a"));
        runs.saveNumbers("a", "TMS 5-2", "settings", 0, numbers);
        assertEquals(numbers, runs.numbers("a").orElseThrow());
        assertEquals(List.of("loss", "accuracy"), List.copyOf(runs.numbers("a").orElseThrow().keySet()));
    }

    @Test
    void deletingLeavesNothingBeside() throws IOException {
        runs.resume("tms", run(50, 0)).train();
        RunFolder.Entry entry = runs.list().get(0);
        assertEquals("tms", entry.name());
        assertTrue(Files.exists(ArrayFile.descriptionBeside(entry.files().get(0))));
        runs.delete(entry);
        assertEquals(List.of(), runs.list());
        try (var files = Files.list(folder.resolve("runs"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void theFirstFolderThatCanBeWrittenToIsUsedAndAllAreSearched() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file is in the way, as a folder without permission would be");
        RunFolder two = RunFolder.of(blocked, folder.resolve("other"));
        two.resume("tms", run(50, 0)).train();
        assertEquals(folder.resolve("other"), two.list().get(0).folder());
        assertFalse(two.isFirstChoice(two.writable()));
        assertEquals(50, two.resume("tms", run(50, 0)).step());
        String message = assertThrows(IOException.class, () -> RunFolder.of(blocked).writable()).getMessage();
        assertEquals("runs cannot be saved: no file can be created in " + blocked.toAbsolutePath(), message);
    }
}
