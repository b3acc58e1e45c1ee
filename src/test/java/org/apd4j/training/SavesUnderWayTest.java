package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SavesUnderWayTest {

    private static final Path FILE = Path.of("runs", "a.npz");

    private final SavesUnderWay underWay = new SavesUnderWay();

    private Thread awaiting(Path file) {
        Thread thread = new Thread(() -> underWay.await(file));
        thread.start();
        return thread;
    }

    private static void reaches(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            assertNotEquals(Thread.State.TERMINATED, thread.getState(), "did not wait");
            Thread.onSpinWait();
        }
    }

    @Test
    void whoAwaitsAFileWaitsForItsTrainingAndThenForItsSaves() throws InterruptedException {
        underWay.trains(FILE, "one");
        underWay.trains(FILE, "other");
        underWay.begins(FILE);
        underWay.begins(FILE);
        Thread thread = awaiting(Path.of("runs", "..", "runs", "a.npz").toAbsolutePath());
        reaches(thread, Thread.State.TIMED_WAITING);
        underWay.trainsNoLonger(FILE, "one");
        underWay.trainsNoLonger(FILE, "other");
        reaches(thread, Thread.State.WAITING);
        underWay.ends(FILE);
        underWay.ends(FILE);
        thread.join();
    }

    @Test
    void otherFilesAreNotWaitedFor() throws InterruptedException {
        underWay.trains(FILE, "one");
        underWay.begins(FILE);
        Thread thread = awaiting(Path.of("runs", "b.npz"));
        while (thread.isAlive()) {
            Thread.State state = thread.getState();
            assertTrue(state != Thread.State.TIMED_WAITING && state != Thread.State.WAITING, "waits for the save of another file");
        }
        thread.join();
    }

    @Test
    void anInterruptEndsTheWaitAndStays() throws InterruptedException {
        underWay.begins(FILE);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            underWay.await(FILE);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        reaches(thread, Thread.State.WAITING);
        thread.interrupt();
        thread.join();
        assertEquals(true, interrupted.get());
    }

    @Test
    void aTrainingThatDoesNotEndIsWaitedForOnlyAWhile() {
        underWay.trains(FILE, "one");
        long start = System.nanoTime();
        underWay.await(FILE);
        assertTrue(System.nanoTime() - start >= TrainingGuard.SECONDS_TO_WIND_DOWN * 1_000_000_000L);
    }
}
