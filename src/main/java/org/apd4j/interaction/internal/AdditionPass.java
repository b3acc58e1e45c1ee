package org.apd4j.interaction.internal;

import static org.apd4j.interaction.internal.AdditionShape.B_IN;
import static org.apd4j.interaction.internal.AdditionShape.B_K;
import static org.apd4j.interaction.internal.AdditionShape.B_O;
import static org.apd4j.interaction.internal.AdditionShape.B_OUT;
import static org.apd4j.interaction.internal.AdditionShape.B_Q;
import static org.apd4j.interaction.internal.AdditionShape.B_U;
import static org.apd4j.interaction.internal.AdditionShape.B_V;
import static org.apd4j.interaction.internal.AdditionShape.W_E;
import static org.apd4j.interaction.internal.AdditionShape.W_IN;
import static org.apd4j.interaction.internal.AdditionShape.W_K;
import static org.apd4j.interaction.internal.AdditionShape.W_O;
import static org.apd4j.interaction.internal.AdditionShape.W_OUT;
import static org.apd4j.interaction.internal.AdditionShape.W_POS;
import static org.apd4j.interaction.internal.AdditionShape.W_Q;
import static org.apd4j.interaction.internal.AdditionShape.W_U;
import static org.apd4j.interaction.internal.AdditionShape.W_V;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.ColumnOps;
import org.apd4j.math.internal.Gemm;
import org.apd4j.math.internal.MaskOps;
import org.apd4j.math.internal.Workers;

/**
 * The forward and backward pass of a transformer that adds numbers modulo p, exact but without repetition. At the input of attention there are only
 * 2p + 1 different rows, and the query is always that of the equals sign; so keys, scores, values and {@code u_h = v_h W_O} are computed once for each
 * row, and a sample's attention is a softmax of three scores and a sum of {@code 3 · heads} rows u. The MLP and the unembedding run on the last position.
 *
 * <pre>{@code
 * AdditionShape shape = new AdditionShape(5, 8, 2, 4, 16);
 * Map<String, Matrix> parameters = shape.initial(0.8 / Math.sqrt(8), RandomStream.of(0));
 * AdditionPass pass = new AdditionPass(shape, parameters, Workers.one());
 * AdditionPass.Outcome outcome = pass.evaluate(new AdditionPairs(new int[] {3}, new int[] {4}, new int[] {2}));
 * }</pre>
 *
 * <p>Samples are divided into parts of one size, whose sums are added in order; so the number of threads does not change the results.
 */
public final class AdditionPass {

    /** Samples of a part: few enough for their activations to stay in a core's cache. */
    private static final int TOGETHER = 480;
    private static final int POSITIONS = 3;
    /** The number of values whose sums over parts are added up at a time. */
    private static final int CHUNK = 1 << 14;
    /** Larger than 1 / x for every x that matters, so that {@code min(STEEP · x, 1)} is 1 for x above 0, without a branch. */
    private static final float STEEP = 1e38f;
    /** The parameters that act on the last position alone. */
    private static final List<String> LAST = List.of(W_IN, B_IN, W_OUT, B_OUT, W_U, B_U, B_O);

    /**
     * What the network answers.
     *
     * @param loss    the mean cross-entropy over all logits, in nats
     * @param correct the number of right answers; the lowest of several largest logits counts
     */
    public record Outcome(double loss, int correct) {
    }

    private final AdditionShape shape;
    private final Map<String, Matrix> parameters;
    private final Workers workers;
    /** The different rows x at the input of attention. */
    private final Matrix rows;
    private final Head[] heads;
    /** What every sample's stream after attention begins with: the equals sign's row, and the bias of attention. */
    private final float[] last;
    private final ConcurrentLinkedQueue<Workspace> workspaces = new ConcurrentLinkedQueue<>();
    private final List<Sums> sumsOfParts = new ArrayList<>();

    /** What a head computes for every row, and the gradients. */
    private final class Head {
        final Matrix keys = Matrix.zeros(shape.rows(), shape.headWidth());
        final Matrix values = Matrix.zeros(shape.rows(), shape.headWidth());
        final Matrix query = Matrix.zeros(1, shape.headWidth());
        final Matrix moved = Matrix.zeros(shape.rows(), shape.width());
        final float[] scores = new float[shape.rows()];

