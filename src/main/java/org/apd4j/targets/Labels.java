package org.apd4j.targets;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;

/**
 * What a target is trained to compute.
 *
 * <pre>{@code
 * float label = Labels.INPUT_PLUS_RELU.of(-0.5f); // x + ReLU(x) = -0.5
 * }</pre>
 */
public enum Labels {
    /** The input itself: TMS. */
    INPUT {
        @Override
        public float of(float x) {
            return x;
        }
    },
    /** {@code x + ReLU(x)}: residual MLPs. */
    INPUT_PLUS_RELU {
        @Override
        public float of(float x) {
            return x + Math.max(0, x);
        }
    },
    /** The class of the sample, kept beside the rows of a {@link org.apd4j.data.Dataset}: outputs are logits, and training minimises cross-entropy. */
    CLASS {
        @Override
        public float of(float x) {
            throw new UnsupportedOperationException("a classifier's labels are the classes of its data; compare with Dataset.label");
        }
    },
    /** What the network computes: it was made by hand, and is its own truth. */
    OWN_OUTPUT {
        @Override
        public float of(float x) {
            throw new UnsupportedOperationException("a hand-coded network has no labels; compare with its output");
        }
    };

    /** The label of one value; 0 for 0. */
    public abstract float of(float x);

    /** The labels of a batch, {@code [rows, features]}. */
    public Matrix of(SparseRows x) {
        Matrix labels = Matrix.zeros(x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                labels.set(row, x.column(i), of(x.value(i)));
            }
        }
        return labels;
    }

    /** {@code outputs ← outputs − labels}. */
    public void subtractFrom(SparseRows x, Matrix outputs) {
        for (int row = 0; row < x.rows(); row++) {
            int at = outputs.rowStart(row);
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                outputs.data()[at + x.column(i)] -= of(x.value(i));
            }
        }
    }
}
