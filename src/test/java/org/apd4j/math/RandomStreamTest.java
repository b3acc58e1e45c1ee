package org.apd4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.apd4j.math.internal.Erf;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

    private static final int N = 400_000;

    @Test
    void theFirstValuesOfAStreamAreTheSameOnEveryMachine() {
        RandomStream bits = RandomStream.of(7, 1, 2);
        assertEquals(-6768137682364209672L, bits.nextLong());
        assertEquals(-4026249278023433735L, bits.nextLong());
        RandomStream normal = RandomStream.of(7, 1, 2);
        assertEquals(0.587492711722643, normal.nextNormal());
        assertEquals(1.2435764989834586, normal.nextNormal());
    }

    @Test
    void seedsAndPathsHaveDifferentStreams() {
        Set<Long> first = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            for (long step = 0; step < 100; step++) {
                first.add(RandomStream.of(seed, step).nextLong());
            }
        }
        assertEquals(10_000, first.size());
        assertNotEquals(RandomStream.of(1, 2, 3).nextLong(), RandomStream.of(1, 3, 2).nextLong());
        assertNotEquals(RandomStream.of(1).nextLong(), RandomStream.of(1, 0).nextLong());
        assertEquals(RandomStream.of(1, 2).nextLong(), RandomStream.of(1, 2).nextLong());
    }

    @Test
    void uniformValuesFillTheirRangeEvenly() {
        RandomStream random = RandomStream.of(11);
        int[] bins = new int[20];
        for (int i = 0; i < N; i++) {
            double value = random.nextDouble();
            assertTrue(value >= 0 && value < 1);
            bins[(int) (value * 20)]++;
        }
        assertUniform(bins);
    }

    @Test
    void decisionsAreUniformForAnyNumberOfChoices() {
        for (int bound : new int[] {1, 2, 3, 7, 100}) {
            RandomStream random = RandomStream.of(12, bound);
            int[] bins = new int[bound];
            for (int i = 0; i < N; i++) {
                bins[random.nextInt(bound)]++;
            }
            assertUniform(bins);
        }
    }

    /** Pearson's χ² within five deviations of its mean. */
    private static void assertUniform(int[] bins) {
        double expected = (double) N / bins.length;
        double chi = 0;
        for (int bin : bins) {
            chi += (bin - expected) * (bin - expected) / expected;
        }
        double freedom = bins.length - 1;
        assertTrue(chi <= freedom + 5 * Math.sqrt(2 * freedom), "chi square " + chi + " for " + freedom);
    }

    @Test
    void normalValuesHaveTheMomentsOfTheNormalDistribution() {
        RandomStream random = RandomStream.of(13);
        double[] moments = new double[5];
        double product = 0;
        double last = 0;
        int beyondTwo = 0;
        for (int i = 0; i < N; i++) {
            double value = random.nextNormal();
            for (int k = 1; k <= 4; k++) {
                moments[k] += Math.pow(value, k) / N;
            }
            product += value * last / N;
            last = value;
            beyondTwo += Math.abs(value) > 2 ? 1 : 0;
        }
        double deviation = 5 / Math.sqrt(N);
        assertEquals(0, moments[1], deviation);
        assertEquals(1, moments[2], deviation * Math.sqrt(2));
        assertEquals(0, moments[3], deviation * Math.sqrt(15));
        assertEquals(3, moments[4], deviation * Math.sqrt(96));
        assertEquals(0, product, deviation);
        assertEquals(1 - Erf.erf(Math.sqrt(2)), (double) beyondTwo / N, deviation * 0.21);
    }
}
