package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

/** Measures of how the residual path of a residual MLP mixes features. */
class ResidualPathTest {

    /** Two features at 60°: {@code W_E W_U = I + M}, M = ½ off the diagonal. */
    private static Target sixtyDegrees(Matrix in) {
        Matrix embedding = HandMade.matrix(new double[][] {{1, 0}, {0.5, Math.sqrt(0.75)}});
        var layer = new ResidualMlp.LayerWeights(in, Matrix.zeros(in.columns(), 2));
        return new Target("60 degrees", ResidualMlp.network(embedding, List.of(layer), embedding.transposed(), Activation.RELU, Role.FIXED),
                new SparseFeatures(2, 1, -1, 1), Labels.INPUT_PLUS_RELU);
    }

    @Test
    void neuronsThatReadADifferenceLieInTheMixingSubspaceAndThoseThatReadASumDoNot() {
        // I − W_E W_U has the eigenvalues ½ along (1, −1) and −½ along (1, 1). Columns of W_E W_in are (1, −1) and (1, 1) and (1, 0) where
        // W_in = W_E⁻¹ of them; W_E⁻¹ = [[1, 0], [−1/√3, 2/√3]].
        double r = 1 / Math.sqrt(3);
        MixingSubspace subspace = MixingSubspace.of(sixtyDegrees(HandMade.matrix(new double[][] {{1, 1, 1}, {-3 * r, r, -r}})), 1);
        assertEquals(0.5, subspace.eigenvalues().get(0), 1e-6);
        assertEquals(-0.5, subspace.eigenvalues().get(1), 1e-6);
        assertEquals(1, subspace.shares().get(0), 1e-6);
        assertEquals(0, subspace.shares().get(1), 1e-6);
        assertEquals(0.5, subspace.shares().get(2), 1e-6);
        assertEquals(0.5, subspace.meanShare(), 1e-6);
        assertEquals(0.5, subspace.chance(), 1e-12);
    }

    @Test
    void theShareDoesNotDependOnTheLengthOfTheInputDirectionAndIsZeroForADeadNeuron() {
        // W_E W_in = 3 (1, −1), (2, 2) / 5, (1, 2) / 4: along (1, −1) / √2 are all, none and 1/10 of the squares
        double r = 1 / Math.sqrt(3);
        double[][] in = {{3, 0.4, 0.25, 0}, {-9 * r, 0.4 * r, 0.75 * r, 0}};
        assertArrayEquals(new double[] {1, 0, 0.1, 0},
                MixingSubspace.of(sixtyDegrees(HandMade.matrix(in)), 1).shares().stream().mapToDouble(share -> share).toArray(), 1e-6);
    }

    @Test
    void moreDimensionsThanFeaturesAreRefused() {
        Target target = sixtyDegrees(Matrix.zeros(2, 3));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> MixingSubspace.of(target)).getMessage().contains("1 … 2"));
    }

    @Test
    void aMonosemanticTargetEqualsTheBaselineAndAMixingPathHasALoss() {
        Target perfect = HandMade.perfectMlp(1);
        ResidualNoiseLoss none = ResidualNoiseLoss.of(perfect, 0, 4, 3_000);
        assertEquals(0, none.target(), 1e-12);
        assertEquals(0, none.baseline(), 1e-12);
        // dead neurons: the output is (x_0 + x_1/2, x_1 + x_0/2), the labels x + ReLU(x). Two neurons serve both features: the baseline is exact.
        // E (x_1/2 − ReLU(x_0))² = 1/12 + 1/6 − E x_1 E ReLU(x_0) = 1/4
        ResidualNoiseLoss mixed = ResidualNoiseLoss.of(sixtyDegrees(Matrix.zeros(2, 2)), 1, 4, 60_000);
        assertEquals(0.25, mixed.target(), 0.003);
        assertEquals(0, mixed.baseline(), 1e-12);
        assertEquals(60_000, mixed.samples());
        assertEquals(0.25, new ResidualNoiseLoss(1, 3, 4, 1).advantage(), 1e-12);
    }

    @Test
    void residualNoiseOfOneGivesTheOrdinaryPathAndZeroTheIdentity() {
        var config = new ResidualMlpConfig(7, 5, 3, 2, Activation.RELU, false, false, 0.4, ResidualMlpConfig.paperOneLayer().training());
        Target ordinary = ResidualMlp.untrained(config, 8);
        var x = ordinary.data().sample(2, 40);
        Matrix expected = WeightedNetwork.of(ordinary.network()).output(x).copy();
        Matrix all = WeightedNetwork.of(ResidualMlp.withResidualNoise(config, 1, 8).trained().network()).output(x).copy();
        Matrix half = WeightedNetwork.of(ResidualMlp.withResidualNoise(config, 0.5, 8).trained().network()).output(x).copy();
        Matrix none = WeightedNetwork.of(ResidualMlp.withResidualNoise(config, 0, 8).trained().network()).output(x).copy();
        Matrix path = ordinary.network().parameter("W_E").values();
        for (int row = 0; row < x.rows(); row++) {
            for (int o = 0; o < 7; o++) {
                assertEquals(expected.get(row, o), all.get(row, o), 0);
                // x M, M = W_E W_Eᵀ − I: what the path loses
                double mixed = 0;
                for (int i = x.start(row); i < x.start(row + 1); i++) {
                    double overlap = x.column(i) == o ? -1 : 0;
                    for (int r = 0; r < 5; r++) {
                        overlap += (double) path.get(x.column(i), r) * path.get(o, r);
                    }
                    mixed += x.value(i) * overlap;
                }
                assertEquals(expected.get(row, o) - mixed, none.get(row, o), 1e-5);
                assertEquals(expected.get(row, o) - mixed / 2, half.get(row, o), 1e-5);
            }
        }
    }
}
