package org.apd4j.sharedgate;

import static org.apd4j.testsupport.GatesByHand.finding;
import static org.apd4j.testsupport.GatesByHand.kinds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.measures.Diagnosis;
import org.apd4j.sharedgate.internal.SharedGateRemedies;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.GatesByHand;
import org.junit.jupiter.api.Test;

/** Components and gates with known problems: four features, {@code y = ReLU(x)}. */
class SharedGateDiagnosisTest {

    private static final SharedGateConfig CONFIG = SharedGateConfig.tms5to2();

    private static DecompositionSource withSettings(Decomposition found) {
        return GatesByHand.with(found, SharedGateRemedies.of(CONFIG));
    }

    @Test
    void oneComponentForEachFeatureAndDeadOnesHaveNoFindings() {
        assertEquals(List.of(), kinds(GatesByHand.of(6, made -> { }).shared()));
    }

    @Test
    void componentsThatWereAllPrunedAreFoundWithThePriceAndThePruning() {
        Finding found = finding(Kind.NOTHING_ACTIVE, withSettings(GatesByHand.of(5, made -> made.alive.fill(0)).shared()));
        assertEquals("On 100 % of the samples that are not empty no component is active.", found.seen());
        assertEquals("An open gate costs too much: minimality 0.25 instead of 0.5; or pruning came before the gates had opened: a later one than at 0.5"
                + " of the run.", found.move());
    }

    /** A gate that opens with a slope of 2 keeps all but 2.9 % of the output, one of four that is closed all but a quarter: the bound is a tenth. */
    @Test
    void aKeepErrorAboveATenthOfTheErrorOfNothingMeansThatGatesCostTooMuch() {
        assertEquals(List.of(), kinds(GatesByHand.of(5, made -> {
            for (int c = 0; c < 4; c++) {
                made.slope.set(0, c, 2);
            }
        }).shared()));
        Finding found = finding(Kind.TOO_FEW_ACTIVE, withSettings(GatesByHand.of(5, made -> made.close(0, 3)).shared()));
        assertEquals(0.25, found.value(), 0.06); // of 200 samples
        assertEquals("The gates let go of too much: minimality 0.25 instead of 0.5.", found.move());
    }

    /** Each feature opens two gates. */
    @Test
    void severalOpenGatesForAFeatureMeanThatGatesCostTooLittle() {
        Decomposition cheap = GatesByHand.of(9, made -> {
            for (int c = 0; c < 4; c++) {
                made.a.set(4 + c, c, 1);
                made.slope.set(0, 4 + c, 20);
            }
        }).shared();
        Finding found = finding(Kind.TOO_MANY_ACTIVE, withSettings(cheap));
        assertTrue(found.value() > 1.8 && found.value() < 2.6, () -> "twice the features of a sample that is not empty, but for small values: " + found);
        assertTrue(found.seen().endsWith(" inputs are active."), found.seen());
        assertEquals("An open gate costs too little, so that features have several: minimality 1 instead of 0.5.", found.move());
        assertFalse(kinds(GatesByHand.of(9, made -> {
            made.a.set(4, 0, 1);
            made.slope.set(0, 4, 20); // only one of four
        }).shared()).contains(Kind.TOO_MANY_ACTIVE));
    }

    @Test
    void onDenseInputsNoNumberOfOpenGatesIsTooLarge() {
        assertEquals(List.of(), kinds(GatesByHand.of(5, made -> made.data = new SparseFeatures(4, 1, 0.5f, 1)).shared()));
    }

    @Test
    void mergedPairsAndFeaturesWithoutAComponentAreNamed() {
        Decomposition merged = GatesByHand.of(5, made -> {
            made.a.set(0, 1, 1);
            made.close(0, 1);
            made.close(0, 2);
        }).shared();
        Finding pair = finding(Kind.MERGED, withSettings(merged));
        assertEquals(List.of(0), pair.components());
        assertEquals("Component 0 is the strongest for several features, each alone in the input: 0, 1.", pair.seen());
        assertTrue(pair.move().startsWith("More components (components 40 instead of 20)"), pair.move());
        assertEquals("Alone in the input, 1 of 4 features activates no component: 2.", finding(Kind.NOT_COVERED, merged).seen());
    }

