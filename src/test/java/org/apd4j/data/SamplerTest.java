package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.targets.TrainingConfig;
import org.apd4j.training.Run;
import org.junit.jupiter.api.Test;

/** Samplers implemented by users. */
class SamplerTest {

    private static final int BATCH = 4;

    /** Does what it is told to from its second batch on. */
    private record Own(BiConsumer<SparseRows, Integer> sampling, List<Long> seeds) implements Sampler {

        Own(BiConsumer<SparseRows, Integer> sampling) {
            this(sampling, new ArrayList<>());
        }

        @Override
        public int features() {
            return 5;
        }

        @Override
        public void batch(long seed, long purpose, long number, int rows, SparseRows batch) {
            seeds.add(seed);
            if (number == 0) {
                new SparseFeatures(5, 0.5, 0, 1).batch(seed, purpose, number, rows, batch);
            } else {
                sample(RandomStream.of(seed), rows, batch);
            }
        }

        @Override
        public void sample(RandomStream random, int rows, SparseRows batch) {
            sampling.accept(batch, rows);
        }
    }

    private static TargetRun target(Sampler data, long seed) {
        Target tms = Tms.untrained(TmsConfig.paper5to2(), 0);
        var training = TmsConfig.paper5to2().training();
        return new TargetRun(new Target(tms.name(), tms.network(), data, tms.labels()),
                new TrainingConfig(BATCH, 10, training.learningRate(), training.schedule(), 0), seed);
    }

    private static DecompositionRun<ApdConfig> decomposition(Sampler data, long seed) {
        Target tms = Tms.untrained(TmsConfig.paper5to2(), 0);
        return Apd.decompose(new Target(tms.name(), tms.network(), data, tms.labels()), ApdConfig.paperTms5to2().with(c -> {
            c.batch = BATCH;
            c.steps = 10;
            c.sparsity = Selection.batchTopK(1);
        }), seed);
    }

    private static void says(String expected, BiConsumer<SparseRows, Integer> sampling) {
        for (Run<?> run : List.of(target(new Own(sampling), 0), decomposition(new Own(sampling), 0))) {
            assertEquals("the sampler Own " + expected, assertThrows(IllegalStateException.class, run::train).getMessage());
            assertEquals(1, run.step(), "the step of the wrong batch is not done");
        }
        assertThrows(IllegalStateException.class, () -> new Own(sampling).sample(0, BATCH));
    }

    private static void rows(SparseRows batch, int count) {
        for (int row = 0; row < count; row++) {
            batch.add(row % 5, 0.5f);
            batch.endRow();
        }
    }

    @Test
    void invalidBatchIsReportedBeforeItIsUsed() {
        says("added no row to the batch; 4 were requested", (batch, rows) -> { });
        says("added 3 rows to a batch of 4", (batch, rows) -> rows(batch, 3));
        says("added 5 rows to a batch of 4", (batch, rows) -> rows(batch, 5));
        says("left a row of the batch unfinished; it must call endRow() after the last value of every row", (batch, rows) -> {
            rows(batch, 4);
            batch.add(0, 1);
        });
        says("set feature 5 in row 4 of a batch; the features are 0 … 4".replace("row 4", "row 3"), (batch, rows) -> {
            rows(batch, 3);
            batch.add(5, 1);
            batch.endRow();
        });
        says("set feature -1 in row 3 of a batch; the features are 0 … 4", (batch, rows) -> {
            rows(batch, 3);
            batch.add(-1, 1);
            batch.endRow();
        });
        says("set feature 2 after feature 2 in row 3 of a batch; the features of a row must be set in ascending order, each once", (batch, rows) -> {
            rows(batch, 3);
            batch.add(2, 1);
            batch.add(2, 1);
            batch.endRow();
        });
        says("gave NaN for feature 1 in row 3 of a batch; every value must be finite", (batch, rows) -> {
            rows(batch, 3);
            batch.add(1, Float.NaN);
            batch.endRow();
        });
        says("gave -Infinity for feature 1 in row 3 of a batch; every value must be finite", (batch, rows) -> {
            rows(batch, 3);
            batch.add(1, Float.NEGATIVE_INFINITY);
            batch.endRow();
        });
    }

    @Test
    void rowsOfAnotherWidthAreNotGathered() {
        SparseRows narrow = new SparseFeatures(3, 0.5, 0, 1).sample(0, BATCH);
        var run = target(new Own((batch, rows) -> batch.gather(narrow, new int[] {0, 1, 2, 3}, 4)), 0);
        assertEquals("cannot copy rows of width 3 into a batch of width 5", assertThrows(IllegalArgumentException.class, run::train).getMessage());
    }

    @Test
    void batchesAreDrawnWithTheSeedOfTheRun() {
        for (long seed : new long[] {0, 7, -1}) {
            Own data = new Own((batch, rows) -> rows(batch, rows));
            target(data, seed).train();
            decomposition(data, seed).train();
            assertEquals(20, data.seeds.size());
            assertTrue(data.seeds.stream().allMatch(one -> one == seed), data.seeds.toString());
        }
    }
}
