package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Dataset;
import org.apd4j.data.GatedInputs;
import org.apd4j.data.Sampler;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.targets.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveableTest {

    private static final ApdConfig CONFIG = ApdConfig.paperTms5to2();

    private static TargetRun target(long seed) {
        TmsConfig config = TmsConfig.paper5to2();
        return Tms.of(config.with(c -> c.training.steps = 20), seed);
    }

    @Test
    void aFingerprintIsACrc32() {
        assertEquals("72f77bf7", Saveable.fingerprintOf("a", 1)); // Python: zlib.crc32(b"[a, 1]")
    }

    @Test
    void runsWithoutADifferenceHaveTheSameFingerprintAndOthersAnother() {
        TargetRun trained = target(0).train();
        DecompositionRun<ApdConfig> run = Apd.decompose(trained, CONFIG, 0);
        DecompositionRun<ApdConfig> same = Apd.decompose(target(0).train(), ApdConfig.paperTms5to2(), 0);
        assertTrue(run.difference(same).isEmpty());
        assertEquals(run.fingerprint(), same.fingerprint());
        assertEquals(run.fingerprint(), Apd.decompose(trained, CONFIG, 0).train(3).fingerprint());
        List<Saveable<?>> others = List.of(run, Apd.decompose(trained, CONFIG, 1), Apd.decompose(target(1).train(), CONFIG, 0), target(0), target(1),
                Apd.decompose(trained, CONFIG.with(c -> c.steps = 30), 0), Apd.decompose(trained, CONFIG.with(c -> c.simplicity = 0.71), 0),
                Apd.decompose(trained, CONFIG.with(c -> c.sparsity = Selection.batchTopK(0.212)), 0),
                Apd.decompose(trained, CONFIG.with(c -> c.sparsity = Selection.perSampleTopK(1)), 0));
        Set<String> fingerprints = others.stream().map(Saveable::fingerprint).collect(Collectors.toSet());
        assertEquals(others.size(), fingerprints.size());
    }

    @Test
    void settingsHaveTheSameTextInEveryProcess() {
        Stream.of(CONFIG, ApdConfig.paperTms40to10(), ApdConfig.paperCrossLayer(), ApdConfig.paperGatedFunctions(),
                TmsConfig.paper5to2().training()).map(Record::toString).forEach(text -> assertFalse(text.contains("@") || text.contains("$"), text));
    }

    private static Target tms(int hidden, double probability) {
        Target made = Tms.untrained(new TmsConfig(5, hidden, 0, probability, 1, TmsConfig.paper5to2().training()), 0);
        return new Target("one name", made.network(), made.data(), made.labels());
    }

    private static Target with(Target target, Sampler data) {
        return new Target(target.name(), target.network(), data, target.labels());
    }

    @Test
    void runsOnOtherNetworksOrDataHaveOtherFingerprintsUnderOneName() {
        Target narrow = tms(2, 0.05);
        float[][] rows = {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0.5f}};
        float[][] others = {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0.25f}};
        Target elsewhere = Tms.untrained(TmsConfig.paper5to2(), 1);
        List<Target> targets = List.of(narrow, tms(3, 0.05), tms(2, 0.9), with(narrow, Dataset.of(rows)), with(narrow, Dataset.of(others)),
                with(narrow, Dataset.of(new float[][] {rows[1], rows[0]})), with(narrow, Dataset.of(rows, new int[] {0, 1}, List.of("a", "b"))),
                with(narrow, Dataset.of(rows, new int[] {1, 0}, List.of("a", "b"))),
                        with(narrow, Dataset.of(rows, new int[] {0, 1}, List.of("a", "c"))),
                with(narrow, new SparseFeatures(5, 0.05, 0, 1).exactly(1)), with(narrow, new SparseFeatures(5, 0.05, 0, 1).exactly(2)),
                with(narrow, new GatedInputs(4, 0.05, 0, 1)), with(narrow, new Scaled(1)), with(narrow, new Scaled(2)),
                new Target("one name", elsewhere.network(), narrow.data(), narrow.labels()),
                new Target("one name", narrow.network(), narrow.data(), Labels.INPUT_PLUS_RELU));
        TrainingConfig training = TmsConfig.paper5to2().training();
        assertEquals(targets.size(), targets.stream().map(target -> new TargetRun(target, training, 0).fingerprint()).distinct().count());
        assertEquals(targets.size(), targets.stream().map(target -> Apd.decompose(target, CONFIG, 0).fingerprint()).distinct().count());
    }

    /** Somebody's own data. */
    private record Scaled(float size) implements Sampler {
        @Override
        public int features() {
            return 5;
        }

        @Override
        public void sample(RandomStream random, int rows, SparseRows batch) {
            batch.clear();
            for (int row = 0; row < rows; row++) {
                batch.add(row % 5, size);
                batch.endRow();
            }
        }
    }

    /** A change here makes runs that people have kept hard to find. */
    @Test
    void fingerprintsAreStable() {
        assertEquals("f66a4997", target(0).fingerprint());
        assertEquals("2e3b3c3b", Apd.decompose(Tms.untrained(TmsConfig.paper5to2(), 0), CONFIG, 0).fingerprint());
    }

    @Test
    void aFileContainsTheInitialValues(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.npz");
        target(0).train(5).save(file);
        TargetRun loaded = TargetRun.load(file);
        assertEquals(target(0).fingerprint(), loaded.fingerprint());
        assertEquals(target(0).fingerprint(), loaded.train().fingerprint());
        loaded.save(file);
        assertEquals(target(0).fingerprint(), TargetRun.load(file).fingerprint());
        assertTrue(target(0).difference(TargetRun.load(file)).isEmpty());
        Target one = target(0).trained();
        Target other = Tms.untrained(TmsConfig.paper5to2(), 9);
        TargetRun begunElsewhere = new TargetRun(new Target(one.name(), other.network(), one.data(), one.labels()), target(0).config(), 0);
        assertEquals("the values with which the training began", begunElsewhere.difference(loaded).orElseThrow());
        assertTrue(!begunElsewhere.fingerprint().equals(loaded.fingerprint()));
    }
}
