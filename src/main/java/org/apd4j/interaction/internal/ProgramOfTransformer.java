package org.apd4j.interaction.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.AttentionLayer.Head;
import org.apd4j.interaction.DenseLayer;
import org.apd4j.interaction.PositionEncoding.Learned;
import org.apd4j.interaction.PositionEncoding.Pairs;
import org.apd4j.interaction.PositionEncoding.Rotary;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.Transformer.ReadOut;
import org.apd4j.interaction.TransformerBlock;
import org.apd4j.interaction.internal.Instruction.Add;
import org.apd4j.interaction.internal.Instruction.Apply;
import org.apd4j.interaction.internal.Instruction.Attend;
import org.apd4j.interaction.internal.Instruction.AttentionShape;
import org.apd4j.interaction.internal.Instruction.Copy;
import org.apd4j.interaction.internal.Instruction.LastPositions;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.interaction.internal.Instruction.Rotate;
import org.apd4j.interaction.internal.Instruction.Standardise;
import org.apd4j.interaction.internal.Instruction.Variance;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.PlainNumber;

/**
 * Programs of transformers with folded biases. The residual stream has a last entry 1, which comes from the position's embedding and which no block
 * changes; every head's values have a 1 of their own. Node layers are named as the reference implementation names the modules that they enter.
 */
public final class ProgramOfTransformer {

    private final Transformer transformer;
    private final int sequence;
    private final ElementFunction function;
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final List<Boundary> boundaries = new ArrayList<>();

    private ProgramOfTransformer(Transformer transformer) {
        this.transformer = transformer;
        this.sequence = transformer.positions().length();
        this.function = switch (transformer.neurons()) {
            case RELU -> ElementFunction.RELU;
            case GELU -> ElementFunction.GELU;
            case GELU_TANH -> ElementFunction.GELU_TANH;
        };
    }

    /** Returns the program of a transformer, whose samples are tokens {@code [samples, S]}. */
    public static Program of(Transformer transformer) {
        return new ProgramOfTransformer(transformer).program();
    }

