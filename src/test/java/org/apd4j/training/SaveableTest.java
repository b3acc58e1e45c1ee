package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.decomposition.Apd;
import org.apd4j.decomposition.ApdConfig;
import org.apd4j.decomposition.ApdRun;
import org.apd4j.decomposition.Selection;
import org.apd4j.target.TargetRun;
import org.apd4j.target.Tms;
import org.apd4j.target.TmsConfig;
import org.junit.jupiter.api.Test;

class SaveableTest {

    private static final ApdConfig CONFIG = ApdConfig.paperTms5to2();

    private static TargetRun target(long seed) {
        TmsConfig config = TmsConfig.paper5to2();
        return Tms.of(config.withTraining(config.training().withSteps(20)), seed);
    }

    @Test
    void aFingerprintIsThatOfZip() {
        assertEquals("72f77bf7", Saveable.fingerprintOf("a", 1)); // Python: zlib.crc32(b"[a, 1]")
    }

    @Test
    void runsWithoutADifferenceHaveTheSameFingerprintAndOthersAnother() {
        TargetRun trained = target(0).train();
        ApdRun run = Apd.decompose(trained, CONFIG, 0);
        ApdRun same = Apd.decompose(target(0).train(), ApdConfig.paperTms5to2(), 0);
        assertTrue(run.difference(same).isEmpty());
        assertEquals(run.fingerprint(), same.fingerprint());
        assertEquals(run.fingerprint(), Apd.decompose(trained, CONFIG, 0).train(3).fingerprint());
        List<Saveable<?>> others = List.of(run, Apd.decompose(trained, CONFIG, 1), Apd.decompose(target(1).train(), CONFIG, 0), target(0), target(1),
                Apd.decompose(trained, CONFIG.with(c -> c.steps = 30), 0), Apd.decompose(trained, CONFIG.with(c -> c.simplicity = 0.71), 0),
                Apd.decompose(trained, CONFIG.with(c -> c.selection = Selection.batchTopK(0.212)), 0),
                Apd.decompose(trained, CONFIG.with(c -> c.selection = Selection.perSampleTopK(1)), 0));
        Set<String> fingerprints = others.stream().map(Saveable::fingerprint).collect(Collectors.toSet());
        assertEquals(others.size(), fingerprints.size());
    }

    @Test
    void settingsSayAllOfThemselvesSoThatTheyAreTheSameInEveryProcess() {
        Stream.of(CONFIG, ApdConfig.paperTms40to10(), ApdConfig.paperCrossLayer(), ApdConfig.paperGatedFunctions(),
                TmsConfig.paper5to2().training()).map(Record::toString).forEach(text -> assertFalse(text.contains("@") || text.contains("$"), text));
    }
}
