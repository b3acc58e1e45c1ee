package org.apd4j.math.internal;

import java.util.Arrays;
import org.apd4j.math.Matrix;

/**
 * A perceptron of {@link GeluMlp}, tabulated: its output γ is a smooth function of one number a, so over many inputs it costs less to evaluate the
 * perceptron at the points of a grid and to interpolate between them than to evaluate it at every input.
 *
 * <pre>{@code
 * float[] a = new float[1000], gamma = new float[1000], one = {1}, none = {0};
 * var table = new GeluMlpTable();
 * table.begin();
 * table.include(a, 0, 1000);
 * if (table.fill(1000, one, none, one, 0, 1, 0, new GeluMlpTable.Memory())) {
 *     table.forward(a, 0, 1000, gamma, 0);
 * }
 * }</pre>
 *
 * <p><b>Interpolation.</b> The grid consists of the multiples of a spacing h, from the smallest to the largest input, 0 included. Between two of its
 * points γ is the polynomial of degree five that has the values and the first two derivatives of γ at both (quintic Hermite interpolation), and γ′ is
 * the one of γ′ and its derivatives. The gradients with respect to the parameters are exactly those of the interpolated outputs. The grid depends
 * on the inputs only by where it ends; at 0, which is a point of every grid, nothing is interpolated.
 *
 * <p><b>Accuracy.</b> h is chosen such that {@code h · max_j |w_in[j]| ≤ r = 0.3}. Then the interpolated output of a hidden neuron is off by at most
 * {@code r⁶ max|GELU⁽⁶⁾| / 46080 = 1.2e-7}, and its derivative by {@code r⁶ max|GELU⁽⁷⁾| / 46080 = 2.7e-7}, wherever the inputs lie. So γ is off by
 * at most {@code 1.2e-7 Σ_j |w_out[j]|}, and h is reduced where that would be more than 1e-6; γ′ is off by at most
 * {@code 2.7e-7 Σ_j |w_out[j] w_in[j]|}; the gradient of an input weight by at most {@code (7e-7 + 2.7e-7 |v|) |w_out / w_in|} for an output gradient
 * of 1. Rounding to single precision adds as much as it does in the direct evaluation.
 *
 * <p>Not thread-safe.
 */
public final class GeluMlpTable {

    /** The largest distance of two points, in units of the input of the steepest hidden neuron. */
    private static final double REACH = 0.3;
    /** Up to this sum of |w_out| the error stays below 1e-6 at that distance. */
    private static final double LARGE_SUM = 8;
    /** The table is filled only if there are at least this many inputs for each point, which costs as much as a few of them. */
    private static final int INPUTS_PER_POINT = 3;
    /** The smallest number of cells per unit of a, for perceptrons that are nearly linear. */
    private static final float COARSEST = 1e-3f;
    /** The distance of the coefficients of two cells. */
    private static final int STRIDE = 8;
    private static final int SHIFT = 3;
    /** The values at a point: γ, h γ′, h² γ″ and h³ γ‴. */
    private static final int ORDERS = 4;
    /** The sums over points that parameters' gradients consist of: weighted by the gradients of γ, h γ′ and h² γ″, and by these times a. */
    private static final int SUMS = 6;

    private float low;
    private float high;
    private int cells;
    /** The number of cells below 0. */
    private int below;
    /** 1 / h. */
    private float inverse;
    /** By cell: the coefficients of γ, a polynomial in the distance from the lower point in units of h. */
    private float[] values = {};
    /** By cell: the coefficients of γ′. */
    private float[] slopes = {};

    /** Creates an empty table. */
    public GeluMlpTable() {
    }

    /** Working memory for one thread. */
    public static final class Memory {
        /** By neuron and point: {@code v = a w_in + b_in}, and GELU and its derivatives there. */
        private float[] v = {};
        private float[] gelu = {};
        private float[] first = {};
        private float[] second = {};
        private float[] third = {};
        /** GELU and its derivatives, {@code [4 · width, points]}. */
        private Matrix hidden = Matrix.zeros(0, 0);
        /** {@code [4, 4 · width]}: what multiplies them. */
        private Matrix weights = hidden;
        /** {@code [4, points]}. */
        private Matrix ofPoints = hidden;
        /** {@code [6, points]}. */
        private Matrix gradients = hidden;
        /** {@code [4 · width, 6]}. */
        private Matrix sums = hidden;
        /** By cell: the gradients with respect to the coefficients of γ, summed over inputs of even and of odd index. */
        private double[] even = {};
        private double[] odd = {};

