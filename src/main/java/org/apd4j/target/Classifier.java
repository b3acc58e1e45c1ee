package org.apd4j.target;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.RandomStream;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;

/**
 * A small classifier, {@code y = a W_L + b_L} with {@code a = ReLU(… ReLU(x W_1 + b_1) …)}: the outputs are logits, one a class. The weights
 * {@code linear1}, {@code linear2}, … are decomposed; the biases {@code bias1}, {@code bias2}, … are trained with it and then fixed.
 */
public final class Classifier {

    private static final long INITIAL_VALUES = 0x636c617373L;

    private Classifier() {
    }

    /** A classifier at random initial values, and the run that will train it; {@code hidden} are the widths between input and logits, often one. */
    public static TargetRun of(String name, Dataset data, TrainingConfig training, long seed, int... hidden) {
        return of(name, data, training, seed, Workers.all(), hidden);
    }

    /** The same on other threads. */
    public static TargetRun of(String name, Dataset data, TrainingConfig training, long seed, Workers workers, int... hidden) {
        return new TargetRun(new Target(name, network(data.features(), data.classes().size(), seed, hidden), data, Labels.CLASS), training, seed, workers);
    }

    /**
     * The description of the network at random initial values: weights uniform in ±√(6 / d_in) (He et al. 2015), biases 0.
     *
     * @param hidden widths of the hidden layers
     * @throws IllegalArgumentException if a width is below 1
     */
    public static Network network(int inputs, int classes, long seed, int... hidden) {
        List<Integer> widths = new ArrayList<>(List.of(inputs));
        for (int width : hidden) {
            widths.add(width);
        }
        widths.add(classes);
        for (int width : widths) {
            if (width < 1) {
                throw new IllegalArgumentException("the widths of a classifier are " + widths + "; each must be at least 1");
            }
        }
        Network.Builder builder = Network.builder(inputs);
        String from = "input";
        for (int layer = 1; layer < widths.size(); layer++) {
            Matrix weights = uniform(RandomStream.of(seed, INITIAL_VALUES, layer), widths.get(layer - 1), widths.get(layer));
            builder.parameter("linear" + layer, Role.DECOMPOSED, weights).parameter("bias" + layer, Role.TRAINED, Matrix.zeros(1, widths.get(layer)))
                    .linear("product" + layer, from, "linear" + layer, false)
                    .bias(layer == widths.size() - 1 ? "logits" : "preactivation" + layer, "product" + layer, "bias" + layer);
            if (layer < widths.size() - 1) {
                from = "hidden" + layer;
                builder.observe("product" + layer, true).activation(from, "preactivation" + layer, Activation.RELU);
            }
        }
        return builder.build();
    }

    private static Matrix uniform(RandomStream random, int rows, int columns) {
        Matrix matrix = Matrix.zeros(rows, columns);
        double bound = Math.sqrt(6.0 / rows);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return matrix;
    }
}
