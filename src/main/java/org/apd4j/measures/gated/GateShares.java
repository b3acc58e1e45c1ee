package org.apd4j.measures.gated;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * The fraction of the gate weights that each component holds, averaged over the neurons of a function in a layer (paper appendix B.1). A gate weight
 * leads from the control bit to a neuron, whose bias cancels it and is not decomposed. So if the only active component holds just a part of the
 * gate, the neuron opens at too large an x, or never.
 *
 * <pre>{@code
 * GatedFigures.gates(GateShares.of(gated, gatedRun))
 * }</pre>
 *
 * @param layers    number of layers
 * @param functions number of functions
 * @param shares    {@code [functions · layers, C]}, in row {@code function · layers + layer}; NaN where a function has no neuron in a layer
 */
public record GateShares(int layers, int functions, Grid shares) {

    /** The least fraction at which a component holds the gates of a function in a layer as a whole. */
    public static final double WHOLE = 0.95;

    /**
     * Measures a decomposition.
     *
     * @throws IllegalArgumentException if it is not a decomposition of the given network
     */
    public static GateShares of(GatedFunctions gated, DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        FunctionRecovery.requireSameNetwork(gated, decomposition);
        int layers = gated.neuronOwners().length;
        int functions = gated.functions().size();
        return new GateShares(layers, functions, Grid.of(functions * layers, decomposition.count(), (row, c) -> {
            int layer = row % layers;
            int function = row / layers;
            Matrix in = decomposition.components().component(ResidualMlp.in(layer), c);
            int[] owners = gated.neuronOwners()[layer];
            return IntStream.range(0, owners.length).filter(n -> owners[n] == function)
                    .mapToDouble(n -> in.get(1 + function, n) / gated.gate()).average().orElse(Double.NaN);
        }));
    }

    /** Returns in how many of the {@code functions · layers} groups of neurons one component holds the gates as a whole. */
    public int whole() {
        return atLeast(WHOLE);
    }

    /** Returns the fraction of a function's gates in a layer that a component holds. */
    public double of(int function, int layer, int component) {
        return shares.get(function * layers + layer, component);
    }

    /** Returns the largest fraction of a function's gates in a layer that any component holds; NaN if the function has no neuron there. */
    public double largest(int function, int layer) {
        return Arrays.stream(shares.row(function * layers + layer)).max().orElse(Double.NaN);
    }

    /** Returns in how many of the {@code functions · layers} groups of neurons one component holds at least so much of the gates. */
    public int atLeast(double share) {
        return (int) IntStream.range(0, shares.rows()).filter(row -> Arrays.stream(shares.row(row)).max().orElse(0) >= share).count();
    }
}
