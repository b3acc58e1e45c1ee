package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunArraysTest {

    private static final Map<String, int[]> SHAPES = Map.of("w", new int[] {2, 2});
    private static final List<String> LOSSES = List.of("near", "far");
    private static final int STEP = 5;

    @TempDir
    private Path folder;

    /** A run whose losses are 1/(step + 1) and 100 + step, and whose optimizer follows a gradient that grows. */
    private static final class Following extends Run<Following> {
        private final Optimizer optimizer = new Optimizer(0, Workers.one());

        Following(int steps, List<String> losses) {
            super("following", steps, losses);
            optimizer.add("w", Matrix.over(new float[] {1, 2, 3, 4}, 2, 2));
        }

        @Override
        protected double[] trainStep(int step) {
            optimizer.gradient("w").fill(step + 1);
            optimizer.update(step + 1, 0.5);
            return new double[] {1.0 / (step + 1), 100 + step};
        }

        @Override
        protected Following self() {
            return this;
        }
    }

    private static Following trained() {
        return new Following(20, LOSSES).train(STEP);
    }

    private static Map<String, NpyArray> arrays(Following run) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        RunArrays.put(run, run.optimizer, SHAPES, arrays);
        return arrays;
    }

    private RunArrays taken(Map<String, NpyArray> arrays, List<String> losses, Provenance provenance) throws IOException {
        Path file = folder.resolve("run.npz");
        ArrayFile.write(file, "{\"format\": \"apd4j test\", \"version\": 1}", arrays);
        return ArrayFile.read(file, new Json(Map.of()), "apd4j test", 1, from -> RunArrays.take(from, SHAPES, losses, provenance));
    }

    private RunArrays taken(Map<String, NpyArray> arrays, int step) throws IOException {
        return taken(arrays, LOSSES, Provenance.here(0, step, 2.5, 1));
    }

    private String refusal(String array, NpyArray instead) {
        return refusal(array, array, instead);
    }

    private String refusal(String refused, String array, NpyArray instead) {
        Map<String, NpyArray> arrays = arrays(trained());
        assertTrue(arrays.put(array, instead) != null, array);
        String message = assertThrows(IOException.class, () -> taken(arrays, STEP)).getMessage();
        String start = folder.resolve("run.npz") + ": the array '" + refused + "' ";
        assertTrue(message.startsWith(start), message);
        return message.substring(start.length());
    }

    @Test
    void aRunStandsWhereTheSavedOneStood() throws IOException {
        Following saved = trained();
        Following run = new Following(20, LOSSES);
        taken(arrays(saved), STEP).restore(run, run.optimizer);
        assertEquals(STEP, run.step());
        assertEquals(2.5, run.seconds());
        assertArrayEquals(saved.optimizer.means("w"), run.optimizer.means("w"));
        assertArrayEquals(saved.optimizer.squares("w"), run.optimizer.squares("w"));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, run.history().steps());
        assertArrayEquals(new double[] {1, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 5.0}, run.history().values("near"));
        assertArrayEquals(new double[] {100, 101, 102, 103, 104}, run.history().values("far"));
        for (String loss : LOSSES) {
            assertEquals(saved.loss(loss), run.loss(loss));
            assertEquals(saved.loss(loss), run.history().last(loss));
        }
        assertArrayEquals(new double[] {0.2, 104}, run.lastLosses());
    }

    @Test
    void aRunThatHasNotBegunAndOneThatIsFinishedStandThereToo() throws IOException {
        Following unbegun = new Following(20, LOSSES);
        Following run = new Following(20, LOSSES);
        taken(arrays(unbegun), LOSSES, Provenance.here(0, 0, 0, 1)).restore(run, run.optimizer);
        assertEquals(0, run.step());
        assertTrue(Double.isNaN(run.loss("near")) && Double.isNaN(run.history().last("near")) && run.history().size() == 0);
        Following finished = new Following(STEP, LOSSES);
        taken(arrays(trained()), STEP).restore(finished, finished.optimizer);
        assertTrue(finished.isFinished());
        Following shorter = new Following(STEP - 1, LOSSES);
        RunArrays arrays = taken(arrays(trained()), STEP);
        assertEquals("it is at step 5 of 4",
                assertThrows(IllegalArgumentException.class, () -> arrays.restore(shorter, shorter.optimizer)).getMessage());
    }

    @Test
    void lossesThatTakeNoPartAreLeftOutAndThoseThatDoMustBeThere() throws IOException {
        Map<String, NpyArray> arrays = arrays(trained());
        arrays.put("losses", NpyArray.of(new double[] {0.2, Double.NaN}, 2));
        double[] values = {1, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 5.0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        arrays.put("history.values", NpyArray.of(values, 2, 5));
        Following one = new Following(20, List.of("near"));
        RunArrays taken = taken(arrays, STEP);
        taken.restore(one, one.optimizer);
        assertEquals(List.of(0.2), List.of(one.loss("near")));
        Following both = new Following(20, LOSSES);
        assertEquals("it holds no values of the losses [far]",
                assertThrows(IllegalArgumentException.class, () -> taken.restore(both, both.optimizer)).getMessage());
        Following other = new Following(20, List.of("far"));
        assertEquals("its losses are [near, far], but a run with this configuration has [far]",
                assertThrows(IllegalArgumentException.class, () -> taken.restore(other, other.optimizer)).getMessage());
        RunArrays whole = taken(arrays(trained()), STEP);
        assertEquals("its losses are [near, far], but a run with this configuration has [near]",
                assertThrows(IllegalArgumentException.class, () -> whole.restore(one, one.optimizer)).getMessage());
    }

    @Test
    void lossesAreFiniteOrOffAltogether() {
        assertEquals("holds NaN for the loss 'far'; every value of it must be finite",
                refusal("losses", NpyArray.of(new double[] {0.2, Double.NaN}, 2)));
        assertEquals("holds Infinity for the loss 'near'; every value of it must be finite",
                refusal("losses", NpyArray.of(new double[] {Double.POSITIVE_INFINITY, 1}, 2)));
        double[] values = new double[10];
        values[7] = Double.NaN;
        assertEquals("holds NaN for the loss 'far'; every value of it must be finite", refusal("history.values", NpyArray.of(values, 2, 5)));
    }

    @Test
    void meansOfSquaresAreNotNegative() {
        assertEquals("holds -1.0; means of squares cannot be negative", refusal("adam_square.w", NpyArray.of(new float[] {-1, 0, 0, 0}, 2, 2)));
        assertEquals("holds -4.0; means of squares cannot be negative", refusal("adam_square.w", NpyArray.of(new float[] {1, 0, 0, -4}, 2, 2)));
    }

    @Test
    void keptStepsAreMultiplesOfAPowerOfTwoThatRiseAndAreDone() throws IOException {
        for (int stride : new int[] {0, -2, Integer.MIN_VALUE, 3, 6}) {
            assertEquals("holds " + stride + ", which is not a power of 2", refusal("history.stride", NpyArray.of(new int[] {stride})));
        }
        assertEquals("holds 1 at (1,); steps are multiples of 2, rise, and are below 5",
                refusal("history.steps", "history.stride", NpyArray.of(new int[] {2})));
        String rule = "; steps are multiples of 1, rise, and are below 5";
        assertEquals("holds -1 at (0,)" + rule, refusal("history.steps", NpyArray.of(new int[] {-1, 1, 2, 3, 4}, 5)));
        assertEquals("holds 1 at (2,)" + rule, refusal("history.steps", NpyArray.of(new int[] {0, 1, 1, 2, 3}, 5)));
        assertEquals("holds 0 at (3,)" + rule, refusal("history.steps", NpyArray.of(new int[] {0, 1, 2, 0, 3}, 5)));
        assertEquals("holds 5 at (4,)" + rule, refusal("history.steps", NpyArray.of(new int[] {0, 1, 2, 3, 5}, 5)));
    }

    @Test
    void asManyStepsAreKeptAsAHistoryHoldsAndNoMore() throws IOException {
        int most = LossHistory.CAPACITY;
        for (int size : new int[] {most, most + 1}) {
            Map<String, NpyArray> arrays = arrays(trained());
            arrays.put("history.steps", NpyArray.of(IntStream.range(0, size).toArray(), size));
            arrays.put("history.values", NpyArray.of(new double[2 * size], 2, size));
            if (size == most) {
                Following run = new Following(3 * most, LOSSES);
                taken(arrays, 2 * most).restore(run, run.optimizer);
                assertEquals(most, run.history().size());
            } else {
                String message = assertThrows(IOException.class, () -> taken(arrays, 2 * most)).getMessage();
                assertTrue(message.endsWith("the array 'history.steps' holds 2001 steps, more than 2000"), message);
            }
        }
    }

    @Test
    void stepsAndSecondsThatNoRunCanHaveAreRefused() {
        for (Provenance wrong : List.of(Provenance.here(0, -1, 1, 1), Provenance.here(0, STEP, -0.5, 1), Provenance.here(0, STEP, Double.NaN, 1),
                Provenance.here(0, STEP, Double.POSITIVE_INFINITY, 1))) {
            String message = assertThrows(IOException.class, () -> taken(arrays(trained()), LOSSES, wrong)).getMessage();
            assertTrue(message.endsWith(" claims step " + wrong.step() + " after " + wrong.seconds() + " seconds"), message);
        }
    }
}
