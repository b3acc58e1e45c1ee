package org.apd4j.measures;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * What a network would compute that gives each neuron to one feature and has none left for the others (method: measures). TMS: output
 * = x for the first n_hidden features, 0 for the others. Residual MLP: the label for the first {@code d_mlp · layers}, x for the others.
 */
final class MonosemanticBaseline {

    private final Labels labels;
    private final int served;
    private final boolean passesTheRest;

    private MonosemanticBaseline(Labels labels, int served, boolean passesTheRest) {
        this.labels = labels;
        this.served = served;
        this.passesTheRest = passesTheRest;
    }

    /** @throws IllegalArgumentException if the target is neither TMS nor a residual MLP */
    static MonosemanticBaseline of(Target target) {
        Network network = target.network();
        boolean isTms = network.parameters().stream().anyMatch(parameter -> parameter.name().equals(Tms.ENCODER));
        if (isTms) {
            return new MonosemanticBaseline(target.labels(), network.parameter(Tms.ENCODER).values().columns(), false);
        }
        MlpWeights weights = MlpWeights.of(target, "the monosemantic baseline");
        return new MonosemanticBaseline(target.labels(), weights.neurons(), true);
    }

    /** Its output on a batch, {@code [rows, features]}. */
    Matrix output(SparseRows x) {
        Matrix output = Matrix.zeros(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                float value = x.value(i);
                if (x.column(i) < served) {
                    output.set(row, x.column(i), labels.of(value));
                } else if (passesTheRest) {
                    output.set(row, x.column(i), value);
                }
            }
        }
        return output;
    }
}
