package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class SurplusComponentsTest {

    /** W = (2, 0), (0, 1): nothing interferes. */
    private static final double[][] APART = {{2, 0}, {0, 1}};

    @Test
    void attributionsOnOneActiveFeatureAreThoseWorkedOutByHand() {
        // Feature 0: the encoder's part changes output 0 by 2 · 2, the decoder's by 2 · 2, together 8² = 64. Feature 1: (1 + 1)² = 4.
        OneHotAttributions measured = OneHotAttributions.of(HandMade.rows(HandMade.tms(APART), 3));
        Grid expected = Grid.of(2, 3, (feature, component) -> feature != component ? 0 : feature == 0 ? 64 : 4);
        for (int feature = 0; feature < 2; feature++) {
            for (int component = 0; component < 3; component++) {
                assertEquals(expected.get(feature, component), measured.attributions().get(feature, component), 1e-4);
            }
        }
    }

    @Test
    void componentsWithoutAFeatureAreSurplusAndComeLast() {
        Grid attributions = Grid.of(2, 4, (feature, component) -> component == 3 - feature ? 5 : component == 0 ? 4 : 0);
        OneHotAttributions measured = new OneHotAttributions(attributions);
        assertEquals(3, measured.componentOf(0));
        assertEquals(2, measured.componentOf(1));
        assertEquals(1, measured.featureOf(2));
        assertEquals(List.of(0, 1), measured.surplus());
        assertEquals(List.of(3, 2, 0, 1), measured.order());
    }

    @Test
    void aComponentOfTwoFeaturesIsInTheOrderOnce() {
        OneHotAttributions measured = new OneHotAttributions(Grid.of(3, 2, (feature, component) -> component == 1 ? 1 : 0));
        assertEquals(List.of(1, 0), measured.order());
        assertEquals(List.of(0), measured.surplus());
    }

    @Test
    void theNormIsThatOfAllWeightsOfAComponent() {
        Matrix[] parts = {HandMade.matrix(new double[][] {{1, 2}, {2, 4}}), Matrix.zeros(2, 2)};
        Decomposition found = HandMade.decomposition(HandMade.tms(APART), HandMade.config(2, Selection.batchTopK(1)), (parameter, c) -> parts[c]);
        assertEquals(List.of(5.0, 0.0), ComponentNorms.of(found).norms());
        // over both layers of a residual MLP: neuron 3 reads with (0, …, −1, 0) and writes the same
        assertEquals(Math.sqrt(2), ComponentNorms.of(HandMade.perfect(2)).of(3), 1e-6);
    }
}
