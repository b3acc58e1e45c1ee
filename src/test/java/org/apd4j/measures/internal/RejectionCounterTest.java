package org.apd4j.measures.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RejectionCounterTest {

    @Test
    void atMostFiveThousandSamplesAreDrawnForEachOneNeeded() {
        RejectionCounter draws = new RejectionCounter("a wish", 2000);
        draws.count(4_000_000, 3);
        draws.count(6_000_000, 4);
        var refused = assertThrows(IllegalArgumentException.class, () -> draws.count(1, 1));
        assertEquals("only 8 of 10000001 samples of the target's data have a wish; ask for fewer samples, or use data that has more of them",
                refused.getMessage());
    }

    @Test
    void fiveMillionSamplesMayBeDrawnForFew() {
        RejectionCounter draws = new RejectionCounter("a wish", 1);
        draws.count(5_000_000, 0);
        assertThrows(IllegalArgumentException.class, () -> draws.count(1, 0));
    }
}
