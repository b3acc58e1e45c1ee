package org.apd4j.targets;

import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter.Role;

/**
 * The toy model of superposition: {@code y = ReLU(x W ⋯ Wᵀ + b)} with {@code W [features, hidden]} (paper section 3.1). The hidden space has
 * fewer dimensions than there are features; each row of W is the direction of a feature in it.
 *
 * <pre>{@code
 * var target = Tms.of(TmsConfig.paper5to2(), 0).train();
 * INDArray directions = target.trained().weights(Tms.ENCODER); // a row for each feature
 * }</pre>
 */
public final class Tms {

    /** The name of W, the encoder; the decoder is its transpose. */
    public static final String ENCODER = "linear1";
    /** The name of b. */
    public static final String BIAS = "b_final";

    private static final long INITIAL_VALUES = 0x746d73L;

    private Tms() {
    }

    /** Returns the training of a model, at random initial values. */
    public static TargetRun of(TmsConfig config, long seed) {
        return of(config, seed, Workers.all());
    }

    /** Returns the training of a model on the given threads; their number does not change the results. */
    public static TargetRun of(TmsConfig config, long seed, Workers workers) {
        return new TargetRun(untrained(config, seed), config.training(), seed, workers);
    }

    /**
     * Returns a model at random initial values: {@code W ~ N(0, σ²)} with {@code σ² = 2 / (features · hidden + I · hidden)}, hidden layers by the
     * same rule for {@code [hidden, hidden]}, and b = 0. I is {@link TmsConfig#copies}.
     */
    public static Target untrained(TmsConfig config, long seed) {
        RandomStream random = RandomStream.of(seed, INITIAL_VALUES);
        int n = config.features();
        int h = config.hidden();
        Matrix encoder = normal(random, n, h, Math.sqrt(2.0 / (n * h + config.copies() * h)));
        Matrix[] hidden = new Matrix[config.hiddenLayers()];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = normal(random, h, h, Math.sqrt(2.0 / (h * h + config.copies() * h)));
        }
        Network network = network(encoder, hidden, Matrix.zeros(1, n));
        return new Target("TMS " + n + "-" + h, network, new SparseFeatures(n, config.probability(), 0, 1), Labels.INPUT);
    }

    private static Matrix normal(RandomStream random, int rows, int columns, double deviation) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (deviation * random.nextNormal());
        }
        return matrix;
    }

    /**
     * Returns a toy model of superposition with the given weights.
     *
     * @param encoder {@code W [features, hidden]}
     * @param hidden  linear layers between encoder and decoder, {@code [hidden, hidden]} each; may be empty
     * @param bias    {@code b [1, features]}
     */
    public static Network network(Matrix encoder, Matrix[] hidden, Matrix bias) {
        NetworkBuilder builder = Network.builder(encoder.rows())
                .parameter(ENCODER, Role.TRAINED, encoder)
                .linear("encoder", "input", ENCODER, false);
        String last = "encoder";
        for (int i = 0; i < hidden.length; i++) {
            String name = "hidden_layers." + i;
            builder.parameter(name, Role.TRAINED, hidden[i]).linear(name, last, name, false);
            last = name;
        }
        return builder
                .linear("decoder", last, ENCODER, true)
                .parameter(BIAS, Role.TRAINED, bias)
                .bias("pre-activation", "decoder", BIAS)
                .activation("output", "pre-activation", Activation.RELU)
                .build();
    }
}