        private void reserve(int points, int width) {
            if (v.length < points * width) {
                v = new float[points * width * 5 / 4];
                gelu = new float[v.length];
                first = new float[v.length];
                second = new float[v.length];
                third = new float[v.length];
            }
            hidden = reserved(hidden, ORDERS * width, points);
            weights = reserved(weights, ORDERS, ORDERS * width);
            ofPoints = reserved(ofPoints, ORDERS, points);
            gradients = reserved(gradients, SUMS, points);
            sums = reserved(sums, ORDERS * width, SUMS);
        }

        /** Returns a matrix of a shape in the memory of another if there is enough of it. */
        private static Matrix reserved(Matrix memory, int rows, int columns) {
            int size = rows * columns;
            float[] data = memory.data().length >= size ? memory.data() : new float[size * 5 / 4];
            Matrix column = Matrix.over(data, data.length, 1);
            return column.block(0, size).reshaped(rows, columns);
        }
    }

    /** Begins anew: the table is not filled, and no input is included. */
    public void begin() {
        low = 0;
        high = 0;
        cells = 0;
    }

    /** Extends the range of the table to these inputs. */
    public void include(float[] a, int from, int count) {
        float least = low;
        float most = high;
        for (int n = from; n < from + count; n++) { // not by Math.min, which is slow because of −0 and NaN
            float value = a[n];
            if (value < least) {
                least = value;
            }
            if (value > most) {
                most = value;
            }
        }
        low = least;
        high = most;
    }

    /** Returns whether the table is filled. */
    public boolean isFilled() {
        return cells > 0;
    }

    /**
     * Fills the table for the included inputs, unless there are too few of them for their range, or one is infinite.
     *
     * @param inputs the number of inputs
     * @param wIn    weights of the hidden layer; those of this perceptron begin at {@code at}
     * @param width  the number of hidden neurons
     * @return whether the table is filled
     */
    public boolean fill(int inputs, float[] wIn, float[] bIn, float[] wOut, int at, int width, float bOut, Memory memory) {
        double steepest = 0;
        double total = 0;
        double bias = 0;
        for (int j = at; j < at + width; j++) {
            steepest = Math.max(steepest, Math.abs(wIn[j]));
            bias = Math.max(bias, Math.abs(bIn[j]));
            total += Math.abs(wOut[j]);
        }
        double reach = total > LARGE_SUM ? REACH * Math.pow(LARGE_SUM / total, 1.0 / 6) : REACH;
        inverse = Math.max((float) (steepest / reach), COARSEST);
        double points = ((double) high - low) * inverse + 3;
        if (!(points * INPUTS_PER_POINT <= inputs && bias <= GeluMlp.LARGE / 2)) { // also if it is NaN
            cells = 0;
            return false;
        }
        below = (int) Math.ceil(-low * inverse);
        cells = (int) (high * inverse + below) + 1; // rounded as in the evaluation
        tabulate(wIn, bIn, wOut, at, width, bOut, memory);
        return true;
    }

    private void tabulate(float[] wIn, float[] bIn, float[] wOut, int at, int width, float bOut, Memory memory) {
        hiddenLayer(wIn, bIn, at, width, memory);
        Matrix weights = memory.weights.fill(0);
        for (int j = 0; j < width; j++) {
            float step = wIn[at + j] / inverse;
            float weight = wOut[at + j];
            for (int order = 0; order < ORDERS; order++) {
                weights.set(order, order * width + j, weight);
                weight *= step;
            }
        }
        Matrix ofPoints = Gemm.product(weights, memory.hidden, memory.ofPoints);
        if (values.length < cells * STRIDE) {
            values = new float[(cells + cells / 4 + 1) * STRIDE];
            slopes = new float[values.length];
        }
        for (int cell = 0; cell < cells; cell++) {
            setCoefficients(ofPoints, 0, cell, bOut, 1, values);
            setCoefficients(ofPoints, 1, cell, 0, inverse, slopes);
        }
    }

