package org.apd4j.data;

import java.util.Arrays;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Between ND4J's arrays, which the public interface speaks, and the library's own blocks. Every call copies.
 *
 * <pre>{@code
 * INDArray dense = Tensors.of(target.target().data().sample(0, 8));
 * var weights = Tensors.matrix(target.target().weights(Tms.ENCODER));
 * }</pre>
 */
public final class Tensors {

    private Tensors() {
    }

    /** {@code [rows, columns]}, float. */
    public static INDArray of(Matrix matrix) {
        return Nd4j.create(matrix.toArray(), new long[] {matrix.rows(), matrix.columns()}, 'c');
    }

    /** {@code [rows, columns]}, float, zeros written out. */
    public static INDArray of(SparseRows rows) {
        return of(rows.toDense());
    }

    /** Any shape, float. */
    public static INDArray of(float[] values, long... shape) {
        return Nd4j.create(values, shape, 'c');
    }

    /**
     * A matrix of an array with two dimensions.
     *
     * @throws IllegalArgumentException if it has another number of dimensions
     */
    public static Matrix matrix(INDArray array) {
        if (array.rank() != 2) {
            throw new IllegalArgumentException("need an array of two dimensions, not " + Arrays.toString(array.shape()));
        }
        float[] values = array.castTo(DataType.FLOAT).dup('c').data().asFloat();
        return Matrix.over(values, (int) array.size(0), (int) array.size(1));
    }

    /** A batch of an array {@code [rows, features]}. */
    public static SparseRows batch(INDArray array) {
        return SparseRows.of(matrix(array));
    }
}
