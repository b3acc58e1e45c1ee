package org.apd4j.apd.internal;

import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Mask;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Workers;

/**
 * The simplicity loss {@code (1/(N · batch)) Σ_l Σ_b Σ_c Σ_j (mask[b,c] · |A_c[:,j]|² · |B_c[j,:]|² + ε)^(p/2)} with ε = 1e-16, a Schatten-p
 * quasi-norm of the active components by way of their factors (paper section 2 and appendix A; step 5 of the
 * {@linkplain org.apd4j.apd method}). N is the number of entries of all decomposed layers.
 *
 * <p>The strength {@code s_cj = |A_c[:,j]|² |B_c[j,:]|²} does not depend on the sample, so only the number n_c of samples on which c is active
 * matters: the sum over b is {@code n_c (s_cj + ε)^(p/2) + (batch − n_c) ε^(p/2)}. With real-valued weights instead of a mask
 * ({@link LpLosses}) the sum is taken sample by sample.
 */
public final class Simplicity {

    /** ε, which bounds the gradient at 0. */
    public static final double EPSILON = 1e-16;

    private final ApdConfig config;
    private final Components components;
    /** |A_c[:,j]|² by parameter, component and j; below likewise |B_c[j,:]|² and the gradient of the loss with respect to s_cj. */
    private final float[][][] aSquares;
    private final float[][][] bSquares;
    private final double[][][] strengthGradients;

    /** Creates the loss for components of a network. */
    public Simplicity(ApdConfig config, Components components) {
        this.config = config;
        this.components = components;
        int parameters = components.factors().size();
        int rank = components.factors().get(0).rank();
        aSquares = new float[parameters][components.count()][rank];
        bSquares = new float[parameters][components.count()][rank];
        strengthGradients = new double[parameters][components.count()][rank];
    }

    /** Returns the simplicity loss under a mask, without its coefficient, and stores its gradient with respect to the strengths. */
    public double compute(Mask mask, Workers workers) {
        measureStrengths(workers);
        double half = config.power() / 2;
        double floor = Math.pow(EPSILON, half);
        double scale = 1.0 / ((double) components.entries() * mask.rows());
        double total = 0;
        for (int p = 0; p < aSquares.length; p++) {
            int uses = uses(p);
            for (int c = 0; c < components.count(); c++) {
                int active = mask.count(c);
                double sum = 0;
                for (int j = 0; j < strengthGradients[p][c].length; j++) {
                    double strength = strength(p, c, j) + EPSILON;
                    double power = Math.pow(strength, half);
                    sum += active * power + (mask.rows() - active) * floor;
                    strengthGradients[p][c][j] = config.simplicity() * scale * uses * active * half * power / strength;
                }
                total += uses * sum;
            }
        }
        return total * scale;
    }

    /** Computes |A_c[:,j]|² and |B_c[j,:]|² of all components. */
    public void measureStrengths(Workers workers) {
        for (int p = 0; p < aSquares.length; p++) {
            Factors factors = components.factors().get(p);
            int parameter = p;
            workers.forEach(components.count(), (long) factors.rank() * (factors.in() + factors.out()), c -> {
                ColumnOps.dots(factors.a(c), factors.a(c), aSquares[parameter][c]);
                ColumnOps.rowSquares(factors.b(c), bSquares[parameter][c]);
            });
        }
    }

    /** Returns the number of layers that use a parameter. */
    public int uses(int parameter) {
        return components.uses(components.factors().get(parameter));
    }

    /** Returns s_cj of a parameter. */
    public double strength(int parameter, int c, int j) {
        return (double) aSquares[parameter][c][j] * bSquares[parameter][c][j];
    }

    /** Sets the gradient of the loss, with its coefficient, with respect to s_cj. */
    public void setStrengthGradient(int parameter, int c, int j, double gradient) {
        strengthGradients[parameter][c][j] = gradient;
    }

    /**
     * Adds the gradient of the loss with respect to a component's factors, by {@code ∂s_cj/∂A_c[:,j] = 2 |B_c[j,:]|² A_c[:,j]} and
     * {@code ∂s_cj/∂B_c[j,:] = 2 |A_c[:,j]|² B_c[j,:]}.
     *
     * @param parameter index of the parameter
     * @param c         the component
     * @param aGradient gradient to add to, {@code [d_in, m]}
     * @param bGradient gradient to add to, {@code [m, d_out]}
     */
    public void addFactorGradients(int parameter, int c, Matrix aGradient, Matrix bGradient) {
        Factors factors = components.factors().get(parameter);
        double[] gradients = strengthGradients[parameter][c];
        float[] factor = new float[gradients.length];
        boolean any = false;
        for (int j = 0; j < factor.length; j++) {
            factor[j] = (float) (2 * gradients[j] * bSquares[parameter][c][j]);
            any |= gradients[j] != 0;
        }
        if (!any) {
            return;
        }
        ColumnOps.addScaled(factors.a(c), factor, aGradient);
        Matrix b = factors.b(c);
        for (int j = 0; j < factor.length; j++) {
            float scale = (float) (2 * gradients[j] * aSquares[parameter][c][j]);
            int at = bGradient.rowStart(j);
            int source = b.rowStart(j);
            for (int i = 0; i < b.columns(); i++) {
                bGradient.data()[at + i] = Math.fma(scale, b.data()[source + i], bGradient.data()[at + i]);
            }
        }
    }
}
