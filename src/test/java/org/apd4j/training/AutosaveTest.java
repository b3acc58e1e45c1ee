package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.io.internal.SharedFile;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutosaveTest {

    @TempDir
    private Path folder;

    private final AtomicLong clock = new AtomicLong();
    private final BlockingQueue<Autosave.Save> saves = new LinkedBlockingQueue<>();
    private final LossHistory history = new LossHistory(List.of());

    private record Written(Path folder) implements Saveable<Written> {
        @Override
        public void save(Path file) throws IOException {
            if (Files.exists(folder.resolve("heap is full"))) {
                throw new OutOfMemoryError("Java heap space");
            }
            Files.writeString(file, "saved");
        }

        @Override
        public int step() {
            return 0;
        }

        @Override
        public Written saved(Path file) {
            return this;
        }

        @Override
        public Optional<String> difference(Written other) {
            return Optional.empty();
        }

        @Override
        public String fingerprint() {
            return "0";
        }
    }

    private Autosave autosave(Path file, int after) {
        return new Autosave(new Written(folder), file, after, Duration.ofMinutes(1), clock::get, saves::add);
    }

    private Progress at(Phase phase, int step) {
        return new Progress("run", phase, step, 1000, 0, 1, history);
    }

    private Autosave.Save next() throws InterruptedException {
        Autosave.Save save = saves.poll(15, TimeUnit.MINUTES);
        assertTrue(save != null, "nothing was saved");
        return save;
    }

    @Test
    void aRunIsSavedEveryMinuteAndAtItsEnd() throws InterruptedException {
        Autosave autosave = autosave(folder.resolve("run.npz"), 0);
        autosave.on(at(Phase.STARTED, 0));
        for (int half = 1; half <= 250; half++) {
            clock.addAndGet(500_000_000);
            autosave.on(at(Phase.RUNNING, half));
            if (half % 120 == 0) {
                assertEquals(new Autosave.Save(folder.resolve("run.npz"), half, 5, null, false), next());
            }
        }
        assertTrue(saves.isEmpty(), saves.toString());
        autosave.on(at(Phase.FINISHED, 1000));
        assertEquals(new Autosave.Save(folder.resolve("run.npz"), 1000, 5, null, true), saves.poll(), "the end waits until it is saved");
    }

    @Test
    void aRunThatTrainsAlreadyIsSavedAtItsNextReport() throws InterruptedException {
        clock.set(7);
        Autosave autosave = autosave(folder.resolve("run.npz"), 0);
        autosave.on(at(Phase.RUNNING, 1));
        assertEquals(1, next().step());
        clock.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        autosave.on(at(Phase.RUNNING, 2));
        clock.addAndGet(1);
        autosave.on(at(Phase.RUNNING, 3));
        assertEquals(3, next().step());
        assertTrue(saves.isEmpty(), saves.toString());
    }

    @Test
    void aRunThatStopsIsSavedToo() throws InterruptedException {
        autosave(folder.resolve("run.npz"), 0).on(at(Phase.STOPPED, 10));
        assertEquals(10, next().step());
    }

    @Test
    void nobodyWaitsForATrainingThatHasEnded() throws InterruptedException {
        for (Phase end : List.of(Phase.STOPPED, Phase.FAILED, Phase.CANCELLED, Phase.FINISHED)) {
            Path file = folder.resolve(end + ".npz");
            Autosave autosave = autosave(file, 0);
            autosave.on(at(Phase.STARTED, 0));
            autosave.on(at(end, 10));
            assertEquals(10, next().step());
            Thread awaiting = new Thread(() -> Autosave.await(file));
            awaiting.start();
            while (awaiting.isAlive()) {
                assertNotEquals(Thread.State.TIMED_WAITING, awaiting.getState(), end + ": waits for the end of the training");
            }
        }
    }

    @Test
    void aFileOfTheSameRunThatIsFurtherStaysUntilThisOneIs() throws InterruptedException {
        Autosave autosave = autosave(folder.resolve("run.npz"), 100);
        autosave.on(at(Phase.STOPPED, 100));
        autosave.on(at(Phase.STOPPED, 101));
        assertEquals(101, next().step());
        assertTrue(saves.isEmpty(), saves.toString());
    }

    @Test
    void aFailedSaveIsReportedAndTheNextOneIsTried() throws InterruptedException, IOException {
        Path missing = folder.resolve("none");
        Autosave autosave = autosave(missing.resolve("run.npz"), 0);
        autosave.on(at(Phase.STOPPED, 10));
        Autosave.Save failed = next();
        assertEquals(0, failed.bytes());
        assertTrue(failed.failure().contains("none"), failed.failure());
        Files.createDirectory(missing);
        autosave.on(at(Phase.STOPPED, 20));
        assertNull(next().failure());
    }

    @Test
    void aSavedRunContinuesToTheSameEnd() throws IOException {
        var target = Tms.of(TmsConfig.paper5to2().with(c -> c.training.steps = 100), 0).train();
        ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.steps = 60);
        Path file = folder.resolve("run.npz");
        DecompositionRun<ApdConfig> whole = Apd.decompose(target, config).train();
        DecompositionRun<ApdConfig> run = Apd.decompose(target, config);
        Autosave.of(run, file, 0, saves::add);
        run.train(25);
        DecompositionRun<ApdConfig> again = run.saved(waitFor(file));
        assertEquals(25, again.step());
        assertEquals(Optional.empty(), whole.difference(again));
        assertArrayEquals(whole.decomposition().a("linear1").data().asFloat(), again.train().decomposition().a("linear1").data().asFloat());
        assertFalse(Apd.decompose(target, config.with(c -> c.learningRate = 1)).difference(again).isEmpty());
        assertEquals("learningRate (1.0 here, " + config.learningRate() + " there)",
                Apd.decompose(target, config.with(c -> c.learningRate = 1)).difference(again).orElseThrow());
        assertEquals("the seed (1 here, 0 there)", Apd.decompose(target, config, 1).difference(again).orElseThrow());
        var other = Tms.of(TmsConfig.paper5to2().with(c -> c.training.steps = 101), 0).train();
        assertEquals("the target's linear1", Apd.decompose(other, config).difference(again).orElseThrow());
    }

    private Path waitFor(Path file) {
        try {
            next();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    @Test
    void anErrorDuringASaveIsReportedAndDoesNotStopTheTraining() throws IOException, InterruptedException {
        Files.createFile(folder.resolve("heap is full"));
        Autosave autosave = autosave(folder.resolve("run.npz"), 0);
        autosave.on(at(Phase.STARTED, 0));
        autosave.on(at(Phase.FINISHED, 1000));
        String told = "the memory is used up: Java heap space; give Java more (-Xmx)";
        assertEquals(new Autosave.Save(folder.resolve("run.npz"), 1000, 0, told, true), saves.poll());
        autosave.on(at(Phase.STOPPED, 10));
        assertEquals(told, next().failure());
    }

    private static TargetRun tms(int steps, long seed) {
        return Tms.of(TmsConfig.paper5to2().with(c -> c.training.steps = steps), seed);
    }

    @Test
    void aFinishedFileOfAnotherProgramIsNotReplacedByAnEarlierStep() throws IOException, InterruptedException {
        Path file = folder.resolve("run.npz");
        TargetRun run = tms(60, 0);
        Autosave.of(run, file, 0, saves::add);
        run.train(10);
        assertNull(next().failure());
        TargetRun.load(file).train().save(file); // what another kernel does
        byte[] finished = Files.readAllBytes(file);
        run.train(10);
        String told = next().failure();
        assertTrue(told.startsWith(file + " has been replaced by another program that trains the same run, and stays as long as it has more steps: "
                + "it is at step 60, this run at step 2"), told);
        assertArrayEquals(finished, Files.readAllBytes(file));
        run.train();
        assertEquals(new Autosave.Save(file, 60, finished.length, null, true), next(), "the same end: nothing to replace, nothing to complain of");
        assertArrayEquals(finished, Files.readAllBytes(file));
    }

    @Test
    void anEarlierStepOfTheSameRunInAnotherProgramIsReplaced() throws IOException, InterruptedException {
        Path file = folder.resolve("run.npz");
        TargetRun run = tms(60, 0);
        Autosave.of(run, file, 0, saves::add);
        run.train(10);
        assertNull(next().failure());
        tms(60, 0).train(5).save(file);
        run.train(10);
        assertNull(next().failure());
        assertEquals(20, TargetRun.load(file).step());
    }

    @Test
    void aDifferentRunSavedByAnotherProgramIsNotReplaced() throws IOException, InterruptedException {
        Path file = folder.resolve("run.npz");
        TargetRun run = tms(60, 0);
        Autosave.of(run, file, 0, saves::add);
        tms(60, 1).train(5).save(file);
        run.train();
        assertEquals(file + " has been replaced by another program and stays: it differs in the seed (0 here, 1 there). Save one of the two "
                + "runs under another name", next().failure());
        assertEquals(1, TargetRun.load(file).seed());
    }

    @Test
    void aSaveWaitsForAnotherProgramsSaveUntilATimeout() throws IOException, InterruptedException {
        Path file = folder.resolve("run.npz");
        var impatient = new SharedFile(file, Duration.ofMillis(30));
        var patient = new SharedFile(file, Duration.ofHours(1));
        Thread waiting = new Thread(() -> {
            try {
                patient.alone(changed -> Files.writeString(file, "at last"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (var channel = FileChannel.open(SharedFile.lockOf(file), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); var held = channel.lock()) {
            assertTrue(held.isValid());
            waiting.start();
            assertEquals(file + " has been locked by another program for 0 seconds; try again when that program has saved",
                    assertThrows(IOException.class, () -> impatient.alone(changed -> Files.writeString(file, "x"))).getMessage());
            assertFalse(Files.exists(file));
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            waiting.interrupt(); // disturbs nothing
        }
        waiting.join();
        assertEquals("at last", Files.readString(file));
    }

    @Test
    void waitingForASaveInProgressFindsTheFile() {
        for (int i = 0; i < 5; i++) {
            Path file = folder.resolve(i + ".npz");
            TargetRun run = tms(60, 0);
            Autosave.of(run, file);
            run.train(10);
            Autosave.await(file);
            assertTrue(Files.exists(file));
        }
    }

    @Test
    void waitingForAStoppingRunFindsItsLastStep() throws IOException, InterruptedException {
        Path file = folder.resolve("run.npz");
        TargetRun run = tms(60, 0);
        Autosave.of(run, file);
        var inside = new CountDownLatch(1);
        Thread awaiting = Thread.currentThread();
        run.every(10, now -> {
            now.stop();
            inside.countDown();
            while (awaiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        });
        Thread training = new Thread(run::train);
        training.start();
        inside.await();
        Autosave.await(file);
        assertEquals(10, TargetRun.load(file).step());
        training.join();
    }
}
