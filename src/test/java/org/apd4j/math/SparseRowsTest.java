package org.apd4j.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apd4j.math.internal.Gemm;
import org.junit.jupiter.api.Test;

class SparseRowsTest {

    private final Random random = new Random(4);

    private Matrix dense(int rows, int columns, double probability) {
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.data()[i] = random.nextDouble() < probability ? (float) random.nextGaussian() : 0;
        }
        return matrix;
    }

    @Test
    void aDenseMatrixIsRestored() {
        for (double probability : new double[] {0, 0.1, 1}) {
            Matrix dense = dense(150, 7, probability); // more rows and values than there is room for at first
            dense.set(0, 0, -0f);
            SparseRows sparse = SparseRows.of(dense);
            dense.set(0, 0, 0);
            assertArrayEquals(dense.toArray(), sparse.toDense().toArray());
            assertEquals(150, sparse.rows());
            int values = 0;
            for (int row = 0; row < 150; row++) {
                assertEquals(sparse.isEmpty(row), dense.block(row, 1).isZero());
                values += sparse.start(row + 1) - sparse.start(row);
            }
            assertEquals(values, sparse.size());
        }
    }

    @Test
    void productsAgreeWithDenseOnes() {
        Matrix dense = dense(20, 6, 0.3);
        SparseRows sparse = SparseRows.of(dense);
        Matrix weights = dense(6, 5, 1);
        Matrix wanted = Gemm.product(dense, weights, Matrix.zeros(20, 5));
        Matrix out = Matrix.zeros(9, 5);
        sparse.addProduct(4, 13, weights, out);
        sparse.addProduct(4, 13, weights, out);
        for (int i = 0; i < out.size(); i++) {
            assertEquals(2 * wanted.data()[4 * 5 + i], out.data()[i], 1e-5);
        }
        Matrix gradient = dense(20, 5, 1);
        Matrix wantedBack = Gemm.transposedProduct(dense, gradient, Matrix.zeros(6, 5));
        Matrix back = Matrix.zeros(6, 5);
        sparse.addTransposedProduct(gradient, back);
        assertArrayEquals(wantedBack.toArray(), back.toArray(), 1e-5f);
        Matrix some = Matrix.zeros(3, 6).fill(1);
        sparse.addTo(2, 5, some);
        for (int i = 0; i < some.size(); i++) {
            assertEquals(1 + dense.data()[2 * 6 + i], some.data()[i]);
        }
    }

    @Test
    void gatheredRowsHaveTheGivenOrder() {
        Matrix dense = dense(5, 4, 0.5);
        SparseRows some = new SparseRows(4);
        some.gather(SparseRows.of(dense), new int[] {3, 0, 3, 9}, 3);
        assertEquals(3, some.rows());
        for (int j = 0; j < 4; j++) {
            assertEquals(dense.get(3, j), some.toDense().get(0, j));
            assertEquals(dense.get(0, j), some.toDense().get(1, j));
            assertEquals(dense.get(3, j), some.toDense().get(2, j));
        }
        some.gather(SparseRows.of(dense), new int[0], 0);
        assertEquals(0, some.rows());
        assertEquals(0, some.size());
    }

    @Test
    void theBuffersGrowWithTheGatheredRows() {
        Matrix dense = dense(3, 50, 1);
        SparseRows few = SparseRows.of(dense);
        for (int count : new int[] {1, 62, 63, 64, 200, 2}) {
            int[] which = new int[count];
            for (int i = 0; i < count; i++) {
                which[i] = i % 3;
            }
            SparseRows some = new SparseRows(50);
            some.gather(few, which, count);
            some.add(49, 5); // room for one more row
            some.endRow();
            assertEquals(count * 50 + 1, some.size());
            assertEquals(5, some.value(count * 50));
            assertEquals(49, some.column(count * 50));
            for (int row = 0; row < count; row++) {
                for (int j = 0; j < 50; j++) {
                    assertEquals(dense.get(which[row], j), some.value(some.start(row) + j));
                }
            }
        }
        SparseRows empty = new SparseRows(50);
        for (int i = 0; i < 300; i++) {
            empty.endRow();
        }
        SparseRows gathered = new SparseRows(50);
        gathered.gather(empty, new int[300], 300); // many rows without a value
        assertEquals(300, gathered.rows());
        assertEquals(0, gathered.size());
    }

    @Test
    void clearedRowsAreForgotten() {
        SparseRows rows = SparseRows.of(dense(100, 3, 1));
        rows.clear();
        rows.endRow();
        rows.add(1, 2);
        rows.endRow();
        assertTrue(rows.isEmpty(0));
        assertArrayEquals(new float[] {0, 0, 0, 0, 2, 0}, rows.toDense().toArray());
    }

    @Test
    void weightsThatDoNotFitAreNamed() {
        var refused = assertThrows(IllegalArgumentException.class,
                () -> SparseRows.of(dense(2, 3, 1)).addProduct(0, 2, Matrix.zeros(4, 5), Matrix.zeros(2, 5)));
        assertEquals("cannot multiply [2, 3] by [4, 5] into [2, 5]", refused.getMessage());
    }

    private static SparseRows rows(float[]... values) {
        Matrix dense = Matrix.zeros(values.length, values[0].length);
        for (int row = 0; row < values.length; row++) {
            for (int j = 0; j < values[row].length; j++) {
                dense.set(row, j, values[row][j]);
            }
        }
        return SparseRows.of(dense);
    }

    @Test
    void rowsAreEqualIfValuesAndColumnsAre() {
        SparseRows one = rows(new float[] {0, 2, 0}, new float[] {0, 0, 0}, new float[] {3, 0, 4});
        SparseRows reused = rows(new float[] {9, 9, 9}, new float[] {9, 9, 9});
        reused.clear();
        reused.add(1, 2);
        reused.endRow();
        reused.endRow();
        reused.add(0, 3);
        reused.add(2, 4);
        reused.endRow();
        assertTrue(one.hasEntriesOf(reused));
        assertEquals(one.hashOfEntries(), reused.hashOfEntries());
        for (float[][] other : List.of(new float[][] {{0, 2, 0}, {0, 0, 0}, {3, 0, 5}}, new float[][] {{0, 0, 2}, {0, 0, 0}, {3, 0, 4}},
                new float[][] {{0, 2, 0}, {3, 0, 4}, {0, 0, 0}}, new float[][] {{0, 2, 0}, {0, 0, 0}},
                new float[][] {{0, 2, 0, 0}, {0, 0, 0, 0}, {3, 0, 4, 0}})) {
            assertFalse(one.hasEntriesOf(rows(other)));
            assertNotEquals(one.hashOfEntries(), rows(other).hashOfEntries());
        }
    }
}
