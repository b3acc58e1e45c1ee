package org.apd4j.decomposition.internal;

import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.internal.LinearMap;

/**
 * A layer whose weights are a sum of components, {@code P_c = A'_c · B'_c}. A transposed use of a parameter has {@code A' = Bᵀ} and {@code B' = Aᵀ} of
 * the parameter's factors (a tied use of a parameter); no other class has to know.
 */
public final class DecomposedLayer {

    private final Factors factors;
    private final boolean transposed;

    public DecomposedLayer(Factors factors, boolean transposed) {
        this.factors = factors;
        this.transposed = transposed;
    }

    public Factors factors() {
        return factors;
    }

    public boolean transposed() {
        return transposed;
    }

    public int in() {
        return transposed ? factors.out() : factors.in();
    }

    public int out() {
        return transposed ? factors.in() : factors.out();
    }

    public int rank() {
        return factors.rank();
    }

    /** Computes {@code z = x · A'_c}, {@code [n, in] → [n, m]}. */
    public void down(int c, Matrix x, Matrix z) {
        Gemm.run(1, x, false, transposed ? factors.b(c) : factors.a(c), transposed, 0, z);
    }

    /** Computes {@code h = z · B'_c}, {@code [n, m] → [n, out]}. */
    public void up(int c, Matrix z, Matrix h) {
        Gemm.run(1, z, false, transposed ? factors.a(c) : factors.b(c), transposed, 0, h);
    }

    /** Computes {@code ∂z = ∂h · B'_cᵀ}. */
    public void upBackward(int c, Matrix hGradient, Matrix zGradient) {
        Gemm.run(1, hGradient, false, transposed ? factors.a(c) : factors.b(c), !transposed, 0, zGradient);
    }

    /** Computes {@code ∂x = ∂z · A'_cᵀ}. */
    public void downBackward(int c, Matrix zGradient, Matrix xGradient) {
        Gemm.run(1, zGradient, false, transposed ? factors.b(c) : factors.a(c), !transposed, 0, xGradient);
    }

    /** Adds {@code ∂A' = xᵀ ∂z} and {@code ∂B' = zᵀ ∂h} to the gradients of the parameter's own factors. */
    public void addGradients(Matrix x, Matrix z, Matrix zGradient, Matrix hGradient, Matrix aGradient, Matrix bGradient) {
        if (transposed) {
            Gemm.addTransposedProduct(zGradient, x, bGradient);
            Gemm.addTransposedProduct(hGradient, z, aGradient);
        } else {
            Gemm.addTransposedProduct(x, zGradient, aGradient);
            Gemm.addTransposedProduct(z, hGradient, bGradient);
        }
    }

    /**
     * Computes {@code effect = keep · effect + before · A'_c · B'_c · after}, the component's share in a linear part of the network, by way of the rank
     * m, the narrowest width.
     *
     * @param left  working memory {@code [before.in, m]}
     * @param right working memory {@code [m, after.out]}
     * @param keep  0 or 1
     */
    public void effect(int c, LinearMap before, LinearMap after, Matrix left, Matrix right, float keep, Matrix effect) {
        Matrix first = transposed ? factors.b(c) : factors.a(c);
        boolean firstTransposed = transposed;
        if (!before.isIdentity()) {
            first = Gemm.run(1, before.toMatrix(), false, first, transposed, 0, left);
            firstTransposed = false;
        }
        Matrix second = transposed ? factors.a(c) : factors.b(c);
        boolean secondTransposed = transposed;
        if (!after.isIdentity()) {
            second = Gemm.run(1, second, transposed, after.toMatrix(), false, 0, right);
            secondTransposed = false;
        }
        Gemm.run(1, first, firstTransposed, second, secondTransposed, keep, effect);
    }

    /** Adds the gradient of a layer's matrix, transposed if the layer is, to that of its parameter. */
    public void addToParameter(Matrix layerGradient, Matrix parameterGradient) {
        for (int i = 0; i < layerGradient.rows(); i++) {
            for (int j = 0; j < layerGradient.columns(); j++) {
                int at = transposed ? parameterGradient.rowStart(j) + i : parameterGradient.rowStart(i) + j;
                parameterGradient.data()[at] += layerGradient.get(i, j);
            }
        }
    }
}
