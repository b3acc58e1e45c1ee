package org.apd4j.measures.gated;

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
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * The share of each component in each hand-coded function (paper appendix B.1): the fraction of its squared weight norm that lies in the function's
 * neurons. A neuron's weights are its column of {@code W_in} and its row of {@code W_out}, in either layer. The gate weights, which are in the rows
 * of the control bits, are left out: they are so large that they would hide all others.
 *
 * <pre>{@code
 * var recovery = FunctionRecovery.of(gated, gatedRun);
 * System.out.println(recovery.distinctFunctions() + " of " + recovery.functions() + " functions have a component");
 * }</pre>
 *
 * @param shares {@code [C, functions]}, each in 0 … 1; a row sums to 1, or to 0 if the component is zero
 */
public record FunctionRecovery(Grid shares) {

    /** The least share at which a component represents a function. */
    public static final double THRESHOLD = 0.8;

    /** Orders decompositions by quality, ascending: by {@link #distinctFunctions}, then by {@link #leastShare}. */
    public static final Comparator<FunctionRecovery> WORST_FIRST = Comparator.comparingInt(FunctionRecovery::distinctFunctions)
            .thenComparingDouble(FunctionRecovery::leastShare);

    /**
     * Measures a decomposition.
     *
     * @throws IllegalArgumentException if it is not a decomposition of the given network
     */
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

    /** Returns the squared norm of a neuron's weights without those from the control bits, which are rows 1 … {@code bits} of the residual stream. */
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
            throw new IllegalArgumentException("this decomposition of '" + decomposition.target().name()
                    + "' does not belong to the gated functions '" + gated.target().name() + "'; both must have the same weights");
        }
    }

    /**
     * Returns the best of several decompositions, the greatest in the order {@link #WORST_FIRST}, the first among equal ones.
     *
     * @throws IllegalArgumentException if the list is empty, or one of them is not a decomposition of the given network
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

    /** Returns the number of components C. */
    public int components() {
        return shares.rows();
    }

    /** Returns the number of functions. */
    public int functions() {
        return shares.columns();
    }

    /** Returns the function in which a component has its largest share, the lowest index among equal ones. */
    public int functionOf(int component) {
        return MeasurementContext.largest(Statistics.list(shares.row(component)));
    }

    /** Returns the largest share of a component, 0 … 1. */
    public double share(int component) {
        return shares.get(component, functionOf(component));
    }

    /** Returns the smallest of the components' {@linkplain #share largest shares}, 0 … 1. */
    public double leastShare() {
        return IntStream.range(0, components()).mapToDouble(this::share).min().orElse(0);
    }

    /** Returns the number of functions in which some component has its largest share. */
    public int distinctFunctions() {
        return (int) IntStream.range(0, components()).map(this::functionOf).distinct().count();
    }

    /** Returns whether a component represents one function: whether its largest share is at least {@link #THRESHOLD}. */
    public boolean stands(int component) {
        return share(component) >= THRESHOLD;
    }

    /** Returns whether every component represents one function, and no two the same. */
    public boolean works() {
        return distinctFunctions() == components() && IntStream.range(0, components()).allMatch(this::stands);
    }
}
