package org.apd4j.interaction.internal;

import java.util.List;
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
}
