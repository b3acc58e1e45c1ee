package org.apd4j.targets;

import org.apd4j.network.Activation;
import org.apd4j.training.Schedule;

/**
 * A residual MLP (paper sections 3.2 and 3.3) and its training.
 *
 * <pre>{@code
 * var config = ResidualMlpConfig.paperTwoLayers();
 * var shorter = config.withTraining(config.training().withSteps(100));
 * }</pre>
 *
 * @param features    number of features
 * @param residual    width of the residual stream
 * @param neurons     neurons of each layer
 * @param layers      number of layers
 * @param activation  of the neurons
 * @param inputBias   whether the neurons have biases, which start at 0
 * @param outputBias  whether the layers' outputs have biases, which start at 0
 * @param probability of a feature being active
 * @param training    how it is trained
 */
public record ResidualMlpConfig(int features, int residual, int neurons, int layers, Activation activation, boolean inputBias,
                                boolean outputBias, double probability, TrainingConfig training) {

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public ResidualMlpConfig {
        if (features < 1 || residual < 1 || neurons < 1 || layers < 1) {
            throw new IllegalArgumentException("features " + features + ", residual " + residual + ", neurons " + neurons + ", layers " + layers
                    + ": each must be at least 1");
        }
    }

    /** The 1-layer model of compressed computation as in the paper: 100 features, 50 neurons. */
    public static ResidualMlpConfig paperOneLayer() {
        return paper(50, 1);
    }

    /** The 2-layer model of cross-layer distributed representations as in the paper: 25 neurons in each layer. */
    public static ResidualMlpConfig paperTwoLayers() {
        return paper(25, 2);
    }

    private static ResidualMlpConfig paper(int neurons, int layers) {
        return new ResidualMlpConfig(100, 1000, neurons, layers, Activation.RELU, false, false, 0.01,
                new TrainingConfig(2048, 10_000, 3e-3, Schedule.cosine(), 0.01));
    }

    /** The same with another training. */
    public ResidualMlpConfig withTraining(TrainingConfig training) {
        return new ResidualMlpConfig(features, residual, neurons, layers, activation, inputBias, outputBias, probability, training);
    }
}
