package org.apd4j.decomposition.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.GeluMlp;
import org.apd4j.math.internal.GeluMlpTable;
import org.apd4j.training.internal.Optimizer;

/**
 * The gates of a layer's components: for each component a perceptron of one input, its activation a, and one output γ (SPD, "causal importance
 * functions"). A width of 0 stands for linear gates, {@code γ = a · w + b}.
 *
 * <pre>{@code
 * Gates gates = Gates.zeros(20, 16); // 20 components, hidden layers of 16
 * }</pre>
 */
public final class Gates {

    private static final String W_IN = ".gate.w_in";
    private static final String B_IN = ".gate.b_in";
    private static final String W_OUT = ".gate.w_out";
    private static final String B_OUT = ".gate.b_out";
    private static final String W = ".gate.w";
    private static final String B = ".gate.b";

    private final int components;
    private final int width;
    /** {@code [C, width]}; for linear gates w, {@code [C, 1]}. */
    private final Matrix wIn;
    private final Matrix bIn;
    private final Matrix wOut;
    private final Matrix bOut;

    private Gates(int components, int width) {
        this.components = components;
        this.width = width;
        this.wIn = Matrix.zeros(components, Math.max(width, 1));
        this.bIn = Matrix.zeros(components, width);
        this.wOut = Matrix.zeros(components, width);
        this.bOut = Matrix.zeros(components, 1);
    }

    /** Returns gates whose parameters are all 0. */
    public static Gates zeros(int components, int width) {
        return new Gates(components, width);
    }

    /**
     * Returns gates at random initial values: {@code w_in ~ N(0, 2)}, {@code w_out ~ N(0, 1/width)}, biases 0; linear gates {@code w ~ N(0, 1)}.
     *
     * @param seed the seed of the random numbers
     * @param path tells the gates of one seed apart
     */
    public static Gates random(int components, int width, long seed, long... path) {
        Gates gates = zeros(components, width);
        RandomStream random = RandomStream.of(seed, path);
        fill(gates.wIn, width == 0 ? 1 : Math.sqrt(2), random);
        fill(gates.wOut, Math.sqrt(1.0 / Math.max(width, 1)), random);
        return gates;
    }