    /** Computes GELU and its derivatives for all neurons at all points. */
    private void hiddenLayer(float[] wIn, float[] bIn, int at, int width, Memory memory) {
        int points = cells + 1;
        memory.reserve(points, width);
        float[] v = memory.v;
        for (int j = 0; j < width; j++) {
            float step = wIn[at + j] / inverse;
            float b = bIn[at + j];
            int start = j * points;
            for (int k = 0; k < points; k++) {
                v[start + k] = Math.fma(k - below, step, b);
            }
        }
        int size = points * width;
        GeluMlp.derivatives(v, size, memory.gelu, memory.first, memory.second, memory.third);
        float[] all = memory.hidden.data();
        System.arraycopy(memory.gelu, 0, all, 0, size);
        System.arraycopy(memory.first, 0, all, size, size);
        System.arraycopy(memory.second, 0, all, 2 * size, size);
        System.arraycopy(memory.third, 0, all, 3 * size, size);
    }

    /**
     * Sets the coefficients of the polynomial that has given values and derivatives at the ends of a cell.
     *
     * @param order  the row of the values; those of the derivatives follow
     * @param shift  is added to the values
     * @param factor multiplies the polynomial
     */
    private static void setCoefficients(Matrix ofPoints, int order, int cell, float shift, float factor, float[] coefficients) {
        double y0 = ofPoints.get(order, cell);
        double s0 = ofPoints.get(order + 1, cell);
        double s1 = ofPoints.get(order + 1, cell + 1);
        double q0 = 0.5 * ofPoints.get(order + 2, cell);
        double q1 = 0.5 * ofPoints.get(order + 2, cell + 1);
        double difference = ofPoints.get(order, cell + 1) - y0;
        int to = cell * STRIDE;
        coefficients[to] = (float) (factor * y0 + shift);
        coefficients[to + 1] = (float) (factor * s0);
        coefficients[to + 2] = (float) (factor * q0);
        coefficients[to + 3] = (float) (factor * (10 * difference - 6 * s0 - 4 * s1 - 3 * q0 + q1));
        coefficients[to + 4] = (float) (factor * (-15 * difference + 8 * s0 + 7 * s1 + 3 * q0 - 2 * q1));
        coefficients[to + 5] = (float) (factor * (6 * difference - 3 * s0 - 3 * s1 - q0 + q1));
    }

    /**
     * Computes {@code gamma[to + n] = γ(a[from + n])}. The inputs must have been included, the table filled.
     *
     * @param count the number of inputs
     */
    public void forward(float[] a, int from, int count, float[] gamma, int to) {
        float[] c = values;
        float scale = inverse;
        int shift = below;
        for (int n = 0; n < count; n++) {
            float t = a[from + n] * scale;
            int cell = (int) (t + shift);
            float f = t - (cell - shift);
            int at = cell << SHIFT;
            float upper = Math.fma(Math.fma(c[at + 5], f, c[at + 4]), f, c[at + 3]);
            gamma[to + n] = Math.fma(Math.fma(Math.fma(upper, f, c[at + 2]), f, c[at + 1]), f, c[at]);
        }
    }

    /** Begins a backward pass: sets the gradients with respect to the table to 0. */
    public void beginBackward(Memory memory) {
        int size = cells * STRIDE;
        if (memory.even.length < size) {
            memory.even = new double[size * 5 / 4];
            memory.odd = new double[size * 5 / 4];
        }
        Arrays.fill(memory.even, 0, size, 0);
        Arrays.fill(memory.odd, 0, size, 0);
    }

    /**
     * Adds to the gradients with respect to a, and to those with respect to the table.
     *
     * @param gradient  the gradients with respect to γ, at the same places as the inputs
     * @param aGradient receives the gradients with respect to a, which are added, at the same places
     */
    public void backward(float[] a, float[] gradient, int from, int count, float[] aGradient, Memory memory) {
        float[] c = slopes;
        float scale = inverse;
        int shift = below;
        for (int n = from; n < from + count; n++) {
            float t = a[n] * scale;
            int cell = (int) (t + shift);
            float f = t - (cell - shift);
            int at = cell << SHIFT;
            float upper = Math.fma(Math.fma(c[at + 5], f, c[at + 4]), f, c[at + 3]);
            float slope = Math.fma(Math.fma(Math.fma(upper, f, c[at + 2]), f, c[at + 1]), f, c[at]);
            aGradient[n] = Math.fma(gradient[n], slope, aGradient[n]);
        }
        int n = from;
        for (; n + 1 < from + count; n += 2) { // two sums side by side, since an addition to the same cell waits for the one before it
            add(a[n] * scale, shift, gradient[n], memory.even);
            add(a[n + 1] * scale, shift, gradient[n + 1], memory.odd);
        }
        if (n < from + count) {
            add(a[n] * scale, shift, gradient[n], memory.even);
        }
    }

