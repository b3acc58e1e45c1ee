package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DatasetTest {

    private static final List<String> TWO = List.of("even", "odd");

    /** Row i holds i and 2 i; its class is whether i is odd. */
    private static Dataset numbers(int rows) {
        float[][] values = IntStream.range(0, rows).mapToObj(i -> new float[] {i, 2 * i}).toArray(float[][]::new);
        return Dataset.of(values, IntStream.range(0, rows).map(i -> i % 2).toArray(), TWO);
    }

    private static int[] firsts(SparseRows batch) {
        return IntStream.range(0, batch.rows()).map(row -> (int) batch.toDense().get(row, 0)).toArray();
    }

    @Test
    void twoDataSetsAreEqualIfTheirRowsLabelsAndClassesAre() {
        assertEquals(numbers(4), numbers(4));
        assertEquals(numbers(4).hashCode(), numbers(4).hashCode());
        assertNotEquals(numbers(4), numbers(5));
        assertNotEquals(numbers(4).hashCode(), numbers(4).subset(0, 1, 2, 1).hashCode());
        assertNotEquals(Dataset.of(new float[][] {{1, 2}}).hashCode(), Dataset.of(new float[][] {{1, 3}}).hashCode());
        assertNotEquals(Dataset.of(new float[][] {{1}, {2}}).hashCode(), Dataset.of(new float[][] {{2}, {1}}).hashCode());
        assertNotEquals(numbers(4), numbers(5).subset(0, 1, 2, 4));
        assertNotEquals(numbers(4), numbers(4).subset(1, 0, 2, 3));
        float[][] values = {{0, 0}, {1, 2}};
        assertNotEquals(Dataset.of(values), Dataset.of(values, new int[] {0, 1}, TWO));
        assertNotEquals(Dataset.of(values, new int[] {1, 1}, TWO), Dataset.of(values, new int[] {0, 1}, TWO));
    }

    @Test
    void samplesOfOtherDataCanBeChangedOneByOne() {
        var features = new SparseFeatures(3, 0.5, 0, 1);
        float[][] drawn = new float[200][];
        Dataset changed = Dataset.changed(features, 200, 7, x -> x[1] = x[0] > 0 ? 2 : 0);
        SparseRows own = features.sample(7, 200);
        for (int row = 0; row < drawn.length; row++) {
            drawn[row] = changed.row(row);
            assertEquals(own.toDense().get(row, 0), drawn[row][0]);
            assertEquals(drawn[row][0] > 0 ? 2 : 0, drawn[row][1]);
            assertEquals(own.toDense().get(row, 2), drawn[row][2]);
        }
        assertEquals(200, changed.size());
        assertThrows(IllegalArgumentException.class, () -> Dataset.changed(features, 3, 7, x -> x[0] = Float.NaN));
    }

    @Test
    void anEpochHasEveryRowOnceAndTheNextOneHasAnotherOrder() {
        Dataset data = numbers(10);
        int[] drawn = IntStream.range(0, 5).mapToObj(number -> data.draw(3, 1, number, 4)).flatMapToInt(Arrays::stream).toArray();
        int[] first = Arrays.copyOfRange(drawn, 0, 10);
        int[] second = Arrays.copyOfRange(drawn, 10, 20);
        assertArrayEquals(IntStream.range(0, 10).toArray(), IntStream.of(first).sorted().toArray());
        assertArrayEquals(IntStream.range(0, 10).toArray(), IntStream.of(second).sorted().toArray());
        assertFalse(Arrays.equals(first, second));
    }

    @Test
    void aBatchDependsOnSeedPurposeAndNumberOnly() {
        Dataset data = numbers(10);
        int[] wanted = data.draw(3, 1, 7, 4);
        assertFalse(Arrays.equals(wanted, data.draw(4, 1, 7, 4)));
        assertFalse(Arrays.equals(wanted, data.draw(3, 2, 7, 4)));
        assertArrayEquals(wanted, data.draw(3, 1, 7, 4));
        SparseRows batch = new SparseRows(2);
        numbers(10).batch(3, 1, 7, 4, batch);
        assertArrayEquals(wanted, firsts(batch));
    }

    @Test
    void aBatchLargerThanTheDataHasEveryRowAboutEquallyOften() {
        int[] drawn = numbers(3).draw(0, 0, 0, 8);
        for (int row = 0; row < 3; row++) {
            int wanted = row;
            long count = IntStream.of(drawn).filter(i -> i == wanted).count();
            assertTrue(count == 2 || count == 3, count + " of " + Arrays.toString(drawn));
        }
    }

    @Test
    void aSampleOfAStreamHasNoRowTwice() {
        SparseRows batch = new SparseRows(2);
        numbers(10).sample(RandomStream.of(5), 10, batch);
        assertArrayEquals(IntStream.range(0, 10).toArray(), IntStream.of(firsts(batch)).sorted().toArray());
    }

    @Test
    void labelsStayWithTheirRowsThroughSplitsAndSubsets() {
        Dataset.Split split = numbers(20).split(0.75, 1);
        assertEquals(15, split.train().size());
        assertEquals(5, split.test().size());
        var seen = new TreeSet<Integer>();
        for (Dataset part : List.of(split.train(), split.test())) {
            for (int row = 0; row < part.size(); row++) {
                int number = (int) part.row(row)[0];
                assertTrue(seen.add(number));
                assertEquals(number % 2, part.label(row));
                assertEquals(2 * number, part.row(row)[1]);
            }
        }
        assertEquals(20, seen.size());
        assertNotEquals(List.of(0, 1, 2, 3, 4), IntStream.of(firsts(split.test().all())).boxed().toList());
        assertArrayEquals(new int[] {1, 3}, numbers(5).ofClass(1));
    }

    @Test
    void arraysAreCopied() {
        float[][] values = {{1, 2}};
        int[] labels = {1};
        Dataset data = Dataset.of(values, labels, TWO);
        values[0][0] = 9;
        labels[0] = 0;
        data.row(0)[1] = 9;
        assertArrayEquals(new float[] {1, 2}, data.row(0));
        assertEquals(1, data.label(0));
    }

    @Test
    void unusableDataIsRefused() {
        refused("data set has 0 rows; it must have at least one row of at least one value", () -> Dataset.of(new float[0][]));
        refused("data set has 1 rows of 0 values; it must have at least one row of at least one value", () -> Dataset.of(new float[1][0]));
        refused("row 1 has 1 values, row 0 has 2; all rows must have the same length", () -> Dataset.of(new float[][] {{1, 2}, {3}}));
        refused("row 0 holds NaN at 1; every value must be finite", () -> Dataset.of(new float[][] {{1, Float.NaN}}));
        refused("the label of row 1 is 2; it must be 0 … 1", () -> Dataset.of(new float[][] {{1}, {2}}, new int[] {0, 2}, TWO));
        refused("the label of row 0 is -1; it must be 0 … 1", () -> Dataset.of(new float[][] {{1}}, new int[] {-1}, TWO));
        refused("there are 1 labels for 2 rows; every row needs one", () -> Dataset.of(new float[][] {{1}, {2}}, new int[] {0}, TWO));
        refused("part is 0.01 of 10 rows; it must be between 0 and 1 and leave at least one row on either side", () -> numbers(10).split(0.01, 0));
        refused("no rows were given; a data set needs at least one", () -> numbers(3).subset());
        assertEquals("data set has no labels",
                assertThrows(IllegalStateException.class, () -> Dataset.of(new float[][] {{1}}).label(0)).getMessage());
    }

    private static void refused(String message, Executable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }
}
