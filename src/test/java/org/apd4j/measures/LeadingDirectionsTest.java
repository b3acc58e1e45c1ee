package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class LeadingDirectionsTest {

    @Test
    void theLeadingDirectionOfAMatrixOfRankOneIsThatMatrix() {
        for (double[][] p : List.of(new double[][] {{3, -6}, {-4, 8}, {0, 0}}, new double[][] {{2, 0, 1}, {-4, 0, -2}})) {
            LeadingDirections.Leading found = LeadingDirections.leading(HandMade.matrix(p));
            assertEquals(1, found.share(), 1e-9);
            for (int i = 0; i < p.length; i++) {
                for (int j = 0; j < p[0].length; j++) {
                    assertEquals(p[i][j], found.reads().get(i) * found.writes().get(j), 1e-6);
                }
            }
            assertEquals(1, found.writes().stream().mapToDouble(v -> v * v).sum(), 1e-9);
        }
    }

    @Test
    void theShareOfTheLeadingDirectionIsThatOfItsSquaredSingularValue() {
        assertEquals(9 / 13.0, LeadingDirections.leading(HandMade.matrix(new double[][] {{0, 2}, {3, 0}})).share(), 1e-9);
        assertEquals(1, LeadingDirections.leading(Matrix.zeros(2, 2)).share());
    }
}
