package org.apd4j.interaction.internal;

import java.util.List;
import java.util.function.IntConsumer;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Workers;

/**
 * One step of a {@link Program}: a register that is computed from others. Registers hold {@code [samples · positions, width]}, all positions of a
 * sample one after another.
 */
public sealed interface Instruction {

    /** Returns the register that is written. */
    int to();

    /** Returns the registers that are read. */
    List<Integer> from();

    /** Computes the register. */
    void forward(Tape tape);

    /** Adds, to the gradients of the registers that are read, what the gradient of the written one causes. */
    void backward(Tape tape, Gradients gradients);

    /** Returns whether every position is computed from the same position alone. */
    default boolean isPositionwise() {
        return true;
    }

    /** Returns whether equal rows have equal results, whatever their positions are. */
    default boolean isRowwise() {
        return isPositionwise();
    }

    /** {@code from · W}. */
    record Multiply(int source, int to, DoubleMatrix weights) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public void forward(Tape tape) {
            tape.set(to, DoubleGemm.product(tape.value(source), weights));
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            gradients.add(source, DoubleGemm.productTransposed(gradients.get(to), weights));
        }
    }

    /** A function of every value. */
    record Apply(int source, int to, ElementFunction function) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public void forward(Tape tape) {
            DoubleMatrix x = tape.value(source);
            DoubleMatrix values = DoubleMatrix.zeros(x.rows(), x.columns());
            forRows(x, (first, last) -> {
                for (int i = first; i < last; i++) {
                    values.data()[i] = function.value(x.data()[i]);
                }
            });
            tape.set(to, values);
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            gradients.add(source, times(derivatives(tape), gradients.get(to)));
        }

        /** Returns the derivative at every value, kept with the tape. */
        DoubleMatrix derivatives(Tape tape) {
            return tape.kept(this, () -> {
                DoubleMatrix x = tape.value(source);
                DoubleMatrix slopes = DoubleMatrix.zeros(x.rows(), x.columns());
                forRows(x, (first, last) -> {
                    for (int i = first; i < last; i++) {
                        slopes.data()[i] = function.derivative(x.data()[i]);
                    }
                });
                return slopes;
            });
        }

        private static void forRows(DoubleMatrix x, Workers.RowRange body) {
            Workers.all().forRows(x.rows(), 10L * x.columns(), (first, last) -> body.accept(first * x.columns(), last * x.columns()));
        }

        private static DoubleMatrix times(DoubleMatrix a, DoubleMatrix b) {
            DoubleMatrix product = DoubleMatrix.zeros(a.rows(), a.columns());
            for (int i = 0; i < product.data().length; i++) {
                product.data()[i] = a.data()[i] * b.data()[i];
            }
            return product;
        }
    }

    /** {@code left + right}. */
    record Add(int left, int right, int to) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(left, right);
        }

        @Override
        public void forward(Tape tape) {
            tape.set(to, tape.value(left).copy().add(1, tape.value(right)));
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            gradients.add(left, gradients.get(to));
            gradients.add(right, gradients.get(to));
        }
    }

    /** The variance {@code [rows, 1]}, over n, of the values of a row without its last, which is the constant. */
    record Variance(int source, int to) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public void forward(Tape tape) {
            DoubleMatrix x = tape.value(source);
            tape.set(to, DoubleMatrix.of(x.rows(), 1, (row, column) -> {
                double mean = mean(x, row);
                double squares = 0;
                for (int j = 0; j < x.columns() - 1; j++) {
                    squares += (x.get(row, j) - mean) * (x.get(row, j) - mean);
                }
                return squares / (x.columns() - 1);
            }));
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            DoubleMatrix x = tape.value(source);
            DoubleMatrix gradient = gradients.get(to);
            DoubleMatrix own = DoubleMatrix.zeros(x.rows(), x.columns());
            for (int row = 0; row < x.rows(); row++) {
                double mean = mean(x, row);
                for (int j = 0; j < x.columns() - 1; j++) {
                    own.set(row, j, 2 * (x.get(row, j) - mean) / (x.columns() - 1) * gradient.get(row, 0));
                }
            }
            gradients.add(source, own);
        }

        /** Returns the mean of the values of a row without its last. */
        static double mean(DoubleMatrix x, int row) {
            double sum = 0;
            for (int j = 0; j < x.columns() - 1; j++) {
                sum += x.get(row, j);
            }
            return sum / (x.columns() - 1);
        }
    }

    /** {@code (x − mean) / √(variance + ε)}, with the last value passed on unchanged; a negative variance counts as 0. */
    record Standardise(int variance, int source, int to, double epsilon) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(variance, source);
        }

        private double deviation(Tape tape, int row) {
            return Math.sqrt(Math.max(0, tape.value(variance).get(row, 0)) + epsilon);
        }

        @Override
        public void forward(Tape tape) {
            DoubleMatrix x = tape.value(source);
            DoubleMatrix values = x.copy();
            for (int row = 0; row < x.rows(); row++) {
                double mean = Variance.mean(x, row);
                double deviation = deviation(tape, row);
                for (int j = 0; j < x.columns() - 1; j++) {
                    values.set(row, j, (x.get(row, j) - mean) / deviation);
                }
            }
            tape.set(to, values);
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            DoubleMatrix x = tape.value(source);
            DoubleMatrix gradient = gradients.get(to);
            DoubleMatrix own = DoubleMatrix.zeros(x.rows(), x.columns());
            DoubleMatrix ofVariance = DoubleMatrix.zeros(x.rows(), 1);
            int width = x.columns() - 1;
            for (int row = 0; row < x.rows(); row++) {
                double mean = Variance.mean(x, row);
                double deviation = deviation(tape, row);
                double sum = 0;
                double along = 0;
                for (int j = 0; j < width; j++) {
                    sum += gradient.get(row, j);
                    along += gradient.get(row, j) * (x.get(row, j) - mean);
                }
                for (int j = 0; j < width; j++) {
                    own.set(row, j, (gradient.get(row, j) - sum / width) / deviation);
                }
                own.set(row, width, gradient.get(row, width));
                ofVariance.set(row, 0, tape.value(variance).get(row, 0) < 0 ? 0 : -0.5 * along / (deviation * deviation * deviation));
            }
            gradients.add(source, own);
            gradients.add(variance, ofVariance);
        }
    }

    /** The same values in a register of their own: a value that enters a node layer twice has two gradients there. */
    record Copy(int source, int to) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public void forward(Tape tape) {
            tape.set(to, tape.value(source));
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            gradients.add(source, gradients.get(to));
        }
    }

    /**
     * The last positions of every sample.
     *
     * @param positions of a sample before
     * @param kept      of a sample after
     */
    record LastPositions(int source, int to, int positions, int kept) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public boolean isPositionwise() {
            return false;
        }

        @Override
        public void forward(Tape tape) {
            DoubleMatrix all = tape.value(source);
            DoubleMatrix last = DoubleMatrix.zeros(all.rows() / positions * kept, all.columns());
            move(all, last, last.rows() / kept, false);
            tape.set(to, last);
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            DoubleMatrix last = gradients.get(to);
            DoubleMatrix all = DoubleMatrix.zeros(last.rows() / kept * positions, last.columns());
            move(all, last, last.rows() / kept, true);
            gradients.add(source, all);
        }

        private void move(DoubleMatrix all, DoubleMatrix last, int samples, boolean isBack) {
            int length = kept * all.columns();
            for (int x = 0; x < samples; x++) {
                int inAll = ((x + 1) * positions - kept) * all.columns();
                System.arraycopy(isBack ? last.data() : all.data(), isBack ? x * length : inAll, isBack ? all.data() : last.data(),
                        isBack ? inAll : x * length, length);
            }
        }
    }

    /**
     * Rotary positions: the first entries of each head are rotated in pairs, pair i by {@code position / 10000^(2i / width)}.
     *
     * @param heads     which lie one after another in a row
     * @param positions of a sample
     * @param width     rotated entries of a head
     * @param halves    whether entry i belongs to entry {@code i + width / 2}, else 2i to 2i + 1
     */
    record Rotate(int source, int to, int heads, int positions, int width, boolean halves) implements Instruction {
        private static final double BASE = 10_000;

        @Override
        public List<Integer> from() {
            return List.of(source);
        }

        @Override
        public boolean isRowwise() {
            return false;
        }

        @Override
        public void forward(Tape tape) {
            tape.set(to, rotated(tape.value(source), 1));
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            gradients.add(source, rotated(gradients.get(to), -1));
        }

        private DoubleMatrix rotated(DoubleMatrix x, int direction) {
            DoubleMatrix result = x.copy();
            int head = x.columns() / heads;
            for (int i = 0; i < width / 2; i++) {
                double frequency = Math.pow(BASE, -2.0 * i / width);
                for (int row = 0; row < x.rows(); row++) {
                    double cos = Math.cos(row % positions * frequency);
                    double sin = direction * Math.sin(row % positions * frequency);
                    for (int h = 0; h < heads; h++) {
                        int first = h * head + (halves ? i : 2 * i);
                        int second = halves ? first + width / 2 : first + 1;
                        result.set(row, first, x.get(row, first) * cos - x.get(row, second) * sin);
                        result.set(row, second, x.get(row, second) * cos + x.get(row, first) * sin);
                    }
                }
            }
            return result;
        }
    }

    /**
     * What attention is made of, besides queries, keys and values.
     *
     * @param heads     number of heads, which lie one after another in a row
     * @param queries   query positions of a sample: the last ones
     * @param positions key positions of a sample
     * @param causal    whether a query sees no later position
     * @param window    number of positions that a query sees at most, counted back from its own
     * @param scale     factor of the scores
     */
    record AttentionShape(int heads, int queries, int positions, boolean causal, int window, double scale) {

        /** Returns the position of a query. */
        int at(int query) {
            return positions - queries + query;
        }

        /** Returns the first position that a query sees. */
        int first(int query) {
            return (int) Math.max(0, (long) at(query) - window + 1);
        }

        /** Returns the position after the last one that a query sees. */
        int end(int query) {
            return causal ? at(query) + 1 : positions;
        }
    }

    /**
     * Attention: for each head, {@code Σ_s A_s v_s} with {@code A = softmax(scale · q kᵀ)} over the key positions that a query sees.
     *
     * @param query {@code [samples · queries, heads · d_head]}
     * @param key   {@code [samples · positions, heads · d_head]}
     * @param value {@code [samples · positions, heads · d_value]}
     */
    record Attend(int query, int key, int value, int to, AttentionShape shape) implements Instruction {
        @Override
        public List<Integer> from() {
            return List.of(query, key, value);
        }

        @Override
        public boolean isPositionwise() {
            return false;
        }

        @Override
        public void forward(Tape tape) {
            DoubleMatrix weights = weights(tape);
            DoubleMatrix values = tape.value(value);
            int width = values.columns() / shape.heads();
            DoubleMatrix means = DoubleMatrix.zeros(weights.rows(), values.columns());
            forSamples(tape, x -> {
                for (int t = 0; t < shape.queries(); t++) {
                    int row = x * shape.queries() + t;
                    for (int h = 0; h < shape.heads(); h++) {
                        for (int s = shape.first(t); s < shape.end(t); s++) {
                            addTo(means.data(), row * values.columns() + h * width, weights.get(row, h * shape.positions() + s), values.data(),
                                    (x * shape.positions() + s) * values.columns() + h * width, width);
                        }
                    }
                }
            });
            tape.set(to, means);
        }

        @Override
        public void backward(Tape tape, Gradients gradients) {
            DoubleMatrix weights = weights(tape);
            DoubleMatrix queries = tape.value(query);
            DoubleMatrix keys = tape.value(key);
            DoubleMatrix values = tape.value(value);
            DoubleMatrix gradient = gradients.get(to);
            DoubleMatrix ofQueries = DoubleMatrix.zeros(queries.rows(), queries.columns());
            DoubleMatrix ofKeys = DoubleMatrix.zeros(keys.rows(), keys.columns());
            DoubleMatrix ofValues = DoubleMatrix.zeros(values.rows(), values.columns());
            int width = keys.columns() / shape.heads();
            int valueWidth = values.columns() / shape.heads();
            forSamples(tape, x -> {
                double[] ofWeights = new double[shape.positions()];
                for (int t = 0; t < shape.queries(); t++) {
                    int row = x * shape.queries() + t;
                    for (int h = 0; h < shape.heads(); h++) {
                        int out = row * values.columns() + h * valueWidth;
                        int q = row * queries.columns() + h * width;
                        double mean = 0;
                        for (int s = shape.first(t); s < shape.end(t); s++) {
                            int v = (x * shape.positions() + s) * values.columns() + h * valueWidth;
                            double weight = weights.get(row, h * shape.positions() + s);
                            ofWeights[s] = inner(gradient.data(), out, values.data(), v, valueWidth);
                            mean += weight * ofWeights[s];
                            addTo(ofValues.data(), v, weight, gradient.data(), out, valueWidth);
                        }
                        for (int s = shape.first(t); s < shape.end(t); s++) {
                            int k = (x * shape.positions() + s) * keys.columns() + h * width;
                            double ofScore = shape.scale() * weights.get(row, h * shape.positions() + s) * (ofWeights[s] - mean);
                            addTo(ofQueries.data(), q, ofScore, keys.data(), k, width);
                            addTo(ofKeys.data(), k, ofScore, queries.data(), q, width);
                        }
                    }
                }
            });
            gradients.add(query, ofQueries);
            gradients.add(key, ofKeys);
            gradients.add(value, ofValues);
        }

        /** Returns the attention weights A {@code [samples · queries, heads · positions]}, kept with the tape. */
        private DoubleMatrix weights(Tape tape) {
            return tape.kept(this, () -> {
                DoubleMatrix queries = tape.value(query);
                DoubleMatrix keys = tape.value(key);
                int width = keys.columns() / shape.heads();
                DoubleMatrix weights = DoubleMatrix.zeros(queries.rows(), shape.heads() * shape.positions());
                forSamples(tape, x -> {
                    for (int t = 0; t < shape.queries(); t++) {
                        int row = x * shape.queries() + t;
                        for (int h = 0; h < shape.heads(); h++) {
                            int at = row * weights.columns() + h * shape.positions();
                            for (int s = shape.first(t); s < shape.end(t); s++) {
                                weights.data()[at + s] = shape.scale() * inner(queries.data(), row * queries.columns() + h * width, keys.data(),
                                        (x * shape.positions() + s) * keys.columns() + h * width, width);
                            }
                            softmax(weights.data(), at + shape.first(t), at + shape.end(t));
                        }
                    }
                });
                return weights;
            });
        }

        private static void softmax(double[] scores, int first, int end) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int i = first; i < end; i++) {
                highest = Math.max(highest, scores[i]);
            }
            double sum = 0;
            for (int i = first; i < end; i++) {
                scores[i] = Math.exp(scores[i] - highest);
                sum += scores[i];
            }
            for (int i = first; i < end; i++) {
                scores[i] /= sum;
            }
        }

        private static double inner(double[] a, int atA, double[] b, int atB, int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += a[atA + i] * b[atB + i];
            }
            return sum;
        }

        private static void addTo(double[] sums, int at, double factor, double[] values, int first, int count) {
            for (int i = 0; i < count; i++) {
                sums[at + i] += factor * values[first + i];
            }
        }

        private void forSamples(Tape tape, IntConsumer body) {
            DoubleMatrix keys = tape.value(key);
            Workers.all().forEach(keys.rows() / shape.positions(), (long) shape.queries() * shape.positions() * keys.columns(), body);
        }
    }
}
