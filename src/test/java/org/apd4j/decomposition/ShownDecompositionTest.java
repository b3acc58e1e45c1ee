package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdAxis;
import org.apd4j.apd.ApdConfig;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.sweep.Sweep;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.SmallRun;
import org.apd4j.training.Phase;
import org.apd4j.training.Results;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShownDecompositionTest {

    @TempDir
    private Path folder;

    @AfterEach
    void trainAgain() {
        Results.train();
        Results.stopRecording();
    }

    private void record() {
        Results.recordTo(folder.resolve("03"), new Results.Origin("abc1234", "2026-11-27", "PAPER", "a machine"));
    }

    private void show() {
        Results.stopRecording();
        Results.show(folder);
    }

    /** Large enough to be cut: 30 components of rank at most 8 in two matrices of 60 × 12. */
    private static DecompositionRun<ApdConfig> large() {
        Target target = ResidualMlp.untrained(ResidualMlpConfig.paperOneLayer().with(c -> {
            c.features = 24;
            c.residual = 60;
            c.neurons = 12;
            c.probability = 0.05;
        }), 3);
        return Apd.decompose(target, ApdConfig.paperCompressedComputation().with(c -> {
            c.components = 30;
            c.rank = 8;
            c.batch = 64;
            c.steps = 30;
        }), 0);
    }

    @Test
    void smallDecompositionsAreShownBitByBit() {
        for (SmallRun kind : SmallRun.values()) {
            record();
            DecompositionRun<ApdConfig> trained = kind.run(4).train();
            show();
            DecompositionRun<ApdConfig> shown = kind.run(4).train();
            assertTrue(shown.shownFrom().isPresent() && shown.cut().isEmpty(), kind.toString());
            for (Factors factors : trained.decomposition().components().factors()) {
                Factors same = shown.decomposition().components().factors(factors.parameter());
                assertArrayEquals(factors.a().toArray(), same.a().toArray(), kind.toString());
                assertArrayEquals(factors.b().toArray(), same.b().toArray(), kind.toString());
            }
            trained.history().names().forEach(loss -> assertEquals(trained.loss(loss), shown.loss(loss), kind + ", " + loss));
            assertEquals(trained.provenance(), shown.decomposition().provenance());
            Results.train();
        }
    }

    @Test
    void theRandomStartCanBeSeenBeforeAResultIsShown() {
        record();
        DecompositionRun<ApdConfig> fresh = SmallRun.TMS_FROM_COMPONENTS.run(4);
        float[] start = fresh.decomposition().components().factors().get(0).a().toArray();
        fresh.train();
        show();
        DecompositionRun<ApdConfig> shown = SmallRun.TMS_FROM_COMPONENTS.run(4);
        assertArrayEquals(start, shown.decomposition().components().factors().get(0).a().toArray());
        assertEquals(0, shown.step());
        shown.train();
        assertArrayEquals(fresh.decomposition().components().factors().get(0).a().toArray(),
                shown.decomposition().components().factors().get(0).a().toArray());
    }

    @Test
    void largeDecompositionsAreCutAndEveryMeasureIsWithinTheErrorThatTheySay() throws IOException {
        record();
        DecompositionRun<ApdConfig> trained = large().train();
        show();
        DecompositionRun<ApdConfig> shown = large().train();
        RankCut.CutError error = shown.cut().orElseThrow();
        assertEquals(RankCut.of(trained.decomposition(), RankCut.TOLERANCE).error(), error);
        assertTrue(shown.summary().entries().get("cut").startsWith("cut to rank "), shown.summary().toString());
        NeuronContributions before = NeuronContributions.of(trained);
        NeuronContributions after = NeuronContributions.of(shown);
        for (int c = 0; c < 30; c++) {
            for (int feature = 0; feature < before.features(); feature++) {
                assertEquals(before.largest(c, feature), after.largest(c, feature), 0.01);
            }
        }
        double loss = Scrubbing.of(trained, 0, 200).of(Scrubbing.Kind.TOP_K).mean();
        assertEquals(loss, Scrubbing.of(shown, 0, 200).of(Scrubbing.Kind.TOP_K).mean(), 0.05 * loss);
        assertSame(shown.decomposition(), shown.decomposition());
        assertNotSame(trained.decomposition(), trained.decomposition());
        try (Stream<Path> files = Files.list(folder.resolve("03"))) {
            assertTrue(Files.size(files.findFirst().orElseThrow()) < 4 * 30 * 8 * 2 * 72);
        }
    }

    /** Components with learned gates, whose arrays are too large to be kept as they are: 100 of 700 inputs. */
    private static DecompositionRun<SpdConfig> largeWithGates() {
        Target target = ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 20;
            c.residual = 700;
            c.neurons = 8;
        }), 3);
        return Spd.decompose(target, SpdConfig.paperOneLayer().with(c -> {
            c.batch = 64;
            c.steps = 30;
        }), 0);
    }

    @Test
    void largeArraysOfDecompositionsWithGatesAreRoundedAndEveryMeasureIsWithinTheErrorThatTheySay() throws IOException {
        record();
        DecompositionRun<SpdConfig> trained = largeWithGates().train();
        show();
        DecompositionRun<SpdConfig> shown = largeWithGates().train();
        RankCut.CutError error = shown.cut().orElseThrow();
        assertTrue(shown.summary().entries().get("cut").startsWith("rounded to a 127th "), shown.summary().toString());
        assertTrue(error.weights() > 0 && error.weights() < 0.02 && error.outputs() > 0 && error.outputs() < 0.02, error.toString());
        assertEquals(RankCut.CutError.ofRounding(trained.decomposition(), shown.decomposition()), error);
        Factors before = trained.decomposition().components().factors().get(0);
        Factors after = shown.decomposition().components().factors().get(0);
        for (int c = 0; c < before.components(); c++) {
            float largest = 0;
            for (float value : before.a(c).toArray()) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(before.a(c).toArray(), after.a(c).toArray(), largest / 254 * 1.001f);
        }
        assertArrayEquals(before.b().toArray(), after.b().toArray(), "100 of 8 numbers are few enough to be kept");
        List<ImportanceMatrix> of = OneHotImportances.of(trained, 0.75).layers();
        List<ImportanceMatrix> same = OneHotImportances.of(shown, 0.75).layers();
        for (int layer = 0; layer < of.size(); layer++) {
            for (int feature = 0; feature < 20; feature++) {
                assertArrayEquals(of.get(layer).values().row(feature), same.get(layer).values().row(feature), 0.02);
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("03"))) {
            assertTrue(Files.size(files.findFirst().orElseThrow()) < 2 * 4 * 100 * 708 / 2);
        }
    }

    @Test
    void recordingLeavesTheRunAsItIs() {
        DecompositionRun<SpdConfig> alone = largeWithGates().train();
        record();
        DecompositionRun<SpdConfig> recorded = largeWithGates().train();
        assertTrue(recorded.cut().isEmpty());
        for (Factors factors : alone.decomposition().components().factors()) {
            assertArrayEquals(factors.a().toArray(), recorded.decomposition().components().factors(factors.parameter()).a().toArray());
        }
    }

    @Test
    void aDamagedResultLeavesTheRunAsItWas() throws IOException {
        record();
        largeWithGates().train();
        Results.stopRecording();
        Path file;
        try (Stream<Path> files = Files.list(folder.resolve("03"))) {
            file = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        for (int at = 31; at < whole.length; at += 4_001) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x55;
            Files.write(file, changed);
            DecompositionRun<SpdConfig> run = largeWithGates();
            try {
                Results.take(folder, run);
            } catch (IllegalStateException e) {
                assertEquals(0, run.step());
                assertEquals(1, run.train(1).step(), "it can still be trained");
            }
        }
    }

    @Test
    void whatACutOrRoundedRunTrainedWithIsGone() {
        record();
        large().train();
        largeWithGates().train();
        show();
        for (DecompositionRun<?> shown : List.of(large().train(), largeWithGates().train())) {
            assertThrows(IllegalStateException.class, shown::optimizer);
            assertThrows(IllegalStateException.class, () -> shown.save(folder.resolve("run.npz")));
        }
    }

    @Test
    void anUnfinishedLargeDecompositionIsNotRecorded() {
        record();
        large().train(10);
        assertTrue(Files.notExists(folder.resolve("03")));
    }

    @Test
    void aSweepIsShownWithItsRunsAndNumbers() {
        Target target = SmallRun.TMS_FROM_COMPONENTS.target();
        record();
        RecoveryMap trained = RecoveryMap.of(sweep(target, "recorded").train());
        show();
        List<Phase> phases = new ArrayList<>();
        Sweep<ApdConfig> shown = sweep(target, "shown");
        shown.whenever(now -> now.runs(0, 0).forEach(run -> phases.add(run.isFinished() ? Phase.SHOWN : Phase.RUNNING)));
        shown.train();
        assertTrue(shown.isFinished());
        assertEquals(trained, RecoveryMap.of(shown));
        assertTrue(shown.runs(0, 1).stream().allMatch(run -> run.shownFrom().isPresent()));
        assertTrue(Files.notExists(folder.resolve("caches").resolve("shown")));
        assertTrue(phases.contains(Phase.SHOWN));
    }

    private Sweep<ApdConfig> sweep(Target target, String cache) {
        return Sweep.of(Apd.METHOD, target, SmallRun.TMS_FROM_COMPONENTS.config(3), ApdAxis.simplicity(0.5, 1), ApdAxis.batchTopK(0.2, 0.3), 2)
                .cacheIn(folder.resolve("caches").resolve(cache));
    }
}
