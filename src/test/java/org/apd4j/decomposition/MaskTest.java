package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.junit.jupiter.api.Test;

class MaskTest {

    private static boolean[][] active(Mask mask) {
        boolean[][] active = new boolean[mask.rows()][mask.components()];
        for (int row = 0; row < active.length; row++) {
            for (int c = 0; c < mask.components(); c++) {
                active[row][c] = mask.isActive(row, c);
            }
        }
        return active;
    }

    /** The pairs of each component by the places that a pass goes through agree with what is asked for pair by pair. */
    private static void assertSelects(boolean[][] wanted, Mask mask) {
        assertArrayEquals(wanted, active(mask));
        int size = 0;
        for (int c = 0; c < mask.components(); c++) {
            int component = c;
            int[] rows = IntStream.range(0, wanted.length).filter(row -> wanted[row][component]).toArray();
            assertEquals(rows.length, mask.count(c));
            assertArrayEquals(rows, IntStream.range(mask.start(c), mask.start(c + 1)).map(mask::row).toArray());
            size += rows.length;
        }
        assertEquals(size, mask.size());
    }

    private static Matrix attributions(double[][] values) {
        Matrix matrix = Matrix.zeros(values.length, values[0].length);
        for (int row = 0; row < values.length; row++) {
            for (int c = 0; c < values[row].length; c++) {
                matrix.set(row, c, (float) values[row][c]);
            }
        }
        return matrix;
    }

    @Test
    void batchTopKTakesTheLargestOfTheWholeBatch() {
        // ⌊1.4 · 3⌋ = 4 pairs
        assertSelects(new boolean[][] {{false, true}, {true, false}, {true, true}},
                Mask.of(Selection.batchTopK(1.4), attributions(new double[][] {{0.1, 0.9}, {0.5, 0.2}, {0.9, 0.3}})));
    }

    @Test
    void perSampleTopKTakesTheLargestOfEachSample() {
        assertSelects(new boolean[][] {{false, true, true}, {true, true, false}},
                Mask.of(Selection.perSampleTopK(2), attributions(new double[][] {{0.1, 0.9, 0.2}, {7, 6, 5}})));
    }

    @Test
    void whereTooFewAreAboveZeroTheFirstZerosAreTaken() {
        assertSelects(new boolean[][] {{true, true}, {false, false}, {false, true}},
                Mask.of(Selection.batchTopK(1), attributions(new double[][] {{0, 0}, {0, 0}, {0, 1}})));
        assertSelects(new boolean[][] {{true, true, false}}, Mask.of(Selection.perSampleTopK(2), attributions(new double[][] {{0, 0, 0}})));
    }

    @Test
    void samplesThatWereLeftOutHaveZerosForAttributions() {
        Matrix known = attributions(new double[][] {{0.2, 0.3}, {0.4, 0.1}});
        Mask mask = new Mask(2);
        mask.select(Selection.batchTopK(0.5), known, new int[] {1, 3}, 4);
        assertSelects(new boolean[][] {{false, false}, {false, true}, {false, false}, {true, false}}, mask);
        mask.select(Selection.batchTopK(1.5), known, new int[] {1, 3}, 4); // all that are known, and the first two zeros
        assertSelects(new boolean[][] {{true, true}, {true, true}, {false, false}, {true, true}}, mask);
        mask.select(Selection.perSampleTopK(1), known, new int[] {1, 3}, 4);
        assertSelects(new boolean[][] {{true, false}, {false, true}, {true, false}, {true, false}}, mask);
    }

    /** All pairs in the order of their attributions, of equal ones the first first. */
    private static boolean[][] naive(double[][] all, int wanted) {
        int components = all[0].length;
        boolean[][] active = new boolean[all.length][components];
        IntStream.range(0, all.length * components).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> 0.0 - (float) all[i / components][i % components]).thenComparing(i -> i))
                .limit(wanted).forEach(i -> active[i / components][i % components] = true);
        return active;
    }

    @Test
    void oneMaskServesBatchesOfAnySizeAndAgreesWithSorting() {
        Random random = new Random(4);
        Mask mask = new Mask(5);
        for (int round = 0; round < 300; round++) {
            int rows = 1 + random.nextInt(12);
            double[][] all = new double[rows][5];
            int[] which = IntStream.range(0, rows).filter(row -> random.nextInt(3) > 0).toArray();
            Matrix known = Matrix.zeros(which.length, 5);
            for (int i = 0; i < which.length; i++) {
                for (int c = 0; c < 5; c++) {
                    all[which[i]][c] = random.nextInt(4) * 0.25; // many ties and zeros
                    known.set(i, c, (float) all[which[i]][c]);
                }
            }
            double k = 5 * random.nextDouble();
            mask.select(Selection.batchTopK(k), known, which, rows);
            assertSelects(naive(all, (int) Math.floor(k * rows)), mask);
            int top = 1 + random.nextInt(5);
            mask.select(Selection.perSampleTopK(top), known, which, rows);
            boolean[][] wanted = new boolean[rows][];
            for (int row = 0; row < rows; row++) {
                wanted[row] = naive(new double[][] {all[row]}, top)[0];
            }
            assertSelects(wanted, mask);
        }
    }

    @Test
    void aMaskWrittenDownIsThatMask() {
        boolean[][] written = {{true, false, true}, {false, false, false}, {true, true, true}};
        assertSelects(written, Mask.of(written, 3));
        assertSelects(new boolean[0][], Mask.of(new boolean[0][], 3));
        var refused = assertThrows(IllegalArgumentException.class, () -> Mask.of(new boolean[][] {{true, false}, {true}}, 2));
        assertEquals("row 1 of the mask has 1 entries for 2 components", refused.getMessage());
    }
}
