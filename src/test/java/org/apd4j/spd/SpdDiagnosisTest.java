package org.apd4j.spd;

import static org.apd4j.testsupport.GatesByHand.finding;
import static org.apd4j.testsupport.GatesByHand.kinds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.measures.Diagnosis;
import org.apd4j.spd.internal.SpdRemedies;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.GatesByHand;
import org.junit.jupiter.api.Test;

/** Subcomponents and gates with known problems: encoder and decoder of four features, {@code y = ReLU(x)}. */
class SpdDiagnosisTest {

    private static final SpdConfig CONFIG = SpdConfig.paperTms5to2();

    private static DecompositionSource withSettings(Decomposition found) {
        return GatesByHand.with(found, SpdRemedies.of(CONFIG));
    }

    @Test
    void oneSubcomponentForEachFeatureAndSurplusOnesHaveNoFindings() {
        assertEquals(List.of(), kinds(GatesByHand.of(6, made -> { }).ofLayers()));
    }

    /** A mean of four active inputs of four, and as many subcomponents, is as many as the matrix has rank. */
    @Test
    void denseInputsMayHaveAllSubcomponentsActive() {
        assertEquals(List.of(), kinds(GatesByHand.of(5, made -> made.data = new SparseFeatures(4, 1, 0.5f, 1)).ofLayers()));
    }

    @Test
    void aCoefficientThatSwitchesEverythingOffIsSeenAndLowered() {
        Decomposition off = GatesByHand.of(5, made -> {
            for (int c = 0; c < 5; c++) {
                made.close(0, c);
            }
        }).ofLayers();
        Finding found = finding(Kind.NOTHING_ACTIVE, withSettings(off));
        assertEquals(1, found.value());
        assertEquals("On 100 % of the samples that are not empty no component of 'encoder' is active.", found.seen());
        assertEquals("The price of importance is too high: importanceMinimality 0.001 instead of 0.003.", found.move());
        assertEquals("The price of importance is too high: a lower coefficient of importance minimality.", finding(Kind.NOTHING_ACTIVE, off).move());
    }

    /** One sample in nine that is not empty has more than one active feature: without one of four, well over half have something left. */
    @Test
    void samplesOfOneFeatureWithoutImportanceAreNotAllSamples() {
        assertFalse(kinds(GatesByHand.of(5, made -> made.close(0, 3)).ofLayers()).contains(Kind.NOTHING_ACTIVE));
    }

    @Test
    void aCoefficientThatLeavesEverythingOnIsSeenAndRaised() {
        Decomposition on = GatesByHand.of(5, made -> made.offset.fill(1)).ofLayers();
        Finding found = finding(Kind.TOO_MANY_ACTIVE, withSettings(on));
        assertEquals(5, found.value());
        assertTrue(found.seen().startsWith("5.0 components of 'encoder' are active on a sample, more than it can need: 1."), found.seen());
        assertTrue(found.seen().endsWith(" inputs are active, and the matrix has rank 4."), found.seen());
        assertEquals("Importance costs too little: importanceMinimality 0.009 instead of 0.003.", found.move());
    }

    @Test
    void aFeatureWithoutASubcomponentIsNamedWithItsLayer() {
        Decomposition without = GatesByHand.of(5, made -> made.close(0, 3)).ofLayers();
        Finding found = finding(Kind.NOT_COVERED, without);
        assertEquals("Alone in the input, 1 of 4 features activates no component of 'encoder': 3.", found.seen());
    }

    /** A quarter of the output is gone, and comes back with all masks 1; of the two layers it is the decoder that takes it away. */
    @Test
    void importancesThatLetGoOfTooMuchAreFoundAndTheLayerThatDoesIt() {
        Finding found = finding(Kind.TOO_FEW_ACTIVE, withSettings(GatesByHand.of(5, made -> made.close(1, 3)).ofLayers()));
        assertEquals(0.25, found.value(), 0.06); // of 200 samples
        assertTrue(found.seen().contains("; with all of them on it would be only 0 % (2"), found.seen());
        assertTrue(found.seen().endsWith(" % with the importances of 'decoder' alone)."), found.seen());
        assertTrue(found.move().contains("importanceMinimality 0.001 instead of 0.003"), found.move());
        assertFalse(kinds(GatesByHand.of(5, made -> made.close(1, 3)).ofLayers()).contains(Kind.NOT_COVERED), "the decoder reads no input");
    }

    /** With importances of 2 x below ½ in both layers the output there is 4 x³ instead of x, 2.9 % of all squares are missing. */
    @Test
    void importancesOfSmallInputsMayLieBelowOne() {
        assertEquals(List.of(), kinds(GatesByHand.of(5, made -> {
            for (int c = 0; c < 4; c++) {
                made.slope.set(0, c, 2);
                made.slope.set(1, c, 2);
            }
        }).ofLayers()));
    }