    private Program program() {
        int stream = register(transformer.tokens().columns() + 1, sequence);
        for (int b = 0; b < transformer.blocks().size(); b++) {
            stream = addBlock(b, stream);
        }
        mark("ln_final", stream);
        int normed = normed("ln_final_out", stream, false);
        mark("unembed", normed);
        if (transformer.readOut() == ReadOut.LAST_AT_UNEMBEDDING) {
            normed = last(normed);
        }
        DenseLayer unembedding = transformer.unembedding();
        int logits = multiply(normed, folded(unembedding, 0, false));
        boundaries.add(new Boundary(Folding.OUTPUT, instructions.size(), List.of(logits), true, false));
        return new Program(sequence, embedding(), instructions, ints(widths), ints(positions), boundaries);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the sum of the embeddings of token and position, with the constant. */
    private UnaryOperator<DoubleMatrix> embedding() {
        DoubleMatrix tokens = DoubleMatrix.of(transformer.tokens());
        int width = tokens.columns();
        DoubleMatrix ofPositions = transformer.positions() instanceof Learned learned ? DoubleMatrix.of(learned.embedding())
                : DoubleMatrix.zeros(sequence, width);
        return samples -> {
            DoubleMatrix stream = DoubleMatrix.zeros(samples.rows() * sequence, width + 1);
            for (int row = 0; row < stream.rows(); row++) {
                int position = row % sequence;
                int token = token(samples.get(row / sequence, position), position, tokens.rows());
                for (int i = 0; i < width; i++) {
                    stream.set(row, i, tokens.get(token, i) + ofPositions.get(position, i));
                }
                stream.set(row, width, 1);
            }
            return stream;
        };
    }

    private static int token(double value, int position, int vocabulary) {
        if (!(value >= 0 && value < vocabulary && value == Math.rint(value))) {
            throw new IllegalArgumentException("a sample has the token " + PlainNumber.of(value) + " at position " + position
                    + "; tokens are whole numbers from 0 to " + (vocabulary - 1));
        }
        return (int) value;
    }

    private int addBlock(int b, int before) {
        TransformerBlock block = transformer.blocks().get(b);
        AttentionLayer attention = block.attention();
        boolean isLastOnly = transformer.readOut() == ReadOut.LAST_AFTER_ATTENTION && b == transformer.blocks().size() - 1;
        int stream = before;
        mark("ln1." + b, stream);
        int normed = ownNormed("ln1_out." + b, stream);
        mark("attn_in." + b, normed, stream);
        int query = multiply(normed, sideBySide(attention, head -> folded(head.query(), 0, false)));
        int key = multiply(normed, sideBySide(attention, head -> folded(head.key(), 0, false)));
        int value = multiply(normed, sideBySide(attention, head -> folded(head.value(), 1, true)));
        if (transformer.positions() instanceof Rotary rotary) {
            query = rotated(query, attention, rotary);
            key = rotated(key, attention, rotary);
        }
        mark("attn_out." + b, query, key, value, stream);
        if (isLastOnly) {
            query = last(query);
            stream = last(stream);
        }
        double scale = attention.scaled() ? 1 / Math.sqrt(attention.headWidth()) : 1;
        int means = register(widths.get(value), positions.get(query));
        instructions.add(new Attend(query, key, value, means, new AttentionShape(attention.heads().size(), positions.get(query), sequence,
                attention.causal(), attention.window(), scale)));
        int branch = multiply(means, outputs(attention));
        if (!isLastOnly) {
            mark("add_resid1." + b, branch, stream);
        }
        int read = stream;
        stream = add(branch, stream);
        int standardised;
        if (transformer.parallel()) {
            mark("ln2." + b, stream, read);
            standardised = ownNormed("ln2_out." + b, read, stream);
        } else {
            mark("ln2." + b, stream);
            standardised = ownNormed("ln2_out." + b, stream);
        }
        mark("mlp_in." + b, standardised, stream);
        int arriving = multiply(standardised, folded(block.in(), function.constant(), true));
        mark("mlp_act." + b, arriving, stream);
        int neurons = register(widths.get(arriving), positions.get(arriving));
        instructions.add(new Apply(arriving, neurons, function));
        mark("mlp_out." + b, neurons, stream);
        branch = multiply(neurons, folded(block.out(), 0, true));
        mark("add_resid2." + b, branch, stream);
        return add(branch, stream);
    }

    private static DoubleMatrix folded(DenseLayer layer, double carried, boolean keep) {
        return Folding.dense(DoubleMatrix.of(layer.weights()), layer.bias().stream().mapToDouble(Double::doubleValue).toArray(), carried, keep);
    }

    private static DoubleMatrix sideBySide(AttentionLayer attention, Function<Head, DoubleMatrix> map) {
        List<DoubleMatrix> maps = attention.heads().stream().map(map).toList();
        int width = maps.get(0).columns();
        return DoubleMatrix.of(maps.get(0).rows(), maps.size() * width, (i, j) -> maps.get(j / width).get(i, j % width));
    }

    /** Returns {@code W_O [heads · (d_head + 1), d_model + 1]}: each head adds its part of the bias by its own constant, and none to the stream's. */
    private static DoubleMatrix outputs(AttentionLayer attention) {
        int rows = attention.headWidth() + 1;
        int heads = attention.heads().size();
        return DoubleMatrix.of(heads * rows, attention.width() + 1, (i, j) -> {
            if (j == attention.width()) {
                return 0;
            }
            return i % rows < rows - 1 ? attention.heads().get(i / rows).output().get(i % rows, j) : attention.bias().get(j) / heads;
        });
    }

    /** Returns the stream after a layer norm in a register of its own, also if there is no layer norm. */
    private int ownNormed(String name, int stream, Integer... others) {
        int normed = normed(name, stream, true, others);
        if (normed != stream) {
            return normed;
        }
        int copy = register(widths.get(stream), positions.get(stream));
        instructions.add(new Copy(stream, copy));
        return copy;
    }

    /** Returns the stream after a layer norm, the stream itself if there is none; the node layer between holds the stream and others. */
    private int normed(String name, int stream, boolean isIsolated, Integer... others) {
        List<Integer> held = new ArrayList<>(List.of(stream));
        held.addAll(Arrays.asList(others));
        if (transformer.normEpsilon().isEmpty()) {
            mark(name, held.toArray(Integer[]::new));
            return stream;
        }
        int variance = register(1, positions.get(stream));
        instructions.add(new Variance(stream, variance));
        held.add(0, variance);
        boundaries.add(new Boundary(name, instructions.size(), held, false, isIsolated));
        int normed = register(widths.get(stream), positions.get(stream));
        instructions.add(new Standardise(variance, stream, normed, transformer.normEpsilon().getAsDouble()));
        return normed;
    }

    private void mark(String name, Integer... registers) {
        boundaries.add(new Boundary(name, instructions.size(), Arrays.asList(registers), false, false));
    }

    private int register(int width, int ofPositions) {
        widths.add(width);
        positions.add(ofPositions);
        return widths.size() - 1;
    }

    private int multiply(int source, DoubleMatrix weights) {
        int to = register(weights.columns(), positions.get(source));
        instructions.add(new Multiply(source, to, weights));
        return to;
    }

    private int rotated(int source, AttentionLayer attention, Rotary rotary) {
        int to = register(widths.get(source), sequence);
        instructions.add(new Rotate(source, to, attention.heads().size(), sequence, rotary.width(), rotary.pairs() == Pairs.HALVES));
        return to;
    }

    private int add(int branch, int stream) {
        int to = register(widths.get(stream), positions.get(stream));
        instructions.add(new Add(branch, stream, to));
        return to;
    }

    private int last(int source) {
        int to = register(widths.get(source), 1);
        instructions.add(new LastPositions(source, to, positions.get(source), 1));
        return to;
    }
}
