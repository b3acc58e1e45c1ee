package org.apd4j.measures.gated;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * How much of each function's own weights each component holds, by matrix and layer (paper appendix B.1): the projection of the component's weights
 * on the target's, {@code Σ P_c W / Σ W²}, over the function's neurons. 1 is all of them and 0 none; over all components the values sum to 1 in a
 * faithful decomposition. Gate weights are left out of {@code W_in}; {@link GateShares} has them.
 *
 * <pre>{@code
 * GatedTables.weightShares(WeightShares.of(gated, gatedRun))
 * }</pre>
 *
 * @param layers    number of layers
 * @param functions number of functions
 * @param held      {@code [functions · layers · 2, C]}: by function, then by layer, first {@code W_in} and then {@code W_out}; NaN where a function
 *                  has
 *                  no weight
 */
public record WeightShares(int layers, int functions, Grid held) {

    /** The matrix that a value is of. */
    public enum Part {
        /** What the neurons read of x. */
        IN("W_in"),
        /** What the neurons write to y. */
        OUT("W_out");

        private final String label;

        Part(String label) {
            this.label = label;
        }

        /** Returns the name in figures and tables. */
        public String label() {
            return label;
        }
    }

    /**
     * Measures a decomposition.
     *
     * @throws IllegalArgumentException if it is not a decomposition of the given network
     */
    public static WeightShares of(GatedFunctions gated, DecompositionSource decomposed) {
        Decomposition decomposition = decomposed.decomposition();
        FunctionRecovery.requireSameNetwork(gated, decomposition);
        int layers = gated.neuronOwners().length;
        int functions = gated.functions().size();
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < functions; i++) {
            for (int l = 0; l < layers; l++) {
                for (Part part : Part.values()) {
                    rows.add(row(gated, decomposition, i, l, part));
                }
            }
        }
        return new WeightShares(layers, functions, Grid.of(rows.size(), decomposition.count(), (row, c) -> rows.get(row)[c]));
    }

    private static double[] row(GatedFunctions gated, Decomposition decomposition, int function, int layer, Part part) {
        String name = part == Part.IN ? ResidualMlp.in(layer) : ResidualMlp.out(layer);
        Matrix target = gated.target().network().parameter(name).values();
        int functions = gated.functions().size();
        int[] owners = gated.neuronOwners()[layer];
        int stream = functions + 2;
        return IntStream.range(0, decomposition.count()).mapToDouble(c -> {
            Matrix own = decomposition.components().component(name, c);
            double product = 0;
            double square = 0;
            for (int n = 0; n < owners.length; n++) {
                for (int r = 0; r < stream && owners[n] == function; r++) {
                    // Rows 1 … functions of the residual stream are the control bits: their weights are the gates.
                    if (part == Part.OUT || r < 1 || r > functions) {
                        double weight = part == Part.IN ? target.get(r, n) : target.get(n, r);
                        product += weight * (part == Part.IN ? own.get(r, n) : own.get(n, r));
                        square += weight * weight;
                    }
                }
            }
            return square == 0 ? Double.NaN : product / square;
        }).toArray();
    }

    /** Returns how much of a function's weights in a matrix of a layer a component holds. */
    public double of(int function, int layer, Part part, int component) {
        return held.get((function * layers + layer) * Part.values().length + part.ordinal(), component);
    }

    /**
     * A part of a function's weights that the function's component does not hold.
     *
     * @param function index of the function
     * @param layer    index of the layer
     * @param part     the matrix
     * @param held     how much of it the component holds
     */
    public record Missing(int function, int layer, Part part, double held) {

        /** Returns the part in words: "W_out of F₂ in layer 2 (0.02)". */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s of %s in layer %d (%.2f)", part.label(), GatedFunctions.name(function), layer + 1, held);
        }
    }

    /**
     * Returns the parts of which the component with the largest share in the function holds less than a given amount.
     *
     * @param recovery the shares of the same decomposition
     * @param least    what a component has to hold of a part
     */
    public List<Missing> missing(FunctionRecovery recovery, double least) {
        List<Missing> missing = new ArrayList<>();
        for (int c : recovery.byFunction()) {
            int function = recovery.functionOf(c);
            for (int l = 0; l < layers; l++) {
                for (Part part : Part.values()) {
                    double own = of(function, l, part, c);
                    if (own < least) {
                        missing.add(new Missing(function, l, part, own));
                    }
                }
            }
        }
        return List.copyOf(missing);
    }
}
