package org.apd4j.measures;

/** Counts how many of the samples that were drawn can be used, and gives up where there are next to none. */
final class RejectionCounter {

    private static final long MOST_IN_VAIN = 5_000;

    private final String wanted;
    private final long limit;
    private long drawn;
    private long found;

    /**
     * @param wanted  what a sample needs to be used, for the message
     * @param samples how many are needed
     */
    RejectionCounter(String wanted, int samples) {
        this.wanted = wanted;
        this.limit = MOST_IN_VAIN * Math.max(samples, 1000L);
    }

    /** @throws IllegalArgumentException if far too few can be used */
    void count(int rows, int used) {
        drawn += rows;
        found += used;
        if (drawn > limit) {
            throw new IllegalArgumentException("of " + drawn + " samples of the target's data only " + found + " had " + wanted
                    + "; the measure needs more of them");
        }
    }
}
