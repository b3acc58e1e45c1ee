package org.apd4j.interaction;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apd4j.math.internal.PyTorchRandom;

/**
 * The task of modular addition: all pairs (a, b) of numbers below p as tokens a, b, =, where the token = is p, with the answer {@code (a + b) mod p}.
 * The split into training and test data is that of {@code torch.randperm}.
 *
 * <pre>{@code
 * Samples train = ModularAddition.paper().train();
 * }</pre>
 *
 * @param p             the modulus
 * @param trainFraction part of all pairs that is trained on, above 0 and below 1
 * @param splitSeed     of the split
 */
public record ModularAddition(int p, double trainFraction, long splitSeed) {

    /** @throws IllegalArgumentException if a value is out of its range, or a part of the data would be empty */
    public ModularAddition {
        if (p < 2 || p > 10_000) {
            throw new IllegalArgumentException("the modulus is " + p + "; it must be from 2 to 10,000");
        }
        if (!(trainFraction > 0 && trainFraction < 1) || (int) (trainFraction * p * p) == 0) {
            throw new IllegalArgumentException("the part of the pairs to train on is " + trainFraction
                    + "; it must be below 1 and large enough for one of " + p * p + " pairs");
        }
    }

    /** Returns the published task: modulus 113, 3,830 pairs to train on, 8,939 to test. */
    public static ModularAddition paper() {
        return new ModularAddition(113, 0.3, 0);
    }

    /** Returns all pairs, ordered by {@code p a + b}. */
    public Samples all() {
        return pairs(IntStream.range(0, p * p).toArray());
    }

    /** Returns the pairs to train on, on which bases are computed. */
    public Samples train() {
        return pairs(Arrays.copyOf(order(), trained()));
    }

    /** Returns the other pairs. */
    public Samples test() {
        return pairs(Arrays.copyOfRange(order(), trained(), p * p));
    }

    /** Returns the accuracy of answers drawn at random, all numbers below p being equally likely. */
    public double accuracyOfGuessing() {
        return 1.0 / p;
    }

    private int trained() {
        return (int) (trainFraction * p * p);
    }

    private int[] order() {
        return new PyTorchRandom(splitSeed).nextPermutation(p * p);
    }

    private Samples pairs(int[] indices) {
        return Samples.ofTokens(Arrays.stream(indices).mapToObj(index -> new int[] {index / p, index % p, p}).toArray(int[][]::new))
                .withLabels(Arrays.stream(indices).map(index -> (index / p + index % p) % p).toArray());
    }
}
