package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.math.SparseRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparseFeaturesTest {

    @Test
    void theFirstBatchOfASeedIsTheSameOnEveryMachine() {
        float[] wanted = {0, 0, -0.69143134f, 0.35159644f, 0.21481082f, 0, 0, 0, 0.51679116f, 0, 0, 0.8261944f, 0, 0, -0.49367055f, 0, 0,
                -0.5386571f, -0.40746778f, -0.11280322f, 0, 0, 0.1533244f, 0, 0, 0.54031986f, 0.8529939f, 0, 0, 0};
        assertArrayEquals(wanted, new SparseFeatures(5, 0.3, -1, 1).sample(0, 6).toDense().toArray());
        float[] exactly = {0, 0.15428434f, 0, 0, 0.47008482f, 0, 0, 0.9130972f, 0, 0.25316474f, 0.23067142f, 0.2962661f, 0, 0, 0};
        assertArrayEquals(exactly, new SparseFeatures(5, 0.3, 0, 1).exactly(2).sample(0, 3).toDense().toArray());
    }

    @ParameterizedTest
    @CsvSource({"0.01, -1, 1", "0.05, 0, 1", "0.5, 2, 3", "1, -1, 0"})
    void everyFeatureIsActiveAtTheRateAndUniformInTheRange(double probability, double low, double high) {
        int rows = 60_000;
        int features = 5;
        SparseRows batch = new SparseFeatures(features, probability, low, high).sample(3, rows);
        double[] active = new double[features];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < batch.size(); i++) {
            active[batch.column(i)]++;
            assertTrue(batch.value(i) >= low && batch.value(i) <= high);
            double unit = (batch.value(i) - low) / (high - low);
            sum += unit;
            squares += unit * unit;
        }
        for (double count : active) {
            assertEquals(probability * rows, count, 5 * Math.sqrt(rows * probability * (1 - probability)));
        }
        assertEquals(0.5, sum / batch.size(), 5 / Math.sqrt(12.0 * batch.size()));
        assertEquals(1.0 / 3, squares / batch.size(), 5 * 0.3 / Math.sqrt(batch.size()));
        int both = 0;
        for (int row = 0; row < rows; row++) {
            both += batch.start(row + 1) - batch.start(row) == features ? 1 : 0;
        }
        double all = Math.pow(probability, features);
        assertEquals(all * rows, both, 5 * Math.sqrt(rows * all * (1 - all)) + 1, "features are independent");
    }

    @Test
    void exactlyKFeaturesAreActiveAndEveryChoiceIsEquallyLikely() {
        int rows = 30_000;
        for (int k = 0; k <= 4; k++) {
            SparseRows batch = new SparseFeatures(4, 0.01, 0.5, 1).exactly(k).sample(1, rows);
            int[] choices = new int[16];
            for (int row = 0; row < rows; row++) {
                assertEquals(k, batch.start(row + 1) - batch.start(row));
                int choice = 0;
                for (int i = batch.start(row); i < batch.start(row + 1); i++) {
                    assertTrue(batch.value(i) >= 0.5 && batch.value(i) <= 1);
                    choice |= 1 << batch.column(i);
                }
                choices[choice]++;
            }
            double wanted = rows / new double[] {1, 4, 6, 4, 1}[k];
            for (int choice = 0; choice < 16; choice++) {
                assertEquals(Integer.bitCount(choice) == k ? wanted : 0, choices[choice], 5 * Math.sqrt(wanted));
            }
        }
    }

    @Test
    void impossibleDistributionsAreRefusedByName() {
        assertRefused("features is 0; it must be at least 1", () -> new SparseFeatures(0, 0.1, 0, 1));
        for (double probability : new double[] {0, -0.1, 1.1, Double.NaN}) {
            assertRefused("probability is " + probability + "; it must be above 0 and at most 1", () -> new SparseFeatures(1, probability, 0, 1));
        }
        for (double[] range : new double[][] {{1, 1}, {1, 0}, {Double.NaN, 1}, {0, Double.NaN}, {0, Double.POSITIVE_INFINITY},
                {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}}) {
            assertRefused("the range is [" + range[0] + ", " + range[1] + "]; it must be finite and not empty",
                    () -> new SparseFeatures(1, 0.1, range[0], range[1]));
        }
        SparseFeatures three = new SparseFeatures(3, 0.1, 0, 1);
        assertRefused("active is 4; it must be 0 … 3", () -> three.exactly(4));
        assertRefused("active is -1; it must be 0 … 3", () -> three.exactly(-1));
    }

    private static void assertRefused(String message, Runnable attempt) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, attempt::run).getMessage());
    }
}
