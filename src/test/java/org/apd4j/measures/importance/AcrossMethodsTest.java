package org.apd4j.measures.importance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;

class AcrossMethodsTest {

    private static final Decomposition PERFECT = HandMade.perfect(1);

    /** Component c holds the neurons of a list. */
    private static Decomposition joined(List<List<Integer>> neurons) {
        Target mlp = PERFECT.target();
        return HandMade.decomposition(mlp, HandMade.config(neurons.size(), Selection.batchTopK(1)), (parameter, c) -> {
            Matrix sum = Matrix.zeros(parameter.values().rows(), parameter.values().columns());
            for (int neuron : neurons.get(c)) {
                add(PERFECT.components().component(parameter.name(), neuron), sum);
            }
            return sum;
        });
    }

    private static void add(Matrix from, Matrix to) {
        for (int i = 0; i < to.rows(); i++) {
            for (int j = 0; j < to.columns(); j++) {
                to.set(i, j, to.get(i, j) + from.get(i, j));
            }
        }
    }

    private static ImportanceStatistics live(double... frequencies) {
        List<Double> shares = IntStream.range(0, frequencies.length).mapToObj(c -> frequencies[c]).toList();
        return new ImportanceStatistics(0.1, List.of(new ImportanceStatistics.Layer("all layers", 0, shares, shares)));
    }

