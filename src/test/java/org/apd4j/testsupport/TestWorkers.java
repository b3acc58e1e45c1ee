package org.apd4j.testsupport;

import org.apd4j.math.internal.Workers;

/** Workers with a number of threads of one's own, more than the machine has cores if need be. */
public final class TestWorkers {

    private TestWorkers() {
    }

    public static Workers of(int threads) {
        return Workers.of(threads);
    }
}
