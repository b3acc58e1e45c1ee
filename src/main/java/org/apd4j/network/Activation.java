package org.apd4j.network;

import org.apd4j.kernel.Erf;

/**
 * A function that a network applies to every value of a layer.
 *
 * <pre>{@code
 * float y = Activation.GELU.value(1);
 * }</pre>
 */
public enum Activation {
    /** {@code max(0, x)}; its derivative at 0 is 0. */
    RELU {
        @Override
        public float value(float x) {
            return Math.max(0, x);
        }

        @Override
        public float derivative(float x) {
            return x > 0 ? 1 : 0;
        }
    },
    /** {@code x Φ(x)} with the normal distribution function Φ, the exact form (Hendrycks and Gimpel, 2016). */
    GELU {
        @Override
        public float value(float x) {
            return (float) (x * normal(x));
        }

        @Override
        public float derivative(float x) {
            return (float) (normal(x) + x * Math.exp(-0.5 * (double) x * x) / Math.sqrt(2 * Math.PI));
        }

        private static double normal(double x) {
            return 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
        }
    };

    /** The function's value. */
    public abstract float value(float x);

    /** The function's derivative. */
    public abstract float derivative(float x);
}
