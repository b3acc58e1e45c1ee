package org.apd4j.interaction.internal;

import org.apd4j.math.internal.Erf;
import org.apd4j.network.Activation;

/**
 * The nonlinearities into which a constant can be folded: those with a value ρ, {@code act(ρ) = 1}, and {@code act(0) = 0}.
 *
 * <pre>{@code
 * double carried = ElementFunction.GELU.value(ElementFunction.GELU.constant()); // 1
 * }</pre>
 */
public enum ElementFunction {
    /** {@code max(0, x)}; its derivative at 0 is 0. */
    RELU {
        @Override
        public double value(double x) {
            return Math.max(0, x);
        }

        @Override
        public double derivative(double x) {
            return x > 0 ? 1 : 0;
        }
    },
    /** {@code x Φ(x)}. */
    GELU {
        @Override
        public double value(double x) {
            return x * normal(x);
        }

        @Override
        public double derivative(double x) {
            return normal(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
        }

        private static double normal(double x) {
            return 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
        }
    },
    /** {@code ½ x (1 + tanh(√(2/π)(x + 0.044715 x³)))}, GPT-2's approximation of GELU. */
    GELU_TANH {
        private static final double CUBIC = 0.044715;
        private static final double SCALE = Math.sqrt(2 / Math.PI);

        @Override
        public double value(double x) {
            return x * open(x);
        }

        @Override
        public double derivative(double x) {
            double open = open(x);
            return open + 2 * x * open * (1 - open) * SCALE * (1 + 3 * CUBIC * x * x);
        }

        /** Returns ½ (1 + tanh(y)) as 1 / (1 + exp(−2 y)), which takes a third of the time. */
        private static double open(double x) {
            return 1 / (1 + Math.exp(-2 * SCALE * (x + CUBIC * x * x * x)));
        }
    };

    private static final double TOLERANCE = 1e-11;

    /** Returns f(x). */
    public abstract double value(double x);

    /** Returns f′(x). */
    public abstract double derivative(double x);

    /** Returns ρ with {@code f(ρ) = 1}, to 1e-11: found by bisection of [−1, 4]. */
    public double constant() {
        if (this == RELU) {
            return 1;
        }
        double low = -1;
        double high = 4;
        while (true) {
            double middle = (low + high) / 2;
            double excess = value(middle) - 1;
            if (Math.abs(excess) < TOLERANCE) {
                return middle;
            }
            if ((value(low) - 1) * excess < 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }

    /**
     * Returns the function of an activation that is not the identity.
     *
     * @throws IllegalArgumentException if no constant can be folded into it
     */
    public static ElementFunction of(Activation activation) {
        return switch (activation) {
            case RELU -> RELU;
            case GELU -> GELU;
            default -> throw new IllegalArgumentException("the activation " + activation.label()
                    + " cannot be folded: a constant 1 must pass it, and "
                    + "so must 0; this works for ReLU, GELU and the identity");
        };
    }
}
