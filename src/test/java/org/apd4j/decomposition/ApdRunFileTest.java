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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apd4j.data.Sampler;
import org.apd4j.data.SparseFeatures;
import org.apd4j.io.AtomicFile;
import org.apd4j.io.Npz;
import org.apd4j.kernel.RandomStream;
import org.apd4j.kernel.SparseRows;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Activation;
import org.apd4j.target.ResidualMlp;
import org.apd4j.target.ResidualMlpConfig;
import org.apd4j.target.Target;
import org.apd4j.target.Tms;
import org.apd4j.target.TmsConfig;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A saved run is the run. */
@Timeout(120)
class ApdRunFileTest {

    @TempDir
    Path folder;

    /** Small runs of every kind. */
    enum Kind {
        TMS_FROM_COMPONENTS, RESIDUAL_MLP_WITH_UNIT_NORM, LP, PER_SAMPLE;

        ApdRun run(int steps) {
            return Apd.decompose(target(), config(steps), 7);
        }

        private Target target() {
            if (this == RESIDUAL_MLP_WITH_UNIT_NORM) {
                Target sparse = ResidualMlp.untrained(new ResidualMlpConfig(12, 16, 6, 2, Activation.GELU, true, true, 0.2,
                        ResidualMlpConfig.paperOneLayer().training()), 3);
                var data = (SparseFeatures) sparse.data();
                return new Target(sparse.name(), sparse.network(), data.exactly(2), sparse.labels());
            }
            return Tms.untrained(new TmsConfig(5, 2, this == LP ? 1 : 0, 0.3, 1, TmsConfig.paper5to2().training()), 3);
        }

        private ApdConfig config(int steps) {
            return switch (this) {
                case TMS_FROM_COMPONENTS -> ApdConfig.paperTms5to2().with(c -> {
                    c.steps = steps;
                    c.batch = 32;
                });
                case RESIDUAL_MLP_WITH_UNIT_NORM -> ApdConfig.paperCompressedComputation().with(c -> {
                    c.steps = steps;
                    c.batch = 16;
                    c.components = 9;
                    c.rank = 3;
                });
                case LP -> ApdConfig.paperTms40to10().with(c -> {
                    c.steps = steps;
                    c.batch = 32;
                    c.components = 6;
                    c.rank = 2;
                    c.selection = Selection.lp(0.9);
                    c.schedule = Schedule.exponential(10);
                });
                case PER_SAMPLE -> ApdConfig.paperTms5to2().with(c -> {
                    c.steps = steps;
                    c.batch = 32;
                    c.selection = Selection.perSampleTopK(2);
                    c.attributions = AttributionKind.ABLATION;
                    c.outputReconstruction = 1;
                });
            };
        }
    }

    private Path file() {
        return folder.resolve("a run.npz");
    }

