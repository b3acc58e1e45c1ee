package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.apd4j.math.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleGemmTest {

    private static DoubleMatrix random(long seed, int rows, int columns) {
        RandomStream stream = RandomStream.of(seed);
        return DoubleMatrix.of(rows, columns, (i, j) -> stream.nextNormal());
    }

    private static DoubleMatrix loops(DoubleMatrix a, DoubleMatrix b) {
        return DoubleMatrix.of(a.rows(), b.columns(), (i, j) -> {
            double sum = 0;
            for (int k = 0; k < a.columns(); k++) {
                sum += a.get(i, k) * b.get(k, j);
            }
            return sum;
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 2", "40, 1, 7", "300, 130, 90", "65, 400, 33", "0, 3, 2", "3, 0, 2"})
    void productsAgreeWithLoopsHoweverTheyAreDivided(int rows, int inner, int columns) {
        DoubleMatrix a = random(1, rows, inner);
        DoubleMatrix b = random(2, inner, columns);
        double[] expected = loops(a, b).data();
        assertArrayEquals(expected, DoubleGemm.product(a, b).data(), 1e-11);
        assertArrayEquals(expected, DoubleGemm.productTransposed(a, b.transposed()).data(), 1e-11);
        assertArrayEquals(expected, DoubleGemm.transposedProduct(a.transposed(), b).data(), 1e-11);
        DoubleMatrix sum = random(3, rows, columns);
        double[] before = sum.data().clone();
        DoubleGemm.addTransposedProduct(a.transposed(), b, sum);
        for (int i = 0; i < before.length; i++) {
            assertEquals(before[i] + expected[i], sum.data()[i], 1e-11);
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        DoubleMatrix a = random(1, 500, 200);
        DoubleMatrix b = random(2, 200, 300);
        assertArrayEquals(Workers.alone(() -> DoubleGemm.product(a, b)).data(), DoubleGemm.product(a, b).data());
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> DoubleGemm.product(random(1, 2, 3), random(2, 4, 5))).getMessage();
        assertEquals("cannot multiply [2, 3] by [4, 5] into [2, 5]", message);
    }

    /** Gram matrices of few directions, with and without ReLU, whose eigenvalues span many orders of magnitude or coincide. */
    @ParameterizedTest
    @CsvSource({"9, 9", "9, 3", "60, 60", "60, 20", "129, 129", "129, 64", "129, 1"})
    void eigenvectorsOfGramMatricesOfAnyRankAreOrthonormalAndSolveTheirEquation(int n, int rank) {
        DoubleMatrix spread = random(4, 2 * n, rank);
        for (int i = 0; i < spread.rows(); i++) {
            for (int j = 0; j < rank; j++) {
                spread.set(i, j, Math.max(0, spread.get(i, j)) * Math.pow(10, -3.0 * j / rank));
            }
        }
        DoubleMatrix x = DoubleGemm.product(spread, random(5, rank, n));
        DoubleMatrix gram = DoubleGemm.transposedProduct(x, x);
        DoubleMatrix symmetric = DoubleMatrix.of(n, n, (i, j) -> gram.get(Math.min(i, j), Math.max(i, j)));
        SymmetricEigenSolver found = SymmetricEigenSolver.of(gram);
        double largest = found.values()[n - 1];
        DoubleMatrix applied = DoubleGemm.product(found.vectors(), symmetric);
        DoubleMatrix inner = DoubleGemm.productTransposed(found.vectors(), found.vectors());
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(found.values()[i] * found.vectors().get(i, j), applied.get(i, j), 1e-14 * largest);
                assertEquals(i == j ? 1 : 0, inner.get(i, j), 1e-13);
            }
        }
        assertEquals(Math.min(n, rank), Arrays.stream(found.values()).filter(value -> value > 1e-14 * largest).count(), "rank");
    }

    @Test
    void eigenvaluesOfAMatrixThatIsNotFiniteAreRefused() {
        assertThrows(ArithmeticException.class, () -> SymmetricEigenSolver.of(DoubleMatrix.of(new double[][] {{Double.NaN}})));
    }
}
