package org.apd4j.targets;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;

/**
 * The function that a target is trained to compute.
 *
 * <pre>{@code
 * float label = Labels.INPUT_PLUS_RELU.of(-0.5f); // x + ReLU(x) = -0.5
 * }</pre>
 */
public enum Labels {
    /** The input itself, as in TMS. */
    INPUT {
        @Override
        public float of(float x) {
            return x;
        }
    },
    /** {@code x + ReLU(x)}, as in the residual MLPs. */
    INPUT_PLUS_RELU {
        @Override
        public float of(float x) {
            return x + Math.max(0, x);
        }
    },
    /** The sample's class, as stored in a {@link org.apd4j.data.Dataset}: outputs are logits, and training minimises their cross-entropy. */
    CLASS {
        @Override
        public float of(float x) {
            throw new UnsupportedOperationException("a classifier's labels are the classes of its data set; read them with Dataset.label");
        }
    },
    /** The network's own output, for networks that were coded by hand or trained elsewhere. */
    OWN_OUTPUT {
        @Override
        public float of(float x) {
            throw new UnsupportedOperationException("this target has no labels but its own output; compare with Target.output");
        }
    };

    /**
     * Returns the label of one value; 0 has the label 0.
     *
     * @throws UnsupportedOperationException if labels are not a function of single values, as with {@link #CLASS} and {@link #OWN_OUTPUT}
     */
    public abstract float of(float x);

    /**
     * Returns the labels of a batch, {@code [batch, features]}.
     *
     * @throws UnsupportedOperationException if labels are not a function of single values
     */
    public Matrix of(SparseRows x) {
        Matrix labels = Matrix.zeros(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                labels.set(row, x.column(i), of(x.value(i)));
            }
        }
        return labels;
    }

    /**
     * Subtracts the labels of a batch from a network's outputs, in place.
     *
     * @param x       the inputs, {@code [batch, features]}
     * @param outputs the outputs, {@code [batch, features]}
     * @throws UnsupportedOperationException if labels are not a function of single values
     */
    public void subtractFrom(SparseRows x, Matrix outputs) {
        for (int row = 0; row < x.rows(); row++) {
            int at = outputs.rowStart(row);
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                outputs.data()[at + x.column(i)] -= of(x.value(i));
            }
        }
    }
}
