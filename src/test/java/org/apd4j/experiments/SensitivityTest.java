package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.Selection;
import org.apd4j.figures.Figures;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.sweep.SweepAxis;
import org.apd4j.tables.Tables;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SensitivityTest {

    private static final TmsExperiment TINY = tiny();

    private static TmsExperiment tiny() {
        TmsExperiment full = TmsExperiment.fiveToTwo(Profile.QUICK);
        TmsConfig target = full.target().with(c -> c.training.steps = 50);
        return new TmsExperiment("tiny", target, full.apd().with(c -> {
            c.steps = 20;
            c.batch = 128;
        }), 2, 100, full.paper(), Profile.QUICK, full.goal());
    }

    private static float[] components(DecompositionRun<ApdConfig> run) {
        return run.decomposition().a("linear1").data().asFloat();
    }

    @Test
    void aRunOfTheGridGivesTheNumbersOfARunOnItsOwn() {
        Sensitivity grid = Sensitivity.of(TINY, SweepAxis.simplicity(0.1, 0.7), SweepAxis.batchTopK(0.15, 0.3), 2).train();
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                for (int seed = 0; seed < 2; seed++) {
                    DecompositionRun<ApdConfig> found = grid.runs(row, column).get(seed);
                    double simplicity = row == 0 ? 0.1 : 0.7;
                    double k = column == 0 ? 0.15 : 0.3;
                    assertEquals(seed, found.seed());
                    assertEquals(TINY.apd().with(c -> {
                        c.simplicity = simplicity;
                        c.sparsity = Selection.batchTopK(k);
                    }), found.config());
                    assertArrayEquals(components(Apd.decompose(TINY.target(seed).train(), found.config()).train()), components(found));
                }
            }
        }
        assertEquals("8 of 8 runs to the end", grid.summary().entries().get("trained"));
    }

    @Test
    void figuresAndTableShowEveryPlace() {
        Sensitivity grid = Sensitivity.of(TINY, SweepAxis.of("rate", (c, value) -> c.learningRate = value, 0.001, 0.002, 0.003), SweepAxis.batchTopK(0.2), 1);
        RecoveryMap before = grid.recovery();
        assertTrue(Double.isNaN(before.successRate().get(2, 0)));
        RecoveryMap after = grid.train().recovery();
        assertEquals(0, after.successRate().get(2, 0));
        Table table = Tables.recoveryMap(after);
        assertEquals(List.of("0.001", "0.002", "0.003"), table.stringColumn("rate").asList());
        assertEquals(List.of("0 of 1", "0 of 1", "0 of 1"), table.stringColumn("seeds that succeed").asList());
        assertEquals(3, Figures.successRate(after).numbers().rowCount());
        assertEquals(after.mean(recovery -> recovery.ml2r()).get(1, 0), Figures.ml2r(after).numbers().doubleColumn("0.2").getDouble(1));
    }

    @Test
    void aValueOutOfItsRangeIsRefusedBeforeAnythingIsTrained() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Sensitivity.of(TINY, SweepAxis.simplicity(0.1), SweepAxis.batchTopK(0.2, 6), 1)).getMessage();
        assertEquals("ApdConfig.sparsity.k is 6.0; it must be at most the number of components, 5", message);
    }

    @Test
    void thePaperGridsHaveTwentyAndNinePlaces() {
        assertEquals(20, Sensitivity.fiveToTwo(Profile.PAPER).recovery().cells());
        assertEquals(9, Sensitivity.fortyToTen(Profile.PAPER).recovery().cells());
    }
}
