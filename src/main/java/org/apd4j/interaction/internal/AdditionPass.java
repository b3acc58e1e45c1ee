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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
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
    /** The number of values whose sums over parts are added up at a time. */
    private static final int CHUNK = 1 << 14;
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

        void resize(int samples) {
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

    /** What a step keeps of every sample: attention weights, gradients of scores {@code [samples, 3 · heads]}, and the gradient of the stream. */
    private final class Kept {
        final float[] weights;
        final float[] scoreGradients;
        final Matrix stream;

        Kept(int samples) {
            weights = new float[samples * 3 * heads.length];
            scoreGradients = new float[samples * 3 * heads.length];
            stream = Matrix.zeros(samples, shape.width());
        }
    }

    private Kept kept;

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
        this.kept = new Kept(0);
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
        workers.forEach(parts(pairs.size()), part -> inWorkspace(part, pairs, (space, sums, first) -> forward(pairs, first, space, sums, null)));
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
            forward(pairs, first, space, sums, all.block(first, space.logits.rows()));
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
            kept = new Kept(pairs.size());
        }
        int parts = parts(pairs.size());
        workers.forEach(parts, part -> inWorkspace(part, pairs, (space, sums, first) -> {
            forward(pairs, first, space, sums, null);
            backward(pairs, first, space, sums);
        }));
        for (String name : LAST) {
            addUp(LAST.indexOf(name), parts, gradients.apply(name));
        }
        int positions = 3;
        workers.forEach(positions * heads.length, i -> gather(pairs, heads[i / positions], i / positions, i % positions));
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
            head.scores[row] = scale * dot(head.keys.data(), head.keys.rowStart(row), head.query.data(), 0, shape.headWidth());
        }
    }

    private float scale() {
        return (float) (1 / Math.sqrt(shape.headWidth()));
    }

    /** Computes loss, right answers and logits of a part, with the gradient of the logits in their place; or copies the logits. */
    private void forward(AdditionPairs pairs, int first, Workspace space, Sums sums, @org.jspecify.annotations.Nullable Matrix copy) {
        int samples = space.stream.rows();
        float[] weights = new float[3 * heads.length];
        boolean keeps = kept.stream.rows() == pairs.size();
        for (int x = 0; x < samples; x++) {
            attention(pairs, first + x, weights);
            if (keeps) {
                System.arraycopy(weights, 0, kept.weights, (first + x) * weights.length, weights.length);
            }
            move(pairs, first + x, weights, space.stream.data(), space.stream.rowStart(x));
        }
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
        if (copy != null) {
            copy.copyFrom(space.logits);
        }
        sums.loss = 0;
        sums.correct = 0;
        float scale = 1f / pairs.size();
        for (int x = 0; x < samples; x++) {
            int label = pairs.sums()[first + x];
            int from = space.logits.rowStart(x);
            float[] logits = space.logits.data();
            int largest = 0;
            for (int i = 1; i < shape.logits(); i++) {
                largest = logits[from + i] > logits[from + largest] ? i : largest;
            }
            sums.correct += largest == label ? 1 : 0;
            float top = logits[from + largest];
            double sum = 0;
            double ofLabel = logits[from + label] - top;
            for (int i = 0; i < shape.logits(); i++) {
                float power = (float) Math.exp(logits[from + i] - top);
                logits[from + i] = power;
                sum += power;
            }
            sums.loss += Math.log(sum) - ofLabel;
            float factor = (float) (scale / sum);
            for (int i = 0; i < shape.logits(); i++) {
                logits[from + i] *= factor;
            }
            logits[from + label] -= scale;
        }
    }

    private int row(AdditionPairs pairs, int x, int position) {
        return position == 0 ? pairs.first()[x] : position == 1 ? shape.p() + pairs.second()[x] : 2 * shape.p();
    }

    /** Computes the attention weights of a sample, {@code [heads, 3]}. */
    private void attention(AdditionPairs pairs, int x, float[] weights) {
        int second = row(pairs, x, 1);
        int last = row(pairs, x, 2);
        for (int h = 0; h < heads.length; h++) {
            float[] scores = heads[h].scores;
            float s0 = scores[pairs.first()[x]];
            float s1 = scores[second];
            float s2 = scores[last];
            float top = Math.max(s0, Math.max(s1, s2));
            double e0 = Math.exp(s0 - top);
            double e1 = Math.exp(s1 - top);
            double e2 = Math.exp(s2 - top);
            double sum = e0 + e1 + e2;
            weights[3 * h] = (float) (e0 / sum);
            weights[3 * h + 1] = (float) (e1 / sum);
            weights[3 * h + 2] = (float) (e2 / sum);
        }
    }

    /** Computes the stream after attention. */
    private void move(AdditionPairs pairs, int x, float[] weights, float[] stream, int to) {
        int width = shape.width();
        float[] bias = parameter(B_O).data();
        System.arraycopy(rows.data(), rows.rowStart(2 * shape.p()), stream, to, width);
        for (int i = 0; i < width; i++) {
            stream[to + i] += bias[i];
        }
        int first = row(pairs, x, 0) * width;
        int second = row(pairs, x, 1) * width;
        int last = row(pairs, x, 2) * width;
        for (int h = 0; h < heads.length; h++) {
            addThree(heads[h].moved.data(), first, weights[3 * h], second, weights[3 * h + 1], last, weights[3 * h + 2], stream, to, width);
        }
    }

    private static void addThree(float[] from, int first, float ofFirst, int second, float ofSecond, int last, float ofLast, float[] to, int at,
                                 int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = Math.fma(ofFirst, from[first + i], Math.fma(ofSecond, from[second + i], Math.fma(ofLast, from[last + i], to[at + i])));
        }
    }

    private static void reluOfSum(float[] values, int from, float[] bias) {
        for (int i = 0; i < bias.length; i++) {
            values[from + i] = Math.max(0, values[from + i] + bias[i]);
        }
    }

    /** Computes a part's gradients, from that of the logits to that of the stream after attention and of the scores. */
    private void backward(AdditionPairs pairs, int first, Workspace space, Sums sums) {
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
        sumRows(space.neuronGradient, sums.of(B_IN));
        Matrix stream = kept.stream.block(first, samples).copyFrom(space.endGradient);
        Gemm.addProductTransposed(space.neuronGradient, parameter(W_IN), stream);
        sumRows(stream, sums.of(B_O));
        for (int x = 0; x < samples; x++) {
            ofScores(pairs, first + x);
        }
    }

    private static void stopAtInactive(float[] values, float[] gradients, int count) {
        for (int i = 0; i < count; i++) {
            gradients[i] = values[i] > 0 ? gradients[i] : 0;
        }
    }

    private void ofScores(AdditionPairs pairs, int x) {
        int width = shape.width();
        int at = kept.stream.rowStart(x);
        float[] gradient = kept.stream.data();
        for (int h = 0; h < heads.length; h++) {
            float[] moved = heads[h].moved.data();
            float g0 = dot(gradient, at, moved, row(pairs, x, 0) * width, width);
            float g1 = dot(gradient, at, moved, row(pairs, x, 1) * width, width);
            float g2 = dot(gradient, at, moved, row(pairs, x, 2) * width, width);
            int to = (x * heads.length + h) * 3;
            float w0 = kept.weights[to];
            float w1 = kept.weights[to + 1];
            float w2 = kept.weights[to + 2];
            float mean = w0 * g0 + w1 * g1 + w2 * g2;
            kept.scoreGradients[to] = w0 * (g0 - mean);
            kept.scoreGradients[to + 1] = w1 * (g1 - mean);
            kept.scoreGradients[to + 2] = w2 * (g2 - mean);
        }
    }

    /** Adds up the gradients of all samples that a head's rows of one position get. */
    private void gather(AdditionPairs pairs, Head head, int h, int position) {
        int width = shape.width();
        int from = position * shape.p();
        int to = position == 2 ? shape.rows() : from + shape.p();
        head.movedGradient.block(from, to - from).fill(0);
        java.util.Arrays.fill(head.scoreGradients, from, to, 0);
        float[] gradient = kept.stream.data();
        for (int x = 0; x < pairs.size(); x++) {
            int row = row(pairs, x, position);
            int weight = (x * heads.length + h) * 3 + position;
            head.scoreGradients[row] += kept.scoreGradients[weight];
            addScaled(gradient, kept.stream.rowStart(x), kept.weights[weight], head.movedGradient.data(), row * width, width);
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
        Matrix last = rows.block(shape.rows() - 1, 1);
        Gemm.transposedProduct(rows, head.valueGradient, ofHead(gradients.apply(W_V), h));
        Gemm.transposedProduct(rows, head.keyGradient, ofHead(gradients.apply(W_K), h));
        Gemm.transposedProduct(last, head.queryGradient, ofHead(gradients.apply(W_Q), h));
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
                add(sumsOfParts.get(part).gradients.get(parameter).data(), to.data(), from, last);
            }
        });
    }

    private static void add(float[] from, float[] to, int first, int last) {
        for (int i = first; i < last; i++) {
            to[i] += from[i];
        }
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

    /** Returns a scalar product, in eight sums that do not wait for each other. */
    private static float dot(float[] x, int fromX, float[] y, int fromY, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 7 < count; i += 8) {
            s0 = Math.fma(x[fromX + i], y[fromY + i], s0);
            s1 = Math.fma(x[fromX + i + 1], y[fromY + i + 1], s1);
            s2 = Math.fma(x[fromX + i + 2], y[fromY + i + 2], s2);
            s3 = Math.fma(x[fromX + i + 3], y[fromY + i + 3], s3);
            s4 = Math.fma(x[fromX + i + 4], y[fromY + i + 4], s4);
            s5 = Math.fma(x[fromX + i + 5], y[fromY + i + 5], s5);
            s6 = Math.fma(x[fromX + i + 6], y[fromY + i + 6], s6);
            s7 = Math.fma(x[fromX + i + 7], y[fromY + i + 7], s7);
        }
        for (; i < count; i++) {
            s0 = Math.fma(x[fromX + i], y[fromY + i], s0);
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
