package org.apd4j.targets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter.Role;

/**
 * The residual MLP: {@code r = x W_E}, then {@code r ← r + act(r W_in + b_in) W_out + b_out} for each layer, then {@code y = r W_U} (paper
 * sections 3.2 and 3.3). The embedding {@code W_E [features, residual]} and the unembedding {@code W_U [residual, features]} are fixed.
 *
 * <pre>{@code
 * var target = ResidualMlp.of(ResidualMlpConfig.paperOneLayer(), 0).train();
 * INDArray in = target.trained().weights(ResidualMlp.in(0));
 * }</pre>
 */
public final class ResidualMlp {

    private static final long INITIAL_VALUES = 0x7265736964L;

    private ResidualMlp() {
    }

    /**
     * The weights of one layer.
     *
     * @param in         {@code W_in [residual, neurons]}
     * @param inputBias  {@code b_in [1, neurons]}, if the neurons have biases
     * @param out        {@code W_out [neurons, residual]}
     * @param outputBias {@code b_out [1, residual]}, if the layer's output has a bias
     */
    public record LayerWeights(Matrix in, Optional<Matrix> inputBias, Matrix out, Optional<Matrix> outputBias) {

        /** Creates the weights of a layer without biases. */
        public LayerWeights(Matrix in, Matrix out) {
            this(in, Optional.empty(), out, Optional.empty());
        }
    }

    /** Returns the name of a layer's {@code W_in}; layers are numbered from 0. */
    public static String in(int layer) {
        return "layers." + layer + ".mlp_in";
    }

    /** Returns the name of a layer's {@code b_in}. */
    public static String inputBias(int layer) {
        return "layers." + layer + ".bias_in";
    }

    /** Returns the name of a layer's {@code W_out}. */
    public static String out(int layer) {
        return "layers." + layer + ".mlp_out";
    }

    /** Returns the training of a model, at random initial values. */
    public static TargetRun of(ResidualMlpConfig config, long seed) {
        return of(config, seed, Workers.all());
    }

    /** Returns the training of a model on the given threads; their number does not change the results. */
    public static TargetRun of(ResidualMlpConfig config, long seed, Workers workers) {
        return new TargetRun(untrained(config, seed), config.training(), seed, workers);
    }

    /**
     * Returns a model at random initial values: the rows of {@code W_E} have norm 1, {@code W_U = W_Eᵀ}, the entries of {@code W_in} and
     * {@code W_out} are uniform ({@link ResidualMlpConfig.Initial}), and biases are 0.
     */
    public static Target untrained(ResidualMlpConfig config, long seed) {
        return untrained(config, 1, seed);
    }

    /**
     * Returns the training of a model whose residual path mixes features less (Bhagat et al. 2026): with {@code W_E W_U = I + M}, the path that
     * bypasses all layers multiplies the input by {@code I + s·M} instead of {@code I + M}, so that
     * {@code y = x (I + s·M) + act(x W_E W_in) W_out W_U}. Initial values and batches are the same for every s.
     *
     * @param noise s; 1 gives the ordinary model, 0 a path without mixing
     */
    public static TargetRun withResidualNoise(ResidualMlpConfig config, double noise, long seed) {
        return new TargetRun(untrained(config, noise, seed), config.training(), seed);
    }

