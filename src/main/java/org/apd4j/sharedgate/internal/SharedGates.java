package org.apd4j.sharedgate.internal;

import org.apd4j.decomposition.internal.Squashing;
import org.apd4j.math.Matrix;
import org.apd4j.sharedgate.GateKind;

/**
 * The readings of shared gates, {@code γ[b,c] = b_c + Σ_l s_{l,c} · n_l[b,c]}, with n made of the component's activations in gate matrix l. Values of
 * components are rows; loops over a row are written so that they become vector instructions and give the same bits on any number of threads.
 */
final class SharedGates {

    /** Added to a sum of squares before its root is taken. */
    static final double UNDER_ROOT = 1e-12;
    /** The norm on an input of zeros. */
    static final float NORM_OF_ZERO = 1e-6f;
    /** Larger than 1 / |a| for every activation that matters, so that {@code STEEP · a} limited to ±1 is the sign of a. */
    private static final float STEEP = 1e38f;

    private SharedGates() {
    }

    /** Returns whether gates of this kind read the norm of several activations, or of one as if it were several. */
    static boolean isNorm(GateKind kind, int rank) {
        return kind == GateKind.NORM || rank > 1;
    }

    /**
     * Computes what a gate matrix's gates read, n, for a component.
     *
     * @param a      activations, of piece r from index {@code from + r · stride} on
     * @param stride the distance of two pieces of a component
     * @param n      receives the readings, from index {@code to} on
     */
    static void read(GateKind kind, int rank, float[] a, int from, int stride, int count, float[] n, int to) {
        if (isNorm(kind, rank)) {
            for (int i = 0; i < count; i++) {
                n[to + i] = (float) UNDER_ROOT;
            }
            for (int r = 0; r < rank; r++) {
                int at = from + r * stride;
                for (int i = 0; i < count; i++) {
                    n[to + i] = Math.fma(a[at + i], a[at + i], n[to + i]);
                }
            }
            for (int i = 0; i < count; i++) {
                n[to + i] = (float) Math.sqrt(n[to + i]);
            }
        } else if (kind == GateKind.ABSOLUTE) {
            for (int i = 0; i < count; i++) {
                n[to + i] = Math.abs(a[from + i]);
            }
        } else {
            System.arraycopy(a, from, n, to, count); // signed; an MLP goes on from there
        }
    }

    /** Adds {@code slope · n} to γ. */
    static void add(float slope, float[] n, int from, int count, float[] gamma, int to) {
        for (int i = 0; i < count; i++) {
            gamma[to + i] = Math.fma(slope, n[from + i], gamma[to + i]);
        }
    }

    /** Adds to the gradients with respect to a component's activations, given that with respect to γ. */
    static void pullBack(GateKind kind, int rank, float slope, float[] gammaGradient, int gammaFrom, float[] n, int nFrom, float[] a, float[] aGradient,
                         int from, int stride, int count) {
        if (isNorm(kind, rank)) {
            for (int r = 0; r < rank; r++) {
                int at = from + r * stride;
                for (int i = 0; i < count; i++) {
                    aGradient[at + i] = Math.fma(slope * gammaGradient[gammaFrom + i], a[at + i] / n[nFrom + i], aGradient[at + i]);
                }
            }
        } else if (kind == GateKind.ABSOLUTE) {
            for (int i = 0; i < count; i++) {
                float sign = Math.min(Math.max(STEEP * a[from + i], -1), 1);
                aGradient[from + i] = Math.fma(slope * gammaGradient[gammaFrom + i], sign, aGradient[from + i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                aGradient[from + i] = Math.fma(slope, gammaGradient[gammaFrom + i], aGradient[from + i]);
            }
        }
    }

    /** Returns γ on an input of zeros. */
    static float gammaOfZero(GateKind kind, int[] ranks, Matrix s, Matrix b, int component) {
        float gamma = b.data()[component];
        for (int l = 0; l < ranks.length; l++) {
            gamma += isNorm(kind, ranks[l]) ? NORM_OF_ZERO * s.get(l, component) : 0;
        }
        return gamma;
    }

    /** Returns the importance g of a γ. */
    static float importance(float gamma) {
        return Squashing.lower(gamma);
    }
}
