package org.apd4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.measures.Distribution;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void meanAndSampleStandardDeviationAreThoseWorkedOutByHand() {
        // mean 10 / 4; squares (2.25 + 0.25 + 0.25 + 2.25) / (4 − 1) = 5/3
        assertEquals(2.5, Statistics.mean(4, 1, 3, 2), 1e-15);
        assertEquals(Math.sqrt(5.0 / 3), Statistics.standardDeviation(4, 1, 3, 2), 1e-15);
        assertTrue(Double.isNaN(Statistics.standardDeviation(7)));
    }

    @Test
    void aLargeMeanDoesNotReduceThePrecisionOfTheStandardDeviation() {
        // 0.1, 0.2 and 0.6 deviate from 0.3 by −0.2, −0.1 and 0.3: 0.14 / 2
        assertEquals(Math.sqrt(0.07), Statistics.standardDeviation(1e8 + 0.1, 1e8 + 0.2, 1e8 + 0.6), 1e-6);
    }

    @Test
    void quantilesInterpolateLinearly() {
        // places 0.5 · 3 = 1.5, 0.05 · 3 = 0.15, 0.95 · 3 = 2.85 of 1, 2, 3, 4
        assertEquals(2.5, Statistics.median(4, 1, 3, 2), 1e-15);
        assertEquals(1.15, Statistics.quantile(0.05, 4, 1, 3, 2), 1e-15);
        assertEquals(3.85, Statistics.quantile(0.95, 4, 1, 3, 2), 1e-15);
        assertEquals(4, Statistics.quantile(1, 4, 1, 3, 2), 1e-15);
        assertEquals(7, Statistics.quantile(0.3, 7), 1e-15);
        assertEquals(1, Statistics.quantile(0, 4, 1, 3, 2));
        assertTrue(Double.isNaN(Statistics.quantile(0.5)));
        for (double fraction : new double[] {-1e-9, 1.5, Double.NaN}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> Statistics.quantile(fraction, 1, 2));
            assertEquals("fraction is " + fraction + "; it must be 0 … 1", refused.getMessage());
        }
    }

    @Test
    void aDistributionCopiesItsValues() {
        double[] values = {3, 1, 2};
        Distribution distribution = Distribution.of(values);
        values[0] = 100;
        distribution.values()[1] = 100;
        assertEquals(Distribution.of(3, 1, 2), distribution);
        assertEquals(2, distribution.mean(), 1e-15);
        assertEquals(2, distribution.median(), 1e-15);
        assertEquals(1, distribution.standardDeviation(), 1e-15);
        assertEquals(3, distribution.count());
    }

    @Test
    void rankCorrelationDependsOnTheOrderOnly() {
        assertEquals(1, Statistics.rankCorrelation(new double[] {1, 2, 10}, new double[] {-5, 0, 0.1}), 1e-12);
        assertEquals(-1, Statistics.rankCorrelation(new double[] {1, 2, 10}, new double[] {3, 2, 1}), 1e-12);
        // ranks 1, 2.5, 2.5, 4 against 2, 1, 3, 4: deviations −1.5, 0, 0, 1.5 and −0.5, −1.5, 0.5, 1.5: 3 / sqrt(4.5 · 5)
        assertEquals(3 / Math.sqrt(22.5), Statistics.rankCorrelation(new double[] {1, 7, 7, 9}, new double[] {2, 1, 3, 4}), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> Statistics.rankCorrelation(new double[2], new double[3]));
    }

    @Test
    void rankCorrelationOfWhatHasNoOrderIsNotANumber() {
        assertTrue(Double.isNaN(Statistics.rankCorrelation(new double[0], new double[0])));
        assertTrue(Double.isNaN(Statistics.rankCorrelation(new double[] {1}, new double[] {2})));
        assertTrue(Double.isNaN(Statistics.rankCorrelation(new double[] {1, 2, 3}, new double[] {4, 4, 4})));
        assertTrue(Double.isNaN(Statistics.rankCorrelation(new double[] {1, 2, Double.NaN}, new double[] {1, 2, 3})));
        assertTrue(Double.isNaN(Statistics.rankCorrelation(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3})));
    }

    @Test
    void rankCorrelationOfUnrelatedRanksIsZeroWithoutASign() {
        // deviations −1.5, −0.5, 0.5, 1.5 and −0.5, 1.5, −1.5, 0.5: 0.75 − 0.75 − 0.75 + 0.75
        assertEquals(0.0, Statistics.rankCorrelation(new double[] {1, 2, 3, 4}, new double[] {2, 4, 1, 3}));
    }
}