    private static void fill(Matrix matrix, double deviation, RandomStream random) {
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = (float) (deviation * random.nextNormal());
        }
    }

    /** Returns the number of components. */
    public int components() {
        return components;
    }

    /** Returns the width of the hidden layer; 0 for linear gates. */
    public int width() {
        return width;
    }

    /** Returns the parameters by their names, which begin with the layer's; not copies. */
    public Map<String, Matrix> parameters(String layer) {
        Map<String, Matrix> all = new LinkedHashMap<>();
        if (width == 0) {
            all.put(layer + W, wIn);
            all.put(layer + B, bOut);
        } else {
            all.put(layer + W_IN, wIn);
            all.put(layer + B_IN, bIn);
            all.put(layer + W_OUT, wOut);
            all.put(layer + B_OUT, bOut);
        }
        return all;
    }

    /** Returns the shapes of the parameters as they are in files, by name. */
    public static Map<String, int[]> shapes(String layer, int components, int width) {
        Map<String, int[]> all = new LinkedHashMap<>();
        zeros(1, width).parameters(layer).forEach((name, one) -> all.put(name,
                name.endsWith(B_OUT) || width == 0 ? new int[] {components} : new int[] {components, width}));
        return all;
    }

    /** Returns a copy, which does not change when training goes on. */
    public Gates copy() {
        Gates copy = zeros(components, width);
        copy.wIn.copyFrom(wIn);
        copy.bIn.copyFrom(bIn);
        copy.wOut.copyFrom(wOut);
        copy.bOut.copyFrom(bOut);
        return copy;
    }

    /** Computes γ of a component for {@code count} activations, at most those that the memory was made for. */
    public void forward(int component, float[] a, int from, int count, float[] gamma, int to, Memory memory) {
        forward(component, a, from, count, gamma, to, memory.direct);
    }

    private void forward(int component, float[] a, int from, int count, float[] gamma, int to, GeluMlp.Memory memory) {
        if (width == 0) {
            float w = wIn.data()[component];
            float b = bOut.data()[component];
            for (int n = 0; n < count; n++) {
                gamma[to + n] = Math.fma(a[from + n], w, b);
            }
        } else {
            GeluMlp.forward(a, from, count, wIn.data(), bIn.data(), wOut.data(), component * width, width, bOut.data()[component], gamma, to,
                    memory);
        }
    }

    /** Working memory for one thread. */
    public static final class Memory {
        private final GeluMlp.Memory direct;
        private final GeluMlpTable.Memory points = new GeluMlpTable.Memory();

        /** Creates working memory for pieces of up to {@code count} activations. */
        public Memory(int count) {
            direct = new GeluMlp.Memory(count);
        }
    }

    /**
     * Computes γ of a component for many activations, interpolated where that costs less, see {@link GeluMlpTable}.
     *
     * @param a     the activations, one array a piece
     * @param from  the index of the first activation in each piece, and of its γ
     * @param counts the number of activations of each piece
     * @param gamma receives γ, one array a piece
     * @param table is filled where γ is interpolated
     */
    public void forward(int component, float[][] a, int from, int[] counts, float[][] gamma, GeluMlpTable table, Memory memory) {
        table.begin();
        int inputs = 0;
        for (int piece = 0; piece < a.length; piece++) {
            table.include(a[piece], from, counts[piece]);
            inputs += counts[piece];
        }
        boolean interpolates = width > 0 && table.fill(inputs, wIn.data(), bIn.data(), wOut.data(), component * width, width,
                bOut.data()[component], memory.points);
        for (int piece = 0; piece < a.length; piece++) {
            if (interpolates) {
                table.forward(a[piece], from, counts[piece], gamma[piece], from);
            } else {
                forward(component, a[piece], from, counts[piece], gamma[piece], from, memory.direct);
            }
        }
    }

    /** Room for the gradients of all parameters, where a part of the work adds its own. */
    public static final class Sums {
        private final float[] wIn;
        private final float[] bIn;
        private final float[] wOut;
        private final float[] bOut;

        private Sums(int components, int width) {
            wIn = new float[components * width];
            bIn = new float[components * width];
            wOut = new float[components * width];
            bOut = new float[components];
        }

        /** Sets all to 0. */
        public void clear() {
            Arrays.fill(wIn, 0);
            Arrays.fill(bIn, 0);
            Arrays.fill(wOut, 0);
            Arrays.fill(bOut, 0);
        }
    }

    /** Returns room for gradients, all of them 0. The gates must not be linear. */
    public Sums sums() {
        if (width == 0) {
            throw new IllegalStateException("linear gates have no hidden layer");
        }
        return new Sums(components, width);
    }

    /**
     * Adds to the gradients of a component's gate and of its activations, given those with respect to γ at the same indices.
     *
     * @param count at most the number of activations that the memory was made for
     */
    public void backward(int component, float[] a, float[] gradient, int from, int count, float[] aGradient, Sums sums, Memory memory) {
        GeluMlp.backward(new float[][] {a}, new float[][] {gradient}, new int[] {from}, new int[] {count}, wIn.data(), bIn.data(), wOut.data(),
                component * width, width, new float[][] {aGradient}, sums.wIn, sums.bIn, sums.wOut, memory.direct);
        sums.bOut[component] += (float) ColumnOps.sum(gradient, from, count);
    }

    /** The gradients of the parameters, which {@link Optimizer} holds. */
    public final class Gradients {

        private final Matrix wInGradient;
        private final Matrix bInGradient;
        private final Matrix wOutGradient;
        private final Matrix bOutGradient;

        private Gradients(String layer, Optimizer optimizer) {
            if (width == 0) {
                wInGradient = optimizer.gradient(layer + W);
                bOutGradient = optimizer.gradient(layer + B);
                bInGradient = Matrix.zeros(0, 0);
                wOutGradient = bInGradient;
            } else {
                wInGradient = optimizer.gradient(layer + W_IN);
                bInGradient = optimizer.gradient(layer + B_IN);
                wOutGradient = optimizer.gradient(layer + W_OUT);
                bOutGradient = optimizer.gradient(layer + B_OUT);
            }
        }

        /** Sets all to 0. */
        public void clear() {
            wInGradient.fill(0);
            bInGradient.fill(0);
            wOutGradient.fill(0);
            bOutGradient.fill(0);
        }

        /** Adds what a part of the work has found for a component. */
        public void add(int component, Sums sums) {
            for (int j = component * width; j < (component + 1) * width; j++) {
                wInGradient.data()[j] += sums.wIn[j];
                bInGradient.data()[j] += sums.bIn[j];
                wOutGradient.data()[j] += sums.wOut[j];
            }
            bOutGradient.data()[component] += sums.bOut[component];
        }

        /**
         * Computes the gradients of a component's gate, and adds to those of its activations.
         *
         * @param a         the activations, one array a piece, as {@link GeluMlp#backward} takes them
         * @param gradient  the gradients with respect to γ
         * @param aGradient receives the gradients with respect to a
         * @param table     the table of the forward pass
         */
        public void compute(int component, float[][] a, float[][] gradient, int[] from, int[] counts, float[][] aGradient, GeluMlpTable table,
                            Memory memory) {
            float bias = 0;
            for (int piece = 0; piece < a.length; piece++) {
                float ofPiece = 0;
                for (int n = from[piece]; n < from[piece] + counts[piece]; n++) {
                    ofPiece += gradient[piece][n];
                }
                bias += ofPiece;
            }
            bOutGradient.data()[component] = bias;
            if (width == 0) {
                linear(component, a, gradient, from, counts, aGradient);
                return;
            }
            int at = component * width;
            for (int j = at; j < at + width; j++) {
                wInGradient.data()[j] = 0;
                bInGradient.data()[j] = 0;
                wOutGradient.data()[j] = 0;
            }
            if (!table.isFilled()) {
                GeluMlp.backward(a, gradient, from, counts, wIn.data(), bIn.data(), wOut.data(), at, width, aGradient, wInGradient.data(),
                        bInGradient.data(), wOutGradient.data(), memory.direct);
                return;
            }
            table.beginBackward(memory.points);
            for (int piece = 0; piece < a.length; piece++) {
                table.backward(a[piece], gradient[piece], from[piece], counts[piece], aGradient[piece], memory.points);
            }
            table.addParameterGradients(wIn.data(), bIn.data(), wOut.data(), at, width, wInGradient.data(), bInGradient.data(),
                    wOutGradient.data(), memory.points);
        }

        private void linear(int component, float[][] a, float[][] gradient, int[] from, int[] counts, float[][] aGradient) {
            float w = wIn.data()[component];
            float sum = 0;
            for (int piece = 0; piece < a.length; piece++) {
                for (int n = from[piece]; n < from[piece] + counts[piece]; n++) {
                    sum = Math.fma(gradient[piece][n], a[piece][n], sum);
                    aGradient[piece][n] = Math.fma(gradient[piece][n], w, aGradient[piece][n]);
                }
            }
            wInGradient.data()[component] = sum;
        }
    }

    /** Returns where an optimizer keeps the gradients of these gates. */
    public Gradients gradients(String layer, Optimizer optimizer) {
        return new Gradients(layer, optimizer);
    }
}
