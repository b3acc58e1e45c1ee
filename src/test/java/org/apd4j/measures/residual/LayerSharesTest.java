package org.apd4j.measures.residual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
}
