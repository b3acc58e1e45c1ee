package org.apd4j.measures;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * How the gate weights are dealt out: for the neurons of each function in each layer, the mean part of the weight from their control bit
 * that each component holds (paper appendix B.1). The bias is not decomposed and takes off all of the gate; so
 * where a component that holds only a part of it is the only one that is kept, the neuron opens too late, or for no x at all.
 *
 * <pre>{@code
 * GatedFigures.gates(GateShares.of(gated, gatedRun))
 * }</pre>
 *
 * @param layers    number of layers
 * @param functions number of functions
 * @param shares    {@code [functions · layers, C]}, row {@code function · layers + layer}; NaN where a function has no neuron in a layer
 */
public record GateShares(int layers, int functions, Grid shares) {

    /** The part of the gates from which on a component holds them as a whole. */
    public static final double WHOLE = 0.95;

    /** @throws IllegalArgumentException if it is no decomposition of this network */
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

    /** In how many of the {@code functions · layers} groups of neurons one component holds the gates as a whole. */
    public int whole() {
        return (int) IntStream.range(0, shares.rows()).filter(row -> Arrays.stream(shares.row(row)).max().orElse(0) >= WHOLE).count();
    }

    /** The part of a function's gates in a layer that a component holds. */
    public double of(int function, int layer, int component) {
        return shares.get(function * layers + layer, component);
    }
}
