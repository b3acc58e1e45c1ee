package org.apd4j.training;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one call of {@code train} in at a time; the next one waits while the one before winds down, but not for its end. */
final class TrainingGuard {

    /** How long a call that was told to stop may take. */
    static final int SECONDS_TO_WIND_DOWN = 5;

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Enters; whoever did calls {@link #leave}.
     *
     * @param name  of what is trained
     * @param where it stands, "step 3 of 10"
     * @throws IllegalStateException if it is still being trained after {@value #SECONDS_TO_WIND_DOWN} seconds
     */
    void enter(String name, Supplier<String> where) {
        boolean entered;
        try {
            entered = !lock.isHeldByCurrentThread() && (lock.tryLock() || lock.tryLock(SECONDS_TO_WIND_DOWN, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name + " to stop", e);
        }
        if (!entered) {
            throw new IllegalStateException(name + " is being trained already, at " + where.get() + "; stop it before you train it here");
        }
    }

    void leave() {
        lock.unlock();
    }

    boolean isTaken() {
        return lock.isLocked();
    }
}