        final Matrix movedGradient = Matrix.zeros(shape.rows(), shape.width());
        final float[] scoreGradients = new float[shape.rows()];
        final Matrix keyGradient = Matrix.zeros(shape.rows(), shape.headWidth());
        final Matrix valueGradient = Matrix.zeros(shape.rows(), shape.headWidth());
        final Matrix queryGradient = Matrix.zeros(1, shape.headWidth());
        final Matrix rowGradient = Matrix.zeros(shape.rows(), shape.width());
    }

    /** The activations of a part, and their gradients. */
    private final class Workspace {
        final Matrix stream = Matrix.withCapacity(TOGETHER, shape.width());
        final Matrix neurons = Matrix.withCapacity(TOGETHER, shape.neurons());
        final Matrix end = Matrix.withCapacity(TOGETHER, shape.width());
        final Matrix logits = Matrix.withCapacity(TOGETHER, shape.logits());
        final Matrix endGradient = Matrix.withCapacity(TOGETHER, shape.width());
        final Matrix neuronGradient = Matrix.withCapacity(TOGETHER, shape.neurons());
        final Matrix ones = Matrix.zeros(TOGETHER, 1).fill(1);
        final List<Matrix> weights = IntStream.range(0, POSITIONS).mapToObj(position -> Matrix.withCapacity(TOGETHER, shape.heads())).toList();

        void resize(int samples) {
            ones.resize(samples);
            weights.forEach(matrix -> matrix.resize(samples));
            Stream.of(stream, neurons, end, logits, endGradient, neuronGradient).forEach(matrix -> matrix.resize(samples));
        }
    }

    /** A part's share of the loss and of the gradients of {@link #LAST}. */
    private final class Sums {
        final List<Matrix> gradients = LAST.stream().map(name -> {
            int[] size = Objects.requireNonNull(shape.parameters().get(name));
            return Matrix.zeros(size[0], size[1]);
        }).toList();
        double loss;
        int correct;

        Matrix of(String parameter) {
            return gradients.get(LAST.indexOf(parameter));
        }
    }

    /**
     * What a step keeps of every sample.
     *
     * @param weights        attention weights to each of the three positions {@code [samples, heads]}
     * @param scoreGradients gradients of the scores of each position {@code [samples, heads]}
     * @param stream         gradient of the stream after attention {@code [samples, d_model]}
     */
    private record Kept(List<Matrix> weights, List<Matrix> scoreGradients, Matrix stream) {

        static Kept of(int samples, AdditionShape shape) {
            return new Kept(ofPositions(samples, shape), ofPositions(samples, shape), Matrix.zeros(samples, shape.width()));
        }

        private static List<Matrix> ofPositions(int samples, AdditionShape shape) {
            return IntStream.range(0, POSITIONS).mapToObj(position -> Matrix.zeros(samples, shape.heads())).toList();
        }
    }

    private Kept kept;
    /** u of the equals sign, by head {@code [heads, d_model]}, and its gradient. */
    private final Matrix lastMoved;
    private final Matrix lastMovedGradient;

    /**
     * Creates a pass.
     *
     * @param parameters by name, in the shapes of {@link AdditionShape#parameters}; read at every call
     */
    public AdditionPass(AdditionShape shape, Map<String, Matrix> parameters, Workers workers) {
        this.shape = shape;
        this.parameters = Map.copyOf(parameters);
        this.workers = workers;
        this.rows = Matrix.zeros(shape.rows(), shape.width());
        this.heads = IntStream.range(0, shape.heads()).mapToObj(h -> new Head()).toArray(Head[]::new);
        this.last = new float[shape.width()];
        this.kept = Kept.of(0, shape);
        this.lastMoved = Matrix.zeros(shape.heads(), shape.width());
        this.lastMovedGradient = Matrix.zeros(shape.heads(), shape.width());
    }

    private Matrix parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private Matrix ofHead(Matrix stacked, int head) {
        int rows = stacked.rows() / shape.heads();
        return stacked.block(head * rows, rows);
    }

    /** Returns the loss and the number of right answers. */
    public Outcome evaluate(AdditionPairs pairs) {
        prepare(pairs.size());
        workers.forEach(parts(pairs.size()), part -> inWorkspace(part, pairs, (space, sums, first) -> {
            forward(pairs, first, space, space.weights);
            loss(pairs, first, space.logits, sums);
        }));
        return outcome(pairs.size());
    }

