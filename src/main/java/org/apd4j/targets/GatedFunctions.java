package org.apd4j.targets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apd4j.data.GatedInputs;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.PyTorchRandom;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;

/**
 * The hand-coded network of gated trigonometric functions (paper appendix B.1): a 2-layer residual MLP whose output is the sum of those of n
 * functions {@code F_i(x) = a sin(b x + c) + d cos(e x + f) + g} whose control bits are set. Each function is approximated by a piecewise
 * linear curve of ten neurons, and all neurons are distributed at random over the two layers.
 *
 * <pre>{@code
 * var gated = GatedFunctions.paper(0);
 * var apd = Apd.decompose(gated.target(), ApdConfig.paperGatedFunctions(), 0);
 * }</pre>
 *
 * @param functions    the functions
 * @param gate         S, the weight of a control bit and the amount by which its neurons' biases are lowered; larger than any x can make up for
 * @param neuronOwners index of the function that each neuron belongs to, by layer and neuron
 * @param target       the network, with inputs {@code [1 + n]}, x and the control bits, and one output
 */
public record GatedFunctions(List<Function> functions, double gate, int[][] neuronOwners, Target target) {

    /** The number of neurons per function. */
    public static final int KNOTS = 10;
    /** The largest x. */
    public static final double X_MAX = 5;
    /**
     * The default S: the smallest whole number that keeps the neurons of an unset bit inactive for every x in the range. A larger S computes the
     * same function and is harder to decompose: under a component that holds only part of a gate's weight the neurons stay inactive and receive
     * no gradient.
     */
    public static final double GATE = X_MAX + 1;

    private static final double SPACING = X_MAX / (KNOTS - 1);
    private static final int LAYERS = 2;

    /** The function {@code a sin(b x + c) + d cos(e x + f) + g}, as in the reference implementation; the paper swaps sine and cosine. */
    public record Function(double a, double b, double c, double d, double e, double f, double g) {

        /** Returns the function's value at x. */
        public double at(double x) {
            return a * StrictMath.sin(b * x + c) + d * StrictMath.cos(e * x + f) + g; // the same weights on every machine
        }
    }

    /**
     * Returns four functions and their network, with exactly the numbers that the reference implementation draws for the seed. Its configurations
     * have seed 0, so that seed very likely gives the functions of the paper.
     */
    public static GatedFunctions paper(long seed) {
        return of(4, 0.05, GATE, seed);
    }

    /**
     * Returns functions and their network, drawn for a seed as the reference implementation draws them: PyTorch's generator is seeded twice, once
     * for the functions and once for the distribution of neurons over layers.
     *
     * @param count       number of functions, at least 1
     * @param probability probability that a control bit is set, 0 … 1
     * @param gate        S, finite and above 5 + 5/9; with a smaller one some neurons would be active although their bit is not set
     * @throws IllegalArgumentException if there is no function, or the gate is not large enough
     */
    public static GatedFunctions of(int count, double probability, double gate, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of functions is " + count + "; it must be at least 1");
        }
        if (!(gate > X_MAX + SPACING) || Double.isInfinite(gate)) {
            throw new IllegalArgumentException("gate is " + gate + "; it must be finite and above " + (X_MAX + SPACING)
                    + ", or neurons are active whose control bit is not set");
        }
        PyTorchRandom random = new PyTorchRandom(seed);
        List<Function> functions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            functions.add(new Function(between(random, -1, 1), between(random, 0.1, 1), between(random, -Math.PI, Math.PI),
                    between(random, -1, 1), between(random, 0.1, 1), between(random, -Math.PI, Math.PI), between(random, -1, 1)));
        }
        int[] dealt = new PyTorchRandom(seed).nextPermutation(count * KNOTS);
        int neurons = dealt.length / LAYERS;
        int stream = count + 2;
        int[][] owners = new int[LAYERS][neurons];
        List<ResidualMlp.LayerWeights> layers = new ArrayList<>();
        for (int l = 0; l < LAYERS; l++) {
            Matrix in = Matrix.zeros(stream, neurons);
            Matrix bias = Matrix.zeros(1, neurons);
            Matrix out = Matrix.zeros(neurons, stream);
            for (int n = 0; n < neurons; n++) {
                int function = dealt[l * neurons + n] / KNOTS;
                int knot = dealt[l * neurons + n] % KNOTS;
                owners[l][n] = function;
                in.set(0, n, 1);
                in.set(1 + function, n, (float) gate);
                bias.set(0, n, (float) (SPACING - knot * SPACING - gate));
                out.set(n, stream - 1, (float) bend(functions.get(function), knot));
            }
            layers.add(new ResidualMlp.LayerWeights(in, Optional.of(bias), out, Optional.empty()));
        }
        Matrix embedding = Matrix.zeros(1 + count, stream);
        for (int i = 0; i <= count; i++) {
            embedding.set(i, i, 1);
        }
        Matrix unembedding = Matrix.zeros(stream, 1);
        unembedding.set(stream - 1, 0, 1);
        var network = ResidualMlp.network(embedding, layers, unembedding, Activation.RELU, Role.FIXED);
        var target = new Target(count + " gated functions", network, new GatedInputs(count, probability, 0, X_MAX), Labels.OWN_OUTPUT);
        return new GatedFunctions(functions, gate, owners, target);
    }

    /** Returns the name of a function, with its index as a subscript: F₀. */
    public static String name(int function) {
        return "F" + subscript(function);
    }

    /** Returns the name of a function's control bit: α₀. */
    public static String bitName(int function) {
        return "α" + subscript(function);
    }

    private static String subscript(int index) {
        StringBuilder digits = new StringBuilder();
        Integer.toString(index).chars().forEach(digit -> digits.append((char) ('₀' + digit - '0')));
        return digits.toString();
    }

    private static double between(PyTorchRandom random, double low, double high) {
        return low + (high - low) * random.nextUniform();
    }

    /** Returns the change of the curve's slope at a knot; knot k lies at {@code (k − 1) Δ}, where Δ is {@link #SPACING}. */
    private static double bend(Function function, int knot) {
        return slope(function, knot) - (knot == 0 ? 0 : slope(function, knot - 1));
    }

    private static double slope(Function function, int knot) {
        double from = knot == 0 ? 0 : function.at((knot - 1) * SPACING);
        return (function.at(knot * SPACING) - from) / SPACING;
    }

    @Override
    public String toString() {
        return functions.size() + " functions with a gate of " + gate + ", computed by " + target;
    }
}
