package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.targets.GatedFunctions;

/**
 * The hand-coded functions as curves (paper appendix B.1): for each, inputs x over its whole range with only its own control bit set.
 *
 * <pre>{@code
 * var curves = GatedCurves.of(gated, gatedRun, 101);
 * GatedFigures.topK(curves)
 * }</pre>
 *
 * @param inputs values of x, evenly spaced over {@code [0, 5]}, both ends included
 * @param curves one for each function
 */
public record GatedCurves(List<Double> inputs, List<Curve> curves) {

    /**
     * One function, at each of the inputs.
     *
     * @param function      i
     * @param exact         {@code F_i(x)} by its formula
     * @param target        the network's output
     * @param decomposition the output with only the selected components; empty if no decomposition was measured
     */
    public record Curve(int function, List<Double> exact, List<Double> target, List<Double> decomposition) {

        public Curve {
            exact = List.copyOf(exact);
            target = List.copyOf(target);
            decomposition = List.copyOf(decomposition);
        }

        /** Mean over the inputs of the squared difference between the network and the formula: what ten straight pieces cost. */
        public double targetError() {
            return meanSquare(target, exact);
        }

        /** Mean over the inputs of the squared difference between the selected components and the network; NaN without a decomposition. */
        public double error() {
            return decomposition.isEmpty() ? Double.NaN : meanSquare(decomposition, target);
        }

        /** Mean of the network's squared output: the error of an output that is always 0. */
        public double power() {
            return meanSquare(target, target.stream().map(y -> 0.0).toList());
        }

        private static double meanSquare(List<Double> one, List<Double> other) {
            return IntStream.range(0, one.size()).mapToDouble(p -> Math.pow(one.get(p) - other.get(p), 2)).sum() / one.size();
        }
    }

    public GatedCurves {
        inputs = List.copyOf(inputs);
        curves = List.copyOf(curves);
    }

    /**
     * Of a decomposition with per-sample top-1: the one component of largest attribution. On a batch in which every sample has exactly one
     * bit set that is what the training's batch top-k stands for.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if it is no decomposition of this network
     */
    public static GatedCurves of(GatedFunctions gated, DecompositionSource decomposed, int points) {
        return of(gated, decomposed, Selection.perSampleTopK(1), points);
    }

    /**
     * Of a decomposition under another selection.
     *
     * @param selection what it keeps; batch top-k sees all the curves' inputs as one batch
     */
    public static GatedCurves of(GatedFunctions gated, DecompositionSource decomposed, Selection selection, int points) {
        Decomposition decomposition = decomposed.decomposition();
        FunctionRecovery.requireSameNetwork(gated, decomposition);
        SparseRows x = batch(gated, points);
        Evaluator evaluator = decomposition.evaluator();
        return curves(gated, points, evaluator.target(x), evaluator.selected(selection, x));
    }

    /** Of the network alone. */
    public static GatedCurves ofTarget(GatedFunctions gated, int points) {
        return curves(gated, points, WeightedNetwork.of(gated.target().network()).output(batch(gated, points)), null);
    }

    private static List<Double> grid(int points) {
        MeasurementContext.requireAtLeast(2, points, "points");
        return IntStream.range(0, points).mapToObj(p -> GatedFunctions.X_MAX * p / (points - 1)).toList();
    }

    private static SparseRows batch(GatedFunctions gated, int points) {
        List<Double> inputs = grid(points);
        SparseRows x = new SparseRows(gated.target().network().inputs());
        for (int i = 0; i < gated.functions().size(); i++) {
            for (double value : inputs) {
                x.add(0, (float) value);
                x.add(1 + i, 1);
                x.endRow();
            }
        }
        return x;
    }

    /** @param selected null without a decomposition */
    private static GatedCurves curves(GatedFunctions gated, int points, Matrix target, Matrix selected) {
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

    /** Mean over the functions of {@link Curve#error}. */
    public double meanError() {
        return curves.stream().mapToDouble(Curve::error).average().orElse(Double.NaN);
    }

    /** {@link #meanError} over the mean of {@link Curve#power}: 0 is perfect, 1 no better than the output 0. */
    public double relativeError() {
        return meanError() / curves.stream().mapToDouble(Curve::power).average().orElse(Double.NaN);
    }
}
