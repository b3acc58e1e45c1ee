package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.data.Dataset;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Network;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.targets.TrainingConfig;
import org.apd4j.testsupport.SmallRun;
import org.apd4j.training.Autosave;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a training goes wrong, what it leaves is the state before the step that was not done, and can be saved and loaded. */
class GoodStateTest {

    @TempDir
    Path folder;

    private static DecompositionRun<ApdConfig> decomposition(double rate) {
        return Apd.decompose(Tms.untrained(TmsConfig.paper5to2(), 1), ApdConfig.paperTms5to2().with(c -> {
            c.steps = 200;
            c.batch = 32;
            c.learningRate = rate;
        }), 1);
    }

    private static TargetRun tms(double rate) {
        return Tms.of(TmsConfig.paper5to2().with(c -> c.training.set(new TrainingConfig(64, 200, rate, Schedule.constant(), 0.01))), 0);
    }

    /** Data of the size of times in nanoseconds that nobody has scaled. */
    private static TargetRun unscaled(float size) {
        float[][] rows = new float[50][3];
        RandomStream random = RandomStream.of(5);
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (size * random.nextDouble());
            }
        }
        Network network = Network.builder(3).dense("out", "input", 3, RandomStream.of(1)).build();
        return new TargetRun(new Target("unscaled", network, Dataset.of(rows), Labels.INPUT), new TrainingConfig(10, 100, 1e-3, Schedule.constant(), 0), 0);
    }

    /** @return the step at which the run stands in the end */
    private <R extends Run<R> & Saveable<R>> int leavesAGoodState(Supplier<R> maker, boolean unchanged) throws IOException {
        Path file = folder.resolve("run.npz");
        R run = maker.get();
        Autosave.of(run, file);
        boolean failed = false;
        try {
            run.train();
        } catch (NotFiniteException e) {
            failed = true;
            assertTrue(e.getMessage().contains(" at step " + run.step() + ";"), e.getMessage());
        }
        assertEquals(!failed, run.isFinished());
        Autosave.await(file);
        assertEquals(run.step() > 0, Files.exists(file));
        if (Files.exists(file)) {
            assertEquals(run.step(), run.saved(file).step());
        }
        run.save(file);
        assertEquals(run.step(), run.saved(file).step());
        if (unchanged) {
            Path before = folder.resolve("before.npz");
            maker.get().train(run.step()).save(before);
            Map<String, NpyArray> expected = Npz.read(before);
            Map<String, NpyArray> found = Npz.read(file);
            assertEquals(expected.keySet(), found.keySet());
            found.forEach((name, array) -> {
                if (array.type() == NpyArray.Type.FLOAT32) {
                    assertArrayEquals(expected.get(name).toFloats(), array.toFloats(), name);
                    for (float value : array.toFloats()) {
                        assertTrue(Float.isFinite(value), name);
                    }
                }
            });
        }
        return run.step();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, 1e10, 1e20, 3.4e37, 1e300})
    void decompositionAtAHugeLearningRateLeavesAGoodState(double rate) throws IOException {
        leavesAGoodState(() -> decomposition(rate), true);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, 1e10, 3.4e37, 1e300})
    void targetAtAHugeLearningRateLeavesAGoodState(double rate) throws IOException {
        assertTrue(leavesAGoodState(() -> tms(rate), true) < 200);
    }

    @ParameterizedTest
    @ValueSource(floats = {1e10f, 1e12f, 1e18f})
    void targetOnDataThatNobodyHasScaledLeavesAGoodState(float size) throws IOException {
        leavesAGoodState(() -> unscaled(size), true);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e12, 1e38})
    void decompositionWithUnitNormLeavesAGoodState(double rate) throws IOException {
        ApdConfig config = SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.config(30).with(c -> {
            c.learningRate = rate;
            c.schedule = Schedule.constant();
        });
        leavesAGoodState(() -> Apd.decompose(SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.target(), config, 7), false);
    }

    @Test
    void momentsThatOverflowAreNoticedWhereParametersAndLossesAreStillFinite() {
        DecompositionRun<ApdConfig> run = decomposition(1e3);
        try {
            run.train();
        } catch (NotFiniteException e) {
            assertTrue(Arrays.stream(run.history().values("faithfulness")).allMatch(Double::isFinite));
            return;
        }
        for (Factors factors : run.objective().components().factors()) {
            for (float square : run.optimizer().squares(ApdObjective.aName(factors))) {
                assertTrue(Float.isFinite(square));
            }
        }
    }
}