    @Test
    void whereAllComponentsLiveTwiceAsManyAreTried() {
        Finding found = finding(Kind.ALL_USED, withSettings(GatesByHand.of(4, made -> { }).shared()));
        assertEquals("All 4 components are in use: whether more are needed does not show.", found.seen());
        assertEquals("More components (components 40 instead of 20), until some die.", found.move());
    }

    /** Of feature 0 one seed has one component, the other two halves: three of five are found by both, and halves have the cosine 1 to the whole. */
    @Test
    void seedsThatFoundOtherComponentsDisagree() {
        Decomposition one = GatesByHand.of(6, made -> { }).shared();
        Decomposition other = GatesByHand.of(6, made -> {
            made.seed = 1;
            made.b.set(0, 0, 0.5f);
            made.a.set(4, 0, 1);
            made.b.set(4, 0, 0.5f);
            made.slope.set(0, 4, 20);
        }).shared();
        Diagnosis found = Diagnosis.ofSeeds(List.of(one, other));
        assertEquals(List.of(Kind.SEEDS_DISAGREE), found.findings().stream().map(Finding::kind).toList());
        assertEquals(4 / 5.0, found.findings().get(0).value(), 1e-6); // four pairs of five components
        assertEquals(List.of(), Diagnosis.ofSeeds(List.of(one, one)).findings());
    }

    /** What lies outside the span belongs to no component; of the matrices that is most, and no fault of the run. */
    @Test
    void whatTheSpanLeavesOutIsNotMissed() {
        Target target = ResidualMlp.untrained(ResidualMlpConfig.spdOneLayer().with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 6;
            c.probability = 0.1;
        }), 1);
        DecompositionRun<SharedGateConfig> run = SharedGate.decompose(target, SharedGateConfig.residualMlp().with(c -> {
            c.components = 10;
            c.candidates = 50;
            c.steps = 5;
            c.batch = 32;
            c.warmupSteps = 400;
            c.warmupRate = 1e-2;
            c.prunings = List.of();
        }), 0);
        for (DecompositionSource found : List.of(run, run.decomposition())) {
            for (Finding finding : Diagnosis.of(found).findings()) {
                assertTrue(finding.kind() != Kind.NOT_FAITHFUL || finding.value() < 0.05, finding.toString());
            }
        }
        Finding whole = finding(Kind.NOT_FAITHFUL, GatesByHand.with(run.decomposition(), SharedGateRemedies.of(run.config().with(c -> c.inSpan = false))));
        assertTrue(whole.value() > 0.4, "without the span " + whole);
    }

    @Test
    void theDisagreementOfTheSecondSeedIsAFindingOfACheckedDecomposition() {
        Target target = CheckedDecompositionTest.pentagon();
        SharedGateConfig config = CONFIG.with(c -> c.steps = 20);
        DecompositionRun<SharedGateConfig> run = SharedGate.decompose(target, config, 0);
        CheckedDecomposition differ = new CheckedDecomposition(run, run, new SharedGateCheck(20, 5, 6, 0.8231, 0.03, 1), List.of());
        Finding found = finding(Kind.SEEDS_DISAGREE, differ);
        assertEquals("The two seeds agree to 0.8231, with 5 and 6 live components.", found.seen());
        assertEquals("More steps (steps 40 instead of 20), or a higher price of an open gate: minimality 1 instead of 0.5.", found.move());
        CheckedDecomposition agree = new CheckedDecomposition(run, run, new SharedGateCheck(20, 5, 5, 0.9998, 0.03, 1), List.of());
        assertFalse(Diagnosis.of(agree).has(Kind.SEEDS_DISAGREE));
        assertEquals("0.0 seconds and 0.0 seconds for 20 steps each", agree.duration(), "neither has begun");
    }
}
