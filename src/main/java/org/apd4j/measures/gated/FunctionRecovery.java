package org.apd4j.measures.gated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
 * of the control bits, are left out: they are so large that they would hide all others. The weights that are left are of two sizes: those from x are
 * 1, those to y are a few tenths or less. So the shares in {@code W_in} and in {@code W_out} are given separately too: the whole says little about
 * {@code W_out}.
 *
 * <pre>{@code
 * var recovery = FunctionRecovery.of(gated, gatedRun);
 * System.out.println(recovery.distinctFunctions() + " of " + recovery.functions() + " functions have a component");
 * }</pre>
 *
 * @param shares {@code [C, functions]}, each in 0 … 1; a row sums to 1, or to 0 if the component is zero
 * @param reads  the same of {@code W_in} alone, in both layers
 * @param writes the same of {@code W_out} alone, in both layers
 */
public record FunctionRecovery(Grid shares, Grid reads, Grid writes) {

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
        double[][] reads = new double[decomposition.count()][functions];
        double[][] writes = new double[decomposition.count()][functions];
        for (int c = 0; c < reads.length; c++) {
            for (int l = 0; l < gated.neuronOwners().length; l++) {
                Matrix in = decomposition.components().component(ResidualMlp.in(l), c);
                Matrix out = decomposition.components().component(ResidualMlp.out(l), c);
                for (int n = 0; n < in.columns(); n++) {
                    int owner = gated.neuronOwners()[l][n];
                    for (int r = 0; r < in.rows(); r++) {
                        // Rows 1 … functions of the residual stream are the control bits: their weights are the gates.
                        boolean gate = r >= 1 && r <= functions;
                        reads[c][owner] += gate ? 0 : (double) in.get(r, n) * in.get(r, n);
                        writes[c][owner] += (double) out.get(n, r) * out.get(n, r);
                    }
                }
            }
        }
        return new FunctionRecovery(shares(reads.length, functions, (c, i) -> reads[c][i] + writes[c][i]),
                shares(reads.length, functions, (c, i) -> reads[c][i]), shares(reads.length, functions, (c, i) -> writes[c][i]));
    }

    private static Grid shares(int components, int functions, Grid.Cell squares) {
        return Grid.of(components, functions, (c, i) -> {
            double whole = IntStream.range(0, functions).mapToDouble(j -> squares.at(c, j)).sum();
            return whole == 0 ? 0 : squares.at(c, i) / whole;
        });
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

    /**
     * Returns whether a component represents one function: whether its largest share, and its shares of {@code W_in} and of {@code W_out} in the same
     * function, are each at least {@link #THRESHOLD}.
     */
    public boolean stands(int component) {
        int function = functionOf(component);
        return share(component) >= THRESHOLD && reads.get(component, function) >= THRESHOLD && writes.get(component, function) >= THRESHOLD;
    }

    /** Returns the number of components that stand for one function. */
    public int standing() {
        return (int) IntStream.range(0, components()).filter(this::stands).count();
    }

    /** Returns whether every component represents one function, and no two the same. */
    public boolean works() {
        return distinctFunctions() == components() && IntStream.range(0, components()).allMatch(this::stands);
    }

    /** Returns the components in the order of their {@linkplain #functionOf functions}, those of one function in ascending order. */
    public List<Integer> byFunction() {
        return IntStream.range(0, components()).boxed().sorted(Comparator.comparingInt(this::functionOf)).toList();
    }

    /** Returns in one sentence how many functions have a component, and the least share. */
    public String summary() {
        return String.format(Locale.ROOT, "%d of %d functions are some component's largest; the least share is %.2f; %d of %d components stand for one "
                + "function, so the decomposition %s", distinctFunctions(), functions(), leastShare(), standing(), components(),
                works() ? "works" : "does not work");
    }
}
