package org.apd4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PyTorchRandomTest {

    /** {@code torch.manual_seed(0); torch.rand(2, 3)}, as PyTorch prints it. */
    @Test
    void uniformNumbersAreThoseOfPyTorch() {
        PyTorchRandom random = new PyTorchRandom(0);
        for (double wanted : new double[] {0.4963, 0.7682, 0.0885, 0.1320, 0.3074, 0.6341}) {
            assertEquals(wanted, random.nextUniform(), 5e-5);
        }
    }

    /** {@code torch.manual_seed(0); torch.randperm(10)}. */
    @Test
    void permutationsAreThoseOfPyTorch() {
        assertArrayEquals(new int[] {4, 1, 7, 5, 3, 9, 0, 8, 6, 2}, new PyTorchRandom(0).nextPermutation(10));
    }

    @Test
    void everyNumberIsInAPermutationOnce() {
        int[] order = new PyTorchRandom(7).nextPermutation(1000);
        Arrays.sort(order);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), order);
        assertEquals(0, new PyTorchRandom(7).nextPermutation(0).length);
    }
}
