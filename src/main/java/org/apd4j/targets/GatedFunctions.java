package org.apd4j.targets;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.data.GatedInputs;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.PyTorchRandom;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;

/**
 * The hand-coded network of gated trigonometric functions (paper appendix B.1): a 2-layer residual MLP that adds up those of n functions
 * {@code F_i(x) = a sin(b x + c) + d cos(e x + f) + g} whose control bits are set. Each function is a piecewise linear curve made of ten
 * neurons, and all neurons are dealt at random over the two layers.
 *
 * <pre>{@code
 * var gated = GatedFunctions.paper(0);
 * var apd = Apd.decompose(gated.target(), ApdConfig.paperGatedFunctions(), 0);
 * }</pre>
 *
 * @param functions      the functions
 * @param gate           S, how far a bit that is not set pushes its neurons down, larger than x can lift them
 * @param neuronOwners   by layer and neuron, the function that the neuron belongs to
 * @param target         the network; inputs (x, bits), one output
 */
public record GatedFunctions(List<Function> functions, double gate, int[][] neuronOwners, Target target) {

    /** Neurons of a function. */
    public static final int KNOTS = 10;
    /** Largest x. */
    public static final double X_MAX = 5;
    /**
     * How far a bit that is not set pushes its neurons down: the smallest whole number that closes them for every x of the range. A larger one
     * makes the same function and a harder decomposition: a component that holds only a part of a gate leaves the neurons off, and they learn nothing.
     */
    public static final double GATE = X_MAX + 1;

    private static final double SPACING = X_MAX / (KNOTS - 1);
    private static final int LAYERS = 2;

    /** {@code a sin(b x + c) + d cos(e x + f) + g}, as in the public code; the paper writes sine and cosine the other way round. */
    public record Function(double a, double b, double c, double d, double e, double f, double g) {

        /** Its value. */
        public double at(double x) {
            return a * Math.sin(b * x + c) + d * Math.cos(e * x + f) + g;
        }
    }

    /**
     * Four functions as the public code draws them for a seed, number for number. Seed 0 is that of its configurations, so these are very
     * likely the functions of the paper's run.
     */
    public static GatedFunctions paper(long seed) {
        return of(4, 0.05, GATE, seed);
    }

    /**
     * Functions and network, drawn for a seed as the public code draws them: with PyTorch's generator, which is started twice, for the
     * functions and for the order in which neurons are dealt.
     *
     * @param count       number of functions, at least 1
     * @param probability of a control bit being set
     * @param gate        S, more than {@value #X_MAX} and 5/9: less would leave neurons open whose bit is not set
     * @throws IllegalArgumentException if there is no function, or the gate does not close
     */
    public static GatedFunctions of(int count, double probability, double gate, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of functions is " + count + "; it must be at least 1");
        }
        if (!(gate > X_MAX + SPACING) || Double.isInfinite(gate)) {
            throw new IllegalArgumentException("gate is " + gate + "; it must be finite and more than " + (X_MAX + SPACING) + ", or it does not close");
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
            layers.add(new ResidualMlp.LayerWeights(in, bias, out, null));
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

    /** A function's name, with its index written below: F₀. */
    public static String name(int function) {
        return "F" + subscript(function);
    }

    /** The name of a function's control bit: α₀. */
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

    /** By how much the curve's slope changes at a knot; knot k lies at {@code (k − 1) Δ}. */
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
