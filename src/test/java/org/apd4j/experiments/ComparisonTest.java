package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.measures.RecoveredMechanisms;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ComparisonTest {

    private static final ApdConfig APD = ApdConfig.paperTms5to2().with(c -> {
        c.steps = 30;
        c.batch = 256;
    });
    private static final SpdConfig SPD = SpdConfig.paperTms5to2().with(c -> {
        c.steps = 30;
        c.batch = 64;
        c.components = 8;
    });
    private static final SharedGateConfig SHARED = SharedGateConfig.tms5to2().with(c -> {
        c.steps = 300;
        c.candidates = 100;
        c.pruningSamples = 300;
    });

    static Comparison tiny(int seeds) {
        TmsConfig model = TmsConfig.paper5to2().with(c -> c.training.steps = 500);
        return new Comparison("tiny", seed -> Tms.of(model, seed), APD, SPD, SHARED, seeds);
    }

    @Test
    void theThreeMethodsDecomposeTheSameTargets() {
        Comparison comparison = tiny(2);
        var apd = comparison.apd().train().runs();
        var shared = comparison.shared().train().runs();
        assertEquals(apd.get(1).target().weights(Tms.ENCODER), shared.get(1).target().weights(Tms.ENCODER));
        assertNotEquals(apd.get(0).target().weights(Tms.ENCODER), shared.get(1).target().weights(Tms.ENCODER));
        assertSame(comparison.target(0), comparison.target(0), "a target is trained once");
    }

    @Test
    void successIsJudgedByTheSameDefinitionWhateverTheMethod() {
        Comparison comparison = tiny(1);
        for (DecompositionRun<?> run : List.of(comparison.apd().train().runs().get(0), comparison.spd().train().runs().get(0),
                comparison.shared().train().runs().get(0))) {
            List<Integer> live = ImportanceStatistics.of(run, 0).layers().get(0).liveComponents();
            Recovery rows = Recovery.of(run, Tms.ENCODER, live);
            RecoveredMechanisms mechanisms = RecoveredMechanisms.of(run, RecoveredMechanisms.Bounds.ROWS);
            Comparison.Outcome found = Comparison.measure(run);
            assertEquals(live.size(), found.live(), run.name());
            assertEquals(mechanisms.whole(), found.whole(), run.name());
            assertEquals(mechanisms.success(), found.success(), run.name());
            assertEquals(rows.mmcs(), found.cosine(), 1e-12, run.name());
            assertEquals(rows.ml2r(), found.length(), 1e-12, run.name());
            assertTrue(found.gated() >= 0 && found.adversarial() >= 0 && found.keepOnly() >= 0 && found.ladder320() >= 0, found.toString());
            assertEquals(run.decomposition().components().isShared(), !Double.isNaN(found.scrubbed()), "scrubbing needs whole components");
            assertTrue(Double.isNaN(found.crossLayer()), "a toy model has no layers of neurons");
        }
    }

    @Test
    void runsThatAreNotFinishedAreLeftOutOfTheMeans() {
        Comparison comparison = tiny(1);
        var finished = comparison.shared().train().runs().get(0);
        var stopped = SharedGate.decompose(comparison.target(0), SHARED).train(5);
        Table table = comparison.table(Map.of("shared gates", List.of(finished, stopped)));
        assertTrue(table.stringColumn("all whole").get(0).endsWith(" of 1"), table.toString());
    }

    @Test
    void residualMlpsAreComparedByTheirContributions() {
        ResidualMlpConfig model = ResidualMlpConfig.paperOneLayer().with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 4;
            c.probability = 0.1;
            c.training.batch = 64;
            c.training.steps = 20;
        });
        var comparison = new Comparison("small", seed -> ResidualMlp.of(model, seed), ApdConfig.paperCompressedComputation().with(c -> {
            c.components = 9;
            c.rank = 2;
            c.steps = 3;
            c.batch = 64;
        }), SpdConfig.paperOneLayer().with(c -> {
            c.components = 9;
            c.steps = 3;
            c.batch = 64;
        }), SharedGateConfig.residualMlp().with(c -> {
            c.components = 9;
            c.candidates = 50;
            c.steps = 10;
            c.batch = 32;
            c.pruningSamples = 100;
        }), 1);
        Table table = comparison.table(Map.of("APD", comparison.apd().train().runs(), "SPD", comparison.spd().train().runs(), "shared gates",
                comparison.shared().train().runs()));
        assertEquals(3, table.rowCount());
        assertTrue(table.columnNames().containsAll(List.of("cosine", "length", "live", "separation", "minutes")), table.columnNames().toString());
    }

    @Test
    void presetsHaveTheSettingsOfTheirExperiments() {
        assertEquals("comparison of APD, SPD and shared gates on TMS 5-2, 3 seeds", Comparison.fiveToTwo(Profile.PAPER).toString());
        assertEquals("comparison of APD, SPD and shared gates on TMS 5-2, 90 seeds", Comparison.fiveToTwo(Profile.LONG).withSeeds(90).toString());
        assertEquals("comparison of APD, SPD and shared gates on TMS 40-10, quick, 1 seed", Comparison.fortyToTen(Profile.QUICK).toString());
        assertEquals("comparison of APD, SPD and shared gates on residual MLP, one layer, 1 seed", Comparison.oneLayer(Profile.PAPER).toString());
        assertEquals("comparison of APD, SPD and shared gates on residual MLP, two layers, quick, 1 seed", Comparison.twoLayers(Profile.QUICK).toString());
        assertThrows(IllegalArgumentException.class, () -> Comparison.fiveToTwo(Profile.PAPER).withSeeds(0));
    }
}
