package org.apd4j.measures.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * The output of a network that dedicates each neuron to one feature and ignores the features beyond (paper sections 3.1 and 3.2). For TMS with n
 * hidden dimensions it is x for the first n features and 0 for the rest; for a residual MLP with n neurons over all layers it is the label for
 * the first n features and x for the rest.
 */
public final class MonosemanticBaseline {

    private final Labels labels;
    private final int represented;
    private final boolean isResidual;

    private MonosemanticBaseline(Labels labels, int represented, boolean isResidual) {
        this.labels = labels;
        this.represented = represented;
        this.isResidual = isResidual;
    }

    /**
     * Returns the baseline for a target.
     *
     * @throws IllegalArgumentException if the target is neither a toy model of superposition nor a residual MLP
     */
    public static MonosemanticBaseline of(Target target) {
        Network network = target.network();
        boolean isTms = network.parameters().stream().anyMatch(parameter -> parameter.name().equals(Tms.ENCODER));
        if (isTms) {
            return new MonosemanticBaseline(target.labels(), network.parameter(Tms.ENCODER).values().columns(), false);
        }
        MlpWeights weights = MlpWeights.of(target, "the monosemantic baseline");
        return new MonosemanticBaseline(target.labels(), weights.neurons(), true);
    }

    /** Returns the baseline's output on a batch, {@code [rows, features]}. */
    public Matrix output(SparseRows x) {
        Matrix output = Matrix.zeros(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                float value = x.value(i);
                if (x.column(i) < represented) {
                    output.set(row, x.column(i), labels.of(value));
                } else if (isResidual) {
                    output.set(row, x.column(i), value);
                }
            }
        }
        return output;
    }
}
