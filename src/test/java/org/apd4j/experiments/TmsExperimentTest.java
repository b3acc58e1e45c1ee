package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.figures.Figures;
import org.apd4j.tables.Tables;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Listeners;
import org.apd4j.training.SeedRuns;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class TmsExperimentTest {

    private static final TmsExperiment FULL = TmsExperiment.fiveToTwo(Profile.PAPER);
    private static final TmsExperiment TINY = new TmsExperiment("tiny", FULL.target(), FULL.apd().with(c -> {
        c.steps = 20;
        c.batch = 128;
    }), 2, 100, FULL.paper(), Profile.QUICK, new TmsExperiment.Goal(0, 0, 0));

    @Test
    void thePapersSettingsAreThePapers() {
        assertEquals(20_000, FULL.apd().steps());
        assertEquals(10, FULL.seeds());
        assertEquals(new TmsExperiment.Variant(AttributionKind.GRADIENT_FROM_COMPONENTS, 12), FULL.variant());
        assertEquals(PublishedRecovery.TMS_5_2, FULL.paper());
    }

    @Test
    void aVariantChangesOnlyItsOwnSettings() {
        for (TmsExperiment.Variant variant : FULL.variants()) {
            TmsExperiment other = FULL.with(variant);
            assertEquals(variant, other.variant());
            assertEquals(FULL.apd(), other.with(FULL.variant()).apd());
            assertEquals(FULL.target(), other.target());
        }
    }

    @Test
    void variantsUseExistingRunsAndCreateTheOthers() {
        SeedRuns<DecompositionRun<ApdConfig>> own = TINY.allSeeds().train();
        var variants = TINY.allVariants(own);
        assertSame(own, variants.get(TINY.variant().label()));
        assertEquals(4, variants.size());
        variants.values().forEach(SeedRuns::train);
        Table table = Tables.variants(variants);
        assertEquals(List.copyOf(variants.keySet()), table.stringColumn("variant").asList());
        assertEquals(List.of("0 of 2", "0 of 2", "0 of 2", "0 of 2"), table.stringColumn("seeds that succeed").asList());
        assertEquals("–", table.stringColumn("ML2R of these").get(0));
        assertTrue(table.stringColumn("ML2R of all").get(0).contains(" ± "));
        Table verdict = TINY.check(own.runs());
        assertEquals("not reproduced", verdict.stringColumn("verdict").get(0));
        assertTrue(verdict.stringColumn("verdict").get(3).startsWith("differs"));
        assertEquals("Recovery by seed: 0 of 2 succeed", Tables.seeds(own.runs()).name());
        assertEquals("2 to the end", own.summary().entries().get("trained"));
    }

    @Test
    void tablesOfAStoppedGroupCountFinishedRunsOnly() {
        var stopped = TINY.withSeeds(3).allSeeds();
        var trained = new AtomicInteger();
        Listeners.onFirstStep(run -> {
            if (run instanceof DecompositionRun<?> && trained.incrementAndGet() > 1) {
                stopped.stop();
            }
        });
        try {
            stopped.train();
        } finally {
            Listeners.onFirstStep(run -> { });
        }
        long finished = stopped.runs().stream().filter(DecompositionRun::isFinished).count();
        assertTrue(finished < 3, "the group was stopped");
        assertEquals("Recovery by seed: 0 succeed, " + finished + " of 3 runs finished", Tables.seeds(stopped.runs()).name());
        Tables.seeds(stopped.runs()).stringColumn("success").asList().stream().filter(text -> !text.equals("no"))
                .forEach(text -> assertTrue(text.startsWith("not yet: "), text));
        assertEquals(List.of("0 of " + finished + " finished, of 3 planned"),
                Tables.variants(Map.of("one", stopped)).stringColumn("seeds that succeed").asList());
        assertEquals("not finished", TINY.check(stopped.runs()).stringColumn("verdict").get(4));
    }

    @Test
    void theTableOfAttributionsShowsSamplesInWhichSomethingIsActive() {
        DecompositionRun<ApdConfig> run = TINY.decompose(TINY.target(0));
        var batch = run.target().data().sample(0, 256);
        Table table = Tables.attributions(AttributionKind.GRADIENT_FROM_TARGET, run, batch, 4);
        assertEquals(4, table.rowCount());
        for (int row = 0; row < 4; row++) {
            assertFalse(batch.isEmpty(table.intColumn("sample").get(row)));
            assertFalse(table.stringColumn("active features").get(row).isEmpty());
            assertTrue(table.doubleColumn("component 0").getDouble(row) >= 0);
        }
        assertTrue(table.stringColumn("kept").asList().stream().allMatch(kept -> kept.matches("none|\\d(, \\d)*")));
    }

    @Test
    void lossesThatAreOffAreNotShown() {
        DecompositionRun<ApdConfig> run = TINY.decompose(0).train();
        List<String> computed = List.of("faithfulness", "minimality", "simplicity");
        assertEquals(computed, run.history().names());
        assertEquals(computed, Tables.losses(run).stringColumn("loss").asList());
    }

    @Test
    void theLargerModelIsThatOfThePaper() {
        TmsExperiment full = TmsExperiment.fortyToTen(Profile.PAPER);
        assertEquals(10, full.seeds());
        assertEquals(ApdConfig.paperTms40to10(), full.apd());
        assertEquals(TmsConfig.paper40to10(), full.target());
        assertEquals(0.996, full.paper().mmcs());
    }

    @Test
    void runsThatMissTheGoalThrowUnderQuickAndAreShownUnderPaper() {
        DecompositionRun<ApdConfig> untrained = TINY.decompose(TINY.target(0));
        var strict = new TmsExperiment.Goal(0.999, 0, 1);
        TmsExperiment quick = new TmsExperiment("tiny", TINY.target(), TINY.apd(), 1, 100, TINY.paper(), Profile.QUICK, strict);
        String message = assertThrows(IllegalStateException.class, () -> quick.check(List.of(untrained))).getMessage();
        assertTrue(message.startsWith("mean MMCS of all seeds is ") && message.endsWith("seeds that succeed is 0; it must be at least 1"), message);
        TmsExperiment paper = new TmsExperiment("tiny", TINY.target(), TINY.apd(), 1, 100, TINY.paper(), Profile.PAPER, strict);
        Table shown = paper.check(List.of(untrained));
        assertEquals("not reproduced", shown.stringColumn("verdict").get(0));
        assertEquals("not finished", shown.stringColumn("verdict").get(4));
        assertEquals("0.998 ± 0.000", shown.stringColumn("paper").get(0));
    }

    @Test
    void settingsAreShownSideBySide() {
        Table table = Tables.settings(Map.of("Lp", TmsExperiment.lp(Profile.PAPER).apd()));
        List<String> values = table.stringColumn("Lp").asList();
        assertEquals(List.of("5", "3", "none: Lp, q = 0.9", "from the target", "1, 7, 1", "1", "yes", "0.3", "constant after 10 % warm-up", "20,000",
                "2048", "12"), values);
    }

    @Test
    void initialScalesDifferInTheNumberOfCopiesOnly() {
        var scales = TINY.initialScales(1, 3);
        scales.values().forEach(SeedRuns::train);
        assertEquals(List.of("I = 1", "I = 3"), List.copyOf(scales.keySet()));
        DecompositionRun<ApdConfig> three = scales.get("I = 3").runs().get(1);
        assertEquals(TINY.apd().with(c -> c.copies = 3), three.config());
        assertEquals(2 * TINY.seeds(), Figures.variants(scales).numbers().rowCount());
    }
}
