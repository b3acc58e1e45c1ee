package org.apd4j.interaction.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;

/**
 * The sizes of a transformer with one block that adds numbers modulo p, and its parameters. Maps of heads stand one below the other.
 *
 * <pre>{@code
 * AdditionShape shape = new AdditionShape(113, 128, 4, 32, 512);
 * System.out.println(shape.parameters().keySet());
 * }</pre>
 *
 * @param p         the modulus; the token p is the equals sign
 * @param width     d_model
 * @param heads     number of heads
 * @param headWidth d_head
 * @param neurons   d_mlp
 */
public record AdditionShape(int p, int width, int heads, int headWidth, int neurons) {

    /** The embedding of tokens {@code [p + 1, d_model]}. */
    public static final String W_E = "W_E";
    /** The embedding of the three positions {@code [3, d_model]}. */
    public static final String W_POS = "W_pos";
    /** Queries {@code [heads · d_model, d_head]}. */
    public static final String W_Q = "W_Q";
    /** Bias of the queries {@code [heads, d_head]}. */
    public static final String B_Q = "b_Q";
    /** Keys {@code [heads · d_model, d_head]}. */
    public static final String W_K = "W_K";
    /** Bias of the keys {@code [heads, d_head]}; the logits do not depend on it. */
    public static final String B_K = "b_K";
    /** Values {@code [heads · d_model, d_head]}. */
    public static final String W_V = "W_V";
    /** Bias of the values {@code [heads, d_head]}. */
    public static final String B_V = "b_V";
    /** Output of the heads {@code [heads · d_head, d_model]}. */
    public static final String W_O = "W_O";
    /** Bias of attention {@code [1, d_model]}. */
    public static final String B_O = "b_O";
    /** From the stream to the neurons {@code [d_model, d_mlp]}. */
    public static final String W_IN = "W_in";
    /** Bias of the neurons {@code [1, d_mlp]}. */
    public static final String B_IN = "b_in";
    /** From the neurons to the stream {@code [d_mlp, d_model]}. */
    public static final String W_OUT = "W_out";
    /** Bias of the MLP's output {@code [1, d_model]}. */
    public static final String B_OUT = "b_out";
    /** The unembedding {@code [d_model, p + 1]}. */
    public static final String W_U = "W_U";
    /** Bias of the logits {@code [1, p + 1]}. */
    public static final String B_U = "b_U";

    /** Returns the number of different rows at the input of attention: p first numbers, p second numbers, the equals sign. */
    int rows() {
        return 2 * p + 1;
    }

    /** Returns the number of logits, one for every token. */
    int logits() {
        return p + 1;
    }

    /** Returns the shapes of all parameters by name. */
    public Map<String, int[]> parameters() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put(W_E, new int[] {p + 1, width});
        shapes.put(W_POS, new int[] {3, width});
        shapes.put(W_Q, new int[] {heads * width, headWidth});
        shapes.put(B_Q, new int[] {heads, headWidth});
        shapes.put(W_K, new int[] {heads * width, headWidth});
        shapes.put(B_K, new int[] {heads, headWidth});
        shapes.put(W_V, new int[] {heads * width, headWidth});
        shapes.put(B_V, new int[] {heads, headWidth});
        shapes.put(W_O, new int[] {heads * headWidth, width});
        shapes.put(B_O, new int[] {1, width});
        shapes.put(W_IN, new int[] {width, neurons});
        shapes.put(B_IN, new int[] {1, neurons});
        shapes.put(W_OUT, new int[] {neurons, width});
        shapes.put(B_OUT, new int[] {1, width});
        shapes.put(W_U, new int[] {width, p + 1});
        shapes.put(B_U, new int[] {1, p + 1});
        return shapes;
    }

    /** Returns whether a parameter is a bias. */
    public static boolean isBias(String parameter) {
        return parameter.startsWith("b_");
    }

    /** Returns parameters as training begins with them: weights normal with the given standard deviation, biases 0. */
    public Map<String, Matrix> initial(double deviation, RandomStream random) {
        Map<String, Matrix> values = new LinkedHashMap<>();
        parameters().forEach((name, shape) -> {
            Matrix matrix = Matrix.zeros(shape[0], shape[1]);
            for (int i = 0; i < matrix.size() && !isBias(name); i++) {
                matrix.data()[i] = (float) (deviation * random.nextNormal());
            }
            values.put(name, matrix);
        });
        return values;
    }
}
