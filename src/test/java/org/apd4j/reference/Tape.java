package org.apd4j.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Reverse-mode automatic differentiation over matrices of doubles: every operation records its derivative, and {@link #backward} runs the records
 * from last to first. Deliberately short and slow.
 */
final class Tape {

    private final List<Matrix> nodes = new ArrayList<>();

    /** A value {@code [rows, cols]}, row-major, and the gradient the last {@link #backward} gave it. */
    static final class Matrix {

        final int rows;
        final int cols;
        final double[] value;
        final double[] gradient;
        /** Adds this node's gradient, times the local derivative, to the gradients of its operands. */
        private Runnable reverse = () -> { };

        private Matrix(int rows, int cols) {
            this.rows = rows;
            this.cols = cols;
            value = new double[rows * cols];
            gradient = new double[rows * cols];
        }

        double[][] values() {
            return rowsOf(value);
        }

        double[][] gradients() {
            return rowsOf(gradient);
        }

        private double[][] rowsOf(double[] flat) {
            var result = new double[rows][cols];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(flat, i * cols, result[i], 0, cols);
            }
            return result;
        }

        /** The one entry of a {@code [1, 1]}. */
        double scalar() {
            if (value.length != 1) {
                throw new IllegalStateException("not a scalar: [" + rows + ", " + cols + "]");
            }
            return value[0];
        }
    }

    private Matrix node(int rows, int cols) {
        var node = new Matrix(rows, cols);
        nodes.add(node);
        return node;
    }

    /** A leaf: a constant, or a parameter whose gradient one reads after {@link #backward}. */
    Matrix leaf(double[][] values) {
        var leaf = node(values.length, values.length == 0 ? 0 : values[0].length);
        for (int i = 0; i < leaf.rows; i++) {
            if (values[i].length != leaf.cols) {
                throw new IllegalArgumentException("row " + i + " has " + values[i].length + " entries, the first " + leaf.cols);
            }
            System.arraycopy(values[i], 0, leaf.value, i * leaf.cols, leaf.cols);
        }
        return leaf;
    }

    /** A leaf of one row. */
    Matrix row(double... values) {
        return leaf(new double[][] {values});
    }

    /** Gradients of one scalar with respect to every node before it. */
    void backward(Matrix loss) {
        loss.scalar();
        backward(loss, new double[] {1});
    }

    /** Gradients of {@code Σ seed ∘ output} with respect to every node before it. */
    void backward(Matrix output, double[] seed) {
        for (var node : nodes) {
            java.util.Arrays.fill(node.gradient, 0);
        }
        System.arraycopy(seed, 0, output.gradient, 0, seed.length);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).reverse.run();
        }
    }

    /** {@code a · b}, {@code [n, k] · [k, m]}. */
    Matrix matmul(Matrix a, Matrix b) {
        if (a.cols != b.rows) {
            throw new IllegalArgumentException("[" + a.rows + ", " + a.cols + "] · [" + b.rows + ", " + b.cols + "]");
        }
        var y = node(a.rows, b.cols);
        for (int i = 0; i < a.rows; i++) {
            for (int k = 0; k < a.cols; k++) {
                for (int j = 0; j < b.cols; j++) {
                    y.value[i * y.cols + j] += a.value[i * a.cols + k] * b.value[k * b.cols + j];
                }
            }
        }
        y.reverse = () -> {
            for (int i = 0; i < a.rows; i++) {
                for (int k = 0; k < a.cols; k++) {
                    for (int j = 0; j < b.cols; j++) {
                        double g = y.gradient[i * y.cols + j];
                        a.gradient[i * a.cols + k] += g * b.value[k * b.cols + j];
                        b.gradient[k * b.cols + j] += g * a.value[i * a.cols + k];
                    }
                }
            }
        };
        return y;
    }

    Matrix transpose(Matrix a) {
        var y = node(a.cols, a.rows);
        for (int i = 0; i < a.rows; i++) {
            for (int j = 0; j < a.cols; j++) {
                y.value[j * a.rows + i] = a.value[i * a.cols + j];
            }
        }
        y.reverse = () -> {
            for (int i = 0; i < a.rows; i++) {
                for (int j = 0; j < a.cols; j++) {
                    a.gradient[i * a.cols + j] += y.gradient[j * a.rows + i];
                }
            }
        };
        return y;
    }

    Matrix add(Matrix a, Matrix b) {
        return binary(a, b, Double::sum, (x, y) -> 1, (x, y) -> 1);
    }

    Matrix subtract(Matrix a, Matrix b) {
        return binary(a, b, (x, y) -> x - y, (x, y) -> 1, (x, y) -> -1);
    }

    Matrix multiply(Matrix a, Matrix b) {
        return binary(a, b, (x, y) -> x * y, (x, y) -> y, (x, y) -> x);
    }

    /** Entry by entry; an operand with one row or one column is repeated along it. */
    private Matrix binary(Matrix a, Matrix b, DoubleBinaryOperator f, DoubleBinaryOperator dfda, DoubleBinaryOperator dfdb) {
        if (a.rows != b.rows && a.rows != 1 && b.rows != 1 || a.cols != b.cols && a.cols != 1 && b.cols != 1) {
            throw new IllegalArgumentException("[" + a.rows + ", " + a.cols + "] with [" + b.rows + ", " + b.cols + "]");
        }
        var y = node(a.rows == 1 ? b.rows : a.rows, a.cols == 1 ? b.cols : a.cols);
        for (int i = 0; i < y.rows; i++) {
            for (int j = 0; j < y.cols; j++) {
                y.value[i * y.cols + j] = f.applyAsDouble(a.value[at(a, i, j)], b.value[at(b, i, j)]);
            }
        }
        y.reverse = () -> {
            for (int i = 0; i < y.rows; i++) {
                for (int j = 0; j < y.cols; j++) {
                    double g = y.gradient[i * y.cols + j];
                    double x = a.value[at(a, i, j)];
                    double z = b.value[at(b, i, j)];
                    a.gradient[at(a, i, j)] += g * dfda.applyAsDouble(x, z);
                    b.gradient[at(b, i, j)] += g * dfdb.applyAsDouble(x, z);
                }
            }
        };
        return y;
    }

    private static int at(Matrix a, int i, int j) {
        return (a.rows == 1 ? 0 : i) * a.cols + (a.cols == 1 ? 0 : j);
    }

    Matrix scale(Matrix a, double factor) {
        return unary(a, x -> factor * x, x -> factor);
    }

    Matrix square(Matrix a) {
        return unary(a, x -> x * x, x -> 2 * x);
    }

    /** {@code (a + epsilon)^exponent}. */
    Matrix power(Matrix a, double epsilon, double exponent) {
        return unary(a, x -> Math.pow(x + epsilon, exponent), x -> exponent * Math.pow(x + epsilon, exponent - 1));
    }

    Matrix relu(Matrix a) {
        return unary(a, x -> Math.max(x, 0), x -> x > 0 ? 1 : 0);
    }

    /** The exact form, {@code x Φ(x)}; its derivative is {@code Φ(x) + x φ(x)}. */
    Matrix gelu(Matrix a) {
        return unary(a, x -> x * normal(x), x -> normal(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI));
    }

    /** Entry by entry, with the derivative given. */
    Matrix unary(Matrix a, DoubleUnaryOperator f, DoubleUnaryOperator derivative) {
        return unary(a, f, (x, gradient) -> gradient * derivative.applyAsDouble(x));
    }

    /**
     * Entry by entry, with a backward rule that need not be a derivative.
     *
     * @param backward of the entry x and the sum of all gradients that arrive at f(x), what x receives
     */
    Matrix unary(Matrix a, DoubleUnaryOperator f, DoubleBinaryOperator backward) {
        var y = node(a.rows, a.cols);
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = f.applyAsDouble(a.value[i]);
        }
        y.reverse = () -> {
            for (int i = 0; i < y.value.length; i++) {
                a.gradient[i] += backward.applyAsDouble(a.value[i], y.gradient[i]);
            }
        };
        return y;
    }

    /** Row i of a: {@code [1, cols]}. */
    Matrix row(Matrix a, int i) {
        var y = node(1, a.cols);
        System.arraycopy(a.value, i * a.cols, y.value, 0, a.cols);
        y.reverse = () -> {
            for (int j = 0; j < a.cols; j++) {
                a.gradient[i * a.cols + j] += y.gradient[j];
            }
        };
        return y;
    }

    /** Over everything: {@code [1, 1]}. */
    Matrix sum(Matrix a) {
        return sumOverRows(sumOverColumns(a));
    }

    /** {@code [rows, 1]}. */
    Matrix sumOverColumns(Matrix a) {
        var y = node(a.rows, 1);
        for (int i = 0; i < a.value.length; i++) {
            y.value[i / a.cols] += a.value[i];
        }
        y.reverse = () -> {
            for (int i = 0; i < a.value.length; i++) {
                a.gradient[i] += y.gradient[i / a.cols];
            }
        };
        return y;
    }

    /** {@code [1, cols]}. */
    Matrix sumOverRows(Matrix a) {
        return transpose(sumOverColumns(transpose(a)));
    }

    /** Along each row. */
    Matrix logSoftmax(Matrix a) {
        var y = node(a.rows, a.cols);
        for (int i = 0; i < a.rows; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < a.cols; j++) {
                max = Math.max(max, a.value[i * a.cols + j]);
            }
            double sum = 0;
            for (int j = 0; j < a.cols; j++) {
                sum += Math.exp(a.value[i * a.cols + j] - max);
            }
            for (int j = 0; j < a.cols; j++) {
                y.value[i * a.cols + j] = a.value[i * a.cols + j] - max - Math.log(sum);
            }
        }
        y.reverse = () -> {
            for (int i = 0; i < a.rows; i++) {
                double total = 0;
                for (int j = 0; j < a.cols; j++) {
                    total += y.gradient[i * a.cols + j];
                }
                for (int j = 0; j < a.cols; j++) {
                    int at = i * a.cols + j;
                    a.gradient[at] += y.gradient[at] - total * Math.exp(y.value[at]);
                }
            }
        };
        return y;
    }

    /** Φ, the standard normal distribution function. */
    private static double normal(double x) {
        return x < 0 ? 0.5 * erfc(-x / Math.sqrt(2)) : 1 - 0.5 * erfc(x / Math.sqrt(2));
    }

    /**
     * {@code 1 − erf(x)} for x ≥ 0: below 2 by the series {@code erf(x) = 2/√π · e^(−x²) Σ 2^n x^(2n+1) / (2n+1)!!}, whose terms
     * are all positive, from there on by the continued fraction {@code e^(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))}.
     */
    static double erfc(double x) {
        if (x < 2) {
            double term = x;
            double sum = x;
            for (int n = 1; term > 1e-18 * sum; n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
        }
        double fraction = x;
        for (int n = 200; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
