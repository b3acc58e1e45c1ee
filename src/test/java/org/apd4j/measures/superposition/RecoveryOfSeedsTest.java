package org.apd4j.measures.superposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecoveryOfSeedsTest {

    private static Recovery recovery(double cosine, double ratio, int... components) {
        return new Recovery("W", 5, IntStream.range(0, components.length)
                .mapToObj(i -> new Recovery.Feature(i, components[i], cosine, ratio)).toList());
    }

    @Test
    void meansAndDeviationsAreThoseWorkedOutByHandOverAllAndOverTheSuccessfulSeeds() {
        var seeds = new RecoveryOfSeeds(List.of(recovery(1, 0.5, 0, 1), recovery(0.995, 0.9, 1, 0), recovery(0.2, 0.1, 0, 1), recovery(1, 1, 2, 2)));
        assertEquals(4, seeds.count());
        assertEquals(2, seeds.successes());
        assertEquals(0.5, seeds.successRate());
        assertEquals(0.625, seeds.mean(Recovery::ml2r), 1e-12);
        assertEquals(0.7, seeds.succeeded().mean(Recovery::ml2r), 1e-12);
        assertEquals(Math.sqrt(0.08), seeds.succeeded().deviation(Recovery::ml2r), 1e-12);
    }

    @Test
    void oneSeedHasNoDeviationAndNoSeedHasNoMean() {
        var one = new RecoveryOfSeeds(List.of(recovery(1, 0.5, 0)));
        assertEquals(0, one.deviation(Recovery::mmcs));
        var none = new RecoveryOfSeeds(List.of());
        assertTrue(Double.isNaN(none.mean(Recovery::mmcs)) && Double.isNaN(none.successRate()));
        assertEquals(0, none.deviation(Recovery::mmcs));
    }
}
