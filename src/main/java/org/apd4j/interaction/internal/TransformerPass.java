package org.apd4j.interaction.internal;

import static org.apd4j.interaction.internal.TransformerParameters.B_U;
import static org.apd4j.interaction.internal.TransformerParameters.IN;
import static org.apd4j.interaction.internal.TransformerParameters.K;
import static org.apd4j.interaction.internal.TransformerParameters.O;
import static org.apd4j.interaction.internal.TransformerParameters.OUT;
import static org.apd4j.interaction.internal.TransformerParameters.Q;
import static org.apd4j.interaction.internal.TransformerParameters.V;
import static org.apd4j.interaction.internal.TransformerParameters.W_E;
import static org.apd4j.interaction.internal.TransformerParameters.W_POS;
import static org.apd4j.interaction.internal.TransformerParameters.W_U;
import static org.apd4j.interaction.internal.TransformerParameters.bias;
import static org.apd4j.interaction.internal.TransformerParameters.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apd4j.interaction.AttentionLayer;
import org.apd4j.interaction.Transformer;
import org.apd4j.interaction.internal.Instruction.Multiply;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a transformer and its gradients for all parameters: the same program, forward and backward, of which bases are computed, with the
 * parameters written into its folded matrices before each pass. Everything is computed in double precision; parameters and gradients are in single.
 *
 * <pre>{@code
 * Transformer model = TransformerParameters.zeros(80, 3, 2, 4, 8, 128);
 * TransformerPass pass = new TransformerPass(model, TransformerParameters.of(model), Workers.all());
 * double loss = pass.evaluate(DoubleMatrix.of(new double[][] {{0, 1, 2}}), 1, 2, 3).loss(); // ln 80
 * }</pre>
 *
 * <p>Sequences are divided into parts of one size, whose sums are added in order; so the number of threads does not change the results.
 */
public final class TransformerPass {

    /** Positions of a part, about: few enough for several parts to share the cores. */
    private static final int TOGETHER = 256;

    /**
     * What the network answers.
     *
     * @param loss    the mean cross-entropy over all positions that have logits, in nats
     * @param correct the number of positions whose largest logit is the label's; the lowest of several counts
     */
    public record Outcome(double loss, int correct) {
    }

    /**
     * Where the parameters of a linear map stand in the folded matrix of an instruction.
     *
     * @param instruction which multiplies by the folded matrix
     * @param weights     name of the weights
     * @param cells       index in the folded matrix of every weight
     * @param bias        name of the bias
     * @param biasCells   indices of the bias, once or several times one after another
     */
    private record Place(int instruction, String weights, int[] cells, String bias, int[] biasCells) { }

    /** The sums of a part. */
    private static final class Part {
        double loss;
        int correct;
        /** Gradients of the folded matrices, by place. */
        final DoubleMatrix[] gradients;
        /** Gradient of register 0. */
        @Nullable DoubleMatrix stream;

        Part(int places) {
            gradients = new DoubleMatrix[places];
        }
    }

    private final Program program;
    private final Map<String, Matrix> parameters;
    private final Workers workers;
    private final List<Place> places = new ArrayList<>();
    private final int together;

    /**
     * Creates a pass.
     *
     * @param transformer the network, but for its parameters
     * @param parameters  by name, in the shapes of {@link TransformerParameters#of}; read at every call
     */
    public TransformerPass(Transformer transformer, Map<String, Matrix> parameters, Workers workers) {
        this.program = ProgramOfTransformer.of(transformer);
        this.parameters = Map.copyOf(parameters);
        this.workers = workers;
        this.together = Math.max(1, TOGETHER / transformer.positions().length());
        int[] multiplications = IntStream.range(0, program.instructions().size())
                .filter(i -> program.instructions().get(i) instanceof Multiply).toArray();
        int next = 0;
        for (int b = 0; b < transformer.blocks().size(); b++) {
            AttentionLayer attention = transformer.blocks().get(b).attention();
            int heads = attention.heads().size();
            for (String map : List.of(Q, K)) {
                addDense(multiplications[next++], weights(b, map), bias(b, map), attention.headWidth(), attention.headWidth());
            }
            addDense(multiplications[next++], weights(b, V), bias(b, V), attention.headWidth(), attention.headWidth() + 1);
            addOutputs(multiplications[next++], b, heads, attention.headWidth());
            for (String map : List.of(IN, OUT)) {
                addDense(multiplications[next++], weights(b, map), bias(b, map), 1, 1);
            }
        }
        addDense(multiplications[next], W_U, B_U, 1, 1);
    }

