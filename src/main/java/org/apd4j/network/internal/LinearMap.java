package org.apd4j.network.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Gemm;

/**
 * A linear map {@code [in, out]} between two values of a network: {@link #ZERO} and the identity, which cost nothing, or a matrix.
 *
 * <pre>{@code
 * LinearMap doubling = LinearMap.of(Matrix.over(new float[] {2, 0, 0, 2}, 2, 2));
 * Matrix y = Matrix.zeros(1, 2);
 * doubling.addApplied(Matrix.over(new float[] {1, 3}, 1, 2), y); // y = 2, 6
 * }</pre>
 */
public final class LinearMap {

    /** The map to 0, between values of any width. */
    public static final LinearMap ZERO = new LinearMap(Kind.ZERO, 0, 0, Matrix.zeros(0, 0));

    private enum Kind { ZERO, IDENTITY, MATRIX }

    private final Kind kind;
    private final int in;
    private final int out;
    /** Empty unless the kind is a matrix. */
    private final Matrix matrix;

    private LinearMap(Kind kind, int in, int out, Matrix matrix) {
        this.kind = kind;
        this.in = in;
        this.out = out;
        this.matrix = matrix;
    }

    /** Returns the identity of a width. */
    public static LinearMap identity(int size) {
        return new LinearMap(Kind.IDENTITY, size, size, ZERO.matrix);
    }

    /** Returns a matrix as a map; the matrix is not copied and must not change. */
    public static LinearMap of(Matrix matrix) {
        // a window of its own: sharing it must not touch the caller's
        return matrix.isZero() ? ZERO : new LinearMap(Kind.MATRIX, matrix.rows(), matrix.columns(), matrix.block(0, matrix.rows()));
    }

    /** Returns the width of what is mapped; 0 for {@link #ZERO}, which maps any. */
    public int in() {
        return in;
    }

    /** Returns the width of the result; 0 for {@link #ZERO}, which has any. */
    public int out() {
        return out;
    }

    /** Returns whether everything is mapped to 0. */
    public boolean isZero() {
        return kind == Kind.ZERO;
    }

    /** Returns whether nothing is changed. */
    public boolean isIdentity() {
        return kind == Kind.IDENTITY;
    }

    /**
     * Returns the map as a matrix, the identity written out.
     *
     * @throws IllegalStateException for {@link #ZERO}, which has no shape
     */
    public Matrix toMatrix() {
        return switch (kind) {
            case ZERO -> throw new IllegalStateException("the zero map has no shape, and so no matrix");
            case IDENTITY -> Matrix.identity(in);
            case MATRIX -> matrix;
        };
    }

    /** Keeps the matrix where products read it without copying, see {@link Matrix#share}. */
    public LinearMap share() {
        if (kind == Kind.MATRIX) {
            matrix.share();
        }
        return this;
    }

    /** Returns the map that applies {@code first}, then {@code next}. */
    public static LinearMap chain(LinearMap first, LinearMap next) {
        if (first.isZero() || next.isZero()) {
            return ZERO;
        }
        if (first.isIdentity()) {
            return next;
        }
        if (next.isIdentity()) {
            return first;
        }
        return of(Gemm.product(first.matrix, next.matrix, Matrix.zeros(first.in, next.out)));
    }

    /** Returns the sum of two maps. */
    public static LinearMap sum(LinearMap left, LinearMap right) {
        if (left.isZero()) {
            return right;
        }
        if (right.isZero()) {
            return left;
        }
        Matrix sum = left.toMatrix().copy();
        float[] other = right.toMatrix().toArray();
        for (int i = 0; i < other.length; i++) {
            sum.data()[i] += other[i];
        }
        return of(sum);
    }

    /** Adds {@code rows · this} to {@code out}. */
    public void addApplied(Matrix rows, Matrix out) {
        switch (kind) {
            case ZERO -> { }
            case IDENTITY -> addTo(rows, out);
            case MATRIX -> Gemm.addProduct(rows, matrix, out);
        }
    }

    /** Adds {@code rows first … last − 1 · this} to {@code out}, which has as many rows as are taken. */
    public void addApplied(SparseRows rows, int first, int last, Matrix out) {
        switch (kind) {
            case ZERO -> { }
            case IDENTITY -> rows.addTo(first, last, out);
            case MATRIX -> rows.addProduct(first, last, matrix, out);
        }
    }

    /**
     * Adds {@code (rows first … last − 1 of a source) · this} to {@code out}.
     *
     * @param x        the batch, for the source that is the network's input
     * @param bySource the values {@code [batch, width]} of the other sources, by their index; nothing is read for the constant and the input
     * @param out      as many rows as are taken
     */
    public void addFrom(Source source, SparseRows x, Matrix[] bySource, int first, int last, Matrix out) {
        if (isZero()) {
            return;
        }
        if (source instanceof Source.One) {
            Activations.addConstant(toMatrix(), out);
        } else if (source instanceof Source.Input) {
            addApplied(x, first, last, out);
        } else {
            addApplied(bySource[source.index()].block(first, last - first), out);
        }
    }

    /** Sets every row to what the constant 1 gives, before other sources are added. */
    public void setConstant(Matrix rows) {
        if (isZero()) {
            rows.fill(0);
        } else {
            Activations.setConstant(toMatrix(), rows);
        }
    }

    /** Adds {@code rows · thisᵀ} to {@code out}: the way of a gradient back through the map. */
    public void addTransposed(Matrix rows, Matrix out) {
        switch (kind) {
            case ZERO -> { }
            case IDENTITY -> addTo(rows, out);
            case MATRIX -> Gemm.addProductTransposed(rows, matrix, out);
        }
    }

    /** Adds {@code beforeᵀ · gradient · afterᵀ} to {@code out}: the gradient of the middle factor M of {@code before · M · after}. */
    public static void addSandwiched(LinearMap before, Matrix gradient, LinearMap after, Matrix out) {
        if (before.isZero() || after.isZero()) {
            return;
        }
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
        return switch (kind) {
            case ZERO -> "zero";
            case IDENTITY -> "identity of " + in;
            case MATRIX -> "map " + matrix;
        };
    }
}
