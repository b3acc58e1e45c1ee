package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.targets.Target;
import org.junit.jupiter.api.Test;

/** A network of one's own, from its description to a decomposition. */
class OwnNetworkTest {

    @Test
    void aClassifierWithLayerNormAndSoftmaxIsDecomposed() {
        Target target = SmallRun.OWN_CLASSIFIER.target();
        DecompositionRun<ApdConfig> run = Apd.decompose(target, SmallRun.OWN_CLASSIFIER.config(600).with(c -> {
            c.learningRate = 1e-2;
            c.simplicity = 0.1;
            c.projections = 0;
        }), 0);
        run.train(1);
        double before = run.loss(Loss.FAITHFULNESS.label());
        run.train();
        assertTrue(run.loss(Loss.FAITHFULNESS.label()) < before / 20, before + " → " + run.loss(Loss.FAITHFULNESS.label()));
        Evaluator evaluator = run.decomposition().evaluator();
        SparseRows x = target.data().sample(3, 50);
        double largest = 0;
        for (int i = 0; i < 50; i++) {
            for (int o = 0; o < 4; o++) {
                largest = Math.max(largest, Math.abs(evaluator.target(x).get(i, o) - evaluator.allComponents(x).get(i, o)));
            }
        }
        assertTrue(largest < 0.5, "the components together differ by " + largest + " from the target");
    }

    @Test
    void lossesThatTheNetworkCannotHaveAreRefused() {
        Network network = Network.builder(2).dense("y", "input", 1, RandomStream.of(0)).build();
        Target target = Target.of("one output", network, new SparseFeatures(2, 0.5, 0, 1));
        ApdConfig config = ApdConfig.paperTms5to2();
        assertEquals("hiddenReconstruction is 1.0, but the network of 'one output' observes no layer; mark one with NetworkBuilder.observe, or set the "
                + "coefficient to 0", assertThrows(IllegalArgumentException.class,
                () -> Apd.decompose(target, config.with(c -> c.hiddenReconstruction = 1), 0)).getMessage());
        assertEquals("the divergence is KL, but 'one output' has one output, whose softmax is 1 whatever it is; use MSE",
                assertThrows(IllegalArgumentException.class,
                        () -> Apd.decompose(target, config.with(c -> c.divergence = ApdConfig.Divergence.KL), 0)).getMessage());
        assertEquals("the data has 3 features, the network takes 2", assertThrows(IllegalArgumentException.class,
                () -> Target.of("other data", network, new SparseFeatures(3, 0.5, 0, 1))).getMessage());
    }
}
