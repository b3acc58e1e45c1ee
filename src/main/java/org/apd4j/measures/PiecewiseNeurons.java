package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * A hand-coded function as the sum of its neurons (paper appendix B.1): with its control bit set each neuron adds a line that is flat up to
 * its knot and rises or falls from there, {@code v · ReLU(x − knot)}.
 *
 * <pre>{@code
 * var hinges = PiecewiseNeurons.of(gated, 0, 101); // the neurons that make up function 0
 * GatedFigures.hinges(hinges, 5)
 * }</pre>
 *
 * @param function the function
 * @param inputs   values of x, evenly spaced over {@code [0, 5]}, both ends included
 * @param neurons  the function's neurons by their knots
 */
public record PiecewiseNeurons(int function, List<Double> inputs, List<Neuron> neurons) {

    /**
     * A neuron with its control bit set.
     *
     * @param layer  of the network
     * @param index  within the layer
     * @param knot   the x above which it is active
     * @param bend   v, its weight on the output: by how much the curve's slope changes at the knot
     * @param values what it adds to the output at each of the inputs
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
     * Read off the network's weights.
     *
     * @param points number of inputs, at least 2
     * @throws IllegalArgumentException if there is no such function
     */
    public static PiecewiseNeurons of(GatedFunctions gated, int function, int points) {
        MeasurementContext.requireAtLeast(2, points, "points");
        if (function < 0 || function >= gated.functions().size()) {
            throw new IllegalArgumentException("there is no function " + function + "; they are numbered 0 … " + (gated.functions().size() - 1));
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

    /** What all the neurons add together, at each of the inputs. */
    public List<Double> sum() {
        return IntStream.range(0, inputs.size()).mapToObj(p -> neurons.stream().mapToDouble(neuron -> neuron.values().get(p)).sum()).toList();
    }
}
