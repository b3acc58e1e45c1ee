package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.AttentionLayer.Head;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.PositionEncoding;
import org.apd4j.interaction.PositionEncoding.Learned;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.TransformerBlock;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;

/**
 * The parameters of a {@link Transformer} by name, as matrices that can be trained. Of block I they are {@code I.W_Q}, {@code I.W_K} and {@code I.W_V}
 * {@code [d_model, heads · d_head]}, {@code I.W_O} {@code [heads · d_head, d_model]}, {@code I.W_in} {@code [d_model, d_mlp]} and {@code I.W_out}
 * {@code [d_mlp, d_model]}, each with a bias {@code I.b_Q …} of one row; before them stand {@code W_E} {@code [tokens, d_model]} and, where positions
 * are embedded, {@code W_pos} {@code [S, d_model]}; behind them {@code W_U} {@code [d_model, logits]} and {@code b_U}.
 *
 * <pre>{@code
 * Transformer untrained = TransformerParameters.zeros(80, 32, 2, 4, 8, 128);
 * Map<String, Matrix> parameters = TransformerParameters.of(untrained);
 * Transformer same = TransformerParameters.replaced(untrained, parameters);
 * }</pre>
 */
public final class TransformerParameters {

    /** The embedding of tokens. */
    public static final String W_E = "W_E";
    /** The embedding of positions. */
    public static final String W_POS = "W_pos";
    /** The unembedding. */
    public static final String W_U = "W_U";
    /** The bias of the logits. */
    public static final String B_U = "b_U";

    static final String Q = "Q";
    static final String K = "K";
    static final String V = "V";
    static final String O = "O";
    static final String IN = "in";
    static final String OUT = "out";

    private TransformerParameters() {
    }

    /** Returns the name of the weights of a map of a block. */
    static String weights(int block, String map) {
        return block + ".W_" + map;
    }

    /** Returns the name of the bias of a map of a block. */
    static String bias(int block, String map) {
        return block + ".b_" + map;
    }

    /** Returns whether a parameter is a bias. */
    public static boolean isBias(String name) {
        return name.contains("b_");
    }

    /** Returns a transformer whose parameters are all 0, with embedded positions and GELU, and layer norms with ε = 1e-5. */
    public static Transformer zeros(int tokens, int positions, int blocks, int heads, int headWidth, int neurons) {
        int width = heads * headWidth;
        DenseLayer ofHead = dense(zeros(width, headWidth), zeros(1, headWidth));
        Head head = new Head(ofHead, ofHead, ofHead, zeros(headWidth, width));
        TransformerBlock block = new TransformerBlock(AttentionLayer.of(Collections.nCopies(heads, head), new double[width]),
                dense(zeros(width, neurons), zeros(1, neurons)), dense(zeros(neurons, width), zeros(1, width)));
        return Transformer.of(zeros(tokens, width), PositionEncoding.learned(zeros(positions, width)), Collections.nCopies(blocks, block),
                dense(zeros(width, tokens), zeros(1, tokens))).with(Transformer.Neurons.GELU_TANH).withLayerNorm(1e-5);
    }

    private static Grid zeros(int rows, int columns) {
        return Grid.of(rows, columns, (i, j) -> 0);
    }

    private static DenseLayer dense(Grid weights, Grid bias) {
        return new DenseLayer(weights, Statistics.list(bias.row(0)));
    }