    /** Adds the gradient of an output to those of its cell's coefficients, given the input in units of h. */
    private static void add(float t, int shift, double gradient, double[] sums) {
        int cell = (int) (t + shift);
        double f = t - (cell - shift);
        int at = cell << SHIFT;
        double square = f * f;
        double linear = gradient * f;
        double cubic = linear * square;
        sums[at] += gradient;
        sums[at + 1] += linear;
        sums[at + 2] += gradient * square;
        sums[at + 3] += cubic;
        sums[at + 4] += linear * (f * square);
        sums[at + 5] += cubic * square;
    }

    /** Adds to the gradients of the parameters, at the places of {@link #fill}, after {@link #backward} of all inputs. */
    public void addParameterGradients(float[] wIn, float[] bIn, float[] wOut, int at, int width, float[] wInGradient, float[] bInGradient,
                                      float[] wOutGradient, Memory memory) {
        hiddenLayer(wIn, bIn, at, width, memory);
        gradientsOfPoints(memory);
        Matrix sums = Gemm.productTransposed(memory.hidden, memory.gradients, memory.sums);
        for (int j = 0; j < width; j++) {
            double h = 1 / (double) inverse;
            double step = wIn[at + j] * h;
            double out = wOut[at + j];
            int first = width + j;
            int second = 2 * width + j;
            int third = 3 * width + j;
            double scaled = sums.get(first, 1) + 2 * step * sums.get(second, 2);
            double weighted = sums.get(first, 3) + step * (sums.get(second, 4) + step * sums.get(third, 5));
            wOutGradient[at + j] += (float) (sums.get(j, 0) + step * (sums.get(first, 1) + step * sums.get(second, 2)));
            bInGradient[at + j] += (float) (out * (sums.get(first, 0) + step * (sums.get(second, 1) + step * sums.get(third, 2))));
            wInGradient[at + j] += (float) (out * (weighted + h * scaled));
        }
    }

    /** Computes the gradients with respect to γ, h γ′ and h² γ″ at the points from those with respect to the coefficients. */
    private void gradientsOfPoints(Memory memory) {
        int points = cells + 1;
        double y = 0;
        double s = 0;
        double q = 0;
        for (int k = 0; k < points; k++) {
            double nextY = 0;
            double nextS = 0;
            double nextQ = 0;
            if (k < cells) {
                int i = k * STRIDE;
                double m3 = memory.even[i + 3] + memory.odd[i + 3];
                double m4 = memory.even[i + 4] + memory.odd[i + 4];
                double m5 = memory.even[i + 5] + memory.odd[i + 5];
                nextY = 10 * m3 - 15 * m4 + 6 * m5;
                nextS = -4 * m3 + 7 * m4 - 3 * m5;
                nextQ = 0.5 * (m3 - 2 * m4 + m5);
                y += memory.even[i] + memory.odd[i] - nextY;
                s += memory.even[i + 1] + memory.odd[i + 1] - 6 * m3 + 8 * m4 - 3 * m5;
                q += 0.5 * (memory.even[i + 2] + memory.odd[i + 2] - 3 * m3 + 3 * m4 - m5);
            }
            double a = (k - below) / (double) inverse;
            memory.gradients.set(0, k, (float) y);
            memory.gradients.set(1, k, (float) s);
            memory.gradients.set(2, k, (float) q);
            memory.gradients.set(3, k, (float) (a * y));
            memory.gradients.set(4, k, (float) (a * s));
            memory.gradients.set(5, k, (float) (a * q));
            y = nextY;
            s = nextS;
            q = nextQ;
        }
    }
}