    @Test
    void importancesOfThreeFifthsShrinkTheOutput() {
        Decomposition weak = GatesByHand.of(5, made -> {
            made.slope.fill(0);
            made.offset.fill(0.6f);
        }).ofLayers();
        assertEquals(0.36, finding(Kind.SHRUNK, weak).value(), 1e-3); // 0.6 in each layer
    }

    @Test
    void weightsThatNoSubcomponentHasAreNeitherFaithfulNorMinimal() {
        Decomposition missing = GatesByHand.of(5, made -> made.b.set(3, 3, 0)).ofLayers();
        assertEquals(0.25, finding(Kind.NOT_FAITHFUL, missing).value(), 1e-6);
        assertTrue(finding(Kind.NOT_MINIMAL, missing).seen().contains("; all of them would still leave 2"), () -> kinds(missing).toString());
        assertEquals("More steps (steps 80,000 instead of 40,000); more subcomponents (components 40 instead of 20).",
                finding(Kind.NOT_MINIMAL, withSettings(missing)).move());
    }

    /** Subcomponent 0 reads features 0 and 1, and that of feature 1 is closed. */
    @Test
    void twoFeaturesInOneSubcomponentAreMerged() {
        Decomposition merged = GatesByHand.of(5, made -> {
            made.a.set(0, 1, 1);
            made.close(0, 1);
        }).ofLayers();
        Finding found = finding(Kind.MERGED, merged);
        assertEquals(List.of(0), found.components());
        assertEquals(2, found.value());
        assertEquals("Component 0 of 'encoder' is the strongest for several features, each alone in the input: 0, 1.", found.seen());
    }

    /** What the target makes nothing of needs no subcomponent. */
    @Test
    void aFeatureThatTheTargetDroppedIsNotMissed() {
        assertFalse(kinds(GatesByHand.of(5, made -> {
            made.weights.set(3, 3, 0);
            made.a.set(3, 3, 0);
        }).ofLayers()).contains(Kind.NOT_COVERED));
    }

    @Test
    void aFeatureInTwoHalvesIsSplit() {
        Decomposition split = GatesByHand.of(6, made -> {
            made.b.set(0, 0, 0.5f);
            made.a.set(4, 0, 1);
            made.b.set(4, 0, 0.5f);
            made.slope.set(0, 4, 20);
            made.slope.set(1, 4, 40);
        }).ofLayers();
        Finding found = finding(Kind.SPLIT, split);
        assertEquals(List.of(0, 4), found.components());
        assertTrue(found.seen().startsWith("Components 0 and 4 of '" + Tms.ENCODER + "' are nearly the same"), found.seen());
    }

    @Test
    void whereAllSubcomponentsAreInUseMoreAreTried() {
        Finding found = finding(Kind.ALL_USED, withSettings(GatesByHand.of(4, made -> { }).ofLayers()));
        assertEquals("All 4 components of 'encoder', 'decoder' are in use: whether more are needed does not show.", found.seen());
        assertTrue(found.move().contains("(components 40 instead of 20)"), found.move());
    }

    private static Decomposition seed(long seed, double off) {
        return GatesByHand.of(5, made -> {
            made.seed = seed;
            made.b.set(3, 3, (float) (1 - off));
        }).ofLayers();
    }

    /** The squared distances of the four seeds are 1, 4, 9 and 1 in units of the first. */
    @Test
    void aSeedThatIsFarFromTheWeightsBesideTheOthersHasFailed() {
        Diagnosis found = Diagnosis.ofSeeds(List.of(seed(3, 0.001), seed(4, 0.002), seed(5, 0.003), seed(6, 0.001)));
        assertEquals(List.of(Kind.FAILED_SEED), found.findings().stream().map(Finding::kind).toList());
        assertEquals(9, found.findings().get(0).value(), 0.01);
        assertEquals("The components of seed 5 are 9 times as far from the weights as those of seed 3, by squares: its run failed.",
                found.findings().get(0).seen());
        assertEquals("there is one decomposition; seeds are compared with each other, so give at least two",
                assertThrows(IllegalArgumentException.class, () -> Diagnosis.ofSeeds(List.of(seed(3, 0)))).getMessage());
    }

    @Test
    void aRunGivesValuesToTryAndItsDecompositionAlonePlainWords() {
        var run = Spd.decompose(Tms.untrained(TmsConfig.spd5to2(), 1), CONFIG.with(c -> c.batch = 64), 0);
        assertTrue(run.remedies().against(Kind.TOO_FEW_ACTIVE).orElseThrow().contains("importanceMinimality 0.001 instead of 0.003"));
        assertEquals("The importances let go of too much: a lower coefficient of importance minimality.",
                run.decomposition().remedies().against(Kind.TOO_FEW_ACTIVE).orElseThrow());
        assertTrue(Diagnosis.of(run).has(Kind.NOT_FAITHFUL), "it has not begun to train");
    }
}
