package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apd4j.math.Matrix;
import org.junit.jupiter.api.Test;

class GemmTest {

    private final Random random = new Random(3);

    /** A window into a larger array, which the product must not touch elsewhere. */
    private Matrix window(int rows, int columns) {
        Matrix all = Matrix.zeros(rows + 2, columns);
        for (int i = 0; i < all.size(); i++) {
            all.data()[i] = (float) random.nextGaussian();
        }
        return all.block(1, rows);
    }

    private static double element(Matrix matrix, boolean transposed, int i, int j) {
        return transposed ? matrix.get(j, i) : matrix.get(i, j);
    }

    @Test
    void everyFormOfTheProductAgreesWithNaiveLoops() {
        int[][] shapes = {{1, 1, 1}, {1, 7, 3}, {5, 1, 4}, {3, 9, 1}, {12, 13, 12}, {13, 13, 13}, {40, 17, 33}, {1, 300, 20}, {70, 64, 1}};
        for (int[] shape : shapes) {
            for (int form = 0; form < 16; form++) {
                boolean transposeA = (form & 1) > 0;
                boolean transposeB = (form & 2) > 0;
                float beta = (form & 4) > 0 ? 1 : 0;
                float alpha = (form & 8) > 0 ? -1 : 1;
                Matrix a = transposeA ? window(shape[1], shape[0]) : window(shape[0], shape[1]);
                Matrix b = transposeB ? window(shape[2], shape[1]) : window(shape[1], shape[2]);
                if (form % 3 == 0) {
                    a.share();
                    b.share();
                }
                Matrix c = window(shape[0], shape[2]);
                float[] before = c.data().clone();
                Gemm.run(alpha, a, transposeA, b, transposeB, beta, c);
                for (int at = 0; at < before.length; at++) {
                    int i = at / shape[2] - 1;
                    int j = at % shape[2];
                    double wanted = before[at];
                    if (i >= 0 && i < shape[0]) {
                        wanted *= beta;
                        for (int k = 0; k < shape[1]; k++) {
                            wanted += alpha * element(a, transposeA, i, k) * element(b, transposeB, k, j);
                        }
                    }
                    assertEquals(wanted, c.data()[at], 1e-5 * Math.sqrt(shape[1]) * 4, "form " + form + ", entry " + at);
                }
            }
        }
    }

    @Test
    void theNamedFormsAreThoseOfRun() {
        Matrix a = window(4, 3);
        Matrix b = window(3, 5);
        float[] wanted = Gemm.product(a, b, Matrix.zeros(4, 5)).toArray();
        Matrix at = a.transposed();
        Matrix bt = b.transposed();
        for (Matrix c : new Matrix[] {Gemm.addProduct(a, b, Matrix.zeros(4, 5)), Gemm.productTransposed(a, bt, Matrix.zeros(4, 5)),
                Gemm.addProductTransposed(a, bt, Matrix.zeros(4, 5)), Gemm.transposedProduct(at, b, Matrix.zeros(4, 5)),
                Gemm.addTransposedProduct(at, b, Matrix.zeros(4, 5))}) {
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], c.data()[i], 1e-6);
            }
        }
    }

    @Test
    void aProductWithoutValuesIsZeroOrLeavesWhatItIsAddedTo() {
        Matrix c = Matrix.zeros(2, 3).fill(5);
        Gemm.addProduct(Matrix.zeros(2, 0), Matrix.zeros(0, 3), c);
        assertEquals(5, c.get(1, 2));
        Gemm.product(Matrix.zeros(2, 0), Matrix.zeros(0, 3), c);
        assertTrue(c.isZero());
        assertEquals(0, Gemm.product(Matrix.zeros(0, 4), Matrix.zeros(4, 3), Matrix.zeros(0, 3)).size());
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        var inner = assertThrows(IllegalArgumentException.class, () -> Gemm.product(Matrix.zeros(2, 3), Matrix.zeros(4, 5), Matrix.zeros(2, 5)));
        assertEquals("cannot multiply [2, 3] by [4, 5] into [2, 5]", inner.getMessage());
        var result = assertThrows(IllegalArgumentException.class,
                () -> Gemm.transposedProduct(Matrix.zeros(3, 2), Matrix.zeros(3, 5), Matrix.zeros(3, 5)));
        assertEquals("cannot multiply [3, 2]ᵀ by [3, 5] into [3, 5]", result.getMessage());
    }
}
