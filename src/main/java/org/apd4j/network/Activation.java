package org.apd4j.network;

import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Erf;
import org.apd4j.network.internal.Activations;

/**
 * A function that a network applies to every value of a layer, element by element.
 *
 * <pre>{@code
 * float y = Activation.GELU.value(1);
 * }</pre>
 */
public enum Activation implements Nonlinearity {
    /** {@code max(0, x)}; its derivative at 0 is 0. */
    RELU("ReLU") {
        @Override
        public double exact(double x) {
            return Math.max(0, x);
        }

        @Override
        public float derivative(float x) {
            return x > 0 ? 1 : 0;
        }
    },
    /** {@code x Φ(x)} with the normal distribution function Φ, the exact form (Hendrycks and Gimpel, 2016). */
    GELU("GELU") {
        @Override
        public double exact(double x) {
            return x * normal(x);
        }

        @Override
        public float derivative(float x) {
            return (float) (normal(x) + x * Math.exp(-0.5 * (double) x * x) / Math.sqrt(2 * Math.PI));
        }

        private static double normal(double x) {
            return 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
        }
    },
    /** The hyperbolic tangent. */
    TANH("tanh") {
        @Override
        public double exact(double x) {
            return Math.tanh(x);
        }

        @Override
        public float derivative(float x) {
            return 4 * slope(2 * (double) x); // 1 − tanh²(x) without cancellation
        }
    },
    /** {@code 1 / (1 + e⁻ˣ)}. */
    SIGMOID("sigmoid") {
        @Override
        public double exact(double x) {
            return 1 / (1 + Math.exp(-x));
        }

        @Override
        public float derivative(float x) {
            return slope(x);
        }
    },
    /** x itself. It costs nothing, since linear parts are multiplied out through it. */
    IDENTITY("identity") {
        @Override
        public double exact(double x) {
            return x;
        }

        @Override
        public float derivative(float x) {
            return 1;
        }
    };

    private final String label;

    Activation(String label) {
        this.label = label;
    }

    /** Returns f(x). */
    public float value(float x) {
        return (float) exact(x);
    }

    /** Returns f(x) in double precision. */
    public abstract double exact(double x);

    /** Returns f′(x). */
    public abstract float derivative(float x);

    /** Returns the derivative of {@code 1 / (1 + e⁻ˣ)}. */
    private static float slope(double x) {
        double e = Math.exp(-Math.abs(x));
        return (float) (e / ((1 + e) * (1 + e)));
    }

    @Override
    public void apply(Matrix from, Matrix to) {
        Activations.apply(this, from, to);
    }

    @Override
    public void pullBack(Matrix input, Matrix gradient) {
        Activations.scaleByDerivative(this, input, gradient);
    }

    @Override
    public int derivativeColumns(int width) {
        return width;
    }

    @Override
    public void differentiate(Matrix inputs) {
        Activations.toDerivatives(this, inputs);
    }

    @Override
    public void pushChange(Matrix derivatives, Matrix change) {
        Activations.scale(derivatives, change);
    }

    @Override
    public void pullGradient(Matrix derivatives, Matrix gradient) {
        Activations.scale(derivatives, gradient);
    }

    @Override
    public void difference(Matrix input, Matrix change) {
        Activations.toDifferences(this, input, change);
    }

    @Override
    public boolean isOffAtZero() {
        return this == RELU;
    }

    @Override
    public boolean keepsZero() {
        return value(0) == 0;
    }

    @Override
    public String label() {
        return label;
    }
}
