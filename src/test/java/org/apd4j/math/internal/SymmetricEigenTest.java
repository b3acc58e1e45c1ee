package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.math.RandomStream;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {

    @Test
    void eigenvaluesAndEigenvectorsOfAHandWorkedMatrix() {
        // [[2, 1], [1, 2]] ⊕ [−4]: 3 along (1, 1), 1 along (1, −1), −4
        double[][] matrix = {{2, 0, 1}, {0, -4, 0}, {1, 0, 2}};
        SymmetricEigen eigen = SymmetricEigen.of(Grid.of(3, 3, (i, j) -> matrix[i][j]));
        assertEquals(3, eigen.values().get(0), 1e-12);
        assertEquals(1, eigen.values().get(1), 1e-12);
        assertEquals(-4, eigen.values().get(2), 1e-12);
        assertEquals(0.5, eigen.vectors().get(0, 0) * eigen.vectors().get(2, 0), 1e-12);
        assertEquals(-0.5, eigen.vectors().get(0, 1) * eigen.vectors().get(2, 1), 1e-12);
        assertEquals(1, Math.abs(eigen.vectors().get(1, 2)), 1e-12);
    }

    @Test
    void eigenvectorsPutTogetherGiveTheMatrix() {
        RandomStream random = RandomStream.of(3);
        double[][] half = new double[30][30];
        for (double[] row : half) {
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextNormal();
            }
        }
        Grid matrix = Grid.of(30, 30, (i, j) -> half[i][j] + half[j][i]);
        SymmetricEigen eigen = SymmetricEigen.of(matrix);
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                double sum = 0;
                for (int v = 0; v < 30; v++) {
                    sum += eigen.values().get(v) * eigen.vectors().get(i, v) * eigen.vectors().get(j, v);
                }
                assertEquals(matrix.get(i, j), sum, 1e-9);
            }
        }
    }

    @Test
    void onlyTheUpperTriangleCounts() {
        Grid rounded = Grid.of(3, 3, (i, j) -> 1.0 / (1 + i + j) + (i > j ? 1e-4 : 0));
        Grid symmetric = Grid.of(3, 3, (i, j) -> 1.0 / (1 + i + j));
        assertEquals(SymmetricEigen.of(symmetric), SymmetricEigen.of(rounded));
    }

    @Test
    void eigenvaluesOfAMatrixThatIsNotFiniteAreNotNumbersEither() {
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            SymmetricEigen eigen = SymmetricEigen.of(Grid.of(4, 4, (i, j) -> i + j == 3 ? wrong : 1));
            assertTrue(eigen.values().stream().allMatch(value -> value.isNaN()), eigen.toString());
            assertTrue(Double.isNaN(eigen.vectors().get(3, 3)));
        }
    }
}
