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
 * @param identity     whether the hidden layers are identities, fixed in training; they can be decomposed ({@link Tms#hidden})
 * @param initial      the rule for initial values
 */
public record TmsConfig(int features, int hidden, int hiddenLayers, double probability, int copies, TrainingConfig training, boolean identity,
                        Initial initial) {

    /** A rule for initial values. */
    public enum Initial {
        /** W normal with variance {@code 2 / (fan_in + fan_out)}, b = 0, as the reference implementation of APD has it. */
        NORMAL,
        /** W uniform in {@code ±1/√features}, b = 0. */
        UNIFORM,
        /** W uniform in {@code ±1/√features}, b uniform in {@code ±1/√hidden}, as PyTorch's linear layers have it. */
        UNIFORM_WITH_BIAS
    }

    /** Creates settings with trained hidden layers and normal initial values. */
    public TmsConfig(int features, int hidden, int hiddenLayers, double probability, int copies, TrainingConfig training) {
        this(features, hidden, hiddenLayers, probability, copies, training, false, Initial.NORMAL);
    }

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

    /** Returns the settings of TMS 5-2 in the paper of SPD (arXiv 2506.20790), which are not those of APD's. */
    public static TmsConfig spd5to2() {
        return paper5to2().with(c -> {
            c.initial = Initial.UNIFORM_WITH_BIAS;
            c.training.steps = 10_000;
            c.training.sharing = TrainingConfig.Sharing.ONE_BY_ONE;
        });
    }

    /** Returns the settings of TMS 40-10 in the paper of SPD (arXiv 2506.20790), which are not those of APD's. */
    public static TmsConfig spd40to10() {
        return paper40to10().with(c -> {
            c.initial = Initial.UNIFORM;
            c.training.batch = 8192;
            c.training.steps = 10_000;
            c.training.sharing = TrainingConfig.Sharing.ONE_BY_ONE;
        });
    }

    /** Returns these settings with a fixed identity between encoder and decoder, the "+ID" models of the paper of SPD. */
    public TmsConfig withIdentity() {
        return with(c -> {
            c.hiddenLayers = 1;
            c.identity = true;
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
        fields.identity = identity;
        fields.initial = initial;
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
        public boolean identity;
        public Initial initial = Initial.NORMAL;

        // data
        public double probability = 0.05;

        // training
        public final TrainingConfig.Fields training = new TrainingConfig.Fields();

        private Fields() {
        }

        private TmsConfig toConfig() {
            return new TmsConfig(features, hidden, hiddenLayers, probability, copies, training.toConfig(), identity, initial);
        }
    }
}
