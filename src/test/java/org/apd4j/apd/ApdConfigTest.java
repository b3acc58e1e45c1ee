package org.apd4j.apd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apd4j.apd.ApdConfig.Fields;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Selection;
import org.junit.jupiter.api.Test;

class ApdConfigTest {

    private static final ApdConfig GOOD = ApdConfig.paperTms5to2();

    private static void assertRefused(String field, Object value, String range, Consumer<Fields> change) {
        var refused = assertThrows(IllegalArgumentException.class, () -> GOOD.with(change));
        String start = "ApdConfig." + field + " is " + value + "; it must be " + range;
        assertTrue(refused.getMessage().startsWith(start), refused.getMessage());
    }

    @Test
    void wholeNumbersBelowOneAreRefused() {
        for (int value : new int[] {0, -1}) {
            assertRefused("components", value, "at least 1", c -> c.components = value);
            assertRefused("rank", value, "at least 1", c -> c.rank = value);
            assertRefused("batch", value, "at least 1", c -> c.batch = value);
            assertRefused("steps", value, "at least 1", c -> c.steps = value);
            assertRefused("copies", value, "at least 1", c -> c.copies = value);
        }
    }

    @Test
    void negativeAndNaNCoefficientsAreRefused() {
        for (double value : new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            String range = "a finite number of at least 0";
            assertRefused("faithfulness", value, range, c -> c.faithfulness = value);
            assertRefused("minimality", value, range, c -> c.minimality = value);
            assertRefused("simplicity", value, range, c -> c.simplicity = value);
            assertRefused("hiddenReconstruction", value, range, c -> c.hiddenReconstruction = value);
            assertRefused("outputReconstruction", value, range, c -> c.outputReconstruction = value);
        }
    }

    @Test
    void numbersThatMustBePositiveAreRefusedAtZeroBelowAndIfNaN() {
        List<BiConsumer<Fields, Double>> setters = List.of((c, v) -> c.power = v, (c, v) -> c.learningRate = v, (c, v) -> c.initialScale = v,
                (c, v) -> c.sparsity = Selection.batchTopK(v), (c, v) -> c.sparsity = new LpPenalty(v));
        List<String> names = List.of("power", "learningRate", "initialScale", "sparsity.k", "sparsity.q");
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            for (int i = 0; i < names.size(); i++) {
                BiConsumer<Fields, Double> setter = setters.get(i);
                assertRefused(names.get(i), value, "a finite number above 0", c -> setter.accept(c, value));
            }
        }
    }

    @Test
    void impossibleSelectionsAreRefused() {
        assertRefused("sparsity.k", 5.5, "at most the number of components, 5", c -> c.sparsity = Selection.batchTopK(5.5));
        assertRefused("sparsity.k", 0.09, "so large that k · batch (batch 10) is at least 1", c -> {
            c.batch = 10;
            c.sparsity = Selection.batchTopK(0.09);
        });
        assertRefused("sparsity.k", 0, "1 … the number of components, 5", c -> c.sparsity = Selection.perSampleTopK(0));
        assertRefused("sparsity.k", 6, "1 … the number of components, 5", c -> c.sparsity = Selection.perSampleTopK(6));
        assertRefused("sparsity.k", 0.211, "so large that", c -> c.batch = 4);
        assertRefused("sparsity.k", 2.0, "at most the number of components, 1", c -> {
            c.components = 1;
            c.sparsity = Selection.batchTopK(2);
        });
    }

    @Test
    void theLpFormulationRefusesWhatItDoesNotHave() {
        for (AttributionKind kind : AttributionKind.values()) {
            if (kind != AttributionKind.GRADIENT_FROM_TARGET) {
                assertRefused("attributions", kind, "GRADIENT_FROM_TARGET in the Lp formulation", c -> {
                    c.sparsity = new LpPenalty(0.9);
                    c.attributions = kind;
                });
            }
        }
        assertRefused("hiddenReconstruction", 0.5, "0 in the Lp formulation", c -> {
            c.sparsity = new LpPenalty(0.9);
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
            c.hiddenReconstruction = 0.5;
        });
        assertRefused("divergence", Divergence.KL, "MSE in the Lp formulation", c -> {
            c.sparsity = new LpPenalty(0.9);
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
            c.divergence = Divergence.KL;
        });
    }

    @Test
    void limitsAreAllowed() {
        ApdConfig everything = GOOD.with(c -> c.sparsity = Selection.batchTopK(5));
        assertEquals(5 * 2048, everything.activePairs());
        assertEquals(2048, GOOD.with(c -> c.sparsity = Selection.perSampleTopK(1)).activePairs());
        assertEquals(1, GOOD.with(c -> {
            c.batch = 1;
            c.sparsity = Selection.batchTopK(1);
        }).activePairs());
        assertEquals((int) Math.floor(0.211 * 2048), GOOD.activePairs());
    }

    @Test
    void aChangeReturnsANewConfiguration() {
        ApdConfig other = GOOD.with(c -> c.steps = 7);
        assertEquals(7, other.steps());
        assertEquals(20_000, GOOD.steps());
        assertNotEquals(GOOD, other);
        assertEquals(GOOD, GOOD.with(c -> { }));
    }

    @Test
    void thePapersSettingsAreValid() {
        for (ApdConfig config : List.of(ApdConfig.paperTms5to2(), ApdConfig.paperTms40to10(), ApdConfig.paperCompressedComputation(),
                ApdConfig.paperCrossLayer(), ApdConfig.paperGatedFunctions())) {
            assertTrue(config.activePairs() >= 1);
        }
    }
}
