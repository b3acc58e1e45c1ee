package org.apd4j.measures.superposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.LpPenalty;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneFeatureResponse;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class ToyModelMeasuresTest {

    private static final double[][] PENTAGON = pentagon();

    private static double[][] pentagon() {
        double[][] rows = new double[5][2];
        for (int i = 0; i < 5; i++) {
            rows[i][0] = Math.cos(2 * Math.PI * i / 5);
            rows[i][1] = Math.sin(2 * Math.PI * i / 5);
        }
        return rows;
    }

    @Test
    void componentsThatAreTheRowsOfWAreRecoveredPerfectly() {
        Recovery recovery = Recovery.of(HandMade.rows(HandMade.tms(PENTAGON), 7));
        assertEquals(1, recovery.mmcs(), 1e-6);
        assertEquals(1, recovery.ml2r(), 1e-6);
        assertEquals(List.of(0, 1, 2, 3, 4), recovery.features().stream().map(Recovery.Feature::component).toList());
        assertTrue(recovery.success());
    }

    @Test
    void recoveryIsThatWorkedOutByHand() {
        // W = (3, 4), (0, 2). Component 0 has half of row 0 and (1, 1) in row 1, component 1 has (4, 3) in row 0 and nothing in row 1.
        // Row 0: cosines 1 and 24/25, ratio ½. Row 1: cosines 1/√2 and 0, ratio √2/2.
        Matrix[] parts = {HandMade.matrix(new double[][] {{1.5, 2}, {1, 1}}), HandMade.matrix(new double[][] {{4, 3}, {0, 0}})};
        Recovery recovery = Recovery.of(HandMade.decomposition(HandMade.tms(new double[][] {{3, 4}, {0, 2}}),
                HandMade.config(2, Selection.batchTopK(1)), (parameter, c) -> parts[c]), Tms.ENCODER);
        assertEquals((1 + Math.sqrt(0.5)) / 2, recovery.mmcs(), 1e-7);
        assertEquals((0.5 + Math.sqrt(0.5)) / 2, recovery.ml2r(), 1e-7);
        assertEquals(1, recovery.distinctComponents());
        assertFalse(recovery.success());
        // two values v, w deviate from their mean by |v − w| / √2
        assertEquals((1 - Math.sqrt(0.5)) / Math.sqrt(2), recovery.cosineDeviation(), 1e-7);
        assertEquals((Math.sqrt(0.5) - 0.5) / Math.sqrt(2), recovery.l2RatioDeviation(), 1e-7);
    }

    @Test
    void aComponentThatPointsTheOtherWayHasCosineMinusOne() {
        Decomposition opposite = HandMade.decomposition(HandMade.tms(new double[][] {{3, 4}, {0, 2}}), HandMade.config(1, Selection.batchTopK(1)),
                (parameter, c) -> HandMade.matrix(new double[][] {{-3, -4}, {0, 2}}));
        assertEquals(-1, Recovery.of(opposite).features().get(0).cosine(), 1e-6);
        assertEquals(0, Recovery.of(opposite).mmcs(), 1e-6);
    }

    @Test
    void theBestComponentHasTheLargestCosineWhateverItsSize() {
        // Component 0 is −W; component 1 has for each row a direction at 60°: cosines −1 and ½. The best is ½, not the size of −1.
        double h = Math.sqrt(3) / 2;
        Matrix[] parts = {HandMade.matrix(new double[][] {{-1, 0}, {0, -2}}), HandMade.matrix(new double[][] {{0.5, h}, {h, 0.5}})};
        Recovery recovery = Recovery.of(HandMade.decomposition(HandMade.tms(new double[][] {{1, 0}, {0, 2}}),
                HandMade.config(2, Selection.batchTopK(1)), (parameter, c) -> parts[c]), Tms.ENCODER);
        assertEquals(0.5, recovery.mmcs(), 1e-6);
        assertEquals(List.of(1, 1), recovery.features().stream().map(Recovery.Feature::component).toList());
        Recovery twice = Recovery.of(HandMade.decomposition(HandMade.tms(new double[][] {{1, 0}, {0, 2}}),
                HandMade.config(3, Selection.batchTopK(1)), (parameter, c) -> parts[Math.min(c, 1)]), Tms.ENCODER);
        assertEquals(List.of(1, 1), twice.features().stream().map(Recovery.Feature::component).toList(), "of equal ones the lowest");
    }

    @Test
    void aRunThatMergesTwoFeaturesDoesNotSucceed() {
        Decomposition merged = HandMade.decomposition(HandMade.tms(PENTAGON), HandMade.config(2, Selection.batchTopK(1)),
                (parameter, c) -> c == 0 ? parameter.values() : Matrix.zeros(5, 2));
        assertEquals(1, Recovery.of(merged).mmcs(), 1e-6);
        assertFalse(Recovery.of(merged).success());
    }

    @Test
    void aTargetRowOfZerosIsRefused() {
        Target target = HandMade.tms(new double[][] {{1, 0}, {0, 0}});
        String message = assertThrows(IllegalArgumentException.class, () -> Recovery.of(HandMade.rows(target, 2))).getMessage();
        assertEquals("row 1 of 'linear1' is zero, so it has no direction to recover", message);
    }

    @Test
    void aNetworkWithoutAnEncoderIsRefusedWithTheRemedy() {
        String message = assertThrows(IllegalArgumentException.class, () -> Recovery.of(HandMade.perfect(1))).getMessage();
        assertTrue(message.contains("has no encoder 'linear1'"), message);
        assertEquals(1, Recovery.of(HandMade.perfect(1), "layers.0.mlp_out").mmcs(), 1e-6);
    }

    @Test
    void aTargetWithoutInterferenceThatLacksOneFeatureLosesThatFeatureOnly() {
        // W = e0, e1, 0: outputs x0, x1, 0, which is the monosemantic baseline too. With exactly k of 3 active, the third is with
        // probability k/3: E = k/3 · E[x²] / 3 = k/27.
        Decomposition decomposition = HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {0, 1}, {0, 0}}), 3);
        LossByActiveFeatures losses = LossByActiveFeatures.of(decomposition, 7, 20_000);
        assertEquals(List.of(1, 2, 3), losses.exactly().stream().map(LossByActiveFeatures.Exactly::active).toList());
        for (LossByActiveFeatures.Exactly exactly : losses.exactly()) {
            assertEquals(exactly.active() / 27.0, exactly.losses().target(), 0.003);
            assertEquals(exactly.losses().target(), exactly.losses().decomposition(), 1e-12);
            assertEquals(exactly.losses().target(), exactly.losses().baseline(), 1e-12);
            assertEquals(20_000, exactly.losses().samples());
        }
        // natural, not empty: the third is active in 0.1 of (1 − 0.9³) = 0.271 of the samples
        assertEquals(0.1 / 0.271 / 9, losses.natural().target(), 0.003);
        assertEquals(losses.natural().target(), losses.natural().decomposition(), 1e-12);
        assertEquals(20_000, losses.natural().samples());
    }

    @Test
    void withOneComponentForTwoActiveFeaturesTheOtherIsLost() {
        // Identity of 2, both active, one of two components kept: the smaller of two uniform values is lost, E[min²] = 1/6, over two
        // outputs 1/12. (Attributions are x_i².)
        Decomposition decomposition = HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {0, 1}}), 2);
        Selection one = Selection.perSampleTopK(1);
        LossByActiveFeatures losses = LossByActiveFeatures.of(decomposition, one, 7, 20_000);
        assertEquals(0, losses.exactly().get(1).losses().decomposition(), 1e-12);
        // natural: both active in 0.01 of 1 − 0.9² = 0.19
        assertEquals(0.01 / 0.19 / 12, losses.natural().decomposition(), 0.0008);
    }

    @Test
    void measuresAreTheSameEveryTime() {
        Decomposition decomposition = HandMade.rows(HandMade.tms(PENTAGON), 5);
        assertEquals(LossByActiveFeatures.of(decomposition, 3, 500), LossByActiveFeatures.of(decomposition, 3, 500));
        assertEquals(ComponentAblation.of(decomposition, 3, 50), ComponentAblation.of(decomposition, 3, 50));
        assertEquals(Scrubbing.of(decomposition, 3, 500), Scrubbing.of(decomposition, 3, 500));
        assertEquals(PerFeatureLoss.of(decomposition, 3, 500), PerFeatureLoss.of(decomposition, 3, 500));
        assertEquals(OneHotAblation.of(decomposition, 2, 3, 500), OneHotAblation.of(decomposition, 2, 3, 500));
        assertFalse(Scrubbing.of(decomposition, 3, 500).equals(Scrubbing.of(decomposition, 4, 500)));
    }

    @Test
    void theLpFormulationNeedsASelection() {
        Decomposition decomposition = HandMade.rows(HandMade.tms(PENTAGON), 5);
        Decomposition lp = new Decomposition(decomposition.target(), decomposition.components(), HandMade.config(5, new LpPenalty(0.9)).importance(),
                decomposition.provenance());
        String message = assertThrows(IllegalArgumentException.class, () -> LossByActiveFeatures.of(lp, 0, 10)).getMessage();
        assertTrue(message.contains("Lp formulation"), message);
        assertEquals(10, LossByActiveFeatures.of(lp, Selection.batchTopK(0.5), 0, 10).natural().samples());
    }

    @Test
    void neuronContributionsOfATmsAreRefused() {
        Decomposition decomposition = HandMade.rows(HandMade.tms(PENTAGON), 5);
        for (var measure : List.<Runnable>of(() -> NeuronContributions.of(decomposition), () -> ComponentCategories.of(decomposition))) {
            String message = assertThrows(IllegalArgumentException.class, measure::run).getMessage();
            assertTrue(message.contains("is defined for residual MLPs") && message.contains("'TMS by hand' has [linear1]"), message);
        }
    }

    @Test
    void numbersOutOfTheirRangeAreNamed() {
        Decomposition decomposition = HandMade.rows(HandMade.tms(PENTAGON), 5);
        assertEquals("samples is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> Scrubbing.of(decomposition, 0, 0)).getMessage());
        assertEquals("ablations is 1; it must be at least 2",
                assertThrows(IllegalArgumentException.class, () -> OneHotAblation.of(decomposition, 0, 0, 1)).getMessage());
        assertEquals("'TMS by hand' has no feature 5; its features are 0 … 4",
                assertThrows(IllegalArgumentException.class, () -> OneFeatureResponse.of(decomposition.target(), 5, 3)).getMessage());
    }

    @Test
    void dataWithoutSamplesOfOneActiveFeatureAreRefused() {
        Target dense = HandMade.tms(PENTAGON);
        Target always = new Target("always on", dense.network(), new SparseFeatures(5, 1, 0, 1), dense.labels());
        String message = assertThrows(IllegalArgumentException.class, () -> PerFeatureLoss.of(HandMade.rows(always, 5), 0, 10)).getMessage();
        assertTrue(message.matches("only 0 of \\d+ samples of the target's data have exactly one active feature; ask for fewer samples, .*"),
                message);
    }
}
