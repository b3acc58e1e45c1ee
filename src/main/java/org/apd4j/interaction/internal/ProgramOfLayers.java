package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.interaction.internal.Instruction.Apply;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/** Programs of plain MLPs with weights in double precision. */
public final class ProgramOfLayers {

    private ProgramOfLayers() {
    }

    /**
     * Returns the program of an MLP with node layers {@code layers.0} … and {@code output}.
     *
     * @param weights  of each layer {@code [in, out]}, which must fit each other
     * @param biases   of each layer {@code [out]}
     * @param function between layers, null for none
     */
    public static Program of(List<DoubleMatrix> weights, List<double[]> biases, @Nullable ElementFunction function) {
        List<Instruction> instructions = new ArrayList<>();
        List<Integer> widths = new ArrayList<>(List.of(weights.get(0).rows() + 1));
        List<Boundary> boundaries = new ArrayList<>();
        for (int l = 0; l < weights.size(); l++) {
            boolean isLast = l == weights.size() - 1;
            boundaries.add(new Boundary("layers." + l, instructions.size(), List.of(widths.size() - 1), false, false));
            double carried = function == null ? 1 : function.constant();
            DoubleMatrix folded = Folding.dense(weights.get(l), biases.get(l), carried, !isLast);
            instructions.add(new Multiply(widths.size() - 1, widths.size(), folded));
            widths.add(folded.columns());
            if (!isLast && function != null) {
                instructions.add(new Apply(widths.size() - 1, widths.size(), function));
                widths.add(folded.columns());
            }
        }
        boundaries.add(new Boundary(Folding.OUTPUT, instructions.size(), List.of(widths.size() - 1), true, false));
        int[] positions = new int[widths.size()];
        Arrays.fill(positions, 1);
        return new Program(weights.get(0).rows(), Folding::withOnes, instructions, widths.stream().mapToInt(Integer::intValue).toArray(), positions,
                boundaries);
    }
}
