package org.apd4j.interaction;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;

/**
 * A transformer in double precision. That of modular addition has one block, ReLU, no layer norm, and is read at the last of its three positions:
 *
 * <pre>{@code
 * DenseLayer map = DenseLayer.of(new double[][] {{1, 0}, {0, 1}}, new double[2]);
 * AttentionLayer.Head head = new AttentionLayer.Head(map, map, map, map.weights());
 * TransformerBlock block = new TransformerBlock(AttentionLayer.of(List.of(head), new double[2]), map, map);
 * Grid embedding = Grid.of(5, 2, (token, i) -> token * i);
 * PositionEncoding positions = PositionEncoding.learned(Grid.of(3, 2, (position, i) -> position - i));
 * Transformer addition = Transformer.of(embedding, positions, List.of(block), map).read(Transformer.ReadOut.LAST_AFTER_ATTENTION);
 * Transformer plain = Transformer.of(embedding, positions, List.of(block, block), map);
 * Transformer languageModel = plain.with(Transformer.Neurons.GELU_TANH).withLayerNorm(1e-5);
 * SectionedNetwork network = SectionedNetwork.transformer(addition);
 * }</pre>
 *
 * @param tokens      embedding of tokens {@code [vocabulary, d_model]}
 * @param positions   what tells positions apart; sets the length S of all sequences
 * @param blocks      at least one
 * @param unembedding from the stream to the logits {@code [d_model, logits]}
 * @param neurons     what the neurons of the MLPs compute
 * @param normEpsilon what the layer norms before each attention, MLP and the unembedding add to the variance; empty for none of them. Their gains and
 *                    shifts belong to the maps that read them ({@link DenseLayer#afterNorm})
 * @param parallel    whether a block's MLP reads the stream as its attention does, instead of after it; Pythia's and GPT-J's do
 * @param readOut     the positions that have logits
 */
public record Transformer(Grid tokens, PositionEncoding positions, List<TransformerBlock> blocks, DenseLayer unembedding, Neurons neurons,
                          OptionalDouble normEpsilon, boolean parallel, ReadOut readOut) {

    /** What a neuron computes. */
    public enum Neurons {
        /** {@code max(0, x)}. */
        RELU,
        /** {@code x Φ(x)}, the exact GELU. */
        GELU,
        /** GPT-2's approximation of GELU, by a hyperbolic tangent. */
        GELU_TANH
    }

    /** The positions of a sequence that have logits. */
    public enum ReadOut {
        /** All of them, as in a language model. */
        ALL,
        /** The last one; earlier positions end with the last block's attention, which alone moves anything to the last one. */
        LAST_AFTER_ATTENTION,
        /** The last one; earlier positions are computed up to the unembedding, whose node layer holds them. */
        LAST_AT_UNEMBEDDING
    }

    /** @throws IllegalArgumentException if the parts do not fit each other, or a value is out of its range */
    public Transformer {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("a transformer needs at least one block");
        }
        int width = tokens.columns();
        if (unembedding.weights().rows() != width) {
            throw new IllegalArgumentException("the embedding is " + tokens + " and the unembedding is " + unembedding.weights()
                    + "; they need the same width");
        }
        if (positions instanceof PositionEncoding.Learned learned && learned.embedding().columns() != width) {
            throw new IllegalArgumentException("the embeddings of tokens and positions are " + tokens + " and " + learned.embedding()
                    + "; they need the same width");
        }
        if (positions instanceof PositionEncoding.Rotary rotary) {
            blocks.stream().filter(block -> block.attention().headWidth() < rotary.width()).findFirst().ifPresent(block -> {
                throw new IllegalArgumentException(rotary.width() + " entries of each head are to be rotated; the heads of a block have "
                        + block.attention().headWidth());
            });
        }
        blocks.stream().filter(block -> block.attention().width() != width).findFirst().ifPresent(block -> {
            throw new IllegalArgumentException("a block reads a stream of width " + block.attention().width() + "; the embeddings have " + width);
        });
        if (!DoubleMatrix.of(tokens).isFinite()) {
            throw new IllegalArgumentException("a value of the embedding of tokens is infinite or NaN");
        }
        normEpsilon.ifPresent(epsilon -> {
            if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("ε of the layer norms is " + epsilon + "; it must be a finite number of at least 0");
            }
        });
    }

    /** Returns a transformer with ReLU, without layer norms, with each MLP after its attention, and with logits at all positions. */
    public static Transformer of(Grid tokens, PositionEncoding positions, List<TransformerBlock> blocks, DenseLayer unembedding) {
        return new Transformer(tokens, positions, blocks, unembedding, Neurons.RELU, OptionalDouble.empty(), false, ReadOut.ALL);
    }

    /** Returns the same with other neurons. */
    public Transformer with(Neurons neurons) {
        return new Transformer(tokens, positions, blocks, unembedding, neurons, normEpsilon, parallel, readOut);
    }

    /** Returns the same with layer norms. */
    public Transformer withLayerNorm(double epsilon) {
        return new Transformer(tokens, positions, blocks, unembedding, neurons, OptionalDouble.of(epsilon), parallel, readOut);
    }

    /** Returns the same with MLPs that read what their block's attention reads. */
    public Transformer inParallel() {
        return new Transformer(tokens, positions, blocks, unembedding, neurons, normEpsilon, true, readOut);
    }

    /** Returns the same with logits at other positions. */
    public Transformer read(ReadOut where) {
        return new Transformer(tokens, positions, blocks, unembedding, neurons, normEpsilon, parallel, where);
    }

    /**
     * Returns a transformer with the same probabilities, in which everything that writes to the stream has mean 0 over its entries, and all logits
     * together have mean 0 over the tokens. Layer norms, which take the mean out, and softmax, which takes it out of the logits, make no difference of
     * it; a basis would spend a direction on it.
     *
     * @throws IllegalStateException if there are no layer norms
     */
    public Transformer withCentredWeights() {
        if (normEpsilon.isEmpty()) {
            throw new IllegalStateException("the transformer has no layer norms; without them the mean of the stream matters");
        }
        PositionEncoding centred = positions instanceof PositionEncoding.Learned learned ? PositionEncoding.learned(centredRows(learned.embedding()))
                : positions;
        return new Transformer(centredRows(tokens), centred, blocks.stream().map(TransformerBlock::centred).toList(), centred(unembedding), neurons,
                normEpsilon, parallel, readOut);
    }

    /** Returns a grid less the mean of each row. */
    static Grid centredRows(Grid grid) {
        double[] means = new double[grid.rows()];
        Arrays.setAll(means, row -> Arrays.stream(grid.row(row)).average().orElse(0));
        return Grid.of(grid.rows(), grid.columns(), (i, j) -> grid.get(i, j) - means[i]);
    }

    /** Returns a layer whose outputs have mean 0. */
    static DenseLayer centred(DenseLayer layer) {
        return new DenseLayer(centredRows(layer.weights()), centred(layer.bias()));
    }

    /** Returns values less their mean. */
    static List<Double> centred(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return values.stream().map(value -> value - mean).toList();
    }

    @Override
    public String toString() {
        return blocks.size() + (blocks.size() == 1 ? " block" : " blocks") + " of " + blocks.get(0) + "; " + tokens.rows() + " tokens, "
                + positions.length() + " positions";
    }
}
