package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * Which of the hand-coded functions each component stands for (paper appendix B.1): the part of its squared weight norm that lies in the
 * neurons of each function. A neuron's weights are its column of W_in without the rows of the control bits, and its row of W_out, in both
 * layers. The gate weights, much larger than the others, would drown them and are left out.
 *
 * <pre>{@code
 * var recovery = FunctionRecovery.of(gated, gatedRun);
 * System.out.println(recovery.distinctFunctions() + " of " + recovery.functions() + " functions have a component");
 * }</pre>
 *
 * @param shares {@code [C, functions]}, each in 0 … 1; a row's sum is 1, or 0 if the component holds nothing
 */
public record FunctionRecovery(Grid shares) {

    /** The least share of a component in one function at which it stands for that function. */
    public static final double THRESHOLD = 0.8;

    /** Runs in order of quality: by the number of functions that are some component's largest, then by the least share. */
    public static final Comparator<FunctionRecovery> WORST_FIRST = Comparator.comparingInt(FunctionRecovery::distinctFunctions)
            .thenComparingDouble(FunctionRecovery::leastShare);

    /** @throws IllegalArgumentException if it is no decomposition of this network */
    public static FunctionRecovery of(GatedFunctions gated, DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        requireSameNetwork(gated, decomposition);
        int functions = gated.functions().size();
        double[][] shares = new double[decomposition.count()][functions];
        for (int c = 0; c < shares.length; c++) {
            for (int l = 0; l < gated.neuronOwners().length; l++) {
                Matrix in = decomposition.components().component(ResidualMlp.in(l), c);
                Matrix out = decomposition.components().component(ResidualMlp.out(l), c);
                for (int n = 0; n < in.columns(); n++) {
                    shares[c][gated.neuronOwners()[l][n]] += squaredNorm(in, out, n, functions);
                }
            }
            double whole = Arrays.stream(shares[c]).sum();
            for (int i = 0; i < functions; i++) {
                shares[c][i] = whole == 0 ? 0 : shares[c][i] / whole;
            }
        }
        return new FunctionRecovery(Grid.of(shares.length, functions, (c, i) -> shares[c][i]));
    }

    /** The residual stream's rows 1 … n hold the control bits. */
    private static double squaredNorm(Matrix in, Matrix out, int neuron, int bits) {
        double sum = 0;
        for (int r = 0; r < in.rows(); r++) {
            boolean gate = r >= 1 && r <= bits;
            double reads = gate ? 0 : in.get(r, neuron);
            double writes = out.get(neuron, r);
            sum += reads * reads + writes * writes;
        }
        return sum;
    }

    static void requireSameNetwork(GatedFunctions gated, Decomposition decomposition) {
        List<String> names = new ArrayList<>();
        for (int l = 0; l < gated.neuronOwners().length; l++) {
            names.addAll(List.of(ResidualMlp.in(l), ResidualMlp.out(l)));
        }
        boolean same = names.stream().allMatch(name -> decomposition.components().factors().stream().anyMatch(own -> own.parameter().equals(name))
                && Arrays.equals(gated.target().network().parameter(name).values().toArray(),
                        decomposition.target().network().parameter(name).values().toArray()));
        if (!same) {
            throw new IllegalArgumentException("the decomposition of '" + decomposition.target().name() + "' is not one of the network '"
                    + gated.target().name() + "' whose neurons' functions are known; it must have the same weights");
        }
    }

    /**
     * The best of several decompositions of a network, the last of {@link #WORST_FIRST}; the first of equal ones.
     *
     * @throws IllegalArgumentException if there is none, or one is of another network
     */
    public static <D extends DecompositionSource> D best(GatedFunctions gated, List<D> decompositions) {
        if (decompositions.isEmpty()) {
            throw new IllegalArgumentException("there is no decomposition to choose from; at least 1 is needed");
        }
        D best = decompositions.get(0);
        for (D other : decompositions) {
            best = WORST_FIRST.compare(of(gated, best), of(gated, other)) < 0 ? other : best;
        }
        return best;
    }

    /** C. */
    public int components() {
        return shares.rows();
    }

    /** Number of functions. */
    public int functions() {
        return shares.columns();
    }

    /** The function of a component's largest share; the lowest of equal ones. */
    public int functionOf(int component) {
        return MeasurementContext.largest(Statistics.list(shares.row(component)));
    }

    /** A component's largest share. */
    public double share(int component) {
        return shares.get(component, functionOf(component));
    }

    /** The smallest of the components' largest shares. */
    public double leastShare() {
        return IntStream.range(0, components()).mapToDouble(this::share).min().orElse(0);
    }

    /** How many functions are the largest of some component. */
    public int distinctFunctions() {
        return (int) IntStream.range(0, components()).map(this::functionOf).distinct().count();
    }

    /** Whether a component stands for one function. */
    public boolean stands(int component) {
        return share(component) >= THRESHOLD;
    }

    /** Whether every component stands for one function, a different one for each. */
    public boolean works() {
        return distinctFunctions() == components() && IntStream.range(0, components()).allMatch(this::stands);
    }
}
