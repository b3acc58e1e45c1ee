package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Sampler;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A saved run is the run. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ApdRunFileTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a run.npz");
    }

    /** Equal in every bit that a run has: what a file of it holds, but for the seconds, which are never the same. */
    private void assertSame(DecompositionRun<ApdConfig> expected, DecompositionRun<ApdConfig> actual) throws IOException {
        Path one = folder.resolve("expected.npz");
        Path other = folder.resolve("actual.npz");
        expected.save(one);
        actual.save(other);
        var left = new HashMap<>(Npz.read(one));
        var right = new HashMap<>(Npz.read(other));
        left.remove("run_json");
        right.remove("run_json");
        assertEquals(left.keySet(), right.keySet());
        for (String name : left.keySet()) {
            assertEquals(left.get(name), right.get(name), name);
        }
        assertEquals(expected.config(), actual.config());
        assertEquals(expected.seed(), actual.seed());
        assertEquals(expected.step(), actual.step());
        assertEquals(expected.name(), actual.name());
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsSavedLoadedAndContinuedEndsAsOneThatWasNotStoppedBitForBit(SmallRun kind) throws IOException {
        DecompositionRun<ApdConfig> whole = kind.run(40).train();
        DecompositionRun<ApdConfig> first = kind.run(40).train(13);
        first.save(file());
        DecompositionRun<ApdConfig> second = Apd.load(file(), Workers.one());
        assertSame(first, second);
        assertEquals(first.seconds(), second.seconds());
        assertEquals(first.target().network().nodes(), second.target().network().nodes());
        assertEquals(first.target().data(), second.target().data());
        second.train(11).save(file());
        assertSame(whole, Apd.load(file()).train());
    }

    @Test
    void aFileFromBeforeThereWereProjectionsHasNone() throws IOException {
        SmallRun.PER_SAMPLE.run(5).save(file());
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file()));
        String text = new String(arrays.get("run_json").toBytes(), StandardCharsets.UTF_8);
        byte[] older = text.replaceFirst(",\\s*\"projections\" : 0", "").getBytes(StandardCharsets.UTF_8);
        assertTrue(older.length < text.length(), text);
        arrays.put("run_json", NpyArray.of(older, older.length));
        Npz.write(file(), arrays);
        assertEquals(SmallRun.PER_SAMPLE.config(5), Apd.load(file()).config());
    }

    @Test
    void aRunThatHasNotBegunAndOneThatHasEndedComeBackToo() throws IOException {
        DecompositionRun<ApdConfig> run = SmallRun.TMS_FROM_COMPONENTS.run(5);
        run.save(file());
        assertEquals(0, Apd.load(file()).step());
        run.train().save(file());
        DecompositionRun<ApdConfig> loaded = Apd.load(file());
        assertTrue(loaded.isFinished());
        assertSame(run, loaded.train());
        assertEquals(run.loss("simplicity"), loaded.loss("simplicity"));
        assertEquals(run.decomposition().a(Tms.ENCODER), loaded.decomposition().a(Tms.ENCODER));
        assertEquals(run.provenance(), loaded.decomposition().provenance());
    }

    @Test
    void aLongHistoryGoesOnWithTheSameStrideAfterLoading() throws IOException {
        DecompositionRun<ApdConfig> whole = SmallRun.TMS_FROM_COMPONENTS.run(4500).train();
        DecompositionRun<ApdConfig> stopped = SmallRun.TMS_FROM_COMPONENTS.run(4500).train(2345);
        stopped.save(file());
        DecompositionRun<ApdConfig> continued = Apd.load(file()).train();
        assertArrayEquals(whole.history().steps(), continued.history().steps());
        assertSame(whole, continued);
    }

    @Test
    void aRunIsSavedFromAnotherThreadWhileItTrainsAndEveryFileContinuesToTheSameEnd() throws Exception {
        DecompositionRun<ApdConfig> whole = SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(1500).train();
        DecompositionRun<ApdConfig> run = SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(1500);
        Thread training = new Thread(run::train);
        training.start();
        List<Path> files = new ArrayList<>();
        Set<Integer> steps = new HashSet<>();
        while (training.isAlive() && files.size() < 12) {
            Path file = folder.resolve("run" + files.size() + ".npz");
            run.save(file);
            files.add(file);
            steps.add(Apd.load(file).step());
        }
        training.join();
        assertTrue(run.isFinished());
        assertTrue(steps.size() > 1, "saved at " + steps);
        for (Path file : files) {
            assertSame(whole, Apd.load(file).train());
        }
        assertSame(whole, run);
    }

    @Test
    void aListenerSavesOnTheThreadThatTrainsOrWaitsForAnotherThatDoes() throws Exception {
        DecompositionRun<ApdConfig> whole = SmallRun.LP.run(20).train();
        DecompositionRun<ApdConfig> run = SmallRun.LP.run(20);
        AtomicInteger saves = new AtomicInteger();
        run.listen(progress -> {
            try {
                run.save(file());
                Thread other = new Thread(() -> {
                    try {
                        run.save(folder.resolve("other.npz"));
                        saves.incrementAndGet();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                other.start();
                other.join();
                saves.incrementAndGet();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        run.train(10);
        assertTrue(saves.get() >= 4, "saved " + saves);
        assertSame(whole, Apd.load(file()).train());
        assertSame(whole, Apd.load(folder.resolve("other.npz")).train());
    }

    @Test
    void aSaveOnAnInterruptedThreadWorksAndTheInterruptStays() throws IOException {
        DecompositionRun<ApdConfig> run = SmallRun.LP.run(20).train(3);
        Thread.currentThread().interrupt();
        run.save(file());
        assertTrue(Thread.interrupted());
        assertEquals(3, Apd.load(file()).step());
    }

    /** Saves the run in the middle of a step. */
    private static final class Meddler implements Sampler {
        private DecompositionRun<ApdConfig> run;
        private final Path file;

        Meddler(Path file) {
            this.file = file;
        }

        @Override
        public int features() {
            return 5;
        }

        @Override
        public void sample(RandomStream random, int rows, SparseRows batch) {
            try {
                run.save(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aSaveInTheMiddleOfAStepAndDataThatNoFileDescribesAreRefused() {
        Meddler meddler = new Meddler(file());
        Target tms = SmallRun.TMS_FROM_COMPONENTS.target();
        Target target = new Target(tms.name(), tms.network(), meddler, tms.labels());
        meddler.run = Apd.decompose(target, SmallRun.TMS_FROM_COMPONENTS.config(3), 0);
        var inStep = assertThrows(IllegalStateException.class, () -> meddler.run.train());
        assertTrue(inStep.getMessage().contains("middle of step 0"), inStep.getMessage());
        var unknown = assertThrows(IllegalArgumentException.class, () -> meddler.run.save(file()));
        assertTrue(unknown.getMessage().contains("Meddler, which cannot be saved in a file"), unknown.getMessage());
        assertFalse(Files.exists(file()));
    }

    @Test
    void aSaveThatFailsHalfWayLeavesThePreviousFile() throws IOException {
        DecompositionRun<ApdConfig> run = SmallRun.LP.run(20).train(3);
        run.save(file());
        byte[] bytes = Files.readAllBytes(file());
        var crash = assertThrows(IOException.class, () -> AtomicFile.write(file(), out -> {
            out.write(bytes, 0, bytes.length / 2);
            throw new IOException("No space left on device");
        }));
        assertEquals(file() + " could not be written: No space left on device; the previous file is unchanged", crash.getMessage());
        assertSame(run, Apd.load(file()));
        // The description beside it cannot be written: the file stays, too.
        Path beside = folder.resolve("a run.json");
        Files.delete(beside);
        Files.createDirectories(beside);
        assertThrows(IOException.class, () -> run.train(1).save(file()));
        assertEquals(3, Apd.load(file()).step());
        try (var left = Files.list(folder)) {
            assertTrue(left.noneMatch(path -> path.toString().endsWith(".tmp")));
        }
    }

    @Test
    void aJsonThatIsNotOursIsNotOverwritten() throws IOException {
        Path beside = Files.writeString(folder.resolve("a run.json"), "{\"shopping\": [\"milk\"]}");
        var refused = assertThrows(IOException.class, () -> SmallRun.LP.run(2).save(file()));
        assertTrue(refused.getMessage().contains("would be overwritten"), refused.getMessage());
        assertTrue(Files.readString(beside).contains("milk"));
        assertFalse(Files.exists(file()));
    }

    @Test
    void aNameWithoutNpzIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SmallRun.LP.run(2).save(folder.resolve("run")));
    }

    @Test
    void theJsonBesideTheFileIsTheOneWithinAndNamesNoPlaceOfThisMachine() throws IOException {
        SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(4).train(2).save(file());
        String beside = Files.readString(folder.resolve("a run.json"));
        assertArrayEquals(beside.getBytes(StandardCharsets.UTF_8), Npz.read(file()).get("run_json").toBytes());
        for (String field : List.of("\"format\" : \"apd4j decomposition run\"", "\"version\" : 2", "\"type\" : \"exactly_active\"",
                "\"type\" : \"linear\"", "\"attributions\" : \"gradient_from_target\"", "\"activation\" : \"gelu\"", "\"role\" : \"trained\"",
                "\"seed\" : 7", "\"type\" : \"batch_top_k\"", "\"labels\" : \"input_plus_relu\"")) {
            assertTrue(beside.contains(field), field);
        }
        String everything = new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1);
        for (String place : List.of(folder.toString(), System.getProperty("user.dir"), System.getProperty("user.home") + "/",
                System.getProperty("java.home"))) {
            assertFalse(everything.contains(place), place);
        }
    }

    @Test
    void theArraysAreWhatNumPyReadsUnderTheirNames() throws IOException {
        SmallRun.TMS_FROM_COMPONENTS.run(4).train(2).save(file());
        var texts = new TreeMap<String, String>();
        Npz.read(file()).forEach((name, array) -> texts.put(name, array.toString().replaceFirst("\\|u1 \\(\\d+,\\)", "|u1")));
        assertEquals(new TreeMap<>(Map.ofEntries(
                Map.entry("adam_mean.linear1.A", "<f4 (5, 5, 3)"), Map.entry("adam_mean.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("adam_square.linear1.A", "<f4 (5, 5, 3)"), Map.entry("adam_square.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("factors.linear1.A", "<f4 (5, 5, 3)"), Map.entry("factors.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("history.steps", "<i4 (2,)"), Map.entry("history.stride", "<i4 ()"), Map.entry("history.values", "<f8 (3, 2)"),
                Map.entry("losses", "<f8 (3,)"), Map.entry("run_json", "|u1"),
                Map.entry("target.b_final", "<f4 (1, 5)"), Map.entry("target.linear1", "<f4 (5, 2)"))), texts);
    }

    @Test
    void whatADeadProcessLeftOfASaveIsRemovedWhenItIsOld() throws IOException {
        Path old = Files.writeString(folder.resolve(".a run.npz.01234567-0123-0123-0123-0123456789ab.tmp"), "half a run");
        Path fresh = Files.writeString(folder.resolve(".a run.npz.11234567-0123-0123-0123-0123456789ab.tmp"), "another process's");
        Path other = Files.writeString(folder.resolve(".a run.npz.mine.tmp"), "somebody's");
        for (Path path : List.of(old, other)) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(4000)));
        }
        SmallRun.LP.run(2).save(file());
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh) && Files.exists(other));
    }
}
