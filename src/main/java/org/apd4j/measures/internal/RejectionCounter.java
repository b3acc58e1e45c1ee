package org.apd4j.measures.internal;

/**
 * Counts how many of the drawn samples a measure can use, and gives up when almost none can be used, so that no measure draws forever.
 */
public final class RejectionCounter {

    private static final long MOST_DRAWN_PER_SAMPLE = 5_000;

    private final String wanted;
    private final long limit;
    private long drawn;
    private long found;

    /**
     * Starts counting.
     *
     * @param wanted  what a usable sample has, for the message: {@code "exactly one active feature"}
     * @param samples number of usable samples that the measure needs
     */
    public RejectionCounter(String wanted, int samples) {
        this.wanted = wanted;
        this.limit = MOST_DRAWN_PER_SAMPLE * Math.max(samples, 1000L);
    }

    /**
     * Counts a batch.
     *
     * @param rows number of samples drawn
     * @param used how many of them can be used
     * @throws IllegalArgumentException if more than 5,000 samples were drawn for each one that is needed (or 5,000,000 altogether, if that is more)
     */
    public void count(int rows, int used) {
        drawn += rows;
        found += used;
        if (drawn > limit) {
            throw new IllegalArgumentException("only " + found + " of " + drawn + " samples of the target's data have " + wanted
                    + "; ask for fewer samples, or use data that has more of them");
        }
    }
}