    /**
     * Returns the logits.
     *
     * @return {@code [samples, p + 1]}
     */
    public Matrix logits(AdditionPairs pairs) {
        Matrix all = Matrix.zeros(pairs.size(), shape.logits());
        prepare(pairs.size());
        workers.forEach(parts(pairs.size()), part -> inWorkspace(part, pairs, (space, sums, first) -> {
            forward(pairs, first, space, space.weights);
            all.block(first, space.logits.rows()).copyFrom(space.logits);
        }));
        return all;
    }

    /**
     * Computes the gradients of the loss.
     *
     * @param gradients by name of the parameter: what is written; all of it is overwritten
     */
    public Outcome backward(AdditionPairs pairs, Function<String, Matrix> gradients) {
        prepare(pairs.size());
        if (kept.stream.rows() != pairs.size()) {
            kept = Kept.of(pairs.size(), shape);
        }
        int parts = parts(pairs.size());
        workers.forEach(parts, part -> inWorkspace(part, pairs, (space, sums, first) -> {
            List<Matrix> weights = kept.weights().stream().map(matrix -> matrix.block(first, space.stream.rows())).toList();
            forward(pairs, first, space, weights);
            loss(pairs, first, space.logits, sums);
            backward(pairs, first, space, sums, weights);
        }));
        for (String name : LAST) {
            addUp(LAST.indexOf(name), parts, gradients.apply(name));
        }
        int varying = POSITIONS - 1;
        workers.forEach(varying * heads.length + 1, i -> {
            if (i < varying * heads.length) {
                gather(pairs, heads[i / varying], i / varying, i % varying);
            } else {
                gatherLast();
            }
        });
        workers.forEach(heads.length, h -> backward(heads[h], h, gradients));
        ofEmbeddings(gradients.apply(B_O), gradients.apply(W_E), gradients.apply(W_POS));
        return outcome(pairs.size());
    }

    private static int parts(int samples) {
        return (samples + TOGETHER - 1) / TOGETHER;
    }

    /** Work on a part. */
    @FunctionalInterface
    private interface Work {
        void on(Workspace space, Sums sums, int first);
    }

    private void inWorkspace(int part, AdditionPairs pairs, Work work) {
        Workspace pooled = workspaces.poll();
        Workspace space = pooled == null ? new Workspace() : pooled;
        int first = part * TOGETHER;
        space.resize(Math.min(TOGETHER, pairs.size() - first));
        work.on(space, sumsOfParts.get(part), first);
        workspaces.add(space);
    }

    private Outcome outcome(int samples) {
        double loss = 0;
        int correct = 0;
        for (Sums sums : sumsOfParts.subList(0, parts(samples))) {
            loss += sums.loss;
            correct += sums.correct;
        }
        return new Outcome(loss / samples, correct);
    }

    /** Computes what does not depend on the samples. */
    private void prepare(int samples) {
        while (sumsOfParts.size() < parts(samples)) {
            sumsOfParts.add(new Sums());
        }
        Matrix tokens = parameter(W_E);
        Matrix positions = parameter(W_POS);
        for (int row = 0; row < rows.rows(); row++) {
            int token = token(row);
            int at = rows.rowStart(row);
            for (int i = 0; i < shape.width(); i++) {
                rows.data()[at + i] = tokens.get(token, i) + positions.get(position(row), i);
            }
        }
        rows.share();
        for (String name : List.of(W_IN, W_OUT, W_U)) {
            parameter(name).share();
        }
        workers.forEach(heads.length, h -> prepare(heads[h], h));
        for (int h = 0; h < heads.length; h++) {
            lastMoved.block(h, 1).copyFrom(heads[h].moved.block(shape.rows() - 1, 1));
        }
        lastMoved.share();
        System.arraycopy(rows.data(), rows.rowStart(shape.rows() - 1), last, 0, last.length);
        MaskOps.add(parameter(B_O).data(), last, 0, last.length);
    }

    private int token(int row) {
        return row == 2 * shape.p() ? shape.p() : row % shape.p();
    }

    private int position(int row) {
        return row / shape.p();
    }

    private void prepare(Head head, int h) {
        addToRows(parameter(B_K).block(h, 1), Gemm.product(rows, ofHead(parameter(W_K), h), head.keys));
        addToRows(parameter(B_V).block(h, 1), Gemm.product(rows, ofHead(parameter(W_V), h), head.values));
        addToRows(parameter(B_Q).block(h, 1), Gemm.product(rows.block(shape.rows() - 1, 1), ofHead(parameter(W_Q), h), head.query));
        Gemm.product(head.values, ofHead(parameter(W_O), h), head.moved);
        float scale = scale();
        for (int row = 0; row < head.scores.length; row++) {
            head.scores[row] = scale * ColumnOps.shortDot(head.keys.data(), head.keys.rowStart(row), head.query.data(), 0, shape.headWidth());
        }
    }

