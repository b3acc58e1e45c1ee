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

    /** Returns the name of a hidden layer; they are numbered from 0. */
    public static String hidden(int layer) {
        return "hidden_layers." + layer;
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
     * Returns a model at random initial values ({@link TmsConfig.Initial}). The normal rule is {@code W ~ N(0, σ²)} with
     * {@code σ² = 2 / (features · hidden + I · hidden)}, hidden layers by the same rule for {@code [hidden, hidden]}, and b = 0. I is
     * {@link TmsConfig#copies}.
     */
    public static Target untrained(TmsConfig config, long seed) {
        RandomStream random = RandomStream.of(seed, INITIAL_VALUES);
        int n = config.features();
        int h = config.hidden();
        boolean normal = config.initial() == TmsConfig.Initial.NORMAL;
        Matrix encoder = normal ? normal(random, n, h, Math.sqrt(2.0 / (n * h + config.copies() * h))) : uniform(random, n, h, 1 / Math.sqrt(n));
        Matrix[] hidden = new Matrix[config.hiddenLayers()];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = config.identity() ? Matrix.identity(h)
                    : normal ? normal(random, h, h, Math.sqrt(2.0 / (h * h + config.copies() * h))) : uniform(random, h, h, 1 / Math.sqrt(h));
        }
        Matrix bias = config.initial() == TmsConfig.Initial.UNIFORM_WITH_BIAS ? uniform(random, 1, n, 1 / Math.sqrt(h)) : Matrix.zeros(1, n);
        Network network = network(encoder, hidden, bias, config.identity() ? Role.FIXED : Role.TRAINED);
        String name = "TMS " + n + "-" + h + (config.identity() ? "+ID" : "");
        return new Target(name, network, new SparseFeatures(n, config.probability(), 0, 1), Labels.INPUT);
    }

    private static Matrix uniform(RandomStream random, int rows, int columns, double bound) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return matrix;
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
        return network(encoder, hidden, bias, Role.TRAINED);
    }

    private static Network network(Matrix encoder, Matrix[] hidden, Matrix bias, Role ofHidden) {
        NetworkBuilder builder = Network.builder(encoder.rows())
                .parameter(ENCODER, Role.TRAINED, encoder)
                .linear("encoder", "input", ENCODER, false);
        String last = "encoder";
        for (int i = 0; i < hidden.length; i++) {
            String name = hidden(i);
            builder.parameter(name, ofHidden, hidden[i]).linear(name, last, name, false);
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