    private Matrix parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private Multiply multiply(int instruction) {
        return (Multiply) program.instructions().get(instruction);
    }

    /** Adds a map whose columns come in groups, behind each of which the folded matrix may have a column of its own. */
    private void addDense(int instruction, String weights, String bias, int group, int folded) {
        int columns = multiply(instruction).weights().columns();
        Matrix own = parameter(weights);
        int[] cells = IntStream.range(0, own.size()).map(i -> i / own.columns() * columns + column(i % own.columns(), group, folded)).toArray();
        int[] biasCells = IntStream.range(0, own.columns()).map(j -> own.rows() * columns + column(j, group, folded)).toArray();
        places.add(new Place(instruction, weights, cells, bias, biasCells));
    }

    private static int column(int j, int group, int folded) {
        return j / group * folded + j % group;
    }

    /** Adds the outputs of heads, each of which adds its share of the bias. */
    private void addOutputs(int instruction, int block, int heads, int headWidth) {
        Matrix own = parameter(weights(block, O));
        int columns = multiply(instruction).weights().columns();
        int[] cells = IntStream.range(0, own.size()).map(i -> column(i / own.columns(), headWidth, headWidth + 1) * columns + i % own.columns())
                .toArray();
        int[] biasCells = IntStream.range(0, heads * own.columns())
                .map(i -> (i / own.columns() * (headWidth + 1) + headWidth) * columns + i % own.columns()).toArray();
        places.add(new Place(instruction, weights(block, O), cells, bias(block, O), biasCells));
    }

    /** Writes the parameters into the folded matrices. */
    private void fold() {
        for (Place place : places) {
            double[] folded = multiply(place.instruction()).weights().data();
            Matrix weights = parameter(place.weights());
            Matrix bias = parameter(place.bias());
            for (int i = 0; i < place.cells().length; i++) {
                folded[place.cells()[i]] = weights.data()[i];
            }
            int times = place.biasCells().length / bias.size();
            for (int i = 0; i < place.biasCells().length; i++) {
                folded[place.biasCells()[i]] = (double) bias.data()[i % bias.size()] / times;
            }
        }
    }

    /**
     * Returns the loss and the number of right answers.
     *
     * @param tokens {@code [samples, S]}, which must exist
     * @param labels of all positions that have logits, sample by sample
     */
    public Outcome evaluate(DoubleMatrix tokens, int... labels) {
        return outcome(run(tokens, labels, false), labels.length);
    }

    /**
     * Computes the gradients of the loss.
     *
     * @param tokens    {@code [samples, S]}, which must exist
     * @param labels    of all positions that have logits, sample by sample
     * @param gradients by name of the parameter: what is written; all of it is overwritten
     */
    public Outcome backward(DoubleMatrix tokens, int[] labels, Function<String, Matrix> gradients) {
        Part[] parts = run(tokens, labels, true);
        workers.forEach(places.size(), p -> gather(parts, p, gradients));
        ofEmbeddings(tokens, parts, gradients);
        return outcome(parts, labels.length);
    }

    private static Outcome outcome(Part[] parts, int answers) {
        double loss = 0;
        int correct = 0;
        for (Part part : parts) {
            loss += part.loss;
            correct += part.correct;
        }
        return new Outcome(loss / answers, correct);
    }

    private Part[] run(DoubleMatrix tokens, int[] labels, boolean isBackward) {
        fold();
        Part[] parts = new Part[(tokens.rows() + together - 1) / together];
        int answers = labels.length / tokens.rows();
        workers.forEach(parts.length, p -> {
            int first = p * together;
            int count = Math.min(together, tokens.rows() - first);
            parts[p] = Workers.alone(() -> part(tokens.rows(first, count), Arrays.copyOfRange(labels, first * answers, (first + count) * answers),
                    labels.length, isBackward));
        });
        return parts;
    }

    private Part part(DoubleMatrix tokens, int[] labels, int answers, boolean isBackward) {
        Part part = new Part(places.size());
        Tape tape = new Tape(program.widths().length);
        tape.set(0, embedded(tokens));
        program.instructions().forEach(instruction -> instruction.forward(tape));
        int last = program.boundaries().get(program.boundaries().size() - 1).registers().get(0);
        DoubleMatrix ofLogits = loss(tape.value(last), labels, answers, part);
        if (!isBackward) {
            return part;
        }
        Gradients gradients = new Gradients(program.widths().length);
        gradients.add(last, ofLogits);
        int place = places.size();
        for (int i = program.instructions().size() - 1; i >= 0; i--) {
            Instruction instruction = program.instructions().get(i);
            if (instruction instanceof Multiply map) {
                part.gradients[--place] = DoubleGemm.transposedProduct(tape.value(map.source()), gradients.get(map.to()));
            }
            instruction.backward(tape, gradients);
            gradients.clear(instruction.to());
        }
        part.stream = gradients.get(0);
        return part;
    }