    private float scale() {
        return (float) (1 / Math.sqrt(shape.headWidth()));
    }

    /**
     * Computes the logits of a part.
     *
     * @param weights receives the attention weights to each position {@code [samples, heads]}
     */
    private void forward(AdditionPairs pairs, int first, Workspace space, List<Matrix> weights) {
        int samples = space.stream.rows();
        for (int x = 0; x < samples; x++) {
            attention(pairs, first + x, weights, x);
            move(pairs, first + x, weights, x, space.stream);
        }
        Gemm.addProduct(weights.get(2), lastMoved, space.stream);
        space.stream.share();
        Gemm.product(space.stream, parameter(W_IN), space.neurons);
        float[] bias = parameter(B_IN).data();
        for (int x = 0; x < samples; x++) {
            reluOfSum(space.neurons.data(), space.neurons.rowStart(x), bias);
        }
        space.neurons.share();
        addToRows(parameter(B_OUT), space.end.copyFrom(space.stream));
        Gemm.addProduct(space.neurons, parameter(W_OUT), space.end);
        space.end.share();
        addToRows(parameter(B_U), Gemm.product(space.end, parameter(W_U), space.logits));
    }

    /** Computes loss and right answers of a part, and replaces the logits by the gradient of the mean loss of all samples. */
    private void loss(AdditionPairs pairs, int first, Matrix logits, Sums sums) {
        sums.loss = 0;
        sums.correct = 0;
        float scale = 1f / pairs.size();
        float[] values = logits.data();
        for (int x = 0; x < logits.rows(); x++) {
            int label = pairs.sums()[first + x];
            int from = logits.rowStart(x);
            int largest = 0;
            for (int i = 1; i < shape.logits(); i++) {
                largest = values[from + i] > values[from + largest] ? i : largest;
            }
            sums.correct += largest == label ? 1 : 0;
            float top = values[from + largest];
            double sum = 0;
            double ofLabel = values[from + label] - top;
            for (int i = 0; i < shape.logits(); i++) {
                float power = (float) Math.exp(values[from + i] - top);
                values[from + i] = power;
                sum += power;
            }
            sums.loss += Math.log(sum) - ofLabel;
            float factor = (float) (scale / sum);
            for (int i = 0; i < shape.logits(); i++) {
                values[from + i] *= factor;
            }
            values[from + label] -= scale;
        }
    }

    private int row(AdditionPairs pairs, int x, int position) {
        return position == 0 ? pairs.first()[x] : position == 1 ? shape.p() + pairs.second()[x] : 2 * shape.p();
    }

    /** Computes the attention weights of a sample, and writes them to a row of each position's. */
    private void attention(AdditionPairs pairs, int x, List<Matrix> weights, int to) {
        int first = row(pairs, x, 0);
        int second = row(pairs, x, 1);
        int last = row(pairs, x, 2);
        for (int h = 0; h < heads.length; h++) {
            float[] scores = heads[h].scores;
            float top = Math.max(scores[first], Math.max(scores[second], scores[last]));
            double e0 = Math.exp(scores[first] - top);
            double e1 = Math.exp(scores[second] - top);
            double e2 = Math.exp(scores[last] - top);
            double sum = e0 + e1 + e2;
            weights.get(0).set(to, h, (float) (e0 / sum));
            weights.get(1).set(to, h, (float) (e1 / sum));
            weights.get(2).set(to, h, (float) (e2 / sum));
        }
    }

    /** Computes the stream after attention, but for what comes from the equals sign's values. */
    private void move(AdditionPairs pairs, int x, List<Matrix> weights, int to, Matrix stream) {
        int width = shape.width();
        System.arraycopy(last, 0, stream.data(), stream.rowStart(to), width);
        int first = row(pairs, x, 0) * width;
        int second = row(pairs, x, 1) * width;
        for (int h = 0; h < heads.length; h++) {
            addTwo(heads[h].moved.data(), first, weights.get(0).get(to, h), second, weights.get(1).get(to, h), stream.data(), stream.rowStart(to), width);
        }
    }

