package org.apd4j.math.internal;

/**
 * Many small perceptrons of one input, one hidden layer of GELU and one output,
 * {@code γ(a) = Σ_j w_out[j] · GELU(a · w_in[j] + b_in[j]) + b_out}, evaluated one perceptron at a time over many inputs. Nothing of size
 * inputs × width is stored: the backward pass computes the hidden layer again.
 *
 * <pre>{@code
 * float[] a = {-1, 0, 1}, one = {1}, none = {0};
 * float[] gamma = new float[3];
 * GeluMlp.forward(a, 0, 3, one, none, one, 0, 1, 0, gamma, 0); // GELU(-1), GELU(0), GELU(1)
 * }</pre>
 *
 * <p>GELU is {@code v Φ(v)} with the normal distribution function Φ. Φ comes from a rational approximation of erf, {@code v P(v²) / Q(v²)} up to
 * |v| = 5.5 and constant beyond, and the density φ from a polynomial of {@code e^(−v²/32)}, squared four times. In exact arithmetic GELU is off by
 * at most 4e-8 up to 5.5 and by 2e-8 of v beyond; in single precision rounding adds some 3e-7. The loops contain no calls and no branches, so
 * that the JIT compiler turns them into vector instructions.
 */
public final class GeluMlp {

    /** Up to here the approximations hold; beyond, Φ is 0 or 1 and φ is 0 in single precision. */
    private static final float LIMIT = 5.5f;

    // erf(v / √2) = v P(v²) / Q(v²) on [0, LIMIT], fitted by weighted least squares; the largest error is 1.4e-8
    private static final float P0 = 0.7978844692698366f;
    private static final float P1 = 0.06770527508966716f;
    private static final float P2 = 0.009354519922338725f;
    private static final float P3 = 3.376511083961624e-4f;
    private static final float P4 = 1.2704229420857497e-5f;
    private static final float P5 = 4.54988024306217e-8f;
    private static final float Q1 = 0.25152189689659177f;
    private static final float Q2 = 0.02864586606948494f;
    private static final float Q3 = 0.0018844442052642148f;
    private static final float Q4 = 7.364745026545907e-5f;
    private static final float Q5 = 1.197504729801893e-6f;

    // e^(−s) on [0, LIMIT² / 32], fitted for the least relative error, which is 1.8e-8
    private static final float E1 = -0.9999989556190274f;
    private static final float E2 = 0.49998006373179227f;
    private static final float E3 = -0.16653670215159996f;
    private static final float E4 = 0.04126822888854904f;
    private static final float E5 = -0.007698490185680948f;
    private static final float E6 = 8.654079873973764e-4f;

    private static final float ROOT_TWO_PI = (float) Math.sqrt(2 * Math.PI);

    private GeluMlp() {
    }