    private static Decomposition spd(long seed) {
        Target mlp = ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 6;
            c.residual = 10;
            c.neurons = 3;
            c.probability = 0.3;
        }), 1);
        return Spd.decompose(mlp, SpdConfig.paperTms5to2().with(c -> {
            c.components = 8;
            c.gateWidth = 4;
            c.batch = 64;
            c.steps = 20;
        }), seed).train().decomposition();
    }

    @Test
    void theOrderOfComponentsDoesNotMatterToTheirAgreement() {
        Decomposition turned = joined(List.of(List.of(1), List.of(2), List.of(3), List.of(0)));
        assertEquals(1, Agreement.of(PERFECT, turned, 0).worst(), 1e-6);
    }

    /** Neurons have the same size and are orthogonal: cos(P0, P0 + P1) = 1/√2. Four live components against three: (1/√2 + 1 + 1 + 0) / 4. */
    @Test
    void twoMechanismsInOneComponentLowerTheAgreementAndSoDoesTheOneWithoutAPartner() {
        Decomposition merged = joined(List.of(List.of(0, 1), List.of(), List.of(2), List.of(3)));
        Agreement found = Agreement.of(PERFECT.components(), merged.components(), live(1, 1, 1, 1), live(0.5, 0, 0.2, 0.2));
        assertEquals((Math.sqrt(0.5) + 2) / 4, found.layers().get(0).mean(), 1e-6);
        Agreement back = Agreement.of(merged.components(), PERFECT.components(), live(0.5, 0, 0.2, 0.2), live(1, 1, 1, 1));
        assertEquals((Math.sqrt(0.5) + 2) / 4, back.worst(), 1e-6, "the agreement is the same both ways");
        assertTrue(Double.isNaN(Agreement.of(merged.components(), merged.components(), live(0, 0, 0, 0), live(0, 0, 0, 0)).worst()));
    }

    @Test
    void eachLayerOfSpdIsMatchedByItself() {
        Agreement same = Agreement.of(spd(0), spd(0), 0);
        assertEquals(4, same.layers().size());
        same.layers().stream().filter(layer -> layer.live() > 0).forEach(layer -> assertEquals(1, layer.mean(), 1e-5, layer.name()));
        String refused = assertThrows(IllegalArgumentException.class, () -> Agreement.of(spd(0), PERFECT, 0)).getMessage();
        assertTrue(refused.contains("only components of the same layers can be compared"), refused);
    }

    @Test
    void aPerfectDecompositionCoversAndSeparatesItsFeatures() {
        FeatureOwners owners = FeatureOwners.of(PERFECT, 1);
        assertEquals(List.of(0, 1, 2, 3), owners.layers().get(0).owner());
        assertEquals(1, owners.coverage());
        assertEquals(1, owners.separation());
        FeatureOwners merged = FeatureOwners.of(joined(List.of(List.of(0, 1), List.of(2), List.of(3), List.of())), 1);
        assertEquals(List.of(0, 0, 1, 2), merged.layers().get(0).owner());
        assertEquals(0.75, merged.separation());
    }

    @Test
    void coverageCountsImportancesAboveAHalfAndSeparationTheirDifferentOwners() {
        var layer = new FeatureOwners.Layer("by hand", 0, List.of(3, 3, 1, 3), List.of(0.9, 0.6, 0.5, 0.0));
        assertEquals(0.5, layer.coverage());
        assertEquals(0.5, layer.separation());
        assertEquals("coverage 0.50, separation 0.50", new FeatureOwners(1, List.of(layer)).summary());
        assertTrue(Double.isNaN(new FeatureOwners.Layer("none", 0, List.of(3), List.of(0.1)).separation()));
    }

    @Test
    void spdIsLookedAtWhereItReadsFeatures() {
        FeatureOwners owners = FeatureOwners.of(spd(0), 1);
        assertEquals(List.of(0, 2), owners.layers().stream().map(FeatureOwners.Layer::index).toList(), "W_in of both layers");
    }

    /** Without components y is x, off by ReLU(x): over 64 values in −1 … 1 the mean square is Σ (k + ½)² / 32² / 64 for k = 0 … 31. */
    @Test
    void aPerfectComponentAloneLeavesNoErrorAndNoneLeavesThatOfItsNeuron() {
        KeepOnlyError errors = KeepOnlyError.of(PERFECT, 1);
        for (int i = 0; i < 4; i++) {
            assertEquals(0, errors.kept().get(i), 1e-10);
            assertEquals(10920.0 / 1024 / 64, errors.none().get(i), 1e-5);
        }
        assertEquals(0, errors.share(), 1e-9);
        var byHand = new KeepOnlyError(List.of(0.5, 0.0), List.of(1.0, 1.0));
        assertEquals(0.25, byHand.share());
        assertEquals("with its own component alone an output has 0.2500 of the error that it has without any", byHand.summary());
        KeepOnlyError spd = KeepOnlyError.of(spd(0), 1);
        assertEquals(6, spd.kept().size());
        assertTrue(spd.none().stream().allMatch(error -> error > 0), spd.toString());
    }

    @Test
    void moreStepsFindMasksThatAreNoBetterForTheNetwork() {
        AdversarialLadder ladder = AdversarialLadder.of(spd(0), 0, 2);
        assertEquals(List.of(20, 40, 80, 160, 320), ladder.steps());
        assertEquals(2, ladder.errors().get(0).size());
        assertEquals(MaskedReconstruction.of(spd(0), 0, 1).adversarial(), ladder.errors().get(0).get(0), 0);
        assertTrue(ladder.medians().get(4) >= 0.9 * ladder.medians().get(0), ladder.toString());
        assertEquals(List.of(2.0, 15.0), new AdversarialLadder(List.of(20, 40), List.of(List.of(1.0, 3.0, 2.0), List.of(10.0, 20.0))).medians());
        assertThrows(IllegalArgumentException.class, () -> AdversarialLadder.of(spd(0), 0, 0));
    }

    /** One step at a time knows nothing of earlier ones; 100 steps come back to an earlier state and compute no further. */
    @Test
    void aSearchThatComesBackToAnEarlierStateEndsWhereItWouldStepByStep() {
        for (Decomposition decomposition : List.of(spd(0), joined(List.of(List.of(0, 1), List.of(2), List.of(3), List.of())))) {
            var search = new MaskSearch(decomposition.evaluator(), decomposition.target().data().sample(3, 64), MaskSources.shared());
            for (int steps : new int[] {7, 99, 100}) {
                List<Matrix> together = search.start(1, 0);
                List<Matrix> single = search.start(1, 0);
                double[] errors = search.climb(together, steps, 0.1);
                for (int step = 0; step < steps; step++) {
                    assertEquals(search.climb(single, 1, 0.1)[0], errors[step], "step " + step);
                }
                for (int l = 0; l < single.size(); l++) {
                    assertArrayEquals(single.get(l).toArray(), together.get(l).toArray(), steps + " steps");
                }
            }
        }
    }

    /** A step from sources that all samples share goes by the sum of the samples' gradients; with a delta component, for shared components and others. */
    @Test
    void sourcesThatAllSamplesShareAreTheSameForEachSample() {
        for (Decomposition decomposition : List.of(spd(0), SmallRun.TMS_FROM_COMPONENTS.run(3).train().decomposition())) {
            SparseRows x = decomposition.target().data().sample(3, 64);
            var shared = new MaskSearch(decomposition.evaluator(), x, MaskSources.shared().withDelta());
            var each = new MaskSearch(decomposition.evaluator(), x, MaskSources.ofEachSample().withDelta());
            List<Matrix> sources = shared.start(1, 0);
            List<Matrix> repeated = sources.stream().map(own -> repeated(own, 64)).toList();
            double error = shared.error(sources);
            assertTrue(error > 0);
            assertEquals(error, each.error(repeated), 1e-5 * error);

            double size = 1e-3;
            shared.climb(sources, 1, size);
            for (int l = 0; l < sources.size(); l++) {
                Matrix moved = sources.get(l);
                for (int c = 0; c < moved.columns(); c++) {
                    // by finite differences, where they are not at rounding level
                    double up = errorWith(each, repeated, l, c, 1e-2f);
                    double down = errorWith(each, repeated, l, c, -1e-2f);
                    if (Math.abs(up - down) > 1e-3 * error) {
                        assertEquals(Math.signum(up - down), Math.signum(moved.get(0, c) - repeated.get(l).get(0, c)), "layer " + l + ", component " + c);
                    }
                }
            }
        }
    }

    private static Matrix repeated(Matrix row, int rows) {
        Matrix all = Matrix.zeros(rows, row.columns());
        for (int i = 0; i < rows; i++) {
            all.block(i, 1).copyFrom(row);
        }
        return all;
    }

    private static double errorWith(MaskSearch search, List<Matrix> sources, int layer, int component, float step) {
        List<Matrix> changed = new ArrayList<>(sources);
        Matrix own = sources.get(layer).copy();
        for (int row = 0; row < own.rows(); row++) {
            own.set(row, component, own.get(row, component) + step);
        }
        changed.set(layer, own);
        return search.error(changed);
    }
}
