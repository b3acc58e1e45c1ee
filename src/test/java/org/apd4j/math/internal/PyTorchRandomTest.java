package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PyTorchRandomTest {

    /** {@code torch.manual_seed(0); torch.rand(2, 3)}, as PyTorch prints it. */
    @Test
    void uniformNumbersAgreeWithPyTorch() {
        PyTorchRandom random = new PyTorchRandom(0);
        for (double wanted : new double[] {0.4963, 0.7682, 0.0885, 0.1320, 0.3074, 0.6341}) {
            assertEquals(wanted, random.nextUniform(), 5e-5);
        }
    }

    /** {@code torch.manual_seed(seed); torch.randperm(10)}. */
    @Test
    void permutationsAgreeWithPyTorch() {
        assertArrayEquals(new int[] {4, 1, 7, 5, 3, 9, 0, 8, 6, 2}, new PyTorchRandom(0).nextPermutation(10));
        assertArrayEquals(new int[] {2, 6, 1, 8, 4, 5, 0, 9, 3, 7}, new PyTorchRandom(42).nextPermutation(10));
    }

    @Test
    void onlyTheLowestBitsOfASeedCount() {
        int[] wanted = {5, 6, 1, 2, 0, 8, 9, 3, 7, 4};
        assertArrayEquals(wanted, new PyTorchRandom(1).nextPermutation(10));
        assertArrayEquals(wanted, new PyTorchRandom((1L << 32) + 1).nextPermutation(10));
    }

    @Test
    void everyNumberIsInAPermutationOnce() {
        int[] order = new PyTorchRandom(7).nextPermutation(1000);
        Arrays.sort(order);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), order);
        assertEquals(0, new PyTorchRandom(7).nextPermutation(0).length);
    }

    /** The last place is left to the last value: {@code randperm} draws nothing for it. */
    @Test
    void aPermutationOfNDrawsNMinusOneNumbers() {
        PyTorchRandom after = new PyTorchRandom(5);
        after.nextPermutation(10);
        PyTorchRandom skipping = new PyTorchRandom(5);
        for (int i = 0; i < 9; i++) {
            skipping.nextUniform();
        }
        assertEquals(skipping.nextUniform(), after.nextUniform());
    }

    /** Groups of 16 numbers, the last of which is drawn anew where 16 does not divide the count; compared with a recorded run elsewhere. */
    @Test
    void normalNumbersHaveMeanZeroAndVarianceOneAndComeInGroups() {
        double[] values = new PyTorchRandom(3).nextNormals(100_000);
        assertEquals(0, Arrays.stream(values).average().orElseThrow(), 0.01);
        assertEquals(1, Arrays.stream(values).map(value -> value * value).average().orElseThrow(), 0.02);
        double[] more = new PyTorchRandom(3).nextNormals(40);
        assertArrayEquals(Arrays.copyOf(values, 24), Arrays.copyOf(more, 24), "the last 16 of 40 are drawn anew");
        assertTrue(more[24] != values[24]);
        assertEquals("count is 15; it must be at least 16", assertThrows(IllegalArgumentException.class, () -> new PyTorchRandom(3).nextNormals(15))
                .getMessage());
    }

    /** {@code torch.manual_seed(0); torch.randn(16)[:4]}, as PyTorch prints it. */
    @Test
    void normalNumbersOfSinglePrecisionAgreeWithPyTorch() {
        float[] values = new PyTorchRandom(0).nextFloatNormals(16);
        double[] wanted = {-1.1258, -1.1524, -0.2506, -0.4339};
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], values[i], 5e-5);
        }
    }
}
