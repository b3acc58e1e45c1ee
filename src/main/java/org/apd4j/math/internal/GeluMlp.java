package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * Many small perceptrons of one input, one hidden layer of GELU and one output,
 * {@code γ(a) = Σ_j w_out[j] · GELU(a · w_in[j] + b_in[j]) + b_out}, evaluated one perceptron at a time over many inputs. Nothing of size
 * inputs × width is stored: the backward pass computes the hidden layer again.
 *
 * <pre>{@code
 * float[] a = {-1, 0, 1}, one = {1}, none = {0};
 * float[] gamma = new float[3];
 * GeluMlp.forward(a, 0, 3, one, none, one, 0, 1, 0, gamma, 0, new GeluMlp.Memory(3)); // GELU(-1), GELU(0), GELU(1)
 * }</pre>
 *
 * <p>GELU is {@code v Φ(v)} with the normal distribution function Φ. Φ comes from a rational approximation of erf, {@code v P(v²) / Q(v²)} up to
 * |v| = 5.5 and constant beyond, and the density φ from a polynomial of {@code e^(−v²/32)}, squared four times. In exact arithmetic GELU is off by
 * at most 4e-8 up to 5.5 and by 2e-8 of v beyond; in single precision rounding makes that 1e-6.
 *
 * <p>The loops are written so that the JIT compiler of Java 17 turns them into vector instructions: no calls, no branches, few operations, Horner's
 * scheme, and all arrays read and written from index 0 on, which is why inputs and outputs are copied. In other forms the same loops took
 * ten times as long.
 */
public final class GeluMlp {

    /** Up to here the approximations hold; beyond, Φ is 0 or 1 and φ is 0 in single precision. */
    private static final float LIMIT = 5.5f;

    // erf(v / √2) = v P(v²) / Q(v²) on [0, LIMIT], fitted by weighted least squares; the largest error is 1.4e-8
    private static final float P0 = 0.79788446f;
    private static final float P1 = 0.06770527f;
    private static final float P2 = 0.00935452f;
    private static final float P3 = 0.00033765112f;
    private static final float P4 = 0.000012704229f;
    private static final float P5 = 4.54988E-8f;
    private static final float Q1 = 0.2515219f;
    private static final float Q2 = 0.028645866f;
    private static final float Q3 = 0.0018844442f;
    private static final float Q4 = 0.00007364745f;
    private static final float Q5 = 0.0000011975047f;

    // e^(−s) on [0, LIMIT² / 32], fitted for the least relative error, which is 1.8e-8
    private static final float E1 = -0.9999989f;
    private static final float E2 = 0.49998006f;
    private static final float E3 = -0.1665367f;
    private static final float E4 = 0.04126823f;
    private static final float E5 = -0.0076984903f;
    private static final float E6 = 0.000865408f;

    private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    /** Above this size of v, {@link #clamped} loses digits: LIMIT is added to v. */
    static final float LARGE = 1e5f;

    private GeluMlp() {
    }

    /** Returns v between −LIMIT and LIMIT, without a branch; v must not be above {@link #LARGE}. */
    private static float clamped(float v) {
        return 0.5f * (Math.abs(v + LIMIT) - Math.abs(v - LIMIT));
    }

    /** Returns v between −LIMIT and LIMIT, for any v. */
    private static float clampedLarge(float v) {
        return Math.min(Math.max(v, -LIMIT), LIMIT);
    }

