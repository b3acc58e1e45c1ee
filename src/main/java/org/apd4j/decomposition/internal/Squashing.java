package org.apd4j.decomposition.internal;

import java.util.Arrays;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.math.internal.MaskOps;

/**
 * The two hard sigmoids that make importances of what gates say (step 2 of SPD and of shared-gate decomposition). Points on a boundary belong to the interval on their left.
 *
 * <pre>{@code
 * float g = Squashing.lower(-2);  // -0.02
 * float u = Squashing.upper(2);   // 1.01
 * }</pre>
 */
public final class Squashing {

    private static final float LEAK = 0.01f;

    /** What {@link GateSquashing#CLAMPED} adds to u before its power is taken. */
    private static final double OFFSET = 1e-12;

    private final GateSquashing kind;
    private final double p;
    private final double offset;
    private final float[] gammas;
    private final float[] results;
    private final float[] outer;

    /**
     * Creates working memory for one thread and up to {@code count} values at a time.
     *
     * @param p the power of importance minimality
     */
    public Squashing(GateSquashing kind, double p, int count) {
        this.kind = kind;
        this.p = p;
        this.offset = kind == GateSquashing.CLAMPED ? OFFSET : 0;
        this.gammas = new float[count];
        this.results = new float[count];
        this.outer = new float[count];
    }

    /**
     * Computes importances g for masks, and returns {@code Σ u^p} of the first {@code count} values.
     *
     * @param from  the index of the first value in both arrays
     * @param count the number of values that are summed
     * @param all   the number of values that g is computed of
     */
    public double importances(float[] gamma, int from, int count, int all, float[] g) {
        System.arraycopy(gamma, from, gammas, 0, all);
        switch (kind) {
            case LEAKY -> MaskOps.lower(gammas, results, all);
            case CLAMPED -> MaskOps.clamp(gammas, results, all);
        }
        System.arraycopy(results, 0, g, from, all);
        MaskOps.upper(gammas, results, count);
        double sum = 0;
        if (p == 1) {
            for (int n = 0; n < count; n++) {
                sum += results[n];
            }
        } else if (p == 2) {
            for (int n = 0; n < count; n++) {
                sum += (double) results[n] * results[n];
            }
        } else {
            for (int n = 0; n < count; n++) {
                sum += Math.pow(results[n] + offset, p);
            }
        }
        return sum;
    }

    /**
     * Makes gradients with respect to γ of those with respect to g, and adds the penalty's, {@code penalty · p u^(p−1) u′(γ)}, which is 0 where γ is not
     * above 0, whatever p is.
     */
    public void toGammaGradient(float[] gamma, int from, int count, float penalty, float[] gradient) {
        System.arraycopy(gamma, from, gammas, 0, count);
        System.arraycopy(gradient, from, results, 0, count);
        switch (kind) {
            case LEAKY -> MaskOps.scaleByLowerSlope(gammas, results, count);
            case CLAMPED -> MaskOps.scaleByRisingSlope(gammas, results, count);
        }
        if (p == 1) {
            Arrays.fill(outer, 0, count, 1);
        } else {
            MaskOps.upper(gammas, outer, count);
        }
        if (p != 1 && p != 2) {
            for (int n = 0; n < count; n++) {
                outer[n] = outer[n] > 0 ? (float) Math.pow(outer[n], p - 1) : 0;
            }
        }
        MaskOps.addUpperSlope(gammas, outer, (float) (penalty * p), results, count);
        System.arraycopy(results, 0, gradient, from, count);
    }

    /** Returns g, which makes the masks. */
    public static float lower(GateSquashing kind, float gamma) {
        return switch (kind) {
            case LEAKY -> lower(gamma);
            case CLAMPED -> Math.min(Math.max(gamma, 0), 1);
        };
    }

    /** Returns the paper's g: γ between 0 and 1, 0.01 γ below, 1 above. */
    public static float lower(float gamma) {
        return Math.min(Math.max(gamma, LEAK * gamma), 1);
    }

    /** Returns u: γ between 0 and 1, 0 below, 1 + 0.01 (γ − 1) above. It is what importance minimality counts. */
    public static float upper(float gamma) {
        return gamma <= 0 ? 0 : gamma <= 1 ? gamma : 1 + LEAK * (gamma - 1);
    }

    /** Returns the derivative of {@link #upper}. */
    public static float upperSlope(float gamma) {
        return gamma <= 0 ? 0 : gamma <= 1 ? 1 : LEAK;
    }

    /** Returns {@code u^p}. */
    public double power(float upper) {
        if (p == 1) {
            return upper;
        }
        return p == 2 ? (double) upper * upper : Math.pow(upper + offset, p);
    }

    /** Returns the derivative of {@code u^p} with respect to γ; 0 where γ is not above 0, whatever p is. */
    public float powerSlope(float gamma) {
        if (gamma <= 0) {
            return 0;
        }
        float u = upper(gamma);
        float outer = p == 1 ? 1 : p == 2 ? 2 * u : (float) (p * Math.pow(u, p - 1));
        return outer * upperSlope(gamma);
    }
}
