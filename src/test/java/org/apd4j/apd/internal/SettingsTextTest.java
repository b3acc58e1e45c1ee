package org.apd4j.apd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Selection;
import org.junit.jupiter.api.Test;

class SettingsTextTest {

    @Test
    void settingsAreNamedAndOrderedAsInThePapersTables() {
        Map<String, String> found = ApdConfig.paperTms5to2().described();
        assertEquals(List.of("components C", "largest rank m", "selection", "attributions", "faithfulness, minimality, simplicity",
                "power p of simplicity", "unit norm of A", "learning rate", "schedule", "steps", "batch", "I, for the initial values"),
                new ArrayList<>(found.keySet()));
        assertEquals(List.of("5", "3", "batch top-k, k = 0.211", "from the components", "1, 1, 0.7", "1", "no", "0.03", "constant after 5 % warm-up",
                "20,000", "2048", "12"), new ArrayList<>(found.values()));
    }

    @Test
    void otherSelectionsAttributionsAndUnitNormHaveTheirOwnWords() {
        ApdConfig perSample = ApdConfig.paperTms5to2().with(c -> {
            c.sparsity = Selection.perSampleTopK(2);
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
            c.unitNorm = true;
        });
        assertEquals("per sample, k = 2", perSample.described().get("selection"));
        assertEquals("from the target", perSample.described().get("attributions"));
        assertEquals("yes", perSample.described().get("unit norm of A"));
        ApdConfig lp = perSample.with(c -> c.sparsity = new LpPenalty(0.9));
        assertEquals("none: Lp, q = 0.9", lp.described().get("selection"));
    }

    @Test
    void activePairsAreCountedForEachKindOfSelection() {
        ApdConfig config = ApdConfig.paperTms5to2().with(c -> c.batch = 10);
        assertEquals(21, config.with(c -> c.sparsity = Selection.batchTopK(2.19)).activePairs());
        assertEquals(30, config.with(c -> c.sparsity = Selection.perSampleTopK(3)).activePairs());
        assertEquals(50, config.with(c -> {
            c.sparsity = new LpPenalty(0.9);
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
        }).activePairs());
    }
}
