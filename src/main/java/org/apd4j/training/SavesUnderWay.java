package org.apd4j.training;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The files that this program is saving runs to, or will save to when a training ends. */
final class SavesUnderWay {

    private final Map<Path, Integer> saves = new HashMap<>();
    private final Map<Path, Set<Object>> trainings = new HashMap<>();

    /** Records that a run that is saved to the file is being trained. */
    synchronized void trains(Path file, Object saver) {
        trainings.computeIfAbsent(key(file), path -> new HashSet<>()).add(saver);
    }

    /** Records that the training has ended. */
    synchronized void trainsNoLonger(Path file, Object saver) {
        trainings.computeIfPresent(key(file), (path, all) -> {
            all.remove(saver);
            return all.isEmpty() ? null : all;
        });
        notifyAll();
    }

    /** Records that a save has begun, or is about to. */
    synchronized void begins(Path file) {
        saves.merge(key(file), 1, Integer::sum);
    }

    /** Records that a save has ended. */
    synchronized void ends(Path file) {
        saves.computeIfPresent(key(file), (path, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }

    /**
     * Waits until the file is not being saved to, and up to {@value TrainingGuard#SECONDS_TO_WIND_DOWN} seconds for trainings that will be saved to it.
     * An interrupt ends the wait and stays set.
     */
    synchronized void await(Path file) {
        Path key = key(file);
        long start = System.nanoTime();
        long limit = TimeUnit.SECONDS.toNanos(TrainingGuard.SECONDS_TO_WIND_DOWN);
        try {
            while (trainings.containsKey(key) && System.nanoTime() - start < limit) {
                TimeUnit.NANOSECONDS.timedWait(this, limit - (System.nanoTime() - start));
            }
            while (saves.containsKey(key)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
    }
}
