package org.apd4j.measures.gated;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.targets.GatedFunctions;

/**
 * The attributions of all components over the range of x, with the control bit of one hand-coded function set (paper appendix B.1). A gradient
 * attribution counts what the control bit adds to the neurons, {@code S = 6}, but not the bias that cancels it, because biases are not decomposed. So
 * where a function with the right component has slope s, its attribution is {@code (s (x + S) + F(x))²}: it can vanish where the output does not.
 *
 * <pre>{@code
 * GatedFigures.attributions(GatedAttributions.of(gated, gatedRun, 1, 101), FunctionRecovery.of(gated, gatedRun))
 * }</pre>
 *
 * @param function     index i of the function
 * @param inputs       the values of x, evenly spaced over {@code [0, 5]}, both ends included
 * @param outputs      the target's output at each input
 * @param attributions {@code [C, inputs]}, each at least 0
 */
public record GatedAttributions(int function, List<Double> inputs, List<Double> outputs, Grid attributions) {

    public GatedAttributions {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Measures a decomposition, with the attributions that training used.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if it is not a decomposition of the given network or selects no components by attributions, if there is no
     *         such
     *                                  function, or if {@code points} is below 2
     */
    public static GatedAttributions of(GatedFunctions gated, DecompositionSource decomposed, int function, int points) {
        Decomposition decomposition = decomposed.decomposition();
        FunctionRecovery.requireSameNetwork(gated, decomposition);
        if (function < 0 || function >= gated.functions().size()) {
            throw new IllegalArgumentException("there is no function " + function + "; functions are 0 … " + (gated.functions().size() - 1));
        }
        List<Double> inputs = GatedCurves.grid(points);
        var x = GatedCurves.batch(gated, new int[] {function}, inputs);
        Matrix outputs = decomposition.evaluator().target(x);
        Matrix found = decomposition.evaluator().attributions(x);
        return new GatedAttributions(function, inputs, IntStream.range(0, points).mapToObj(p -> (double) outputs.get(p, 0)).toList(),
                Grid.of(found.columns(), points, (c, p) -> found.get(p, c)));
    }

    /** Returns the component with the largest attribution at an input, the lowest index among equal ones. */
    public int largestAt(int point) {
        int best = 0;
        for (int c = 1; c < attributions.rows(); c++) {
            if (attributions.get(c, point) > attributions.get(best, point)) {
                best = c;
            }
        }
        return best;
    }
}
