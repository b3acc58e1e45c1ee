package org.apd4j.testsupport;

import org.apd4j.math.internal.Workers;

/** Workers with a given number of threads, which may exceed the number of cores. */
public final class TestWorkers {

    private TestWorkers() {
    }

    public static Workers of(int threads) {
        return Workers.of(threads);
    }
}
