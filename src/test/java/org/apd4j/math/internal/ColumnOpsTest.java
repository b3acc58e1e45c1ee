package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Random;
import org.apd4j.math.Matrix;
import org.junit.jupiter.api.Test;

class ColumnOpsTest {

    /** Rows shorter and longer than a run, runs that end within the block and beyond it, and none. */
    private static final int[][] SHAPES = {{0, 3}, {1, 1}, {3, 5}, {9, 8}, {1, 7}, {2, 15}, {4, 17}, {511, 1}, {512, 1}, {513, 1}, {300, 3}, {7, 100},
            {2, 512}, {3, 600}, {2, 1100}};

    private final Random random = new Random(9);

    /** A window with a row before it and one behind, which must stay as they are. */
    private Matrix window(int rows, int columns) {
        Matrix all = Matrix.zeros(rows + 2, columns);
        for (int i = 0; i < all.size(); i++) {
            all.data()[i] = random.nextInt(9) - 4; // whole numbers: every order of summation gives the same
        }
        return all.block(1, rows);
    }

    private float[] whole(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(9) - 4;
        }
        return values;
    }

    @Test
    void dotsOfColumnsAreThoseOfNaiveLoops() {
        for (int[] shape : SHAPES) {
            Matrix left = window(shape[0], shape[1]);
            Matrix right = window(shape[0] + 1, shape[1]).block(1, shape[0]); // begins elsewhere in its array
            float[] wanted = new float[shape[1] + 1];
            wanted[shape[1]] = 77;
            for (int i = 0; i < shape[0]; i++) {
                for (int j = 0; j < shape[1]; j++) {
                    wanted[j] += left.get(i, j) * right.get(i, j);
                }
            }
            float[] out = new float[shape[1] + 1];
            Arrays.fill(out, 77);
            ColumnOps.dots(left, right, out);
            assertArrayEquals(wanted, out, "[" + shape[0] + ", " + shape[1] + "]");
        }
    }

    @Test
    void columnsAreScaledByTheirFactorsAndNothingElseIs() {
        for (int[] shape : SHAPES) {
            Matrix matrix = window(shape[0], shape[1]);
            float[] factors = whole(shape[1]);
            float[] wanted = matrix.data().clone();
            for (int i = 0; i < matrix.size(); i++) {
                wanted[shape[1] + i] *= factors[i % shape[1]];
            }
            ColumnOps.scale(matrix, factors);
            assertArrayEquals(wanted, matrix.data(), "[" + shape[0] + ", " + shape[1] + "]");
        }
    }

    @Test
    void scaledColumnsAreAddedAndNothingElseChanges() {
        for (int[] shape : SHAPES) {
            Matrix from = window(shape[0], shape[1]);
            Matrix to = window(shape[0] + 1, shape[1]).block(1, shape[0]);
            float[] factors = whole(shape[1]);
            float[] source = from.data().clone();
            float[] wanted = to.data().clone();
            for (int i = 0; i < from.size(); i++) {
                wanted[2 * shape[1] + i] += factors[i % shape[1]] * source[shape[1] + i];
            }
            ColumnOps.addScaled(from, factors, to);
            assertArrayEquals(wanted, to.data(), "[" + shape[0] + ", " + shape[1] + "]");
            assertArrayEquals(source, from.data());
        }
    }

    @Test
    void sizesAreSummedOverTheWholeBlockAndNothingElse() {
        for (int[] shape : SHAPES) {
            Matrix matrix = window(shape[0], shape[1]);
            double wanted = 0;
            for (float value : matrix.toArray()) {
                wanted += Math.abs(value);
            }
            assertEquals(wanted, ColumnOps.sumOfAbsolutes(matrix), "[" + shape[0] + ", " + shape[1] + "]");
        }
    }

    @Test
    void aValueThatIsNotFiniteAnywhereMakesTheSumOfSizesNotFinite() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int place = 0; place < 1030; place++) {
                float[] values = new float[1030];
                values[place] = value;
                assertFalse(Float.isFinite(ColumnOps.sumOfAbsolutes(Matrix.over(values, 10, 103))), value + " at " + place);
            }
        }
    }

    @Test
    void squaresOfRowsOfAnyLengthAreSummed() {
        for (int columns = 1; columns <= 40; columns++) {
            Matrix matrix = window(3, columns);
            float[] wanted = {0, 0, 0, 77};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < columns; j++) {
                    wanted[i] += matrix.get(i, j) * matrix.get(i, j);
                }
            }
            float[] out = {77, 77, 77, 77};
            ColumnOps.rowSquares(matrix, out);
            assertArrayEquals(wanted, out, columns + " columns");
        }
    }
}