    private static void addTwo(float[] from, int first, float ofFirst, int second, float ofSecond, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = Math.fma(ofFirst, from[first + i], Math.fma(ofSecond, from[second + i], to[at + i]));
        }
    }

    private static void reluOfSum(float[] values, int from, float[] bias) {
        for (int i = 0; i < bias.length; i++) {
            float sum = values[from + i] + bias[i];
            values[from + i] = 0.5f * (sum + Math.abs(sum)); // as max(0, sum), and unlike Math.max vectorised by the JIT
        }
    }

    /** Computes a part's gradients, from that of the logits to that of the stream after attention and of the scores. */
    private void backward(AdditionPairs pairs, int first, Workspace space, Sums sums, List<Matrix> weights) {
        space.logits.share();
        Gemm.transposedProduct(space.end, space.logits, sums.of(W_U));
        sumRows(space.logits, sums.of(B_U));
        Gemm.productTransposed(space.logits, parameter(W_U), space.endGradient);
        space.endGradient.share();
        Gemm.transposedProduct(space.neurons, space.endGradient, sums.of(W_OUT));
        sumRows(space.endGradient, sums.of(B_OUT));
        Gemm.productTransposed(space.endGradient, parameter(W_OUT), space.neuronGradient);
        int samples = space.stream.rows();
        stopAtInactive(space.neurons.data(), space.neuronGradient.data(), samples * shape.neurons());
        space.neuronGradient.share();
        Gemm.transposedProduct(space.stream, space.neuronGradient, sums.of(W_IN));
        Gemm.transposedProduct(space.ones, space.neuronGradient, sums.of(B_IN));
        Matrix stream = kept.stream().block(first, samples).copyFrom(space.endGradient);
        Gemm.addProductTransposed(space.neuronGradient, parameter(W_IN), stream);
        sumRows(stream, sums.of(B_O));
        List<Matrix> gradients = kept.scoreGradients().stream().map(matrix -> matrix.block(first, samples)).toList();
        Gemm.productTransposed(stream, lastMoved, gradients.get(2));
        for (int x = 0; x < samples; x++) {
            ofScores(pairs, first + x, stream, x, weights, gradients);
        }
    }

    /** Multiplies gradients by the derivative of ReLU, 0 where its value is 0. */
    private static void stopAtInactive(float[] values, float[] gradients, int count) {
        for (int i = 0; i < count; i++) {
            gradients[i] *= Math.min(STEEP * values[i], 1);
        }
    }

    /** @param gradients receives the gradients of the scores; that of the last position holds the gradient of its attention weight */
    private void ofScores(AdditionPairs pairs, int x, Matrix stream, int at, List<Matrix> weights, List<Matrix> gradients) {
        int width = shape.width();
        int from = stream.rowStart(at);
        for (int h = 0; h < heads.length; h++) {
            float[] moved = heads[h].moved.data();
            float g0 = ColumnOps.shortDot(stream.data(), from, moved, row(pairs, x, 0) * width, width);
            float g1 = ColumnOps.shortDot(stream.data(), from, moved, row(pairs, x, 1) * width, width);
            float g2 = gradients.get(2).get(at, h);
            float w0 = weights.get(0).get(at, h);
            float w1 = weights.get(1).get(at, h);
            float w2 = weights.get(2).get(at, h);
            float mean = w0 * g0 + w1 * g1 + w2 * g2;
            gradients.get(0).set(at, h, w0 * (g0 - mean));
            gradients.get(1).set(at, h, w1 * (g1 - mean));
            gradients.get(2).set(at, h, w2 * (g2 - mean));
        }
    }

    /** Adds up the gradients of all samples that a head's rows of the first or the second position get. */
    private void gather(AdditionPairs pairs, Head head, int h, int position) {
        int width = shape.width();
        int begin = position * shape.p();
        head.movedGradient.block(begin, shape.p()).fill(0);
        Arrays.fill(head.scoreGradients, begin, begin + shape.p(), 0);
        Matrix weights = kept.weights().get(position);
        Matrix gradients = kept.scoreGradients().get(position);
        for (int x = 0; x < pairs.size(); x++) {
            int row = row(pairs, x, position);
            head.scoreGradients[row] += gradients.get(x, h);
            addScaled(kept.stream().data(), kept.stream().rowStart(x), weights.get(x, h), head.movedGradient.data(), row * width, width);
        }
    }

    /** Adds up the gradients of all samples that the equals sign's rows get. */
    private void gatherLast() {
        int last = shape.rows() - 1;
        Gemm.transposedProduct(kept.weights().get(2), kept.stream(), lastMovedGradient);
        Matrix gradients = kept.scoreGradients().get(2);
        for (int h = 0; h < heads.length; h++) {
            heads[h].movedGradient.block(last, 1).copyFrom(lastMovedGradient.block(h, 1));
            float sum = 0;
            for (int x = 0; x < gradients.rows(); x++) {
                sum += gradients.get(x, h);
            }
            heads[h].scoreGradients[last] = sum;
        }
    }

    private static void addScaled(float[] from, int at, float factor, float[] to, int place, int count) {
        for (int i = 0; i < count; i++) {
            to[place + i] = Math.fma(factor, from[at + i], to[place + i]);
        }
    }

    /** Computes the gradients of a head's maps and its share of those of the rows. */
    private void backward(Head head, int h, Function<String, Matrix> gradients) {
        int width = shape.headWidth();
        float scale = scale();
        Gemm.transposedProduct(head.values, head.movedGradient, ofHead(gradients.apply(W_O), h));
        Gemm.productTransposed(head.movedGradient, ofHead(parameter(W_O), h), head.valueGradient);
        head.queryGradient.fill(0);
        for (int row = 0; row < shape.rows(); row++) {
            float gradient = scale * head.scoreGradients[row];
            int at = head.keys.rowStart(row);
            for (int i = 0; i < width; i++) {
                head.keyGradient.data()[at + i] = gradient * head.query.data()[i];
            }
            addScaled(head.keys.data(), at, gradient, head.queryGradient.data(), 0, width);
        }
        Matrix equals = rows.block(shape.rows() - 1, 1);
        Gemm.transposedProduct(rows, head.valueGradient, ofHead(gradients.apply(W_V), h));
        Gemm.transposedProduct(rows, head.keyGradient, ofHead(gradients.apply(W_K), h));
        Gemm.transposedProduct(equals, head.queryGradient, ofHead(gradients.apply(W_Q), h));
        sumRows(head.valueGradient, gradients.apply(B_V).block(h, 1));
        sumRows(head.keyGradient, gradients.apply(B_K).block(h, 1));
        sumRows(head.queryGradient, gradients.apply(B_Q).block(h, 1));
        Gemm.productTransposed(head.valueGradient, ofHead(parameter(W_V), h), head.rowGradient);
        Gemm.addProductTransposed(head.keyGradient, ofHead(parameter(W_K), h), head.rowGradient);
        Gemm.addProductTransposed(head.queryGradient, ofHead(parameter(W_Q), h), head.rowGradient.block(shape.rows() - 1, 1));
    }

    /** @param ofSkip the sum over all samples of the gradients of the stream after attention, which are also those of the equals sign */
    private void ofEmbeddings(Matrix ofSkip, Matrix tokens, Matrix positions) {
        tokens.fill(0);
        positions.fill(0);
        for (int row = 0; row < shape.rows(); row++) {
            int token = tokens.rowStart(token(row));
            int position = positions.rowStart(position(row));
            for (int i = 0; i < shape.width(); i++) {
                float sum = row == shape.rows() - 1 ? ofSkip.data()[i] : 0;
                for (Head head : heads) {
                    sum += head.rowGradient.data()[row * shape.width() + i];
                }
                tokens.data()[token + i] += sum;
                positions.data()[position + i] += sum;
            }
        }
    }

    private void addUp(int parameter, int parts, Matrix to) {
        workers.forEach((to.size() + CHUNK - 1) / CHUNK, (long) CHUNK * parts, chunk -> {
            int from = chunk * CHUNK;
            int last = Math.min(to.size(), from + CHUNK);
            System.arraycopy(sumsOfParts.get(0).gradients.get(parameter).data(), from, to.data(), from, last - from);
            for (int part = 1; part < parts; part++) {
                MaskOps.add(sumsOfParts.get(part).gradients.get(parameter).data(), to.data(), from, last);
            }
        });
    }

    private static Matrix addToRows(Matrix bias, Matrix to) {
        for (int row = 0; row < to.rows(); row++) {
            addScaled(bias.data(), bias.offset(), 1, to.data(), to.rowStart(row), to.columns());
        }
        return to;
    }

    private static void sumRows(Matrix from, Matrix to) {
        to.fill(0);
        for (int row = 0; row < from.rows(); row++) {
            addScaled(from.data(), from.rowStart(row), 1, to.data(), to.offset(), from.columns());
        }
    }
}
