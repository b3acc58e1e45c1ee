package org.apd4j.targets;

import java.util.function.Consumer;
import org.apd4j.training.Schedule;

/**
 * The settings of a toy model of superposition and of its training (paper section 3.1). Immutable; made by a preset with the paper's values
 * or by {@link #of}, and changed by {@link #with}.
 *
 * <pre>{@code
 * var config = TmsConfig.paper40to10();
 * var shorter = config.with(c -> c.training.steps = 100);
 * }</pre>
 *
 * @param features     number of features, at least 1
 * @param hidden       width of the hidden space, at least 1
 * @param hiddenLayers number of square linear layers between encoder and decoder, at least 0
 * @param probability  probability that a feature is active, 0 … 1
 * @param copies       I in the rule for initial values, at least 1: how many copies of the model the reference trained at a time
 * @param training     settings of the training
 */
public record TmsConfig(int features, int hidden, int hiddenLayers, double probability, int copies, TrainingConfig training) {

    /** @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range */
    public TmsConfig {
        Range.atLeast(1, "features", features);
        Range.atLeast(1, "hidden", hidden);
        Range.atLeast(0, "hiddenLayers", hiddenLayers);
        Range.atLeast(1, "copies", copies);
    }

    /** Returns the settings of TMS 5-2, 5 features in 2 dimensions (paper section 3.1). */
    public static TmsConfig paper5to2() {
        return of(c -> {
            c.features = 5;
            c.hidden = 2;

            c.probability = 0.05;

            c.training.batch = 1024;
            c.training.steps = 5_000;
            c.training.learningRate = 5e-3;
            c.training.schedule = Schedule.constant();
            c.training.weightDecay = 0.01;
        });
    }

    /** Returns the settings of TMS 40-10, 40 features in 10 dimensions (paper section 3.1). */
    public static TmsConfig paper40to10() {
        return of(c -> {
            c.features = 40;
            c.hidden = 10;

            c.probability = 0.05;

            c.training.batch = 2048;
            c.training.steps = 2_000;
            c.training.learningRate = 5e-3;
            c.training.schedule = Schedule.constant();
            c.training.weightDecay = 0.01;
        });
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public static TmsConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public TmsConfig with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.features = features;
        fields.hidden = hidden;
        fields.hiddenLayers = hiddenLayers;
        fields.probability = probability;
        fields.copies = copies;
        fields.training.set(training);
        change.accept(fields);
        return fields.toConfig();
    }

    /**
     * The settings by name, for {@link TmsConfig#of} and {@link TmsConfig#with}, with their defaults. {@code features} and {@code hidden} have
     * none and must be given.
     */
    public static final class Fields {

        // network
        public int features;
        public int hidden;
        public int hiddenLayers;
        public int copies = 1;

        // data
        public double probability = 0.05;

        // training
        public final TrainingConfig.Fields training = new TrainingConfig.Fields();

        private Fields() {
        }

        private TmsConfig toConfig() {
            return new TmsConfig(features, hidden, hiddenLayers, probability, copies, training.toConfig());
        }
    }
}
