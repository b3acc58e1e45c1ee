package org.apd4j.measures.superposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class OwnedRowsTest {

    private static final Target TWO = HandMade.tms(new double[][] {{1, 0}, {0, 2}});

    /** Component 0 holds row 0 and three tenths of row 1, component 1 the rest of row 1. */
    private static Decomposition mixed() {
        return HandMade.decomposition(TWO, HandMade.config(2, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = Matrix.zeros(2, 2);
            if (c == 0) {
                own.set(0, 0, 1);
            }
            own.set(1, 1, c == 0 ? 0.6f : 1.4f);
            return own;
        });
    }

    @Test
    void rowsAreMeasuredInUnitsOfTheTargets() {
        OwnedRows found = OwnedRows.of(mixed(), 0.75);
        assertEquals(List.of(0, 1), found.owners());
        double[][] expected = {{1, 0.3}, {0, 0.7}};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                assertEquals(expected[i][j], found.lengths().get(i, j), 1e-6);
            }
        }
        assertEquals(0.3, found.largestOther(0), 1e-6);
        assertEquals(0, found.largestOther(1), 1e-6);
        assertEquals(0.3, found.largestOther(), 1e-6);
        assertEquals("2 components of their own for 2 features; they hold 0.70 … 1.00 of their feature's row, and at most 0.300 of another one",
                found.summary());
    }

    @Test
    void componentsThatHoldOneRowEachGiveTheIdentity() {
        OwnedRows found = OwnedRows.of(HandMade.rows(TWO, 3), 0.75);
        assertEquals(2, found.distinct());
        assertEquals(0, found.largestOther(), 0);
        assertEquals(1, found.lengths().get(1, 1), 1e-6);
    }

    @Test
    void theWorstOfSeveralHoldsTheLargestForeignRow() {
        List<OwnedRows> both = OwnedRows.of(List.of(HandMade.rows(TWO, 3), mixed()), 0.75);
        assertEquals(List.of(OwnedRows.of(HandMade.rows(TWO, 3), 0.75), OwnedRows.of(mixed(), 0.75)), both);
        assertEquals(both.get(1), OwnedRows.worst(both));
    }

    @Test
    void aFeatureThatTheTargetDroppedIsNamed() {
        Decomposition dropped = HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {0, 0}}), 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> OwnedRows.of(dropped, 0.75)).getMessage()
                .startsWith("row 1 of 'linear1' is zero"));
    }
}
