package org.apd4j.targets;

import java.util.function.Consumer;
import org.apd4j.network.Activation;
import org.apd4j.training.Schedule;

/**
 * The settings of a residual MLP and of its training (paper sections 3.2 and 3.3). Immutable; made by a preset with the paper's values or by
 * {@link #of}, and changed by {@link #with}.
 *
 * <pre>{@code
 * var config = ResidualMlpConfig.paperTwoLayers();
 * var shorter = config.with(c -> c.training.steps = 100);
 * }</pre>
 *
 * @param features    number of features, at least 1
 * @param residual    width of the residual stream, at least 1
 * @param neurons     number of neurons in each layer, at least 1
 * @param layers      number of layers, at least 1
 * @param activation  activation function of the neurons
 * @param inputBias   whether the neurons have biases, which start at 0
 * @param outputBias  whether the layers' outputs have biases, which start at 0
 * @param probability probability that a feature is active, 0 … 1
 * @param training    settings of the training
 * @param initial     the rule for initial values
 */
public record ResidualMlpConfig(int features, int residual, int neurons, int layers, Activation activation, boolean inputBias,
                                boolean outputBias, double probability, TrainingConfig training, Initial initial) {

    /** A rule for initial values of a weight matrix. */
    public enum Initial {
        /** Uniform in {@code ±sqrt(6 / (d_in · d_out))}, as the reference implementation of APD has it. */
        SIZE,
        /** Uniform in {@code ±1/√d_in}, as PyTorch's linear layers have it. */
        FAN_IN
    }

    /** Creates settings with initial values that depend on the size of a matrix. */
    public ResidualMlpConfig(int features, int residual, int neurons, int layers, Activation activation, boolean inputBias, boolean outputBias,
                             double probability, TrainingConfig training) {
        this(features, residual, neurons, layers, activation, inputBias, outputBias, probability, training, Initial.SIZE);
    }

    /** @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range */
    public ResidualMlpConfig {
        Range.atLeast(1, "features", features);
        Range.atLeast(1, "residual", residual);
        Range.atLeast(1, "neurons", neurons);
        Range.atLeast(1, "layers", layers);
    }

    /** Returns the settings of the 1-layer model of compressed computation (paper section 3.2). */
    public static ResidualMlpConfig paperOneLayer() {
        return of(c -> {
            c.features = 100;
            c.residual = 1000;
            c.neurons = 50;
            c.layers = 1;
            c.activation = Activation.RELU;

            c.probability = 0.01;

            c.training.batch = 2048;
            c.training.steps = 10_000;
            c.training.learningRate = 3e-3;
            c.training.schedule = Schedule.cosine();
            c.training.weightDecay = 0.01;
        });
    }

    /** Returns the settings of the 2-layer model of cross-layer distributed representations (paper section 3.3). */
    public static ResidualMlpConfig paperTwoLayers() {
        return paperOneLayer().with(c -> {
            c.neurons = 25;
            c.layers = 2;
        });
    }

    /** Returns the settings of the 1-layer model in the paper of SPD (arXiv 2506.20790), which are not those of APD's. */
    public static ResidualMlpConfig spdOneLayer() {
        return paperOneLayer().with(c -> {
            c.initial = Initial.FAN_IN;
            c.training.steps = 1_000;
        });
    }

    /** Returns the settings of the 2-layer model in the paper of SPD. */
    public static ResidualMlpConfig spdTwoLayers() {
        return spdOneLayer().with(c -> {
            c.neurons = 25;
            c.layers = 2;
        });
    }

    /** Returns the settings of the 3-layer model in the paper of SPD. */
    public static ResidualMlpConfig spdThreeLayers() {
        return spdOneLayer().with(c -> {
            c.features = 102;
            c.neurons = 17;
            c.layers = 3;
            c.training.steps = 10_000;
        });
    }

    /**
     * Returns settings given by name. Settings that are not given have the defaults of {@link Fields}.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public static ResidualMlpConfig of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toConfig();
    }

    /**
     * Returns these settings with some of them changed. The result is checked as a whole, after all changes.
     *
     * @throws IllegalArgumentException if a setting is out of its range; the message names it, its value and the range
     */
    public ResidualMlpConfig with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.features = features;
        fields.residual = residual;
        fields.neurons = neurons;
        fields.layers = layers;
        fields.activation = activation;
        fields.inputBias = inputBias;
        fields.outputBias = outputBias;
        fields.initial = initial;
        fields.probability = probability;
        fields.training.set(training);
        change.accept(fields);
        return fields.toConfig();
    }

    /**
     * The settings by name, for {@link ResidualMlpConfig#of} and {@link ResidualMlpConfig#with}, with their defaults. {@code features},
     * {@code residual} and {@code neurons} have none and must be given.
     */
    public static final class Fields {

        // network
        public int features;
        public int residual;
        public int neurons;
        public int layers = 1;
        public Activation activation = Activation.RELU;
        public boolean inputBias;
        public boolean outputBias;
        public Initial initial = Initial.SIZE;

        // data
        public double probability = 0.01;

        // training
        public final TrainingConfig.Fields training = new TrainingConfig.Fields();

        private Fields() {
        }

        private ResidualMlpConfig toConfig() {
            return new ResidualMlpConfig(features, residual, neurons, layers, activation, inputBias, outputBias, probability, training.toConfig(), initial);
        }
    }
}
