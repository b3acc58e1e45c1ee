package org.apd4j.targets;

import java.util.function.Consumer;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.training.Schedule;

/**
 * The settings of a target's training: AdamW on the mean squared error to the labels, or on the cross-entropy where labels are classes.
 * Immutable; made by {@link #of} and changed by {@link #with}.
 *
 * <pre>{@code
 * var training = TrainingConfig.of(t -> {
 *     t.batch = 1024;
 *     t.steps = 5_000;
 *     t.learningRate = 5e-3;
 * });
 * var shorter = training.with(t -> t.steps = 100);
 * }</pre>
 *
 * @param batch        samples per step, at least 1
 * @param steps        number of steps, at least 1
 * @param learningRate learning rate of AdamW before its schedule, above 0
 * @param schedule     schedule of the learning rate
 * @param weightDecay  decoupled weight decay of every trained parameter, at least 0
 * @param sharing      how a matrix that several linear maps use is updated
 */
public record TrainingConfig(int batch, int steps, double learningRate, Schedule schedule, double weightDecay,
                             @Fingerprint.Default("SUM") Sharing sharing) {

    /** How a matrix is updated that several linear maps use, as encoder and decoder of TMS do. */
    public enum Sharing {
        /** Once, with the sum of the gradients of all uses. */
        SUM,
        /** Once for each use, one after the other, each with moments and a decay of its own, as the reference implementation of SPD does. */
        ONE_BY_ONE
    }

    /** Creates settings with one update for a shared matrix. */
    public TrainingConfig(int batch, int steps, double learningRate, Schedule schedule, double weightDecay) {
        this(batch, steps, learningRate, schedule, weightDecay, Sharing.SUM);
    }

    /** @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range */
    public TrainingConfig {
        Range.atLeast(1, "batch", batch);
        Range.atLeast(1, "steps", steps);
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learningRate is " + learningRate + "; it must be a finite number above 0");
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("weightDecay is " + weightDecay + "; it must be a finite number of at least 0");
        }
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public static TrainingConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public TrainingConfig with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.set(this);
        change.accept(fields);
        return fields.toConfig();
    }

    /** Returns the text from which earlier versions of this library derived file names. */
    String formerText() {
        return toString().replace(", sharing=SUM]", "]");
    }

    /** The settings of a training by name, for {@link TrainingConfig#of} and {@link TrainingConfig#with}, with their defaults. */
    public static final class Fields {

        // data
        public int batch = 1024;
        public int steps = 5_000;

        // optimizer
        public double learningRate = 1e-3;
        public Schedule schedule = Schedule.constant();
        public double weightDecay = 0.01;
        public Sharing sharing = Sharing.SUM;

        Fields() {
        }

        /** Sets all settings to those of a configuration. */
        public void set(TrainingConfig config) {
            batch = config.batch;
            steps = config.steps;
            learningRate = config.learningRate;
            schedule = config.schedule;
            weightDecay = config.weightDecay;
            sharing = config.sharing;
        }

        TrainingConfig toConfig() {
            return new TrainingConfig(batch, steps, learningRate, schedule, weightDecay, sharing);
        }
    }
}
