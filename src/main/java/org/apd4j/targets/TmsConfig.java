package org.apd4j.targets;

import org.apd4j.training.Schedule;

/**
 * The toy model of superposition (paper section 3.1) and its training.
 *
 * <pre>{@code
 * var config = TmsConfig.paper40to10();
 * var shorter = config.withTraining(config.training().withSteps(100));
 * }</pre>
 *
 * @param features     number of features
 * @param hidden       width of the hidden space
 * @param hiddenLayers square linear layers between encoder and decoder
 * @param probability  of a feature being active
 * @param copies       I in the rule for initial values: the number of copies that the reference trained at a time
 * @param training     how it is trained
 */
public record TmsConfig(int features, int hidden, int hiddenLayers, double probability, int copies, TrainingConfig training) {

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public TmsConfig {
        if (features < 1 || hidden < 1 || hiddenLayers < 0 || copies < 1) {
            throw new IllegalArgumentException("features " + features + ", hidden " + hidden + ", hiddenLayers " + hiddenLayers + ", copies "
                    + copies + ": the first two and the last must be at least 1, hiddenLayers at least 0");
        }
    }

    /** TMS 5-2 as in the paper: 5,000 steps of batch 1024. */
    public static TmsConfig paper5to2() {
        return new TmsConfig(5, 2, 0, 0.05, 1, new TrainingConfig(1024, 5_000, 5e-3, Schedule.constant(), 0.01));
    }

    /** TMS 40-10 as in the paper: 2,000 steps of batch 2048. */
    public static TmsConfig paper40to10() {
        return new TmsConfig(40, 10, 0, 0.05, 1, new TrainingConfig(2048, 2_000, 5e-3, Schedule.constant(), 0.01));
    }

    /** The same with another training. */
    public TmsConfig withTraining(TrainingConfig training) {
        return new TmsConfig(features, hidden, hiddenLayers, probability, copies, training);
    }
}
