package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