    /** Equal in every bit that a run has: what a file of it holds, but for the seconds, which are never the same. */
    private void assertSame(ApdRun expected, ApdRun actual) throws IOException {
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
    void aRunThatIsSavedLoadedAndContinuedEndsAsOneThatWasNotStoppedBitForBit(Kind kind) throws IOException {
        ApdRun whole = kind.run(40).train();
        ApdRun first = kind.run(40).train(13);
        first.save(file());
        ApdRun second = ApdRun.load(file(), Workers.one());
        assertSame(first, second);
        assertEquals(first.seconds(), second.seconds());
        assertEquals(first.target().network().nodes(), second.target().network().nodes());
        assertEquals(first.target().data(), second.target().data());
        second.train(11).save(file());
        assertSame(whole, ApdRun.load(file()).train());
    }

    @Test
    void aRunThatHasNotBegunAndOneThatHasEndedComeBackToo() throws IOException {
        ApdRun run = Kind.TMS_FROM_COMPONENTS.run(5);
        run.save(file());
        assertEquals(0, ApdRun.load(file()).step());
        run.train().save(file());
        ApdRun loaded = ApdRun.load(file());
        assertTrue(loaded.isFinished());
        assertSame(run, loaded.train());
        assertEquals(run.loss("simplicity"), loaded.loss("simplicity"));
        assertEquals(run.decomposition().a(Tms.ENCODER), loaded.decomposition().a(Tms.ENCODER));
        assertEquals(run.provenance(), loaded.decomposition().provenance());
    }

    @Test
    void aLongHistoryGoesOnWithTheSameStrideAfterLoading() throws IOException {
        ApdRun whole = Kind.TMS_FROM_COMPONENTS.run(4500).train();
        ApdRun stopped = Kind.TMS_FROM_COMPONENTS.run(4500).train(2345);
        stopped.save(file());
        ApdRun continued = ApdRun.load(file()).train();
        assertArrayEquals(whole.history().steps(), continued.history().steps());
        assertSame(whole, continued);
    }

    @Test
    void aRunIsSavedFromAnotherThreadWhileItTrainsAndEveryFileContinuesToTheSameEnd() throws Exception {
        ApdRun whole = Kind.RESIDUAL_MLP_WITH_UNIT_NORM.run(1500).train();
        ApdRun run = Kind.RESIDUAL_MLP_WITH_UNIT_NORM.run(1500);
        Thread training = new Thread(run::train);
        training.start();
        List<Path> files = new ArrayList<>();
        Set<Integer> steps = new HashSet<>();
        while (training.isAlive() && files.size() < 12) {
            Path file = folder.resolve("run" + files.size() + ".npz");
            run.save(file);
            files.add(file);
            steps.add(ApdRun.load(file).step());
        }
        training.join();
        assertTrue(run.isFinished());
        assertTrue(steps.size() > 1, "saved at " + steps);
        for (Path file : files) {
            assertSame(whole, ApdRun.load(file).train());
        }
        assertSame(whole, run);
    }

    @Test
    void aListenerSavesOnTheThreadThatTrainsOrWaitsForAnotherThatDoes() throws Exception {
        ApdRun whole = Kind.LP.run(20).train();
        ApdRun run = Kind.LP.run(20);
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
        assertSame(whole, ApdRun.load(file()).train());
        assertSame(whole, ApdRun.load(folder.resolve("other.npz")).train());
    }

    @Test
    void aSaveOnAnInterruptedThreadWorksAndTheInterruptStays() throws IOException {
        ApdRun run = Kind.LP.run(20).train(3);
        Thread.currentThread().interrupt();
        run.save(file());
        assertTrue(Thread.interrupted());
        assertEquals(3, ApdRun.load(file()).step());
    }

    /** Saves the run in the middle of a step. */
    private static final class Meddler implements Sampler {
        private ApdRun run;
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
        Target tms = Kind.TMS_FROM_COMPONENTS.target();
        Target target = new Target(tms.name(), tms.network(), meddler, tms.labels());
        meddler.run = Apd.decompose(target, Kind.TMS_FROM_COMPONENTS.config(3), 0);
        var inStep = assertThrows(IllegalStateException.class, () -> meddler.run.train());
        assertTrue(inStep.getMessage().contains("middle of step 0"), inStep.getMessage());
        var unknown = assertThrows(IllegalArgumentException.class, () -> meddler.run.save(file()));
        assertTrue(unknown.getMessage().contains("Meddler, which a file cannot describe"), unknown.getMessage());
        assertFalse(Files.exists(file()));
    }

    @Test
    void aSaveThatFailsHalfWayLeavesThePreviousFile() throws IOException {
        ApdRun run = Kind.LP.run(20).train(3);
        run.save(file());
        byte[] bytes = Files.readAllBytes(file());
        var crash = assertThrows(IOException.class, () -> AtomicFile.write(file(), out -> {
            out.write(bytes, 0, bytes.length / 2);
            throw new IOException("No space left on device");
        }));
        assertEquals("No space left on device", crash.getMessage());
        assertSame(run, ApdRun.load(file()));
        // The description beside it cannot be written: the file stays, too.
        Path beside = folder.resolve("a run.json");
        Files.delete(beside);
        Files.createDirectories(beside);
        assertThrows(IOException.class, () -> run.train(1).save(file()));
        assertEquals(3, ApdRun.load(file()).step());
        try (var left = Files.list(folder)) {
            assertTrue(left.noneMatch(path -> path.toString().endsWith(".tmp")));
        }
    }

    @Test
    void aJsonThatIsNotOursIsNotOverwritten() throws IOException {
        Path beside = Files.writeString(folder.resolve("a run.json"), "{\"shopping\": [\"milk\"]}");
        var refused = assertThrows(IOException.class, () -> Kind.LP.run(2).save(file()));
        assertTrue(refused.getMessage().contains("would be overwritten"), refused.getMessage());
        assertTrue(Files.readString(beside).contains("milk"));
        assertFalse(Files.exists(file()));
    }

    @Test
    void aNameWithoutNpzIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Kind.LP.run(2).save(folder.resolve("run")));
    }

    @Test
    void theJsonBesideTheFileIsTheOneWithinAndNamesNoPlaceOfThisMachine() throws IOException {
        Kind.RESIDUAL_MLP_WITH_UNIT_NORM.run(4).train(2).save(file());
        String beside = Files.readString(folder.resolve("a run.json"));
        assertArrayEquals(beside.getBytes(StandardCharsets.UTF_8), Npz.read(file()).get("run_json").toBytes());
        for (String field : List.of("\"format\" : \"apd4j decomposition run\"", "\"version\" : 1", "\"type\" : \"exactly_active\"",
                "\"type\" : \"linear\"", "\"attributions\" : \"gradient_from_target\"", "\"activation\" : \"gelu\"", "\"role\" : \"decomposed\"",
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
        Kind.TMS_FROM_COMPONENTS.run(4).train(2).save(file());
        var texts = new TreeMap<String, String>();
        Npz.read(file()).forEach((name, array) -> texts.put(name, array.toString().replaceFirst("\\|u1 \\(\\d+,\\)", "|u1")));
        assertEquals(new TreeMap<>(Map.ofEntries(
                Map.entry("adam_mean.linear1.A", "<f4 (5, 5, 3)"), Map.entry("adam_mean.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("adam_square.linear1.A", "<f4 (5, 5, 3)"), Map.entry("adam_square.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("factors.linear1.A", "<f4 (5, 5, 3)"), Map.entry("factors.linear1.B", "<f4 (5, 3, 2)"),
                Map.entry("history.steps", "<i4 (2,)"), Map.entry("history.stride", "<i4 ()"), Map.entry("history.values", "<f8 (5, 2)"),
                Map.entry("losses", "<f8 (5,)"), Map.entry("run_json", "|u1"),
                Map.entry("target.b_final", "<f4 (1, 5)"), Map.entry("target.linear1", "<f4 (5, 2)"))), texts);
    }
}
