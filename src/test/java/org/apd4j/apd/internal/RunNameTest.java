package org.apd4j.apd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Selection;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;

class RunNameTest {

    private static String name(Consumer<ApdConfig.Fields> change) {
        return Apd.decompose(Tms.untrained(TmsConfig.paper5to2(), 0), ApdConfig.paperTms5to2().with(change), 3).name();
    }

    @Test
    void aRunWithThePapersSettingsHasAShortName() {
        assertEquals("TMS 5-2, APD, seed 3", name(c -> { }));
        assertEquals("residual MLP, 2 layers, APD, seed 1", RunName.of("residual MLP, 2 layers", ApdConfig.paperCrossLayer(), 1));
    }

    @Test
    void settingsThatDifferFromThePaperAreInTheName() {
        assertEquals("TMS 5-2, APD, seed 3, components 8", name(c -> c.components = 8));
        assertEquals("TMS 5-2, APD, seed 3, steps 2000, k 0.3, simplicity 0.5", name(c -> {
            c.steps = 2_000;
            c.sparsity = Selection.batchTopK(0.3);
            c.simplicity = 0.5;
        }));
    }

    @Test
    void everySettingDistinguishesRuns() {
        Map<String, Consumer<ApdConfig.Fields>> changes = new LinkedHashMap<>();
        changes.put("components", c -> c.components = 6);
        changes.put("rank", c -> c.rank = 2);
        changes.put("batch", c -> c.batch = 1000);
        changes.put("steps", c -> c.steps = 1000);
        changes.put("attributions", c -> c.attributions = AttributionKind.ABLATION);
        changes.put("selection", c -> c.sparsity = Selection.perSampleTopK(1));
        changes.put("faithfulness", c -> c.faithfulness = 2);
        changes.put("minimality", c -> c.minimality = 2);
        changes.put("simplicity", c -> c.simplicity = 0.70001);
        changes.put("outputReconstruction", c -> c.outputReconstruction = 1);
        changes.put("power", c -> c.power = 0.9);
        changes.put("divergence", c -> c.divergence = Divergence.KL);
        changes.put("unitNorm", c -> c.unitNorm = true);
        changes.put("learningRate", c -> c.learningRate = 1e-4);
        changes.put("shape", c -> c.schedule = Schedule.cosine().warmup(0.05));
        changes.put("warmup", c -> c.schedule = Schedule.constant().warmup(0.1));
        changes.put("halfLife", c -> c.schedule = Schedule.exponential(100));
        changes.put("initialScale", c -> c.initialScale = 2);
        changes.put("copies", c -> c.copies = 1);
        changes.put("projections", c -> c.projections = 2);
        Map<String, String> names = new LinkedHashMap<>(Map.of(name(c -> { }), "nothing"));
        changes.forEach((setting, change) -> {
            String before = names.put(name(change), setting);
            assertTrue(before == null, setting + " and " + before + " have one name: " + name(change));
        });
    }

    @Test
    void targetsOfOtherSeedsHaveOtherNames() {
        assertEquals("TMS 5-2, target, seed 4", Tms.of(TmsConfig.paper5to2(), 4).name());
    }
}
