package org.apd4j.data;

import java.util.Arrays;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Conversions between ND4J's arrays and the library's own matrices and batches. Every call copies.
 *
 * <pre>{@code
 * INDArray dense = Tensors.of(target.trained().data().sample(0, 8));
 * var weights = Tensors.matrix(target.trained().weights(Tms.ENCODER));
 * }</pre>
 */
public final class Tensors {

    private Tensors() {
    }

    /** Returns a matrix as a float array, {@code [rows, columns]}. */
    public static INDArray of(Matrix matrix) {
        return Nd4j.create(matrix.toArray(), new long[] {matrix.rows(), matrix.columns()}, 'c');
    }

    /** Returns a batch as a dense float array, {@code [rows, columns]}. */
    public static INDArray of(SparseRows rows) {
        return of(rows.toDense());
    }

    /** Returns values in row-major order as a float array of the given shape. */
    public static INDArray of(float[] values, long... shape) {
        return Nd4j.create(values, shape, 'c');
    }

    /**
     * Returns a two-dimensional array as a matrix.
     *
     * @throws IllegalArgumentException if the array has another number of dimensions
     */
    public static Matrix matrix(INDArray array) {
        if (array.rank() != 2) {
            throw new IllegalArgumentException("shape is " + Arrays.toString(array.shape()) + "; the array must have two dimensions");
        }
        float[] values = array.castTo(DataType.FLOAT).dup('c').data().asFloat();
        return Matrix.over(values, (int) array.size(0), (int) array.size(1));
    }

    /**
     * Returns an array {@code [rows, features]} as a batch.
     *
     * @throws IllegalArgumentException if the array does not have two dimensions
     */
    public static SparseRows batch(INDArray array) {
        return SparseRows.of(matrix(array));
    }
}
