package org.apd4j.training;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls of several listeners in which an exception of one does not keep the others from being called. */
final class Broadcast {

    private Broadcast() {
    }

    /** Calls all listeners, and then throws the first exception that a call threw, in which those of others are suppressed. */
    static <T> void toAll(List<? extends T> listeners, Consumer<? super T> call) {
        @Nullable Throwable first = null;
        for (T listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else {
                    suppress(first, e);
                }
            }
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Runs a report about an exception. What the report throws is suppressed in that exception instead of replacing it. */
    static void about(Throwable thrown, Runnable report) {
        try {
            report.run();
        } catch (RuntimeException | Error e) {
            suppress(thrown, e);
        }
    }

    private static void suppress(Throwable thrown, Throwable later) {
        if (later != thrown) {
            thrown.addSuppressed(later);
        }
    }
}
