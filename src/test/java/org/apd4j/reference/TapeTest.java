package org.apd4j.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.apd4j.reference.Tape.Matrix;
import org.junit.jupiter.api.Test;

class TapeTest {

    private static final double STEP = 1e-5;

    private static double[][] random(Random random, int rows, int cols) {
        var values = new double[rows][cols];
        for (double[] row : values) {
            for (int j = 0; j < cols; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return values;
    }

    /** The gradients of Σ weights ∘ f(a, b) against central differences. */
    private static void check(int rowsA, int colsA, int rowsB, int colsB, BiFunction<Tape, List<Matrix>, Matrix> f) {
        var random = new Random(1);
        double[][] a = random(random, rowsA, colsA);
        double[][] b = random(random, rowsB, colsB);
        var tape = new Tape();
        var leaves = List.of(tape.leaf(a), tape.leaf(b));
        Matrix y = f.apply(tape, leaves);
        double[] weights = random.doubles(y.value.length, -1, 1).toArray();
        tape.backward(y, weights);
        for (int operand = 0; operand < 2; operand++) {
            double[][] values = operand == 0 ? a : b;
            double[][] gradients = leaves.get(operand).gradients();
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values[i].length; j++) {
                    double value = values[i][j];
                    values[i][j] = value + STEP;
                    double above = weighted(a, b, weights, f);
                    values[i][j] = value - STEP;
                    double below = weighted(a, b, weights, f);
                    values[i][j] = value;
                    assertEquals((above - below) / (2 * STEP), gradients[i][j], 1e-8, "operand " + operand + " at " + i + ", " + j);
                }
            }
        }
    }

    private static double weighted(double[][] a, double[][] b, double[] weights, BiFunction<Tape, List<Matrix>, Matrix> f) {
        var tape = new Tape();
        double[] y = f.apply(tape, List.of(tape.leaf(a), tape.leaf(b))).value;
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += weights[i] * y[i];
        }
        return sum;
    }

    @Test
    void productsHaveTheGradientsOfCentralDifferences() {
        check(3, 4, 4, 2, (tape, of) -> tape.matmul(of.get(0), of.get(1)));
        check(3, 4, 3, 2, (tape, of) -> tape.matmul(tape.transpose(of.get(0)), of.get(1)));
    }

    @Test
    void entryByEntryOperationsHaveTheGradientsOfCentralDifferencesHoweverTheyRepeatAnOperand() {
        for (int[] shape : new int[][] {{3, 4}, {1, 4}, {3, 1}, {1, 1}}) {
            check(3, 4, shape[0], shape[1], (tape, of) -> tape.multiply(of.get(0), of.get(1)));
            check(shape[0], shape[1], 3, 4, (tape, of) -> tape.subtract(of.get(0), of.get(1)));
            check(shape[0], shape[1], 3, 4, (tape, of) -> tape.add(of.get(0), of.get(1)));
        }
        check(3, 1, 1, 4, (tape, of) -> tape.multiply(of.get(0), of.get(1)));
    }

    @Test
    void functionsOfOneNumberHaveTheGradientsOfCentralDifferences() {
        check(5, 4, 1, 1, (tape, of) -> tape.relu(of.get(0)));
        check(5, 4, 1, 1, (tape, of) -> tape.gelu(tape.scale(of.get(0), 3)));
        check(5, 4, 1, 1, (tape, of) -> tape.power(tape.square(of.get(0)), 0.1, 0.45));
    }

    @Test
    void oneRowHasTheGradientsOfCentralDifferences() {
        check(3, 4, 2, 4, (tape, of) -> tape.multiply(tape.row(of.get(0), 1), of.get(1)));
    }

    @Test
    void aRuleThatIsNoDerivativeReceivesTheSumOfAllGradients() {
        var tape = new Tape();
        Matrix a = tape.row(5, 7);
        Matrix y = tape.unary(a, x -> 2 * x, (x, gradient) -> 100 * x + gradient);
        tape.backward(tape.sum(tape.subtract(tape.scale(y, 3), y)));
        assertEquals(List.of(10.0, 14.0), List.of(y.value[0], y.value[1]));
        assertEquals(List.of(502.0, 702.0), List.of(a.gradient[0], a.gradient[1]));
    }

    @Test
    void sumsAndLogSoftmaxHaveTheGradientsOfCentralDifferences() {
        check(3, 4, 3, 4, (tape, of) -> tape.sum(tape.multiply(of.get(0), of.get(1))));
        check(3, 4, 3, 4, (tape, of) -> tape.sumOverRows(tape.multiply(of.get(0), of.get(1))));
        check(3, 4, 3, 4, (tape, of) -> tape.sumOverColumns(tape.multiply(of.get(0), of.get(1))));
        check(3, 4, 3, 4, (tape, of) -> tape.multiply(tape.logSoftmax(of.get(0)), of.get(1)));
    }

    @Test
    void aNodeUsedTwiceCollectsBothGradientsAndASecondReversePassStartsFromZero() {
        var tape = new Tape();
        Matrix a = tape.row(3);
        Matrix y = tape.add(tape.multiply(a, a), a);
        tape.backward(y);
        tape.backward(y);
        assertEquals(7, a.gradient[0]);
    }

    @Test
    void erfcIsExactToDoublePrecision() {
        double[][] known = {{0, 1}, {0.5, 0.4795001221869535}, {1, 0.15729920705028513}, {2, 0.004677734981047266},
                {3, 2.209049699858544e-05}, {5, 1.5374597944280349e-12}};
        for (double[] pair : known) {
            assertEquals(pair[1], Tape.erfc(pair[0]), 3e-14 * pair[1]);
        }
        assertEquals(Tape.erfc(Math.nextDown(2.0)), Tape.erfc(2), 1e-15);
    }

    @Test
    void operandsThatDoNotFitAreRefused() {
        var tape = new Tape();
        var a = tape.leaf(new double[2][3]);
        var b = tape.leaf(new double[2][2]);
        assertThrows(IllegalArgumentException.class, () -> tape.matmul(a, b));
        assertThrows(IllegalArgumentException.class, () -> tape.add(a, b));
        assertThrows(IllegalStateException.class, () -> tape.backward(a));
    }
}
