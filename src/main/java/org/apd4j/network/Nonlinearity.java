package org.apd4j.network;

import org.apd4j.math.Matrix;

/**
 * What a network does between its linear parts: a function f of a row. Its derivative J is all that gradients need of it: a change δ of the
 * row goes forward as {@code J δ}, a gradient g comes back as {@code Jᵀ g}.
 *
 * <pre>{@code
 * Nonlinearity tanh = Activation.TANH;
 * Matrix after = Matrix.zeros(w.rows(), w.columns());
 * tanh.apply(w, after);
 * }</pre>
 */
public sealed interface Nonlinearity permits Activation, LayerNorm {

    /** {@code to ← f(from)}, row by row. */
    void apply(Matrix from, Matrix to);

    /** {@code gradient ← Jᵀ gradient}, J taken at the input. */
    void pullBack(Matrix input, Matrix gradient);

    /** Columns of {@link #differentiate}'s result, for rows of a width: at least as many. */
    int derivativeColumns(int width);

    /**
     * Replaces inputs by what the next two need of J, where one input serves many changes.
     *
     * @param inputs {@code [rows, derivativeColumns]}, the input in the first columns of each row
     */
    void differentiate(Matrix inputs);

    /** {@code change ← J change}, J as {@link #differentiate} left it. */
    void pushChange(Matrix derivatives, Matrix change);

    /** {@code gradient ← Jᵀ gradient}, J as {@link #differentiate} left it. */
    void pullGradient(Matrix derivatives, Matrix gradient);

    /**
     * {@code change ← f(input) − f(input − change)}, exact to the last digits of the result however small the change is.
     *
     * @param change of the same shape as the input
     */
    void difference(Matrix input, Matrix change);

    /** Whether f is 0 only where its derivative is, so that a row of zeros passes nothing on: ReLU's gift. */
    boolean isOffAtZero();

    /** Whether a row of zeros gives zeros. */
    boolean keepsZero();

    /** What it is called in tables and figures. */
    String label();
}