    /** Returns the stream at the first block, with its constant. */
    private DoubleMatrix embedded(DoubleMatrix tokens) {
        Matrix ofTokens = parameter(W_E);
        Matrix ofPositions = parameters.get(W_POS);
        int width = ofTokens.columns();
        int length = tokens.columns();
        DoubleMatrix stream = DoubleMatrix.zeros(tokens.rows() * length, width + 1);
        for (int row = 0; row < stream.rows(); row++) {
            int from = ofTokens.rowStart((int) tokens.get(row / length, row % length));
            int at = row * (width + 1);
            for (int i = 0; i < width; i++) {
                stream.data()[at + i] = ofTokens.data()[from + i];
            }
            if (ofPositions != null) {
                int position = ofPositions.rowStart(row % length);
                for (int i = 0; i < width; i++) {
                    stream.data()[at + i] += ofPositions.data()[position + i];
                }
            }
            stream.data()[at + width] = 1;
        }
        return stream;
    }

    /** Adds a part's loss, and returns the gradient of the mean loss with respect to its logits. */
    private static DoubleMatrix loss(DoubleMatrix logits, int[] labels, int answers, Part part) {
        DoubleMatrix gradient = DoubleMatrix.zeros(logits.rows(), logits.columns());
        for (int row = 0; row < logits.rows(); row++) {
            int top = 0;
            for (int i = 1; i < logits.columns(); i++) {
                top = logits.get(row, i) > logits.get(row, top) ? i : top;
            }
            double sum = 0;
            for (int i = 0; i < logits.columns(); i++) {
                double power = Math.exp(logits.get(row, i) - logits.get(row, top));
                gradient.set(row, i, power);
                sum += power;
            }
            part.loss += Math.log(sum) - (logits.get(row, labels[row]) - logits.get(row, top));
            part.correct += top == labels[row] ? 1 : 0;
            for (int i = 0; i < logits.columns(); i++) {
                gradient.set(row, i, (gradient.get(row, i) / sum - (i == labels[row] ? 1 : 0)) / answers);
            }
        }
        return gradient;
    }

    /** Adds up the parts' gradients of a folded matrix, and hands them out to the parameters in it. */
    private void gather(Part[] parts, int p, Function<String, Matrix> gradients) {
        Place place = places.get(p);
        DoubleMatrix sum = parts[0].gradients[p].copy();
        for (int i = 1; i < parts.length; i++) {
            sum.add(1, parts[i].gradients[p]);
        }
        Matrix ofWeights = gradients.apply(place.weights());
        for (int i = 0; i < place.cells().length; i++) {
            ofWeights.data()[i] = (float) sum.data()[place.cells()[i]];
        }
        Matrix ofBias = gradients.apply(place.bias());
        int times = place.biasCells().length / ofBias.size();
        for (int i = 0; i < ofBias.size(); i++) {
            double all = 0;
            for (int n = 0; n < times; n++) {
                all += sum.data()[place.biasCells()[n * ofBias.size() + i]] / times;
            }
            ofBias.data()[i] = (float) all;
        }
    }

    private void ofEmbeddings(DoubleMatrix tokens, Part[] parts, Function<String, Matrix> gradients) {
        Matrix ofTokens = gradients.apply(W_E);
        int width = ofTokens.columns();
        int length = tokens.columns();
        double[] sums = new double[ofTokens.size()];
        double[] positions = new double[length * width];
        for (int p = 0; p < parts.length; p++) {
            DoubleMatrix stream = Objects.requireNonNull(parts[p].stream);
            for (int row = 0; row < stream.rows(); row++) {
                int token = width * (int) tokens.get(p * together + row / length, row % length);
                int position = row % length * width;
                for (int i = 0; i < width; i++) {
                    double value = stream.get(row, i);
                    sums[token + i] += value;
                    positions[position + i] += value;
                }
            }
        }
        write(sums, ofTokens);
        if (parameters.containsKey(W_POS)) {
            write(positions, gradients.apply(W_POS));
        }
    }

    private static void write(double[] values, Matrix to) {
        for (int i = 0; i < values.length; i++) {
            to.data()[i] = (float) values[i];
        }
    }
}
