package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apd4j.notebook.internal.NotebookRuns;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Autosave;
import org.apd4j.training.Listeners;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import org.apd4j.training.SeedRuns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

    @TempDir
    private Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path beside;
    private Path cache;
    private RunStore runs;

    @BeforeEach
    void make() {
        beside = folder.resolve("notebooks").resolve(".runs");
        cache = folder.resolve("cache");
        runs = new RunStore(RunFolder.of(beside, cache), said::add, 3_600);
    }

    @AfterEach
    void leaveRunsAlone() {
        Listeners.onFirstStep(run -> { });
        Results.train();
        Results.stopRecording();
    }

    @Test
    void whileResultsAreShownNothingIsReadOrSavedAndTheListIsOfTheResults() {
        Results.recordTo(folder.resolve("results").resolve("01"), new Results.Origin("abc1234", "2026-11-27", "PAPER", "a machine"));
        run(50, 0).train();
        Results.stopRecording();
        Results.show(folder.resolve("results"));
        TargetRun shown = keep(Resume.YES, 50);
        assertEquals(0, shown.step());
        assertTrue(shown.train().isFinished());
        SeedRuns<TargetRun> group = SeedRuns.of("group", 1, seed -> run(50, seed));
        assertTrue(runs.keepGroup(Resume.NO, group).train().isFinished());
        assertTrue(said.isEmpty(), said.toString());
        assertFalse(Files.exists(beside));
        var table = runs.table();
        assertEquals("TMS 5-2, target, seed 0", table.stringColumn("result").get(0));
        assertEquals("PAPER, commit abc1234, 2026-11-27, a machine", table.stringColumn("made by").get(0));
        assertEquals("no", table.stringColumn("differs from its run").get(0));
    }

    private static TargetRun run(int steps, long seed) {
        TmsConfig config = TmsConfig.paper5to2();
        return Tms.of(config.with(c -> c.training.steps = steps), seed);
    }

    private TargetRun keep(Resume how, int steps) {
        said.clear();
        return runs.keepRun("tms", how, () -> run(steps, 0));
    }

    private String only() {
        assertEquals(1, said.size(), said.toString());
        return said.get(0);
    }

    @Test
    void aFinishedRunSaysWhereItIsKeptAndHowLargeItIs() {
        keep(Resume.NO, 50).train();
        assertTrue(only().matches("Kept in .*tms\\.npz, 0\\.\\d\\d MB\\."), only());
        assertTrue(Files.exists(beside.resolve("tms.npz")));
    }

    @Test
    void whatIsKeptIsNeverTakenByItselfButToldWithTheWayToTakeIt() {
        keep(Resume.NO, 50).train();
        TargetRun again = keep(Resume.NO, 50);
        assertEquals(0, again.step());
        assertTrue(only()
                .matches(".*tms\\.npz: step 50 of 50, saved \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d, 0\\.\\d\\d MB\\. The run starts anew and saves itself"
                + " once it is further\\. To go on from there: RunStore\\.keep\\(\"tms\", Resume\\.YES, …\\)"), only());
    }

    @Test
    void aRunGoesOnFromWhereItWasSavedWhenAsked() throws IOException {
        keep(Resume.NO, 50);
        TargetRun half = run(50, 0).train(20);
        half.save(beside.resolve("tms.npz"));
        TargetRun continued = keep(Resume.YES, 50);
        assertEquals(20, continued.step());
        assertTrue(only().startsWith("Goes on from ") && only().contains("step 20 of 50"), only());
        assertEquals(run(50, 0).train().loss("mse"), continued.train().loss("mse"));
        assertEquals(50, keep(Resume.YES, 50).step());
        assertTrue(only().startsWith("Finished before, taken from "), only());
    }

    /** As a notebook's start does, with another idea of what is long. */
    private void keepWhatIsLongerThan(double seconds) {
        said.clear();
        Listeners.onFirstStep(new RunStore(RunFolder.of(beside, cache), said::add, seconds)::accompany);
    }

    private Path only(String pattern) throws IOException {
        try (var files = Files.list(beside)) {
            List<Path> found = files.filter(file -> file.getFileName().toString().matches(pattern)).toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    @Test
    void aLongRunIsKeptWithoutBeingAskedAndGoesOnFromThereWhenAsked() throws IOException {
        keepWhatIsLongerThan(0);
        run(50, 0).train();
        assertTrue(only().matches("Kept in .*TMS-5-2-target-seed-0-[0-9a-f]{8}\\.npz, 0\\.\\d\\d MB\\."), only());
        Path file = only("TMS-5-2-target-seed-0-[0-9a-f]{8}\\.npz");
        Listeners.onFirstStep(run -> { });
        run(50, 0).train(20).save(file);
        keepWhatIsLongerThan(0);
        run(50, 0).train(10);
        assertTrue(only()
                .matches(".*\\.npz: step 20 of 50, saved .*\\. The run starts anew and saves itself once it is further\\. To go on from there: "
                + "make it with RunStore\\.keep\\(Resume\\.YES, \\(\\) -> …\\)"), only());
        said.clear();
        TargetRun continued = runs.keepRun(Resume.YES, () -> run(50, 0));
        assertEquals(20, continued.step());
        assertTrue(only().startsWith("Goes on from "), only());
        assertEquals(run(50, 0).train().loss("mse"), continued.train().loss("mse"));
    }

    @Test
    void aShortRunLeavesNoFile() {
        keepWhatIsLongerThan(3_600);
        run(50, 0).train();
        assertTrue(said.isEmpty(), said.toString());
        assertFalse(Files.exists(beside));
    }

    @Test
    void aRunThatIsKeptUnderANameIsNotKeptTwice() throws IOException {
        said.clear();
        Listeners.onFirstStep(runs::accompany);
        runs.keepRun("tms", Resume.NO, () -> run(50, 0)).train();
        only(".*\\.npz");
        assertTrue(only().contains("tms.npz"), only());
    }

    @Test
    void runsOfOtherSettingsOrSeedsHaveFilesOfTheirOwn() {
        keepWhatIsLongerThan(0);
        run(50, 0).train();
        run(60, 0).train();
        run(50, 1).train();
        assertEquals(3, runs.table().rowCount());
    }

    @Test
    void theRunsOfAGroupAreKeptEachInAFileOfItsOwnAndGoOnFromThere() throws IOException {
        SeedRuns<TargetRun> group = SeedRuns.of("two seeds, short", 2, seed -> run(50, seed));
        runs.keepGroup(Resume.NO, group).train();
        assertEquals(2, runs.table().rowCount());
        Path second = beside.resolve("TMS-5-2-target-seed-1-" + run(50, 1).fingerprint() + ".npz");
        assertTrue(Files.exists(second), runs.table().print());
        run(50, 1).train(20).save(second);
        said.clear();
        SeedRuns<TargetRun> again = runs.keepGroup(Resume.NO, group);
        assertTrue(again.runs().isEmpty());
        again.train();
        assertTrue(said.stream().anyMatch(line -> line.contains("step 20 of 50")
                && line.endsWith("To go on from there: RunStore.keep(Resume.YES, …)")), said.toString());
        run(50, 1).train(20).save(second);
        said.clear();
        List<TargetRun> continued = runs.keepGroup(Resume.YES, group).train().runs();
        assertTrue(said.stream().anyMatch(line -> line.startsWith("Finished before") && line.contains("step 50 of 50")), said.toString());
        assertTrue(said.stream().anyMatch(line -> line.startsWith("Goes on from") && line.contains("step 20 of 50")), said.toString());
        for (int seed = 0; seed < 2; seed++) {
            assertEquals(run(50, seed).train().loss("mse"), continued.get(seed).loss("mse"));
        }
    }

    @Test
    void otherSettingsAreRefusedWithTheDifference() throws IOException {
        keep(Resume.NO, 50).train();
        String refused = assertThrows(IllegalStateException.class, () -> keep(Resume.YES, 60)).getMessage();
        assertTrue(refused.contains("it differs in steps (60 here, 50 there). Make the settings the same"), refused);
        keep(Resume.NO, 60);
        assertTrue(only().contains("It differs in steps (60 here, 50 there); the run starts anew and will replace it."), only());
        assertTrue(assertThrows(IllegalStateException.class, () -> runs.keepRun("tms", Resume.YES, () -> run(50, 1))).getMessage()
                .contains("it differs in the seed (1 here, 0 there)"));
    }

    @Test
    void aKeptRunThatIsDamagedIsReplacedOrRefused() throws IOException {
        keep(Resume.NO, 50).train();
        Files.writeString(beside.resolve("tms.npz"), "no run");
        assertTrue(assertThrows(IllegalStateException.class, () -> keep(Resume.YES, 50)).getMessage().startsWith("cannot continue: "));
        keep(Resume.NO, 50).train();
        assertTrue(said.get(0).endsWith("will be replaced."), said.get(0));
        assertEquals(50, keep(Resume.YES, 50).step());
    }

    @Test
    void thereIsALineWhereThereIsNothingToContinueFrom() {
        assertEquals(0, keep(Resume.YES, 50).step());
        assertTrue(only().startsWith("There is no ") && only().endsWith("the run starts anew."), only());
    }

    @Test
    void aFolderThatCannotBeWrittenToIsReplacedByTheUsersCacheAndThatIsSaid() throws IOException {
        Files.createDirectories(beside.getParent());
        Files.writeString(beside, "a file is in the way, as a folder without permission would be");
        keep(Resume.NO, 50).train();
        assertTrue(said.get(0).endsWith("the run is saved in " + cache), said.get(0));
        assertTrue(Files.exists(cache.resolve("tms.npz")));
        assertEquals(50, keep(Resume.YES, 50).step());
    }

    @Test
    void cachesAreWhereTheSystemWantsThem() {
        Path home = Path.of("home");
        assertEquals(home.resolve(".cache/apd4j/runs"), NotebookRuns.cache(Map.of(), "Linux", home));
        assertEquals(Path.of("x/apd4j/runs"), NotebookRuns.cache(Map.of("XDG_CACHE_HOME", "x"), "Linux", home));
        assertEquals(home.resolve("Library/Caches/apd4j/runs"), NotebookRuns.cache(Map.of(), "Mac OS X", home));
        assertEquals(Path.of("local/apd4j/runs"), NotebookRuns.cache(Map.of("LOCALAPPDATA", "local"), "Windows 11", home));
    }

    @Test
    void keptRunsAreListedWithTheirSizesAndRemovedOnRequest() throws IOException {
        keep(Resume.NO, 50).train();
        run(1_000, 3).train(40).save(beside.resolve("other.npz"));
        var table = runs.table();
        assertEquals(List.of("other", "tms"), table.stringColumn("run").asList());
        assertEquals("target TMS 5-2, seed 3", table.stringColumn("what").get(0));
        assertEquals("40 of 1,000", table.stringColumn("steps").get(0));
        assertTrue(table.stringColumn("size").get(1).matches("0\\.\\d\\d MB"), table.print());
        Files.setLastModifiedTime(beside.resolve("tms.npz"), FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        String removed = runs.remove(Duration.ofDays(7));
        assertTrue(removed.matches("Removed 1 run, 0\\.\\d\\d MB: tms"), removed);
        assertFalse(Files.exists(beside.resolve("tms.npz")) || Files.exists(beside.resolve("tms.json")));
        assertTrue(Files.exists(beside.resolve("other.npz")));
        runs.remove(Duration.ZERO);
        assertEquals("There was nothing to remove.", runs.remove(Duration.ZERO));
    }

    @Test
    void numbersOfASweepAreListedAndRemovedLikeRuns() throws IOException {
        keep(Resume.NO, 50).train();
        RunFolder numbers = RunFolder.of(beside.resolve("my-sweep"));
        numbers.saveNumbers("a", "TMS 5-2", "settings", 0, Map.of("loss", 0.5));
        numbers.saveNumbers("b", "TMS 5-2", "settings", 1, Map.of("loss", 0.25));
        var table = runs.table();
        assertEquals(List.of("tms", "my-sweep"), table.stringColumn("run").asList());
        assertEquals("numbers of TMS 5-2", table.stringColumn("what").get(1));
        assertEquals("2 runs", table.stringColumn("steps").get(1));
        assertTrue(runs.remove(Duration.ZERO).endsWith("MB: tms, my-sweep"));
        try (var files = Files.list(beside)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aNameThatIsAPathIsRefused() {
        for (String name : List.of("../tms", "", "a/b", ".hidden")) {
            assertThrows(IllegalArgumentException.class, () -> runs.keepRun(name, Resume.NO, () -> run(1, 0)));
        }
    }

    @Test
    void aNameThatOneOfTheSystemsCannotHaveIsRefusedOnAll() {
        for (String name : List.of("CON", "nul", "com1", "Aux.backup", "a.", "a ", "a. ")) {
            String message = assertThrows(IllegalArgumentException.class, () -> runs.keepRun(name, Resume.NO, () -> run(1, 0)), name).getMessage();
            assertTrue(message.startsWith("'" + name + "' cannot name a file of a run"), message);
        }
        for (String name : List.of("a", "console", "a.b", "run 2", "größe_1-", "COM10")) {
            RunFolder.requireName(name);
        }
    }

    private static TargetRun wide(int hidden) {
        Target made = Tms.untrained(new TmsConfig(5, hidden, 0, 0.05, 1, TmsConfig.paper5to2().training()), 0);
        return new TargetRun(new Target("mine", made.network(), made.data(), made.labels()), TmsConfig.paper5to2().training().with(t -> t.steps = 50), 0);
    }

    @Test
    void twoWidthsUnderOneNameAreKeptInFilesOfTheirOwn() {
        keepWhatIsLongerThan(0);
        wide(2).train();
        wide(3).train(10);
        Listeners.onFirstStep(run -> { });
        assertEquals(50, runs.keepRun(Resume.YES, () -> wide(2)).step());
        assertEquals(10, runs.keepRun(Resume.YES, () -> wide(3)).step());
    }

    @Test
    void aFileThatWasNamedByAnEarlierVersionIsFoundIfItIsOfTheSameRun() throws IOException {
        Files.createDirectories(beside);
        Path former = beside.resolve("any-name-" + run(50, 0).formerFingerprint() + ".npz");
        run(50, 0).train(20).save(former);
        assertEquals(20, runs.keepRun(Resume.YES, () -> run(50, 0)).step());
        said.clear();
        assertEquals(0, runs.keepRun(Resume.YES, () -> run(60, 0)).step());
        assertTrue(only().startsWith("There is no "), only());
        wide(2).train(20).save(beside.resolve("mine-target-" + wide(3).formerFingerprint() + ".npz"));
        said.clear();
        assertEquals(0, runs.keepRun(Resume.YES, () -> wide(3)).step());
        assertTrue(only().startsWith("There is no "), only());
    }

    @Test
    void goingOnIsNotRecommendedWhereItWouldBeRefused() throws IOException {
        keepWhatIsLongerThan(0);
        run(50, 0).train();
        Files.writeString(only("TMS.*\\.npz"), "damaged");
        said.clear();
        run(50, 0).train(10);
        Autosave.await(only("TMS.*\\.npz"));
        assertTrue(said.get(0).startsWith("What is saved cannot be used (") && said.get(0).endsWith("will be replaced."), said.toString());
        assertTrue(said.stream().noneMatch(line -> line.contains("Resume.YES")), said.toString());
    }

    @Test
    void goingOnRightAfterAStopFindsTheLastStep() {
        for (int i = 1; i <= 8; i++) {
            keep(i == 1 ? Resume.NO : Resume.YES, 200).train(10); // saved in the background
            assertEquals(10 * i, keep(Resume.YES, 200).step());
        }
    }

    @Test
    void removingARunRemovesItsLockToo() throws IOException {
        keep(Resume.NO, 50).train();
        runs.remove(Duration.ZERO);
        try (var files = Files.list(beside)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
