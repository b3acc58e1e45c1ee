package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.measures.FeatureDirections;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;

class KnownFeaturesTest {

    private static FeatureDirections of(Map<String, FeatureDirections> found, String method) {
        return Objects.requireNonNull(found.get(method), method);
    }

    @Test
    void featuresWithDimensionsOfTheirOwnAreFoundByBoth() {
        var found = KnownFeatures.of("by hand", HandMade.rows(HandMade.tms(new double[][] {{2, 0}, {0, 1}}), 3), 1_000, 0);
        assertEquals(List.of("by hand", "LIB, input", "LIB, encoder"), new ArrayList<>(found.keySet()));
        assertEquals(3, of(found, "by hand").directions());
        assertEquals(1, of(found, "by hand").meanCosine(), 1e-6);
        for (String method : found.keySet()) {
            assertEquals(2, of(found, method).found(), method);
        }
        assertEquals(1, of(found, "LIB, encoder").meanCosine(), 0.01);
        // the strongest node is the feature with the longer row
        assertEquals(0, of(found, "LIB, encoder").features().get(0).direction());
    }

    @Test
    void basisOfTwoDimensionsHasTwoDirectionsForThreeFeatures() {
        double h = Math.sqrt(0.75);
        var found = KnownFeatures.of("by hand", HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {-0.5, h}, {-0.5, -h}}), 3), 1_000, 0);
        assertEquals(3, of(found, "by hand").found());
        assertEquals(2, of(found, "LIB, encoder").directions());
        assertEquals(2, of(found, "LIB, input").directions());
    }

    @Test
    void featuresOfAResidualMlpAreItsContributionsOfNeurons() {
        var found = KnownFeatures.of("by hand", HandMade.perfect(1), 200, 0);
        assertEquals(List.of("by hand", "LIB, input", "LIB, layers.0.neurons"), new ArrayList<>(found.keySet()));
        assertEquals(4, of(found, "by hand").found());
        assertEquals(1, of(found, "by hand").meanCosine(), 1e-6);
        assertEquals(4, of(found, "LIB, input").directions());
    }

    @Test
    void dataWithoutKnownFeaturesAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> KnownFeatures.of("APD", SmallRun.GATED_FUNCTIONS.run(1), 10, 0)).getMessage();
        assertTrue(message.contains("SparseFeatures"), message);
    }
}