    /** Returns erf(c / √2). */
    private static float erf(float c) {
        float u = c * c;
        float p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(P5, u, P4), u, P3), u, P2), u, P1), u, P0);
        float q = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Q5, u, Q4), u, Q3), u, Q2), u, Q1), u, 1);
        return c * p / q;
    }

    /** Returns {@code e^(−c² / 2)}. */
    private static float bell(float c) {
        float s = c * c * 0.03125f;
        float e = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(E6, s, E5), s, E4), s, E3), s, E2), s, E1), s, 1);
        float e2 = e * e;
        float e4 = e2 * e2;
        float e8 = e4 * e4;
        return e8 * e8;
    }

    /** Returns the largest absolute value. */
    private static float largest(float[] values, int count) {
        float largest = 0;
        for (int n = 0; n < count; n++) {
            largest = Math.max(largest, Math.abs(values[n]));
        }
        return largest;
    }

    /** Returns whether v may be so large that the fast loops are not exact; also if it is NaN. */
    private static boolean mayBeLarge(float largestA, float w, float b) {
        return !(largestA * Math.abs(w) + Math.abs(b) <= LARGE);
    }

    /** Working memory for one thread. */
    public static final class Memory {
        private final int count;
        private float[][] a = {};
        private float[][] gradient = {};
        private float[][] result = {};
        private float[] largest = {};
        private final float[] normal;
        private final float[] slope;
        private final float[] sumOut;
        private final float[] sumBias;
        private final float[] sumIn;

        /** Creates working memory for up to {@code count} inputs at a time. */
        public Memory(int count) {
            this.count = count;
            normal = new float[count];
            slope = new float[count];
            sumOut = new float[count];
            sumBias = new float[count];
            sumIn = new float[count];
            reserve(1);
        }

        private void reserve(int pieces) {
            if (a.length < pieces) {
                a = new float[pieces][count];
                gradient = new float[pieces][count];
                result = new float[pieces][count];
                largest = new float[pieces];
            }
        }
    }

    /**
     * Computes {@code gamma[n] = γ(a[n])}.
     *
     * @param a     inputs from index {@code from} on
     * @param count number of inputs, at most those that the memory was made for
     * @param wIn   weights of the hidden layer; those of this perceptron begin at {@code at}
     * @param width number of hidden neurons
     * @param gamma outputs, from index {@code to} on
     */
    public static void forward(float[] a, int from, int count, float[] wIn, float[] bIn, float[] wOut, int at, int width, float bOut,
                               float[] gamma, int to, Memory memory) {
        float[] inputs = memory.a[0];
        float[] sums = memory.result[0];
        System.arraycopy(a, from, inputs, 0, count);
        for (int n = 0; n < count; n++) {
            sums[n] = bOut;
        }
        float largest = largest(inputs, count);
        for (int j = at; j < at + width; j++) {
            if (mayBeLarge(largest, wIn[j], bIn[j])) {
                addLargeNeuron(inputs, count, wIn[j], bIn[j], 0.5f * wOut[j], sums);
            } else {
                addNeuron(inputs, count, wIn[j], bIn[j], 0.5f * wOut[j], sums);
            }
        }
        System.arraycopy(sums, 0, gamma, to, count);
    }

    private static void addNeuron(float[] a, int count, float w, float b, float half, float[] sums) {
        for (int n = 0; n < count; n++) {
            float v = Math.fma(a[n], w, b);
            sums[n] = Math.fma(half * v, 1 + erf(clamped(v)), sums[n]);
        }
    }

    private static void addLargeNeuron(float[] a, int count, float w, float b, float half, float[] sums) {
        for (int n = 0; n < count; n++) {
            float v = Math.fma(a[n], w, b);
            sums[n] = Math.fma(half * v, 1 + erf(clampedLarge(v)), sums[n]);
        }
    }

    /**
     * Adds to the gradients of a perceptron's input and parameters, given the gradient of its output at many inputs, which may come in pieces.
     *
     * @param a           the inputs, one array a piece
     * @param gradient    the gradients with respect to γ, one array a piece
     * @param from        the index of the first input in each piece
     * @param counts      the number of inputs of each piece, at most those that the memory was made for
     * @param wIn         parameters of many perceptrons; those of this one begin at {@code at}
     * @param aGradient   receives the gradients with respect to a, which are added, one array a piece, from {@code from} on
     * @param wInGradient receives the gradients with respect to the parameters, which are added, at the same places
     */
    public static void backward(float[][] a, float[][] gradient, int[] from, int[] counts, float[] wIn, float[] bIn, float[] wOut, int at,
                                int width, float[][] aGradient, float[] wInGradient, float[] bInGradient, float[] wOutGradient, Memory memory) {
        memory.reserve(a.length);
        int longest = 0;
        for (int piece = 0; piece < a.length; piece++) {
            System.arraycopy(a[piece], from[piece], memory.a[piece], 0, counts[piece]);
            System.arraycopy(gradient[piece], from[piece], memory.gradient[piece], 0, counts[piece]);
            System.arraycopy(aGradient[piece], from[piece], memory.result[piece], 0, counts[piece]);
            memory.largest[piece] = largest(memory.a[piece], counts[piece]);
            longest = Math.max(longest, counts[piece]);
        }
        for (int j = at; j < at + width; j++) {
            Arrays.fill(memory.sumOut, 0, longest, 0);
            Arrays.fill(memory.sumBias, 0, longest, 0);
            Arrays.fill(memory.sumIn, 0, longest, 0);
            for (int piece = 0; piece < a.length; piece++) {
                float[] inputs = memory.a[piece];
                if (mayBeLarge(memory.largest[piece], wIn[j], bIn[j])) {
                    largeNormalAndSlope(inputs, counts[piece], wIn[j], bIn[j], memory.normal, memory.slope);
                } else {
                    normal(inputs, counts[piece], wIn[j], bIn[j], memory.normal);
                    slope(inputs, counts[piece], wIn[j], bIn[j], memory.normal, memory.slope);
                }
                addOfOutput(inputs, memory.gradient[piece], counts[piece], wIn[j], bIn[j], memory.normal, memory.sumOut);
                addOfNeuron(inputs, memory.gradient[piece], counts[piece], memory.slope, wIn[j] * wOut[j], memory.sumBias, memory.sumIn,
                        memory.result[piece]);
            }
            wOutGradient[j] += sum(memory.sumOut, longest);
            bInGradient[j] += wOut[j] * sum(memory.sumBias, longest);
            wInGradient[j] += wOut[j] * sum(memory.sumIn, longest);
        }
        for (int piece = 0; piece < a.length; piece++) {
            System.arraycopy(memory.result[piece], 0, aGradient[piece], from[piece], counts[piece]);
        }
    }

    /** Computes Φ(v) for {@code v = a w + b}. */
    private static void normal(float[] a, int count, float w, float b, float[] normal) {
        for (int n = 0; n < count; n++) {
            float v = Math.fma(a[n], w, b);
            normal[n] = 0.5f + 0.5f * erf(clamped(v));
        }
    }

    /** Computes the derivative of GELU, {@code Φ(v) + v φ(v)}. */
    private static void slope(float[] a, int count, float w, float b, float[] normal, float[] slope) {
        for (int n = 0; n < count; n++) {
            float v = Math.fma(a[n], w, b);
            float c = clamped(v);
            slope[n] = normal[n] + c * DENSITY * bell(c);
        }
    }

    private static void largeNormalAndSlope(float[] a, int count, float w, float b, float[] normal, float[] slope) {
        for (int n = 0; n < count; n++) {
            float c = clampedLarge(Math.fma(a[n], w, b));
            normal[n] = 0.5f + 0.5f * erf(c);
            slope[n] = normal[n] + c * DENSITY * bell(c);
        }
    }

    /** Computes GELU and its first three derivatives, {@code Φ + v φ}, {@code (2 − v²) φ} and {@code (v³ − 4 v) φ}; v must not be above {@link #LARGE}. */
    static void derivatives(float[] v, int count, float[] gelu, float[] first, float[] second, float[] third) {
        for (int n = 0; n < count; n++) {
            first[n] = 0.5f + 0.5f * erf(clamped(v[n]));
        }
        for (int n = 0; n < count; n++) {
            second[n] = DENSITY * bell(clamped(v[n]));
        }
        for (int n = 0; n < count; n++) {
            gelu[n] = v[n] * first[n];
            first[n] = Math.fma(clamped(v[n]), second[n], first[n]);
        }
        for (int n = 0; n < count; n++) {
            float c = clamped(v[n]);
            float square = c * c;
            third[n] = (square - 4) * c * second[n];
            second[n] *= 2 - square;
        }
    }

    /** Adds the terms of the gradient with respect to the neuron's output weight, {@code ∂γ · GELU(v)}. */
    private static void addOfOutput(float[] a, float[] gradient, int count, float w, float b, float[] normal, float[] sums) {
        for (int n = 0; n < count; n++) {
            sums[n] = Math.fma(gradient[n] * Math.fma(a[n], w, b), normal[n], sums[n]);
        }
    }

    /** Adds the terms of the gradients with respect to v and the input weight, before w_out, and to the gradient with respect to a. */
    private static void addOfNeuron(float[] a, float[] gradient, int count, float[] slope, float through, float[] ofBias, float[] ofWeight,
                                    float[] aGradient) {
        for (int n = 0; n < count; n++) {
            float term = gradient[n] * slope[n];
            ofBias[n] += term;
            ofWeight[n] = Math.fma(term, a[n], ofWeight[n]);
            aGradient[n] = Math.fma(through, term, aGradient[n]);
        }
    }

    /** Returns a sum, in an order that depends on the number of values alone. */
    private static float sum(float[] values, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int n = 0;
        for (; n + 3 < count; n += 4) { // four sums side by side, since each waits for the one before it
            s0 += values[n];
            s1 += values[n + 1];
            s2 += values[n + 2];
            s3 += values[n + 3];
        }
        for (; n < count; n++) {
            s0 += values[n];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
