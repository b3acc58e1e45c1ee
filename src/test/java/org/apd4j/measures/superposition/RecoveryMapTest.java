package org.apd4j.measures.superposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryMapTest {

    private static final Recovery GOOD = found(0, 1, 0.9);
    private static final Recovery MERGED = found(0, 0, 0.5);

    /** Two features with perfect directions, and the components that have them. */
    private static Recovery found(int first, int second, double ratio) {
        return new Recovery("W", 2, List.of(new Recovery.Feature(0, first, 1, ratio), new Recovery.Feature(1, second, 1, ratio)));
    }

    @Test
    void ratesAndMeansAreTakenOverTheSeedsOfACell() {
        RecoveryMap map = new RecoveryMap("test", "a", List.of(1.0, 2.0), "b", List.of(3.0),
                List.of(List.of(List.of(GOOD, GOOD, MERGED, MERGED)), List.of(List.of(GOOD, GOOD))));
        assertEquals(0.5, map.successRate().get(0, 0));
        assertEquals(1, map.successRate().get(1, 0));
        assertEquals(2, map.successes(0, 0));
        assertEquals(0.7, map.mean(Recovery::ml2r).get(0, 0), 1e-12);
        assertEquals(1, map.cellsWhereAllSucceed());
        assertEquals(2, map.cells());
    }

    @Test
    void aCellInWhichNothingHasRunIsNaN() {
        RecoveryMap map = new RecoveryMap("test", "a", List.of(1.0), "b", List.of(3.0), List.of(List.of(List.of())));
        assertTrue(Double.isNaN(map.successRate().get(0, 0)));
        assertEquals(0, map.cellsWhereAllSucceed());
    }

    @Test
    void anotherShapeThanRowsAndColumnsIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new RecoveryMap("test", "a", List.of(1.0), "b", List.of(3.0, 4.0),
                List.of(List.of(List.of())))).getMessage();
        assertEquals("found has 1 rows of [1] cells; it must have 1 rows of 2", message);
    }

    @Test
    void settingsCountOnlyWhereEverySeedSucceedsAtLength() {
        Recovery brief = found(0, 1, 0.4);
        RecoveryMap map = new RecoveryMap("test", "a", List.of(0.7, 3.0), "b", List.of(0.211),
                List.of(List.of(List.of(GOOD, GOOD)), List.of(List.of(brief, brief))));
        assertEquals(1, map.successRate().get(1, 0));
        assertEquals(0, map.successRateAtLength().get(1, 0));
        assertEquals("[0.7 and 0.211]", map.successesAtLength().toString());
        assertTrue(map.isHighest(0.7, 0.211, Recovery::ml2r));
        assertTrue(!map.isHighest(3, 0.211, Recovery::ml2r));
        assertThrows(IllegalArgumentException.class, () -> map.isHighest(1, 0.211, Recovery::ml2r));
    }
}
