package org.apd4j.training;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A lock that admits one call of {@code train} at a time. Another call waits for it to stop, but only for a few seconds. */
final class TrainingGuard {

    /** The time that a call which has been asked to stop may take, in seconds. */
    static final int SECONDS_TO_WIND_DOWN = 5;

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Acquires the lock, which {@link #leave} releases.
     *
     * @param name  the name of what is trained, for messages
     * @param where its position, such as "step 3 of 10", for messages
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
            throw new IllegalStateException(name + " is already being trained, at " + where.get() + "; stop it before training it here");
        }
    }

    /** Releases the lock. */
    void leave() {
        lock.unlock();
    }

    /** Returns whether a call holds the lock. */
    boolean isTaken() {
        return lock.isLocked();
    }
}
