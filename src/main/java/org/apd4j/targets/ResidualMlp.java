package org.apd4j.targets;

import java.util.ArrayList;
import java.util.List;
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
 * The residual MLP: {@code r = x W_E; r ← r + act(r W_in + b_in) W_out + b_out} for each layer; {@code y = r W_U} (paper sections 3.2 and
 * 3.3). Embedding and unembedding are fixed.
 *
 * <pre>{@code
 * var target = ResidualMlp.of(ResidualMlpConfig.paperOneLayer(), 0).train();
 * INDArray in = target.target().weights(ResidualMlp.in(0));
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
     * @param inputBias  {@code b_in [1, neurons]} or null
     * @param out        {@code W_out [neurons, residual]}
     * @param outputBias {@code b_out [1, residual]} or null
     */
    public record LayerWeights(Matrix in, Matrix inputBias, Matrix out, Matrix outputBias) {
    }

    /** Name of a layer's W_in; layers count from 0. */
    public static String in(int layer) {
        return "layers." + layer + ".mlp_in";
    }

    /** Name of a layer's b_in. */
    public static String inputBias(int layer) {
        return "layers." + layer + ".bias_in";
    }

    /** Name of a layer's W_out. */
    public static String out(int layer) {
        return "layers." + layer + ".mlp_out";
    }

    /** A model at random initial values, and the run that will train it. */
    public static TargetRun of(ResidualMlpConfig config, long seed) {
        return of(config, seed, Workers.all());
    }

    /** The same on other threads. */
    public static TargetRun of(ResidualMlpConfig config, long seed, Workers workers) {
        return new TargetRun(untrained(config, seed), config.training(), seed, workers);
    }

    /**
     * A model at random initial values: rows of {@code W_E} of norm 1, {@code W_U = W_Eᵀ}, {@code W_in, W_out} uniform in
     * {@code ±sqrt(6 / (d_in · d_out))} (method: target networks).
     */
    public static Target untrained(ResidualMlpConfig config, long seed) {
        return untrained(config, 1, seed);
    }

    /**
     * A model whose residual path mixes features less, and the run that will train it: with {@code W_E W_U = I + M}, the input reaches the
     * output past all layers by {@code I + s·M} in place of {@code I + M}, {@code y = x (I + s·M) + act(x W_E W_in) W_out W_U} (Bhagat et al.
     * 2026). The same weights at the start, and the same batches, for every s; for s = 1 it is the ordinary model.
     *
     * @param noise s
     */
    public static TargetRun withResidualNoise(ResidualMlpConfig config, double noise, long seed) {
        return new TargetRun(untrained(config, noise, seed), config.training(), seed);
    }

    private static Target untrained(ResidualMlpConfig config, double noise, long seed) {
        RandomStream random = RandomStream.of(seed, INITIAL_VALUES);
        Matrix embedding = unitRows(random, config.features(), config.residual());
        List<LayerWeights> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            Matrix in = uniform(random, config.residual(), config.neurons());
            Matrix out = uniform(random, config.neurons(), config.residual());
            layers.add(new LayerWeights(in, config.inputBias() ? Matrix.zeros(1, config.neurons()) : null, out,
                    config.outputBias() ? Matrix.zeros(1, config.residual()) : null));
        }
        Matrix correction = noise == 1 ? null : mixing(embedding, noise - 1);
        Network network = network(embedding, layers, embedding.transposed(), correction, config.activation(), Role.TRAINED);
        String name = "residual MLP, " + config.layers() + (config.layers() == 1 ? " layer" : " layers")
                + (noise == 1 ? "" : ", residual noise " + noise);
        return new Target(name, network, new SparseFeatures(config.features(), config.probability(), -1, 1), Labels.INPUT_PLUS_RELU);
    }

    /** {@code factor · M}, {@code M = W_E W_Eᵀ − I}. */
    private static Matrix mixing(Matrix embedding, double factor) {
        Matrix mixing = Gemm.productTransposed(embedding, embedding, Matrix.zeros(embedding.rows(), embedding.rows()));
        for (int i = 0; i < mixing.rows(); i++) {
            for (int j = 0; j < mixing.columns(); j++) {
                mixing.set(i, j, (float) (factor * (mixing.get(i, j) - (i == j ? 1 : 0))));
            }
        }
        return mixing;
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

    private static Matrix uniform(RandomStream random, int rows, int columns) {
        double bound = Math.sqrt(6.0 / ((double) rows * columns));
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return matrix;
    }

    /**
     * The description of the network.
     *
     * @param embedding   {@code W_E [features, residual]}
     * @param layers      each layer's weights
     * @param unembedding {@code W_U [residual, outputs]}
     * @param activation  of the neurons
     * @param biases      whether the biases may be trained ({@code TRAINED}) or not ({@code FIXED})
     */
    public static Network network(Matrix embedding, List<LayerWeights> layers, Matrix unembedding, Activation activation, Role biases) {
        return network(embedding, layers, unembedding, null, activation, biases);
    }

    /** @param correction {@code [features, outputs]}, added to the path past all layers; null for none */
    private static Network network(Matrix embedding, List<LayerWeights> layers, Matrix unembedding, Matrix correction, Activation activation,
                                   Role biases) {
        NetworkBuilder builder = Network.builder(embedding.rows())
                .parameter("W_E", Role.FIXED, embedding)
                .linear("embedding", "input", "W_E", false);
        String stream = "embedding";
        for (int l = 0; l < layers.size(); l++) {
            LayerWeights weights = layers.get(l);
            String prefix = "layers." + l + ".";
            builder.parameter(in(l), Role.TRAINED, weights.in()).linear(in(l), stream, in(l), false);
            String last = in(l);
            if (weights.inputBias() != null) {
                builder.parameter(inputBias(l), biases, weights.inputBias()).bias(prefix + "pre", last, inputBias(l));
                last = prefix + "pre";
            }
            builder.activation(prefix + "neurons", last, activation)
                    .parameter(out(l), Role.TRAINED, weights.out())
                    .linear(out(l), prefix + "neurons", out(l), false);
            last = out(l);
            if (weights.outputBias() != null) {
                builder.parameter(prefix + "bias_out", biases, weights.outputBias()).bias(prefix + "post", last, prefix + "bias_out");
                last = prefix + "post";
            }
            builder.sum(prefix + "residual", stream, last);
            stream = prefix + "residual";
        }
        builder.parameter("W_U", Role.FIXED, unembedding).linear("output", stream, "W_U", false);
        if (correction != null) {
            builder.parameter("correction", Role.FIXED, correction).linear("correction", "input", "correction", false)
                    .sum("corrected", "output", "correction");
        }
        return builder.build();
    }
}
