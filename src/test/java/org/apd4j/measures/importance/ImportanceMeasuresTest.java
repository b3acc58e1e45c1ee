package org.apd4j.measures.importance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.math.internal.Grid;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

class ImportanceMeasuresTest {

    private static final Target TMS = Tms.of(TmsConfig.paper5to2(), 0).train(500).trained();

    private static Decomposition spd() {
        return Spd.decompose(TMS, SpdConfig.paperTms5to2().with(c -> {
            c.steps = 300;
            c.batch = 512;
        }), 0).train().decomposition();
    }

    /** Rows are inputs: two with a component of their own, one shared entry too many, one component too weak. */
    private static ImportanceMatrix byHand() {
        double[][] rows = {{0, 1, 0, 0.3}, {0.95, 0, 0, 0}, {0, 0, 0.6, 0.05}};
        return new ImportanceMatrix("by hand", Grid.of(3, 4, (i, c) -> rows[i][c]));
    }

    @Test
    void errorsOfAMatrixByHandAreCounted() {
        assertEquals(2, byHand().identityError(0.1)); // 0.3 is too much, 0.6 too little
        assertEquals(1, byHand().identityError(0.35)); // 0.6 is still too little
        assertEquals(List.of(1, 0, 2, 3), byHand().sorted());
        assertEquals(2, byHand().denseError(2, 0.1)); // columns 1 and 0 reach 1 − 0.1; 0.3 and 0.6 stand outside
        assertEquals(2, byHand().denseError(3, 0.1)); // column 2 never reaches it, and 0.3 stands outside
    }

    @Test
    void matricesThatCannotBeJudgedAreRefused() {
        ImportanceMatrix wide = new ImportanceMatrix("few", Grid.of(3, 2, (i, c) -> 0));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> wide.identityError(0.1)).getMessage()
                .contains("layer 'few' has 2 components for 3 inputs"));
        assertThrows(IllegalArgumentException.class, () -> wide.denseError(3, 0.1));
        assertThrows(IllegalArgumentException.class, () -> MaskedReconstruction.of(spd(), 0, 0));
    }

    /** Batch top-k of APD keeps 432 of 2048 · 5 components, 0.211 a sample, whatever has been learned. */
    @Test
    void apdHasOneMatrixForAllLayersAndAsManyActiveComponentsAsItSelects() {
        var apd = Apd.decompose(TMS, ApdConfig.paperTms5to2(), 0).train(200).decomposition();
        assertEquals(List.of("all layers"), OneHotImportances.of(apd, 1).layers().stream().map(ImportanceMatrix::name).toList());
        ImportanceStatistics.Layer all = ImportanceStatistics.of(apd, 0).layers().get(0);
        assertEquals(0.211, all.l0(), 1e-3);
        assertEquals(all.l0(), all.mean().stream().mapToDouble(mean -> mean).sum(), 1e-9, "importances of APD are 0 or 1");
    }

    @Test
    void spdHasAMatrixForEachLayer() {
        Decomposition found = spd();
        assertEquals(List.of("encoder", "decoder"), OneHotImportances.of(found, 0.75).layers().stream().map(ImportanceMatrix::name).toList());
        ImportanceStatistics.Layer encoder = ImportanceStatistics.of(found, 0).layers().get(0);
        assertEquals(20, encoder.spectrum().size());
        assertTrue(encoder.spectrum().get(0) >= encoder.spectrum().get(19));
        assertTrue(encoder.live() <= 20 && encoder.live() > 0, encoder.toString());
    }

    @Test
    void theWorstMasksAreWorseThanRandomOnes() {
        MaskedReconstruction errors = MaskedReconstruction.of(spd(), 1, 2);
        assertTrue(errors.adversarial() > errors.stochastic(), errors.toString());
        assertTrue(errors.adversarial() >= errors.unmasked(), errors.toString());
        assertEquals(errors, MaskedReconstruction.of(spd(), 1, 2), "the same seed gives the same numbers");
    }
}
