package org.apd4j.network;

import org.apd4j.math.Matrix;

/**
 * A nonlinear function f of a row of values, such as an activation or a layer norm. With J for its Jacobian at the row, a small change δ of the row
 * becomes {@code J δ}, and a gradient g with respect to the result becomes {@code Jᵀ g}.
 *
 * <pre>{@code
 * Nonlinearity tanh = Activation.TANH;
 * Matrix after = Matrix.zeros(w.rows(), w.columns());
 * tanh.apply(w, after);
 * }</pre>
 */
public sealed interface Nonlinearity permits Activation, LayerNorm {

    /** Computes {@code to ← f(from)}, row by row. */
    void apply(Matrix from, Matrix to);

    /** Computes {@code gradient ← Jᵀ gradient}, with J at the input. */
    void pullBack(Matrix input, Matrix gradient);

    /** Returns the number of columns that {@link #differentiate} needs for rows of a width, at least that width. */
    int derivativeColumns(int width);

    /**
     * Replaces inputs by a representation of J, for {@link #pushChange} and {@link #pullGradient}, where one input serves many changes.
     *
     * @param inputs {@code [rows, derivativeColumns]}, with the input in the first columns of each row
     */
    void differentiate(Matrix inputs);

    /** Computes {@code change ← J change}, with J as {@link #differentiate} left it. */
    void pushChange(Matrix derivatives, Matrix change);

    /** Computes {@code gradient ← Jᵀ gradient}, with J as {@link #differentiate} left it. */
    void pullGradient(Matrix derivatives, Matrix gradient);

    /**
     * Computes {@code change ← f(input) − f(input − change)} to full relative precision, however small the change is.
     *
     * @param change of the same shape as the input
     */
    void difference(Matrix input, Matrix change);

    /** Returns whether f(x) = 0 implies f′(x) = 0, so that an all-zero row carries no gradient (true for ReLU). */
    boolean isOffAtZero();

    /** Returns whether f(0) = 0. */
    boolean keepsZero();

    /** Returns the name in tables and figures. */
    String label();
}
