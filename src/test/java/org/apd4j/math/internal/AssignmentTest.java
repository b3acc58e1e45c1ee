package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    private static double best(double[][] gains, int row, boolean[] used) {
        if (row == gains.length) {
            return 0;
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < used.length; c++) {
            if (!used[c]) {
                used[c] = true;
                best = Math.max(best, gains[row][c] + best(gains, row + 1, used));
                used[c] = false;
            }
        }
        return best;
    }

    @Test
    void noAssignmentHasALargerSum() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            int rows = 1 + random.nextInt(6);
            int columns = rows + random.nextInt(3);
            double[][] gains = new double[rows][columns];
            for (double[] row : gains) {
                for (int c = 0; c < columns; c++) {
                    row[c] = random.nextInt(4) == 0 ? 0 : random.nextGaussian(); // ties, too
                }
            }
            int[] found = Assignment.maximal(gains);
            assertEquals(rows, IntStream.of(found).distinct().count());
            assertEquals(best(gains, 0, new boolean[columns]), IntStream.range(0, rows).mapToDouble(i -> gains[i][found[i]]).sum(), 1e-9);
        }
    }

    @Test
    void rowsWithoutAColumnOfTheirOwnAreRefusedAndNoRowsNeedNone() {
        assertThrows(IllegalArgumentException.class, () -> Assignment.maximal(new double[][] {{1}, {2}}));
        assertArrayEquals(new int[0], Assignment.maximal(new double[0][0]));
    }
}