    /**
     * Computes {@code gamma[n] = γ(a[n])}.
     *
     * @param a     inputs from index {@code from} on
     * @param count number of inputs
     * @param wIn   weights of the hidden layer; those of this perceptron begin at {@code at}
     * @param width number of hidden neurons
     * @param gamma outputs, from index {@code to} on
     */
    public static void forward(float[] a, int from, int count, float[] wIn, float[] bIn, float[] wOut, int at, int width, float bOut,
                               float[] gamma, int to) {
        for (int n = 0; n < count; n++) {
            gamma[to + n] = bOut;
        }
        for (int j = at; j < at + width; j++) {
            float w = wIn[j];
            float b = bIn[j];
            float half = 0.5f * wOut[j];
            for (int n = 0; n < count; n++) {
                float v = Math.fma(a[from + n], w, b);
                float c = 0.5f * (Math.abs(v + LIMIT) - Math.abs(v - LIMIT));
                float u = c * c;
                float p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, u, P4), u, P3), u, P2), u, P1), u, P0);
                float q = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Q5, u, Q4), u, Q3), u, Q2), u, Q1), u, 1);
                gamma[to + n] = Math.fma(half * v, 1 + c * p / q, gamma[to + n]);
            }
        }
    }

    /** Working memory of {@link #backward} for one thread. */
    public static final class Sums {
        private final float[] out;
        private final float[] bias;
        private final float[] in;

        /** Creates working memory for up to {@code count} inputs at a time. */
        public Sums(int count) {
            out = new float[count];
            bias = new float[count];
            in = new float[count];
        }
    }

    /**
     * Adds to the gradients of a perceptron's input and parameters, given the gradient of its output at many inputs, which may come in pieces.
     *
     * @param a         the inputs, one array a piece
     * @param gradient  the gradients with respect to γ, one array a piece
     * @param from      the index of the first input in each piece
     * @param counts    the number of inputs of each piece
     * @param wIn       parameters of many perceptrons; those of this one begin at {@code at}
     * @param aGradient receives the gradients with respect to a, which are added, one array a piece, from {@code from} on
     * @param wInGradient receives the gradients with respect to the parameters, which are added, at the same places
     */
    public static void backward(float[][] a, float[][] gradient, int[] from, int[] counts, float[] wIn, float[] bIn, float[] wOut, int at,
                                int width, float[][] aGradient, float[] wInGradient, float[] bInGradient, float[] wOutGradient, Sums sums) {
        int longest = 0;
        for (int count : counts) {
            longest = Math.max(longest, count);
        }
        for (int j = at; j < at + width; j++) {
            for (int n = 0; n < longest; n++) {
                sums.out[n] = 0;
                sums.bias[n] = 0;
                sums.in[n] = 0;
            }
            for (int piece = 0; piece < a.length; piece++) {
                backward(a[piece], gradient[piece], from[piece], counts[piece], wIn[j], bIn[j], wOut[j], aGradient[piece], sums.out, sums.bias,
                        sums.in);
            }
            wOutGradient[j] += sum(sums.out, longest);
            bInGradient[j] += wOut[j] * sum(sums.bias, longest);
            wInGradient[j] += wOut[j] * sum(sums.in, longest);
        }
    }

    private static void backward(float[] a, float[] gradient, int from, int count, float w, float b, float wOut, float[] aGradient, float[] sumOut,
                                 float[] sumBias, float[] sumIn) {
        float through = w * wOut;
        for (int n = 0; n < count; n++) {
            float x = a[from + n];
            float g = gradient[from + n];
            float v = Math.fma(x, w, b);
            float c = 0.5f * (Math.abs(v + LIMIT) - Math.abs(v - LIMIT));
            float u = c * c;
            float p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, u, P4), u, P3), u, P2), u, P1), u, P0);
            float q = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Q5, u, Q4), u, Q3), u, Q2), u, Q1), u, 1);
            float normal = Math.fma(0.5f, c * p / q, 0.5f);
            float s = u * 0.03125f;
            float e = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(E6, s, E5), s, E4), s, E3), s, E2), s, E1), s, 1);
            float e2 = e * e;
            float e4 = e2 * e2;
            float e8 = e4 * e4;
            float slope = Math.fma(c / ROOT_TWO_PI, e8 * e8, normal);
            float ofBias = g * slope;
            sumOut[n] = Math.fma(g * v, normal, sumOut[n]);
            sumBias[n] += ofBias;
            sumIn[n] = Math.fma(ofBias, x, sumIn[n]);
            aGradient[from + n] = Math.fma(through, ofBias, aGradient[from + n]);
        }
    }

    /** Returns a sum in an order that does not depend on vector lengths, by folding halves onto each other; the values are overwritten. */
    private static float sum(float[] values, int count) {
        int left = count;
        while (left > 16) {
            int half = left / 2;
            int rest = left - half;
            for (int n = 0; n < half; n++) {
                values[n] += values[rest + n];
            }
            left = rest;
        }
        float sum = 0;
        for (int n = 0; n < left; n++) {
            sum += values[n];
        }
        return sum;
    }
}
