package org.apd4j.network.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;

/**
 * A linear map {@code [in, out]} between two values of a network: the identity, which costs nothing, or a matrix. No map at all
 * ({@code null}) stands for zero.
 *
 * <pre>{@code
 * LinearMap doubling = LinearMap.of(Matrix.over(new float[] {2, 0, 0, 2}, 2, 2));
 * Matrix y = Matrix.zeros(1, 2);
 * doubling.addApplied(Matrix.over(new float[] {1, 3}, 1, 2), y); // y = 2, 6
 * }</pre>
 */
public final class LinearMap {

    private final int in;
    private final int out;
    private final Matrix matrix;

    private LinearMap(int in, int out, Matrix matrix) {
        this.in = in;
        this.out = out;
        // a window of its own: sharing it must not touch the caller's
        this.matrix = matrix == null ? null : matrix.block(0, matrix.rows());
    }

    /** The identity of a width. */
    public static LinearMap identity(int size) {
        return new LinearMap(size, size, null);
    }

    /** A matrix, which is not copied and must not change; null when all of it is zero. */
    public static LinearMap of(Matrix matrix) {
        return matrix.isZero() ? null : new LinearMap(matrix.rows(), matrix.columns(), matrix);
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    public boolean isIdentity() {
        return matrix == null;
    }

    /** The map as a matrix, the identity written out. */
    public Matrix toMatrix() {
        return matrix == null ? Matrix.identity(in) : matrix;
    }

    /** Keeps the matrix where products read it without copying, see {@link Matrix#share}. */
    public LinearMap share() {
        if (matrix != null) {
            matrix.share();
        }
        return this;
    }

    /** First this, then {@code next}; null if either is zero. */
    public static LinearMap chain(LinearMap first, LinearMap next) {
        if (first == null || next == null) {
            return null;
        }
        if (first.isIdentity()) {
            return next;
        }
        if (next.isIdentity()) {
            return first;
        }
        return of(Gemm.product(first.matrix, next.matrix, Matrix.zeros(first.in, next.out)));
    }

    /** The sum of two maps, either of which may be zero. */
    public static LinearMap sum(LinearMap left, LinearMap right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        Matrix sum = left.toMatrix().copy();
        float[] other = right.toMatrix().toArray();
        for (int i = 0; i < other.length; i++) {
            sum.data()[i] += other[i];
        }
        return of(sum);
    }

    /** {@code out += rows · this}. */
    public void addApplied(Matrix rows, Matrix out) {
        if (matrix != null) {
            Gemm.addProduct(rows, matrix, out);
        } else {
            addTo(rows, out);
        }
    }

    /** {@code out += rows first … last − 1 · this}; {@code out} has as many rows as are taken. */
    public void addApplied(SparseRows rows, int first, int last, Matrix out) {
        if (matrix != null) {
            rows.addProduct(first, last, matrix, out);
        } else {
            rows.addTo(first, last, out);
        }
    }

    /**
     * {@code out += (rows first … last − 1 of a source) · this}.
     *
     * @param source as {@link NetworkGraph} numbers sources
     * @param x      the network's inputs, for {@link NetworkGraph#INPUT}
     * @param values the source's own values {@code [batch, width]}; not used for the constant and for the inputs
     * @param out    as many rows as are taken
     */
    public void addFrom(int source, SparseRows x, Matrix values, int first, int last, Matrix out) {
        switch (source) {
            case NetworkGraph.ONE -> Activations.addConstant(toMatrix(), out);
            case NetworkGraph.INPUT -> addApplied(x, first, last, out);
            default -> addApplied(values.block(first, last - first), out);
        }
    }

    /**
     * Sets rows to what the constant gives, before the other sources are added.
     *
     * @param constant the map from {@link NetworkGraph#ONE}; null for none, which gives 0
     */
    public static void start(LinearMap constant, Matrix rows) {
        if (constant == null) {
            rows.fill(0);
        } else {
            Activations.setConstant(constant.toMatrix(), rows);
        }
    }

    /** {@code out += rows · thisᵀ}: what a gradient does on its way back. */
    public void addTransposed(Matrix rows, Matrix out) {
        if (matrix != null) {
            Gemm.addProductTransposed(rows, matrix, out);
        } else {
            addTo(rows, out);
        }
    }

    /** {@code thisᵀ · right · otherᵀ} added to {@code out}: the gradient of the middle factor of {@code this · M · other}. */
    public static void addSandwiched(LinearMap before, Matrix gradient, LinearMap after, Matrix out) {
        Matrix right = gradient;
        if (!after.isIdentity()) {
            right = Gemm.productTransposed(gradient, after.matrix, Matrix.zeros(gradient.rows(), after.in));
        }
        if (before.isIdentity()) {
            addTo(right, out);
        } else {
            Gemm.addTransposedProduct(before.matrix, right, out);
        }
    }

    private static void addTo(Matrix from, Matrix to) {
        float[] source = from.data();
        float[] target = to.data();
        int shift = to.offset() - from.offset();
        int end = from.offset() + from.size();
        for (int i = from.offset(); i < end; i++) {
            target[i + shift] += source[i];
        }
    }

    @Override
    public String toString() {
        return isIdentity() ? "identity of " + in : "map " + matrix;
    }
}
