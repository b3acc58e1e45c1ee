package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.math.SparseRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturePairsTest {

    private static final int ROWS = 100_000;

    /** Returns how many rows have features i and j both active. */
    private static int both(SparseRows batch, int i, int j) {
        int count = 0;
        for (int row = 0; row < batch.rows(); row++) {
            boolean first = false;
            boolean second = false;
            for (int k = batch.start(row); k < batch.start(row + 1); k++) {
                first |= batch.column(k) == i;
                second |= batch.column(k) == j;
            }
            count += first && second ? 1 : 0;
        }
        return count;
    }

    private static void assertShare(double share, int count, String what) {
        assertEquals(share * ROWS, count, 5 * Math.sqrt(ROWS * share * (1 - share)) + 1e-9, what);
    }

    @ParameterizedTest
    @CsvSource({"0.05, 0.8", "0.05, 1", "0.05, 0.05", "0.5, 0", "0.3, 0.5", "1, 1"})
    void featuresKeepTheirRateAndPartnersComeTogetherAsOftenAsGiven(double probability, double together) {
        SparseRows batch = new FeaturePairs(new SparseFeatures(5, probability, 0, 1), together).sample(7, ROWS);
        for (int i = 0; i < 5; i++) {
            assertShare(probability, both(batch, i, i), "feature " + i);
        }
        assertShare(probability * together, both(batch, 0, 1), "0 and 1");
        assertShare(probability * together, both(batch, 2, 3), "2 and 3");
        assertShare(probability * probability, both(batch, 1, 2), "1 and 2 are no pair");
        assertShare(probability * probability, both(batch, 3, 4), "4 has no partner");
    }

    @Test
    void partnersThatAlwaysComeTogetherHaveValuesOfTheirOwn() {
        SparseRows batch = new FeaturePairs(new SparseFeatures(2, 0.3, 1, 2), 1).sample(3, 20_000);
        double product = 0;
        int pairs = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (!batch.isEmpty(row)) {
                assertEquals(2, batch.start(row + 1) - batch.start(row));
                double first = batch.value(batch.start(row));
                double second = batch.value(batch.start(row) + 1);
                assertTrue(first >= 1 && first <= 2 && second >= 1 && second <= 2);
                product += (first - 1.5) * (second - 1.5);
                pairs++;
            }
        }
        assertEquals(0, product / pairs, 5.0 / 12 / Math.sqrt(pairs), "covariance of independent uniform values");
    }

    @Test
    void impossiblePairsAreRefused() {
        SparseFeatures often = new SparseFeatures(4, 0.8, 0, 1);
        assertEquals("together is 1.5; it must be 0 … 1",
                assertThrows(IllegalArgumentException.class, () -> new FeaturePairs(often, 1.5)).getMessage());
        assertEquals("together is 0.5; features that are active with probability 0.8 come together at least in a fraction 0.75 of the cases",
                assertThrows(IllegalArgumentException.class, () -> new FeaturePairs(often, 0.5)).getMessage());
    }
}
