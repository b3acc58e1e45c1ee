package org.apd4j.measures.importance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Grid;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

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
    void componentsThatMatterAreThoseAboveTheThresholdOnSomeInput() {
        assertEquals(List.of(1, 0, 2, 3), byHand().important(0.1));
        assertEquals(List.of(1, 0, 2), byHand().important(0.5));
        assertEquals(4.0 / 3, byHand().meanAbove(0.1), 1e-12); // two, one, one
        assertEquals(List.of(1, 3), byHand().above(0, 0.1));
        assertEquals(List.of(), byHand().above(2, 0.6), "the threshold itself is not above it");
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

    /** With the delta component every component is kept and Δ added: the target, exactly; without it, what faithfulness leaves. */
    @Test
    void componentsAndTheirDeltaComponentAreTheTarget() {
        SparseRows x = TMS.data().sample(3, 64);
        for (Decomposition found : List.of(spd(), Apd.decompose(TMS, ApdConfig.paperTms5to2(), 0).train(20).decomposition())) {
            var with = new MaskSearch(found.evaluator(), x, MaskSources.shared().withDelta());
            assertTrue(with.error(with.filled(1, 0)) > 1e-6, "the components alone are not the target yet");
            assertEquals(0, with.error(with.filled(1, 1)), 1e-10);
            var without = new MaskSearch(found.evaluator(), x, MaskSources.shared());
            assertEquals(without.error(without.filled(1, 0)), with.error(with.filled(1, 0)), 1e-9);
        }
    }

    @Test
    void masksForEachSampleAreNoBetterForTheNetworkThanSharedOnes() {
        MaskedReconstruction shared = MaskedReconstruction.of(spd(), MaskSources.shared().withDelta(), 1, 1);
        MaskedReconstruction each = MaskedReconstruction.of(spd(), MaskSources.ofEachSample().withDelta(), 1, 1);
        assertTrue(each.adversarial() > shared.adversarial(), each + " and " + shared);
        assertEquals(shared.gated(), each.gated());
        assertEquals(MaskedReconstruction.of(spd(), 1, 1).unmasked(), shared.unmasked(), 1e-9);
    }

    @Test
    void importantComponentsAndTheOthersAddUpToTheSumOfAll() {
        Decomposition found = spd();
        OneHotImportances oneHot = OneHotImportances.of(found, 0.75);
        SubcomponentMatrices encoder = SubcomponentMatrices.of(found, Tms.ENCODER, oneHot);
        assertEquals(oneHot.layers().get(0).important(0.1), encoder.parts().stream().map(SubcomponentMatrices.Part::component).toList());
        INDArray sum = found.sum(Tms.ENCODER);
        double residual = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 2; j++) {
                int row = i;
                int column = j;
                double parts = encoder.parts().stream().mapToDouble(part -> part.values().get(row, column)).sum();
                assertEquals(sum.getDouble(i, j), parts + encoder.rest().get(i, j), 1e-5);
                assertEquals(sum.getDouble(i, j), encoder.sum().get(i, j), 1e-5);
                residual += Math.pow(encoder.target().get(i, j) - sum.getDouble(i, j), 2);
            }
        }
        assertEquals(Math.sqrt(residual), encoder.residualNorm(), 1e-4);
    }

    /** {@code y = ReLU(((x A ∘ m₁) B Bᵀ ∘ m₂) Aᵀ + b)}, computed here in double precision. */
    @Test
    void aSampleUnderARandomMaskIsThatOfTheFormula() {
        Decomposition found = spd();
        SparseRows batch = TMS.data().sample(5, 64);
        int row = IntStream.range(0, 64).filter(i -> !batch.isEmpty(i)).findFirst().orElseThrow();
        MaskedSample sample = MaskedSample.of(found, batch, row, 9);
        INDArray a = found.a(Tms.ENCODER);
        INDArray b = found.b(Tms.ENCODER);
        double[] hidden = new double[2];
        double[] output = new double[5];
        for (int c = 0; c < 20; c++) {
            double inner = 0;
            for (int i = 0; i < 5; i++) {
                inner += sample.input().get(i) * a.getDouble(c, i, 0);
            }
            for (int j = 0; j < 2; j++) {
                hidden[j] += sample.layers().get(0).masks().get(c) * inner * b.getDouble(c, 0, j);
            }
        }
        for (int c = 0; c < 20; c++) {
            double inner = hidden[0] * b.getDouble(c, 0, 0) + hidden[1] * b.getDouble(c, 0, 1);
            for (int i = 0; i < 5; i++) {
                output[i] += sample.layers().get(1).masks().get(c) * inner * a.getDouble(c, i, 0);
            }
        }
        double error = 0;
        for (int i = 0; i < 5; i++) {
            double expected = Math.max(0, output[i] + TMS.weights(Tms.BIAS).getDouble(i));
            assertEquals(expected, sample.output().get(i), 1e-5);
            error += Math.pow(expected - sample.target().get(i), 2) / 5;
        }
        assertEquals(error, sample.error(), 1e-5);
        double both = MaskedSample.of(found, batch, row, 0).error() + MaskedSample.of(found, batch, row, 1).error();
        assertEquals(both / 2, MaskedSample.meanError(found, batch, row, 2), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> MaskedSample.meanError(found, batch, row, 0));
        for (MaskedSample.Layer layer : sample.layers()) {
            assertTrue(IntStream.range(0, 20).allMatch(c -> layer.importances().get(c) <= layer.masks().get(c) && layer.masks().get(c) <= 1),
                    layer.toString());
        }
    }

    @Test
    void innerActivationsAreThoseOfTheTargetsInput() {
        Decomposition found = spd();
        ImportanceResponse measured = ImportanceResponse.of(found, 0, List.of(4, 0), 6);
        SparseRows x = TMS.data().sample(6, 2_000);
        INDArray a = found.a(Tms.ENCODER);
        ImportanceResponse.Curve curve = measured.curves().get(0);
        assertEquals(4, curve.component());
        for (int row = 0; row < 200; row++) {
            double expected = 0;
            for (int at = x.start(row); at < x.start(row + 1); at++) {
                expected += x.value(at) * a.getDouble(4, x.column(at), 0);
            }
            assertEquals(expected, curve.activations().get(row), 1e-5);
            assertEquals(found.evaluator().importanceMask(x).layer(0).get(row, 4), curve.importances().get(row), 0);
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImportanceResponse.of(found, 2, List.of(0), 0)).getMessage()
                .contains("layer is 2"));
        assertThrows(IllegalArgumentException.class, () -> ImportanceResponse.of(found, 0, List.of(20), 0));
    }

    @Test
    void recoveryCountsWrongImportancesOfEachLayer() {
        Decomposition found = spd();
        ImportanceRecovery recovery = ImportanceRecovery.of(found, List.of(0, 2), 0);
        List<ImportanceMatrix> layers = OneHotImportances.of(found, 0.75).layers();
        assertEquals(List.of(layers.get(0).identityError(0.1), layers.get(1).denseError(2, 0.1)), recovery.errorsOfLayers());
        assertEquals(ImportanceStatistics.of(found, 0).layers().get(0).liveComponents(), recovery.liveComponents());
        assertTrue(recovery.live().features().stream().allMatch(feature -> recovery.liveComponents().contains(feature.component())));
        assertTrue(recovery.live().mmcs() <= recovery.all().mmcs());
        assertEquals(SubcomponentMatrices.of(found, Tms.ENCODER, OneHotImportances.of(found, 0.75)).residualNorm(), recovery.residualNorm());
        assertThrows(IllegalArgumentException.class, () -> ImportanceRecovery.of(found, List.of(0), 0));
    }
}
