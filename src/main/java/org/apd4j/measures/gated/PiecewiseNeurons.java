package org.apd4j.measures.gated;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.measures.internal.Requirements;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * The neurons that add up to a hand-coded function (paper appendix B.1). While the function's control bit is set, each adds
 * {@code v · ReLU(x − knot)}: zero up to the knot, a straight line of slope v beyond.
 *
 * <pre>{@code
 * var neurons = PiecewiseNeurons.of(gated, 0, 101); // of function 0
 * GatedFigures.hinges(neurons, 5)
 * }</pre>
 *
 * @param function index of the function
 * @param inputs   the values of x, evenly spaced over {@code [0, 5]}, both ends included
 * @param neurons  the function's neurons, in ascending order of their knots
 */
public record PiecewiseNeurons(int function, List<Double> inputs, List<Neuron> neurons) {

    /**
     * A neuron whose control bit is set.
     *
     * @param layer  index of the layer
     * @param index  index within the layer
     * @param knot   the x above which the neuron is active
     * @param bend   v, its weight on the output, by which the slope of the curve changes at the knot
     * @param values its contribution to the output at each input
     */
    public record Neuron(int layer, int index, double knot, double bend, List<Double> values) {

        public Neuron {
            values = List.copyOf(values);
        }
    }

    public PiecewiseNeurons {
        inputs = List.copyOf(inputs);
        neurons = List.copyOf(neurons);
    }

    /**
     * Reads the neurons of a function off the network's weights.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if there is no function of that index, or {@code points} is below 2
     */
    public static PiecewiseNeurons of(GatedFunctions gated, int function, int points) {
        Requirements.atLeast(2, points, "points");
        if (function < 0 || function >= gated.functions().size()) {
            throw new IllegalArgumentException("there is no function " + function + "; the functions are 0 … " + (gated.functions().size() - 1));
        }
        List<Double> inputs = IntStream.range(0, points).mapToObj(p -> GatedFunctions.X_MAX * p / (points - 1)).toList();
        List<Neuron> neurons = new ArrayList<>();
        for (int l = 0; l < gated.neuronOwners().length; l++) {
            Matrix in = gated.target().network().parameter(ResidualMlp.in(l)).values();
            Matrix bias = gated.target().network().parameter(ResidualMlp.inputBias(l)).values();
            Matrix out = gated.target().network().parameter(ResidualMlp.out(l)).values();
            for (int n = 0; n < in.columns(); n++) {
                if (gated.neuronOwners()[l][n] == function) {
                    double knot = -((double) in.get(1 + function, n) + bias.get(0, n)) / in.get(0, n);
                    double bend = out.get(n, out.columns() - 1);
                    neurons.add(new Neuron(l, n, knot, bend, inputs.stream().map(x -> bend * Math.max(0, x - knot)).toList()));
                }
            }
        }
        neurons.sort(Comparator.comparingDouble(Neuron::knot));
        return new PiecewiseNeurons(function, inputs, neurons);
    }

    /** Returns the sum of all neurons' contributions at each input. */
    public List<Double> sum() {
        return IntStream.range(0, inputs.size()).mapToObj(p -> neurons.stream().mapToDouble(neuron -> neuron.values().get(p)).sum()).toList();
    }
}
