package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PublishedRecoveryTest {

    @Test
    void publishedMeansAgreeWithinThreeDeviationsOrFiveThousandths() {
        var paper = new PublishedRecovery(0.998, 0, 0.893, 0.004, true, "");
        assertTrue(paper.agreesOnMmcs(0.9931));
        assertFalse(paper.agreesOnMmcs(0.9929));
        assertTrue(paper.agreesOnMl2r(0.9049));
        assertFalse(paper.agreesOnMl2r(0.9051));
        assertFalse(paper.agreesOnMl2r(Double.NaN));
    }
}
