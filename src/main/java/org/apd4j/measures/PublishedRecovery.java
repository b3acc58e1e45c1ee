package org.apd4j.measures;

/**
 * Published values of {@link Recovery}: mean and standard deviation over the copies of one run.
 *
 * <pre>{@code
 * System.out.println("MMCS " + Recovery.of(run).mmcs() + ", published " + PublishedRecovery.TMS_5_2.mmcs());
 * }</pre>
 *
 * @param mmcs          mean max cosine similarity
 * @param mmcsDeviation its standard deviation
 * @param ml2r          mean L2 ratio
 * @param ml2rDeviation its standard deviation
 * @param brittle       whether the paper calls the experiment brittle: some runs fail
 */
public record PublishedRecovery(double mmcs, double mmcsDeviation, double ml2r, double ml2rDeviation, boolean brittle) {

    /** TMS 5-2 (paper section 3.1). */
    public static final PublishedRecovery TMS_5_2 = new PublishedRecovery(0.998, 0.000, 0.893, 0.004, true);

    /** TMS 40-10 (paper section 3.1). */
    public static final PublishedRecovery TMS_40_10 = new PublishedRecovery(0.996, 0.003, 0.935, 0.001, false);
}
