package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RejectionCounterTest {

    @Test
    void fiveThousandSamplesForEachOneThatIsNeededAreDrawnInVainAtMost() {
        RejectionCounter draws = new RejectionCounter("a wish", 2000);
        draws.count(4_000_000, 3);
        draws.count(6_000_000, 4);
        var refused = assertThrows(IllegalArgumentException.class, () -> draws.count(1, 1));
        assertEquals("of 10000001 samples of the target's data only 8 had a wish; the measure needs more of them", refused.getMessage());
    }

    @Test
    void forFewSamplesFiveMillionMayBeDrawn() {
        RejectionCounter draws = new RejectionCounter("a wish", 1);
        draws.count(5_000_000, 0);
        assertThrows(IllegalArgumentException.class, () -> draws.count(1, 0));
    }
}
