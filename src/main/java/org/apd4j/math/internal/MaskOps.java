package org.apd4j.math.internal;

/**
 * Elementwise loops over masks of components, {@code m = g + (1 − g) · r} with importances g and random numbers r. Arrays are read and written in a
 * range of the same indices. The JIT compiler turns the loops into vector instructions.
 *
 * <pre>{@code
 * float[] a = {2}, g = {0.5f}, r = {0.5f}, z = new float[1];
 * MaskOps.apply(a, g, r, z, 0, 1); // 2 · 0.75
 * }</pre>
 */
public final class MaskOps {

    private MaskOps() {
    }

    /** Computes {@code z = m · a} for {@code m = g + (1 − g) r}. */
    public static void apply(float[] a, float[] g, float[] r, float[] z, int from, int to) {
        for (int i = from; i < to; i++) {
            z[i] = a[i] * Math.fma(1 - g[i], r[i], g[i]);
        }
    }

    /** Computes {@code z = g · a}. */
    public static void multiply(float[] a, float[] g, float[] z, int from, int to) {
        for (int i = from; i < to; i++) {
            z[i] = a[i] * g[i];
        }
    }

    /** Adds {@code ∂g += ∂z · a · (1 − r)}, and sets {@code ∂z ← ∂z · m}, which is the gradient with respect to a. */
    public static void pullBack(float[] a, float[] g, float[] r, float[] zGradient, float[] gGradient, int from, int to) {
        for (int i = from; i < to; i++) {
            float gradient = zGradient[i];
            gGradient[i] = Math.fma(gradient * a[i], 1 - r[i], gGradient[i]);
            zGradient[i] = gradient * Math.fma(1 - g[i], r[i], g[i]);
        }
    }

    /** Adds {@code ∂g += ∂z · a}, and sets {@code ∂z ← ∂z · g}: the same for the mask g itself. */
    public static void pullBack(float[] a, float[] g, float[] zGradient, float[] gGradient, int from, int to) {
        for (int i = from; i < to; i++) {
            float gradient = zGradient[i];
            gGradient[i] = Math.fma(gradient, a[i], gGradient[i]);
            zGradient[i] = gradient * g[i];
        }
    }

    /** Adds {@code to += from}. */
    public static void add(float[] values, float[] to, int from, int end) {
        for (int i = from; i < end; i++) {
            to[i] += values[i];
        }
    }
}
