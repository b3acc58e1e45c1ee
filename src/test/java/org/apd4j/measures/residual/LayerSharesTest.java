package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.apd4j.math.internal.Grid;
import org.junit.jupiter.api.Test;

class LayerSharesTest {

    /** Three neurons in the first layer, one in the second. Feature 0 has its predominant component in 1, feature 1 in 0, feature 2 has none. */
    private final LayerShares shares = LayerShares.of(new NeuronContributions(List.of(3, 1),
            Grid.of(3, 4, (i, n) -> new double[][] {{0.2, -0.5, 0.1, 0.1}, {0, 0, 0, 0.4}, {-0.1, 0, 0, 0}}[i][n]), List.of(
                    Grid.of(3, 4, (i, n) -> new double[][] {{0.05, 0, 0, 0}, {0.1, 0.1, -0.3, 0.6}, {0, 0, 0, 0}}[i][n]),
                    Grid.of(3, 4, (i, n) -> new double[][] {{0.15, 0, -0.2, 0.05}, {0, 0.2, 0, 0}, {0, 0, 0, 0}}[i][n]))));

    @Test
    void positiveContributionsAreSummedInEachLayerOfTargetAndPredominantComponent() {
        assertEquals(0.3, shares.target().get(0, 0), 1e-12);
        assertEquals(0.1, shares.target().get(0, 1), 1e-12);
        assertEquals(0.15, shares.components().get(0, 0), 1e-12);
        assertEquals(0.05, shares.components().get(0, 1), 1e-12);
        assertEquals(0.2, shares.components().get(1, 0), 1e-12);
        assertEquals(0.6, shares.components().get(1, 1), 1e-12);
    }

    @Test
    void sharesOfTheLayersSumToOneUnlessAllContributionsAreZero() {
        assertEquals(0.75, shares.ofTarget(0, 0), 1e-12);
        assertEquals(0.25, shares.ofTarget(0, 1), 1e-12);
        assertEquals(0.25, shares.ofComponent(1, 0), 1e-12);
        assertEquals(0, shares.ofTarget(2, 0), 0);
        assertEquals(0, shares.ofComponent(2, 1), 0);
    }

    @Test
    void aFeatureIsSpreadIfItsLeastLayerHasItsShare() {
        assertEquals(List.of(0, 1), shares.spread(0.2));
        assertEquals(List.of(), shares.spread(0.3));
    }

    @Test
    void chanceIsThatOfDrawingNeuronsOfBothLayers() {
        // two layers of two neurons; of the six pairs four have a neuron of each layer
        var contributions = new NeuronContributions(List.of(2, 2), Grid.of(3, 4, (i, n) -> i == 0 ? n : 4 - n),
                List.of(Grid.of(3, 4, (i, n) -> n == i || n == 3 ? 1 : 0)));
        NeuronContributions.AcrossLayers pairs = contributions.acrossLayers(2);
        assertEquals(3 * 4 / 6.0, pairs.chance(), 1e-12);
        assertEquals(0, pairs.target());
        assertEquals(2, pairs.components());
        assertEquals(3, contributions.acrossLayers(3).chance(), 1e-12);
    }

    @Test
    void aComponentOfHalfTheWeightsHasAQuarterOfTheLengthInTheSameDirection() {
        var contributions = new NeuronContributions(List.of(4), Grid.of(1, 4, (i, n) -> n), List.of(
                Grid.of(1, 4, (i, n) -> 0.25 * n)));
        assertEquals(1, contributions.cosine(0), 1e-12);
        assertEquals(0.25, contributions.lengthRatio(0), 1e-12);
        assertTrue(contributions.summary().contains("0.25 in the median"), contributions.summary());
        assertTrue(contributions.summary().endsWith(String.format(Locale.ROOT, "correlation %.4f", contributions.correlation())), contributions.summary());
    }

    @Test
    void sharesInTheOrderOfTheTargetsHaveRankCorrelationOne() {
        var ordered = new LayerShares(Grid.of(3, 2, (i, l) -> l == 0 ? i + 1 : 3 - i), Grid.of(3, 2, (i, l) -> l == 0 ? i * i : 4 - i * i));
        assertEquals(1, ordered.rankCorrelation(0), 1e-12);
    }

    @Test
    void theSummaryCountsFeaturesAndHasTheTargetBeside() {
        // the target's shares of layer 1 are ¼, ½ and ¾, the components' 0, ¼ and 1
        var shares = new LayerShares(Grid.of(3, 2, (i, l) -> l == 0 ? i + 1 : 3 - i), Grid.of(3, 2, (i, l) -> l == 0 ? i * i : 4 - i * i));
        assertEquals("share of layer 1 in the components 0.00 … 1.00, mean 0.42 (target 0.50); rank correlation with the target's 1.00; for 1 of 3 "
                + "features the predominant component has at least a quarter of its contributions in each layer (target: for 3)", shares.summary());
    }
}
