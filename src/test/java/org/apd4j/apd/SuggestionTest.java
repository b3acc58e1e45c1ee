package org.apd4j.apd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.internal.ActiveNeuronEstimate;
import org.apd4j.data.Dataset;
import org.apd4j.data.Digits;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Suggestion;
import org.apd4j.decomposition.internal.ShrinkageCost;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static Matrix matrix(float[][] values) {
        Matrix matrix = Matrix.zeros(values.length, values[0].length);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                matrix.set(i, j, values[i][j]);
            }
        }
        return matrix;
    }

    private static Network linear(Matrix weights) {
        return Network.builder(weights.rows()).parameter("w", Role.TRAINED, weights).linear("y", "input", "w", false).build();
    }

    @Test
    void shrinkingALinearNetworkCostsItsMeanSquaredOutput() {
        SparseRows x = SparseRows.of(matrix(new float[][] {{1, 2}, {0, 3}}));
        double cost = ShrinkageCost.cost(linear(matrix(new float[][] {{2, 0}, {0, 1}})), x, Divergence.MSE, 0.1);
        assertEquals((4 + 4 + 0 + 9) / 4.0, cost, 1e-4);
    }

    @Test
    void shrinkingAClassifierCostsTheDivergenceOfItsProbabilities() {
        SparseRows x = SparseRows.of(matrix(new float[][] {{1}}));
        double cost = ShrinkageCost.cost(linear(matrix(new float[][] {{2, 0}})), x, Divergence.KL, 0.1);
        double p = 1 / (1 + Math.exp(-2));
        double q = 1 / (1 + Math.exp(-1.8));
        assertEquals((p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))) / 0.01, cost, 1e-4);
    }

    /** Each input drives two of six neurons, equally; a third input drives one alone. */
    @Test
    void neuronsThatShareASampleEquallyAreCounted() {
        Matrix in = matrix(new float[][] {{1, 1, 0, 0, 0, 0}, {0, 0, 1, 1, 0, 0}, {0, 0, 0, 0, 1, 0}});
        Matrix out = Matrix.zeros(6, 2).fill(1);
        Network network = Network.builder(3).parameter("in", Role.TRAINED, in).linear("h", "input", "in", false)
                .activation("relu", "h", Activation.RELU).parameter("out", Role.TRAINED, out).linear("y", "relu", "out", false).build();
        ActiveNeuronEstimate two = ActiveNeuronEstimate.of(network, SparseRows.of(matrix(new float[][] {{1, 0, 0}, {0, 5, 0}})));
        assertEquals(new ActiveNeuronEstimate("in", 6, two.perSample()), two);
        assertEquals(2, two.perSample(), 1e-5);
        assertEquals(1.5, ActiveNeuronEstimate.of(network, SparseRows.of(matrix(new float[][] {{0, 2, 0}, {0, 0, 2}}))).perSample(), 1e-5);
        assertEquals(4, ActiveNeuronEstimate.of(network, SparseRows.of(matrix(new float[][] {{1, 1, 0}}))).perSample(), 1e-5);
    }

    /** W, which the paper's run trains, is a regular pentagon. */
    @Test
    void theSuggestionForTms5to2IsCloseToThePapersSettings() {
        float[][] pentagon = new float[5][];
        for (int i = 0; i < 5; i++) {
            pentagon[i] = new float[] {(float) Math.cos(0.4 * Math.PI * i), (float) Math.sin(0.4 * Math.PI * i)};
        }
        Network network = Tms.network(matrix(pentagon), new Matrix[0], Matrix.zeros(1, 5).fill(-0.1f));
        ApdConfig paper = ApdConfig.paperTms5to2();
        ApdConfig found = ApdConfig.suggest(new Target("pentagon", network, new SparseFeatures(5, 0.05, 0, 1), Labels.INPUT)).config();
        assertEquals(0.211, ((Selection.BatchTopK) found.sparsity()).k(), 0.03);
        assertEquals(7, found.components());
        assertEquals(Divergence.MSE, found.divergence());
        assertTrue(found.simplicity() > paper.simplicity() / 3 && found.simplicity() < 3 * paper.simplicity(), "simplicity " + found.simplicity());
        assertEquals(paper.learningRate(), found.learningRate(), 1e-9);
        assertEquals(paper.batch(), found.batch());
    }

    @Test
    void aClassifierOfImagesIsComparedByItsProbabilitiesAndEverySettingHasItsReason() {
        Dataset digits = Digits.draw(20, 0);
        Network network = Network.builder(64).dense("hidden", "input", 12, RandomStream.of(0)).activation("relu", "hidden", Activation.RELU)
                .dense("y", "relu", 10, RandomStream.of(1)).softmax("digit", "y").build();
        Suggestion<ApdConfig> suggestion = ApdConfig.suggest(new Target("digits", network, digits, Labels.CLASS));
        assertEquals(Divergence.KL, suggestion.config().divergence());
        assertEquals(15, suggestion.config().components());
        double k = ((Selection.BatchTopK) suggestion.config().sparsity()).k();
        assertTrue(k >= 1 && k <= 12, "k " + k);
        assertEquals(List.of("k", "components C", "rank m", "minimality", "simplicity", "learning rate", "batch", "steps"),
                suggestion.reasons().stream().map(DecompositionSettings.Reason::setting).toList());
        assertTrue(suggestion.reasons().get(0).why().contains("hidden.weight"), suggestion.reasons().get(0).why());
    }

    @Test
    void dataOfAnotherWidthAndANetworkThatIgnoresItsWeightsAreRefused() {
        Network network = linear(matrix(new float[][] {{1, 0}, {0, 1}}));
        Target target = new Target("two", network, new SparseFeatures(2, 0.1, 0, 1), Labels.INPUT);
        assertEquals("the data has 3 features, the network takes 2",
                assertThrows(IllegalArgumentException.class, () -> ApdConfig.suggest(target, new SparseFeatures(3, 0.1, 0, 1))).getMessage());
        Target zero = new Target("zero", linear(Matrix.zeros(2, 2)), new SparseFeatures(2, 0.1, 0, 1), Labels.INPUT);
        assertEquals("the output of 'zero' does not change when its weights are scaled down; there is nothing to decompose",
                assertThrows(IllegalArgumentException.class, () -> ApdConfig.suggest(zero)).getMessage());
    }
}
