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

    @Test
    void missedFeaturesAreCountedOverAllRunsAndTheOthersAveraged() {
        var seeds = new RecoveryOfSeeds(List.of(recovery(1, 0.5, 0, 1), recovery(0.2, 0.1, 0, 1), recovery(0.96, 0.9, 1, 0)));
        RecoveryOfSeeds.Missed missed = seeds.missed(0.95);
        assertEquals(2, missed.missed());
        assertEquals(6, missed.features());
        assertEquals(0.98, missed.mmcs(), 1e-12);
        assertEquals(0.7, missed.ml2r(), 1e-12);
        assertEquals("2 of 6 features over all seeds have a cosine below 0.95; the others have MMCS 0.9800, ML2R 0.7000", missed.toString());
    }

    @Test
    void shortPiecesInTheRightDirectionsSucceedButNotAtLength() {
        var seeds = new RecoveryOfSeeds(List.of(recovery(1, 0.4, 0, 1), recovery(1, 0.8, 0, 1)));
        assertEquals(2, seeds.successes());
        assertEquals(1, seeds.successesAtLength());
        assertEquals("2 of 2", seeds.successText());
    }

    @Test
    void componentsAreOrderedByTheFeaturesThatTheyAreClosestTo() {
        assertEquals(List.of(3, 1, 0, 2, 4), recovery(1, 1, 3, 1, 3).order());
    }

    @Test
    void theFeatureThatIsRecoveredWorstComesFirst() {
        var found = new Recovery("W", 2, List.of(new Recovery.Feature(0, 0, 0.9, 1), new Recovery.Feature(1, 1, 0.5, 1)));
        assertEquals(1, found.worstFirst().get(0).feature());
        assertEquals("MMCS 0.700, ML2R 1.000; 2 different components for 2 features; recovered worst: feature 1, cosine 0.500", found.summary());
        assertEquals("MMCS 0.992, ML2R 1.000; 2 different components for 2 features", new Recovery("W", 2,
                List.of(new Recovery.Feature(0, 0, 0.991, 1), new Recovery.Feature(1, 1, 0.993, 1))).summary(), "none of them is wrong");
    }
}
