package org.apd4j.training;

import java.util.List;
import java.util.function.Consumer;

/** Calls several listeners so that one that throws does not keep the others from hearing. */
final class Everyone {

    private Everyone() {
    }

    /** Calls all; then throws what the first of them threw, with what others threw as suppressed exceptions. */
    static <T> void tell(List<? extends T> listeners, Consumer<? super T> call) {
        Throwable first = null;
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

    /** Does something that must not hide what was thrown before: what it throws becomes a suppressed exception of that. */
    static void besides(Throwable thrown, Runnable report) {
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
