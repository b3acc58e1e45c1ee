package org.apd4j.measures.gated;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.measures.internal.WeightedNetwork;
import org.apd4j.targets.GatedFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The hand-coded functions as curves (paper appendix B.1): the output over the whole range of x, with only the function's own control bit set.
 *
 * <pre>{@code
 * var curves = GatedCurves.of(gated, gatedRun, 101);
 * GatedFigures.topK(curves)
 * }</pre>
 *
 * @param inputs the values of x, evenly spaced over {@code [0, 5]}, both ends included
 * @param curves the curve of each function
 */
public record GatedCurves(List<Double> inputs, List<Curve> curves) {

    /**
     * The values of one function at each input.
     *
     * @param function      index i of the function
     * @param exact         {@code F_i(x)}, the formula's values
     * @param target        the network's outputs
     * @param decomposition the outputs of the selected components; empty if no decomposition was measured
     */
    public record Curve(int function, List<Double> exact, List<Double> target, List<Double> decomposition) {

        public Curve {
            exact = List.copyOf(exact);
            target = List.copyOf(target);
            decomposition = List.copyOf(decomposition);
        }

        /** Returns the mean squared difference between network and formula: the error of a piecewise linear approximation. */
        public double targetError() {
            return meanSquare(target, exact);
        }

        /** Returns the mean squared difference between selected components and network; NaN if no decomposition was measured. */
        public double error() {
            return decomposition.isEmpty() ? Double.NaN : meanSquare(decomposition, target);
        }

        /** Returns the mean squared output of the network: the error of an output that is always 0. */
        public double power() {
            return meanSquare(target, target.stream().map(y -> 0.0).toList());
        }

        /** Returns {@link #error} divided by {@link #power}: 0 is perfect, 1 no better than an output of 0. */
        public double relativeError() {
            return error() / power();
        }

        private static double meanSquare(List<Double> one, List<Double> other) {
            return IntStream.range(0, one.size()).mapToDouble(p -> Math.pow(one.get(p) - other.get(p), 2)).sum() / one.size();
        }
    }

    /** {@link Curve#relativeError} below which the curves of target and decomposition lie on each other in a figure. */
    public static final double CLOSE = 0.01;

    public GatedCurves {
        inputs = List.copyOf(inputs);
        curves = List.copyOf(curves);
    }

    /**
     * Measures a decomposition under per-sample top-1, which keeps the component with the largest attribution. That is what batch top-k keeps in
     * training when every sample has exactly one control bit set.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if it is not a decomposition of the given network, or {@code points} is below 2
     */
    public static GatedCurves of(GatedFunctions gated, DecompositionSource decomposed, int points) {
        return of(gated, decomposed, Selection.perSampleTopK(1), points);
    }

    /**
     * Measures a decomposition under a selection.
     *
     * @param selection which components are kept; batch top-k sees the inputs of all curves as one batch
     * @param points    number of inputs, at least 2
     * @throws IllegalArgumentException if it is not a decomposition of the given network, or {@code points} is below 2
     */
    public static GatedCurves of(GatedFunctions gated, DecompositionSource decomposed, Selection selection, int points) {
        Decomposition decomposition = decomposed.decomposition();
        FunctionRecovery.requireSameNetwork(gated, decomposition);
        SparseRows x = batch(gated, points);
        Evaluator evaluator = decomposition.evaluator();
        return curves(gated, points, evaluator.target(x), evaluator.selected(selection, x));
    }

    /**
     * Measures the network alone.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if {@code points} is below 2
     */
    public static GatedCurves ofTarget(GatedFunctions gated, int points) {
        return curves(gated, points, WeightedNetwork.of(gated.target().network()).output(batch(gated, points)), null);
    }

    static List<Double> grid(int points) {
        Requirements.atLeast(2, points, "points");
        return IntStream.range(0, points).mapToObj(p -> GatedFunctions.X_MAX * p / (points - 1)).toList();
    }

    private static SparseRows batch(GatedFunctions gated, int points) {
        return batch(gated, IntStream.range(0, gated.functions().size()).toArray(), grid(points));
    }

    /** Returns the given inputs with one control bit set, for each of some functions after the other. */
    static SparseRows batch(GatedFunctions gated, int[] functions, List<Double> inputs) {
        SparseRows x = new SparseRows(gated.target().network().inputs());
        for (int i : functions) {
            for (double value : inputs) {
                x.add(0, (float) value);
                x.add(1 + i, 1);
                x.endRow();
            }
        }
        return x;
    }

    /** Returns the curves of outputs; {@code selected} is null if no decomposition was measured. */
    private static GatedCurves curves(GatedFunctions gated, int points, Matrix target, @Nullable Matrix selected) {
        List<Double> inputs = grid(points);
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < gated.functions().size(); i++) {
            GatedFunctions.Function function = gated.functions().get(i);
            curves.add(new Curve(i, inputs.stream().map(function::at).toList(), rows(target, i, points),
                    selected == null ? List.of() : rows(selected, i, points)));
        }
        return new GatedCurves(inputs, curves);
    }

    private static List<Double> rows(Matrix output, int function, int points) {
        return IntStream.range(0, points).mapToObj(p -> (double) output.get(function * points + p, 0)).toList();
    }

    /** Returns whether a decomposition was measured. */
    public boolean hasDecomposition() {
        return curves.stream().anyMatch(curve -> !curve.decomposition().isEmpty());
    }

    /** Returns whether {@link Curve#relativeError} of every function is below {@value #CLOSE}. */
    public boolean isClose() {
        return hasDecomposition() && curves.stream().allMatch(curve -> curve.relativeError() < CLOSE);
    }

    /** Returns the largest {@link Curve#relativeError} of a function; NaN if no decomposition was measured. */
    public double largestRelativeError() {
        return curves.stream().mapToDouble(Curve::relativeError).max().orElse(Double.NaN);
    }

    /** Returns the mean {@link Curve#error} over the functions; NaN if no decomposition was measured. */
    public double meanError() {
        return curves.stream().mapToDouble(Curve::error).average().orElse(Double.NaN);
    }

    /**
     * Returns {@link #meanError} divided by the mean {@link Curve#power}: 0 is perfect, 1 no better than an output of 0. A function with a large
     * output dominates it; {@link #largestRelativeError} judges each function by its own size.
     */
    public double relativeError() {
        return meanError() / curves.stream().mapToDouble(Curve::power).average().orElse(Double.NaN);
    }
}
