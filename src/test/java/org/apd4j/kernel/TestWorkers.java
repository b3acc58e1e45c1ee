package org.apd4j.kernel;

/** Workers with a number of threads of one's own, more than the machine has cores if need be. */
public final class TestWorkers {

    private TestWorkers() {
    }

    public static Workers of(int threads) {
        return Workers.of(threads);
    }
}
