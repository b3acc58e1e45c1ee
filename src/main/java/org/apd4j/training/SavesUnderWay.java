package org.apd4j.training;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which files this program is saving runs to, and of which it will when a training ends. */
final class SavesUnderWay {

    private final Map<Path, Integer> saves = new HashMap<>();
    private final Map<Path, Set<Object>> trainings = new HashMap<>();

    /** Somebody who saves to the file trains now. */
    synchronized void trains(Path file, Object who) {
        trainings.computeIfAbsent(key(file), path -> new HashSet<>()).add(who);
    }

    synchronized void trainsNoLonger(Path file, Object who) {
        trainings.computeIfPresent(key(file), (path, all) -> {
            all.remove(who);
            return all.isEmpty() ? null : all;
        });
        notifyAll();
    }

    /** A save begins, or will soon. */
    synchronized void begins(Path file) {
        saves.merge(key(file), 1, Integer::sum);
    }

    synchronized void ends(Path file) {
        saves.computeIfPresent(key(file), (path, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }

    /** Waits for the saves to a file, and for a while for the end of trainings that will be saved to it. An interrupt ends the wait and stays set. */
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