    private static Target untrained(ResidualMlpConfig config, double noise, long seed) {
        RandomStream random = RandomStream.of(seed, INITIAL_VALUES);
        Matrix embedding = unitRows(random, config.features(), config.residual());
        List<LayerWeights> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            Matrix in = uniform(random, config.residual(), config.neurons(), config.initial());
            Matrix out = uniform(random, config.neurons(), config.residual(), config.initial());
            layers.add(new LayerWeights(in, bias(config.inputBias(), config.neurons()), out, bias(config.outputBias(), config.residual())));
        }
        Optional<Matrix> correction = noise == 1 ? Optional.empty() : Optional.of(mixing(embedding, noise - 1));
        Network network = network(embedding, layers, embedding.transposed(), correction, config.activation(), Role.TRAINED);
        String name = "residual MLP, " + config.layers() + (config.layers() == 1 ? " layer" : " layers")
                + (noise == 1 ? "" : ", residual noise " + noise);
        return new Target(name, network, new SparseFeatures(config.features(), config.probability(), -1, 1), Labels.INPUT_PLUS_RELU);
    }

    /** Returns {@code factor · M}, {@code M = W_E W_Eᵀ − I}, {@code [features, features]}. */
    private static Matrix mixing(Matrix embedding, double factor) {
        Matrix mixing = Gemm.productTransposed(embedding, embedding, Matrix.zeros(embedding.rows(), embedding.rows()));
        for (int i = 0; i < mixing.rows(); i++) {
            for (int j = 0; j < mixing.columns(); j++) {
                mixing.set(i, j, (float) (factor * (mixing.get(i, j) - (i == j ? 1 : 0))));
            }
        }
        return mixing;
    }

    private static Optional<Matrix> bias(boolean present, int width) {
        return present ? Optional.of(Matrix.zeros(1, width)) : Optional.empty();
    }

    private static Matrix unitRows(RandomStream random, int rows, int columns) {
        Matrix matrix = Matrix.zeros(rows, columns);
        double[] values = new double[columns];
        for (int row = 0; row < rows; row++) {
            double square = 0;
            for (int j = 0; j < columns; j++) {
                values[j] = random.nextNormal();
                square += values[j] * values[j];
            }
            for (int j = 0; j < columns; j++) {
                matrix.set(row, j, (float) (values[j] / Math.sqrt(square)));
            }
        }
        return matrix;
    }

    private static Matrix uniform(RandomStream random, int rows, int columns, ResidualMlpConfig.Initial rule) {
        double bound = rule == ResidualMlpConfig.Initial.SIZE ? Math.sqrt(6.0 / ((double) rows * columns)) : 1 / Math.sqrt(rows);
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return matrix;
    }

    /**
     * Returns a residual MLP with the given weights.
     *
     * @param embedding   {@code W_E [features, residual]}
     * @param layers      the weights of each layer
     * @param unembedding {@code W_U [residual, outputs]}
     * @param activation  activation function of the neurons
     * @param biases      role of the biases: {@code TRAINED} or {@code FIXED}
     */
    public static Network network(Matrix embedding, List<LayerWeights> layers, Matrix unembedding, Activation activation, Role biases) {
        return network(embedding, layers, unembedding, Optional.empty(), activation, biases);
    }

    /** @param correction {@code [features, outputs]}, added to the path that bypasses all layers */
    private static Network network(Matrix embedding, List<LayerWeights> layers, Matrix unembedding, Optional<Matrix> correction,
                                   Activation activation, Role biases) {
        NetworkBuilder builder = Network.builder(embedding.rows())
                .parameter("W_E", Role.FIXED, embedding)
                .linear("embedding", "input", "W_E", false);
        String stream = "embedding";
        for (int l = 0; l < layers.size(); l++) {
            LayerWeights weights = layers.get(l);
            String prefix = "layers." + l + ".";
            builder.parameter(in(l), Role.TRAINED, weights.in()).linear(in(l), stream, in(l), false);
            String last = in(l);
            if (weights.inputBias().isPresent()) {
                builder.parameter(inputBias(l), biases, weights.inputBias().get()).bias(prefix + "pre", last, inputBias(l));
                last = prefix + "pre";
            }
            builder.activation(prefix + "neurons", last, activation)
                    .parameter(out(l), Role.TRAINED, weights.out())
                    .linear(out(l), prefix + "neurons", out(l), false);
            last = out(l);
            if (weights.outputBias().isPresent()) {
                builder.parameter(prefix + "bias_out", biases, weights.outputBias().get())
                        .bias(prefix + "post", last, prefix + "bias_out");
                last = prefix + "post";
            }
            builder.sum(prefix + "residual", stream, last);
            stream = prefix + "residual";
        }
        builder.parameter("W_U", Role.FIXED, unembedding).linear("output", stream, "W_U", false);
        if (correction.isPresent()) {
            builder.parameter("correction", Role.FIXED, correction.get())
                    .linear("correction", "input", "correction", false)
                    .sum("corrected", "output", "correction");
        }
        return builder.build();
    }
}
