package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.ApdRun;
import org.apd4j.measures.PublishedRecovery;
import org.apd4j.tables.Tables;
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
    void aVariantChangesWhatItSaysAndNothingElse() {
        for (TmsExperiment.Variant variant : FULL.variants()) {
            TmsExperiment other = FULL.with(variant);
            assertEquals(variant, other.variant());
            assertEquals(FULL.apd(), other.with(FULL.variant()).apd());
            assertEquals(FULL.target(), other.target());
        }
    }

    @Test
    void variantsTakeTheRunsThatThereAreAndMakeTheOthers() {
        SeedRuns<ApdRun> own = TINY.allSeeds().train();
        var variants = TINY.allVariants(own);
        assertSame(own, variants.get(TINY.variant().label()));
        assertEquals(4, variants.size());
        variants.values().forEach(SeedRuns::train);
        Table table = Tables.variants(variants);
        assertEquals(List.copyOf(variants.keySet()), table.stringColumn("variant").asList());
        assertEquals(List.of("0 of 2", "0 of 2", "0 of 2", "0 of 2"), table.stringColumn("seeds that succeed").asList());
        assertEquals("–", table.stringColumn("ML2R of these").get(0));
        assertTrue(table.stringColumn("ML2R of all").get(0).contains(" ± "));
        Table verdict = Tables.paperBesideOurs(TINY.paper(), own.runs());
        assertEquals("not reproduced", verdict.stringColumn("verdict").get(0));
        assertTrue(verdict.stringColumn("verdict").get(3).startsWith("differs"));
        assertEquals("Recovery by seed: 0 of 2 succeed", Tables.seeds(own.runs()).name());
        assertEquals("2 to the end", own.summary().entries().get("trained"));
    }

    @Test
    void theTableOfAttributionsShowsSamplesInWhichSomethingIsActive() {
        ApdRun run = TINY.decompose(TINY.target(0));
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
        ApdRun run = TINY.decompose(0).train();
        List<String> computed = List.of("faithfulness", "minimality", "simplicity");
        assertEquals(computed, run.history().names());
        assertEquals(computed, Tables.losses(run).stringColumn("loss").asList());
    }
}
