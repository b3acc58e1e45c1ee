package org.apd4j.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Selection;
import org.apd4j.math.Matrix;
import org.apd4j.measures.gated.GateShares;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.network.Activation;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Interrupted measures end after the current batch and report how far they got; impossible ones explain why. */
class StoppedMeasuresTest {

    /** Four features, four components, batches of 256. */
    private final Decomposition found = HandMade.perfect(1);

    private static String stopped(Executable measure) {
        Thread.currentThread().interrupt();
        try {
            return assertThrows(CancellationException.class, measure).getMessage();
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is still there");
        }
    }

    @Test
    void everyMeasureOfManySamplesStopsAfterItsFirstBatch() {
        assertEquals("scrubbing was stopped after 256 of 600 samples; the next call starts from the beginning",
                stopped(() -> Scrubbing.of(found, 0, 600)));
        assertEquals("ablations of one input was stopped after 256 of 600 ablations; the next call starts from the beginning",
                stopped(() -> OneHotAblation.of(found, 1, 0, 600)));
        assertEquals("removing each component was stopped after 1 of 4 components; the next call starts from the beginning",
                stopped(() -> ComponentAblation.of(found, 0, 10)));
        // 1, 2, 3 and 4 active features and natural batches, 600 samples each
        assertEquals("loss by active features was stopped after 256 of 3000 samples; the next call starts from the beginning",
                stopped(() -> LossByActiveFeatures.of(found, 0, 600)));
        assertEquals("loss against the residual noise was stopped after 4096 of 10000 samples; the next call starts from the beginning",
                stopped(() -> ResidualNoiseLoss.of(found.target(), 0, 0, 10_000)));
    }

    /** Of 256 samples 256 · 4 · 0.1 · 0.9³, 75, have one active feature; five deviations are 36. */
    @Test
    void theLossPerFeatureCountsTheSamplesWithOneActiveFeatureOnly() {
        String message = stopped(() -> PerFeatureLoss.of(found, 0, 5000));
        String number = message.replaceAll("loss per feature was stopped after (\\d+) of 5000 samples; the next call starts from the beginning",
                "$1");
        int counted = Integer.parseInt(number);
        assertTrue(counted > 39 && counted < 111, message);
    }

    @Test
    void theGivenSelectionIsUsed() {
        assertEquals(Scrubbing.of(found, 3, 500), Scrubbing.of(found, Selection.batchTopK(1), 3, 500));
        // all four components of a faithful decomposition are the target
        assertEquals(0, Scrubbing.of(found, Selection.batchTopK(4), 3, 500).of(Scrubbing.Kind.TOP_K).mean(), 1e-12);
        // 25 pairs for 256 samples, of which 1 − 0.9⁴ have an active feature: most are given nothing
        assertTrue(Scrubbing.of(found, Selection.batchTopK(0.1), 3, 500).of(Scrubbing.Kind.TOP_K).mean() > 1e-3);
    }

    @Test
    void anAblationHasARowForEveryComponentAndAColumnForEveryFeature() {
        ComponentAblation ablation = ComponentAblation.of(HandMade.rows(HandMade.tms(new double[][] {{1, 0}, {0, 1}, {1, 1}}), 4), 0, 10);
        assertEquals(4, ablation.components());
        assertEquals(3, ablation.features());
    }

    @Test
    void tooFewSamplesAreRefused() {
        for (Executable measure : List.<Executable>of(() -> ResidualNoiseLoss.of(found.target(), 0, 0, 0), () -> Scrubbing.of(found, 0, 0),
                () -> LossByActiveFeatures.of(found, 0, 0), () -> PerFeatureLoss.of(found, 0, 0))) {
            assertEquals("samples is 0; it must be at least 1", assertThrows(IllegalArgumentException.class, measure).getMessage());
        }
        assertEquals("samplesPerFeature is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> ComponentAblation.of(found, 0, 0)).getMessage());
        assertEquals("ablations is 1; it must be at least 2",
                assertThrows(IllegalArgumentException.class, () -> OneHotAblation.of(found, 0, 0, 1)).getMessage());
    }

    @Test
    void neuronContributionsNeedAnOutputForEveryFeature() {
        Matrix embedding = HandMade.matrix(new double[][] {{1, 0}, {0, 1}});
        var layer = new ResidualMlp.LayerWeights(Matrix.identity(2), Matrix.identity(2));
        Target target = new Target("three outputs", ResidualMlp.network(embedding, List.of(layer), Matrix.zeros(2, 3).fill(1), Activation.RELU,
                Role.FIXED), new SparseFeatures(2, 1, -1, 1), Labels.INPUT_PLUS_RELU);
        assertEquals("the contribution of neurons needs an output for every feature; 'three outputs' has 2 features and 3 outputs",
                assertThrows(IllegalArgumentException.class, () -> NeuronContributions.ofTarget(target)).getMessage());
    }

    @Test
    void gateSharesNeedADecompositionOfTheSameNetwork() {
        GatedFunctions gated = GatedFunctions.paper(0);
        Decomposition other = HandMade.decomposition(GatedFunctions.paper(1).target(), HandMade.config(1, Selection.batchTopK(1)),
                (parameter, c) -> parameter.values());
        String message = assertThrows(IllegalArgumentException.class, () -> GateShares.of(gated, other)).getMessage();
        assertTrue(message.endsWith("both must have the same weights"), message);
    }
}