    /** Returns copies of all parameters in single precision. */
    public static Map<String, Matrix> of(Transformer transformer) {
        Map<String, Matrix> all = new LinkedHashMap<>();
        all.put(W_E, matrix(transformer.tokens()));
        if (transformer.positions() instanceof Learned learned) {
            all.put(W_POS, matrix(learned.embedding()));
        }
        for (int b = 0; b < transformer.blocks().size(); b++) {
            TransformerBlock block = transformer.blocks().get(b);
            List<Head> heads = block.attention().heads();
            int each = block.attention().headWidth();
            putSideBySide(all, b, Q, heads.stream().map(Head::query).toList());
            putSideBySide(all, b, K, heads.stream().map(Head::key).toList());
            putSideBySide(all, b, V, heads.stream().map(Head::value).toList());
            all.put(weights(b, O), matrix(Grid.of(heads.size() * each, block.attention().width(),
                    (i, j) -> heads.get(i / each).output().get(i % each, j))));
            all.put(bias(b, O), matrix(row(block.attention().bias())));
            putSideBySide(all, b, IN, List.of(block.in()));
            putSideBySide(all, b, OUT, List.of(block.out()));
        }
        all.put(W_U, matrix(transformer.unembedding().weights()));
        all.put(B_U, matrix(row(transformer.unembedding().bias())));
        return all;
    }

    private static void putSideBySide(Map<String, Matrix> all, int block, String map, List<DenseLayer> layers) {
        int each = layers.get(0).bias().size();
        all.put(weights(block, map), matrix(Grid.of(layers.get(0).weights().rows(), layers.size() * each,
                (i, j) -> layers.get(j / each).weights().get(i, j % each))));
        all.put(bias(block, map), matrix(Grid.of(1, layers.size() * each, (i, j) -> layers.get(j / each).bias().get(j % each))));
    }

    private static Grid row(List<Double> values) {
        return Grid.of(1, values.size(), (i, j) -> values.get(j));
    }

    private static Matrix matrix(Grid grid) {
        Matrix matrix = Matrix.zeros(grid.rows(), grid.columns());
        for (int i = 0; i < grid.rows(); i++) {
            for (int j = 0; j < grid.columns(); j++) {
                matrix.set(i, j, (float) grid.get(i, j));
            }
        }
        return matrix;
    }

    /** Returns a transformer with other parameters. */
    public static Transformer replaced(Transformer transformer, Map<String, Matrix> parameters) {
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int b = 0; b < transformer.blocks().size(); b++) {
            AttentionLayer attention = transformer.blocks().get(b).attention();
            int each = attention.headWidth();
            Grid output = grid(parameters, weights(b, O));
            List<Head> heads = new ArrayList<>();
            for (int h = 0; h < attention.heads().size(); h++) {
                int first = h * each;
                heads.add(new Head(ofHead(parameters, b, Q, h, each), ofHead(parameters, b, K, h, each), ofHead(parameters, b, V, h, each),
                        Grid.of(each, attention.width(), (i, j) -> output.get(first + i, j))));
            }
            AttentionLayer changed = new AttentionLayer(heads, Statistics.list(grid(parameters, bias(b, O)).row(0)), attention.causal(),
                    attention.scaled(), attention.window());
            blocks.add(new TransformerBlock(changed, layer(parameters, weights(b, IN), bias(b, IN)), layer(parameters, weights(b, OUT), bias(b, OUT))));
        }
        PositionEncoding positions = transformer.positions() instanceof Learned ? PositionEncoding.learned(grid(parameters, W_POS))
                : transformer.positions();
        return new Transformer(grid(parameters, W_E), positions, blocks, layer(parameters, W_U, B_U), transformer.neurons(),
                transformer.normEpsilon(), transformer.parallel(), transformer.readOut());
    }

    private static Grid grid(Map<String, Matrix> parameters, String name) {
        Matrix matrix = Objects.requireNonNull(parameters.get(name), name);
        return Grid.of(matrix.rows(), matrix.columns(), matrix::get);
    }

    private static DenseLayer layer(Map<String, Matrix> parameters, String weights, String bias) {
        return dense(grid(parameters, weights), grid(parameters, bias));
    }

    private static DenseLayer ofHead(Map<String, Matrix> parameters, int block, String map, int head, int each) {
        Grid all = grid(parameters, weights(block, map));
        Grid bias = grid(parameters, bias(block, map));
        return dense(Grid.of(all.rows(), each, (i, j) -> all.get(i, head * each + j)), Grid.of(1, each, (i, j) -> bias.get(0, head * each + j)));
    }
}
