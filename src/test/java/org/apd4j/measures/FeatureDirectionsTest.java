package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.FeatureDirections.Match;
import org.junit.jupiter.api.Test;

class FeatureDirectionsTest {

    private static Grid grid(double[]... rows) {
        return Grid.of(rows.length, rows[0].length, (i, j) -> rows[i][j]);
    }

    private static void assertMatches(FeatureDirections directions, Match... expected) {
        assertEquals(expected.length, directions.features().size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(i, directions.features().get(i).feature());
            assertEquals(expected[i].direction(), directions.features().get(i).direction(), "feature " + i);
            assertEquals(expected[i].cosine(), directions.features().get(i).cosine(), 1e-12, "feature " + i);
        }
    }

    @Test
    void directionsAreComparedWhateverTheirLengthAndSign() {
        FeatureDirections directions = FeatureDirections.of(grid(new double[] {1, 0}, new double[] {0.6, 0.8}, new double[] {0, 5}),
                grid(new double[] {0, -2}, new double[] {3, 0}, new double[] {0, 0}));
        assertMatches(directions, new Match(0, 1, 1), new Match(1, 0, 0.8), new Match(2, 0, 1));
        assertEquals(3, directions.directions());
        assertEquals(2, directions.found());
        assertEquals(2.8 / 3, directions.meanCosine(), 1e-12);
        assertEquals("2 of 3 features found by 3 directions, mean cosine 0.933", directions.toString());
    }

    @Test
    void aDirectionCountsForOneFeatureAlone() {
        FeatureDirections directions = FeatureDirections.of(grid(new double[] {1, 0.1}, new double[] {1, -0.1}), grid(new double[] {1, 0}));
        assertEquals(1 / Math.sqrt(1.01), directions.meanCosine(), 1e-12);
        assertEquals(1, directions.found());
    }

    @Test
    void aComponentIsComparedWithTheFeaturesRowAndNothingElse() {
        Grid known = grid(new double[] {3, 4}, new double[] {5, 0}, new double[] {0, 1});
        Grid own = grid(new double[] {6, 8}, new double[] {0, 0}, new double[] {0, 0});
        Grid two = grid(new double[] {3, 4}, new double[] {5, 0}, new double[] {0, 0});
        Grid negative = grid(new double[] {0, 0}, new double[] {0, 0}, new double[] {0, -1});
        FeatureDirections directions = FeatureDirections.ofRows(known, List.of(two, own, negative));
        assertMatches(directions, new Match(0, 1, 1), new Match(1, 0, Math.sqrt(0.5)), new Match(2, -1, 0));
        assertEquals(1, directions.found());
    }

    @Test
    void nothingFoundMatchesNothing() {
        Grid known = grid(new double[] {1, 0});
        assertMatches(FeatureDirections.ofRows(known, List.of()), new Match(0, -1, 0));
        assertMatches(FeatureDirections.of(known, grid(new double[] {0, 0})), new Match(0, -1, 0));
        assertEquals(0, FeatureDirections.ofRows(known, List.of()).found());
    }

    @Test
    void otherShapesAndDirectionsOfNoLengthAreRefused() {
        Grid known = grid(new double[] {1, 0});
        Grid wide = grid(new double[] {1, 0, 0});
        assertTrue(assertThrows(IllegalArgumentException.class, () -> FeatureDirections.of(known, wide)).getMessage().contains("2 entries and those found 3"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> FeatureDirections.ofRows(known, List.of(wide))).getMessage().contains("component 0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> FeatureDirections.of(grid(new double[] {0, 0}), known)).getMessage()
                .contains("feature 0 has the length 0.0"));
    }
}
