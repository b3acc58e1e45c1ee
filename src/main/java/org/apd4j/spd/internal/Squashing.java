package org.apd4j.spd.internal;

/**
 * The two leaky hard sigmoids that make importances of what gates say (step 2 of SPD). Points on a boundary belong to the interval on their left.
 *
 * <pre>{@code
 * float g = Squashing.lower(-2);  // -0.02
 * float u = Squashing.upper(2);   // 1.01
 * }</pre>
 */
public final class Squashing {

    private static final float LEAK = 0.01f;

    private Squashing() {
    }

    /** Returns g: γ between 0 and 1, 0.01 γ below, 1 above. It makes the masks. */
    public static float lower(float gamma) {
        return Math.min(Math.max(gamma, LEAK * gamma), 1);
    }

    /** Returns the derivative of {@link #lower}. */
    public static float lowerSlope(float gamma) {
        return gamma <= 0 ? LEAK : gamma <= 1 ? 1 : 0;
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
    static double power(float upper, double p) {
        if (p == 1) {
            return upper;
        }
        return p == 2 ? (double) upper * upper : Math.pow(upper, p);
    }

    /** Returns the derivative of {@code u^p} with respect to γ; 0 where γ is not above 0, whatever p is. */
    static float powerSlope(float gamma, double p) {
        if (gamma <= 0) {
            return 0;
        }
        float u = upper(gamma);
        float outer = p == 1 ? 1 : p == 2 ? 2 * u : (float) (p * Math.pow(u, p - 1));
        return outer * upperSlope(gamma);
    }
}
