package org.apd4j.math.internal;

/**
 * Elementwise loops over masks of components, {@code m = g + (1 − g) · r} with importances g and random numbers r. A range of the masks is read or
 * written; activations of components lie at the same indices, or, where one mask serves several of them, {@code shift} further on. The JIT compiler
 * turns the loops into vector instructions.
 *
 * <pre>{@code
 * float[] a = {2}, g = {0.5f}, r = {0.5f}, z = new float[1];
 * MaskOps.apply(a, g, r, z, 0, 1, 0); // 2 · 0.75
 * }</pre>
 */
public final class MaskOps {

    private MaskOps() {
    }

    /** Computes {@code z = m · a} for {@code m = g + (1 − g) r}. */
    public static void apply(float[] a, float[] g, float[] r, float[] z, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            z[shift + i] = a[shift + i] * Math.fma(1 - g[i], r[i], g[i]);
        }
    }

    /**
     * Computes {@code z = (m − δ) · a}: the masks of components beside a delta component {@code δ · x (W − A B)}, whose part {@code −δ · x A B} the
     * components carry.
     *
     * @param delta     δ for each value, from the index {@code deltaFrom} on
     */
    public static void applyLess(float[] a, float[] g, float[] r, float[] delta, int deltaFrom, float[] z, int from, int to) {
        int shift = deltaFrom - from;
        for (int i = from; i < to; i++) {
            z[i] = a[i] * (Math.fma(1 - g[i], r[i], g[i]) - delta[i + shift]);
        }
    }

    /** Computes {@code z = g · a}. */
    public static void multiply(float[] a, float[] g, float[] z, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            z[shift + i] = a[shift + i] * g[i];
        }
    }

    /** Adds {@code ∂g += ∂z · a · (1 − r)}, and sets {@code ∂z ← ∂z · m}, which is the gradient with respect to a. */
    public static void pullBack(float[] a, float[] g, float[] r, float[] zGradient, float[] gGradient, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            float gradient = zGradient[shift + i];
            gGradient[i] = Math.fma(gradient * a[shift + i], 1 - r[i], gGradient[i]);
            zGradient[shift + i] = gradient * Math.fma(1 - g[i], r[i], g[i]);
        }
    }

    /** Adds {@code ∂g += ∂z · a · (1 − r)}, and sets {@code ∂z ← ∂z · (m − δ)}: the same beside a delta component, as in {@link #applyLess}. */
    public static void pullBackLess(float[] a, float[] g, float[] r, float[] delta, int deltaFrom, float[] zGradient, float[] gGradient, int from,
                                    int to) {
        int shift = deltaFrom - from;
        for (int i = from; i < to; i++) {
            float gradient = zGradient[i];
            gGradient[i] = Math.fma(gradient * a[i], 1 - r[i], gGradient[i]);
            zGradient[i] = gradient * (Math.fma(1 - g[i], r[i], g[i]) - delta[i + shift]);
        }
    }

    /** Adds {@code ∂g += ∂z · a}, and sets {@code ∂z ← ∂z · g}: the same for the mask g itself. */
    public static void pullBack(float[] a, float[] g, float[] zGradient, float[] gGradient, int from, int to, int shift) {
        for (int i = from; i < to; i++) {
            float gradient = zGradient[shift + i];
            gGradient[i] = Math.fma(gradient, a[shift + i], gGradient[i]);
            zGradient[shift + i] = gradient * g[i];
        }
    }

    /** Adds {@code to += from}. */
    public static void add(float[] values, float[] to, int from, int end) {
        for (int i = from; i < end; i++) {
            to[i] += values[i];
        }
    }

    /** Larger than 1 / x for every x that matters, so that {@code min(max(STEEP · x, 0), 1)} is 1 for x above 0, and 0 otherwise. */
    private static final float STEEP = 1e38f;
    private static final float LEAK = 0.01f;

    /**
     * Computes lower-leaky importances: γ between 0 and 1, 0.01 γ below, 1 above.
     *
     * @param gamma from index 0 on
     * @param g     receives the importances
     */
    public static void lower(float[] gamma, float[] g, int count) {
        for (int n = 0; n < count; n++) {
            g[n] = Math.min(Math.max(gamma[n], LEAK * gamma[n]), 1);
        }
    }

    /** Computes clamped importances: γ between 0 and 1, 0 below, 1 above. */
    public static void clamp(float[] gamma, float[] g, int count) {
        for (int n = 0; n < count; n++) {
            g[n] = Math.min(Math.max(gamma[n], 0), 1);
        }
    }

    /** Computes upper-leaky importances: γ between 0 and 1, 0 below, 1 + 0.01 (γ − 1) above. */
    public static void upper(float[] gamma, float[] u, int count) {
        for (int n = 0; n < count; n++) {
            u[n] = Math.min(Math.max(gamma[n], 0), 1) + LEAK * Math.max(gamma[n] - 1, 0);
        }
    }

    /**
     * Multiplies gradients with respect to lower-leaky importances by their derivative: 0.01 for γ up to 0, 1 up to 1, 0 above.
     *
     * @param gradient from index 0 on
     */
    public static void scaleByLowerSlope(float[] gamma, float[] gradient, int count) {
        for (int n = 0; n < count; n++) {
            float above0 = Math.min(Math.max(STEEP * gamma[n], 0), 1);
            float above1 = Math.min(Math.max(STEEP * (gamma[n] - 1), 0), 1);
            gradient[n] *= above0 - above1 + LEAK * (1 - above0);
        }
    }

    /**
     * Multiplies gradients with respect to clamped importances by 1 for γ between 0 and 1, by 0 above, and for γ up to 0 by 0.01 where they are
     * negative, so that the importance wants to rise, and by 0 elsewhere.
     */
    public static void scaleByRisingSlope(float[] gamma, float[] gradient, int count) {
        for (int n = 0; n < count; n++) {
            float above0 = Math.min(Math.max(STEEP * gamma[n], 0), 1);
            float above1 = Math.min(Math.max(STEEP * (gamma[n] - 1), 0), 1);
            gradient[n] = gradient[n] * (above0 - above1) + LEAK * (1 - above0) * Math.min(gradient[n], 0);
        }
    }

    /** Adds {@code factor · outer · u′}, with the derivative u′ of upper-leaky importances: 0 for γ up to 0, 1 up to 1, 0.01 above. */
    public static void addUpperSlope(float[] gamma, float[] outer, float factor, float[] gradient, int count) {
        for (int n = 0; n < count; n++) {
            float above0 = Math.min(Math.max(STEEP * gamma[n], 0), 1);
            float above1 = Math.min(Math.max(STEEP * (gamma[n] - 1), 0), 1);
            gradient[n] = Math.fma(factor * outer[n], above0 - (1 - LEAK) * above1, gradient[n]);
        }
    }
}
