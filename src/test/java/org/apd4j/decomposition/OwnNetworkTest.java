package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.SmallRun;
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
        assertEquals("the divergence is KL, but 'one output' has one output, whose softmax is always 1; use MSE",
                assertThrows(IllegalArgumentException.class,
                        () -> Apd.decompose(target, config.with(c -> c.divergence = Divergence.KL), 0)).getMessage());
        assertEquals("the data has 3 features, the network takes 2", assertThrows(IllegalArgumentException.class,
                () -> Target.of("other data", network, new SparseFeatures(3, 0.5, 0, 1))).getMessage());
    }

    /** Two hidden layers, tanh after the first only. */
    private static Target twoLayers() {
        Network network = Network.builder(3).dense("first", "input", 4, RandomStream.of(0)).activation("tanh", "first", Activation.TANH)
                .dense("second", "tanh", 4, RandomStream.of(1)).dense("y", "second", 2, RandomStream.of(2)).build();
        return Target.of("two layers", network, new SparseFeatures(3, 0.5, -1, 1));
    }

    private static ApdConfig small() {
        return ApdConfig.paperTms5to2().with(c -> {
            c.steps = 3;
            c.batch = 8;
            c.hiddenReconstruction = 1;
        });
    }

    @Test
    void whoeverDecomposesSaysWhichParametersAndWhichLayersAreCompared() {
        var run = Apd.decompose(twoLayers(), small().with(c -> {
            c.parameters = List.of("y.weight", "first.weight");
            c.hiddenLayers = List.of(new HiddenLayer("y.linear", false));
        }), 0).train();
        assertEquals(List.of("first.weight", "y.weight"), run.decomposition().components().factors().stream().map(Factors::parameter).toList());
        assertEquals(List.of("first.linear", "y.linear"), run.decomposition().components().graph().layers().stream().map(NetworkGraph.Layer::node).toList());
        Matrix kept = twoLayers().network().parameter("second.weight").values();
        assertArrayEquals(kept.toArray(), run.decomposition().without(0).network().parameter("second.weight").values().toArray());
        assertRefused("ApdConfig.parameters names 'first.bias', which is not the matrix of a linear map; choose from [first.weight, second.weight,"
                + " y.weight]", c -> c.parameters = List.of("first.bias"));
        assertRefused("ApdConfig.hiddenLayers names 'second.linear', which is not a decomposed linear map; choose from [first.linear]", c -> {
            c.parameters = List.of("first.weight");
            c.hiddenLayers = List.of(new HiddenLayer("second.linear", true));
        });
    }

    private static void assertRefused(String message, Consumer<ApdConfig.Fields> change) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Apd.decompose(twoLayers(), small().with(change), 0)).getMessage());
    }

    @Test
    void aNetworkWithoutTrainedMatricesHasNothingToDecompose() {
        Network network = Network.builder(1).parameter("w", Parameter.Role.FIXED, Matrix.zeros(1, 2).fill(1)).linear("y", "input", "w", false).build();
        Target target = Target.of("fixed", network, new SparseFeatures(1, 0.5, 0, 1));
        assertEquals("the network has no trained matrix to decompose; name matrices in ApdConfig.parameters, from [w]",
                assertThrows(IllegalArgumentException.class, () -> Apd.decompose(target, small(), 0)).getMessage());
        assertEquals(1, Apd.decompose(target, small().with(c -> c.parameters = List.of("w")), 0).train(1).step());
    }

    @Test
    void hiddenLayersAreThoseThatFeedAnActivationOrElseAllThatAreDecomposed() {
        Network network = twoLayers().network();
        assertEquals(List.of(new HiddenLayer("first.linear", true)), HiddenLayer.of(network, network.matrices()));
        assertEquals(List.of(new HiddenLayer("second.linear", false), new HiddenLayer("y.linear", false)),
                HiddenLayer.of(network, List.of("second.weight", "y.weight")));
        Network tms = Tms.untrained(TmsConfig.paper5to2(), 0).network();
        assertEquals(List.of(new HiddenLayer("encoder", false), new HiddenLayer("decoder", false)), HiddenLayer.of(tms, tms.matrices()));
        Network mlp = ResidualMlp.untrained(ResidualMlpConfig.paperTwoLayers(), 0).network();
        List<String> weights = mlp.weights().stream().map(Parameter::name).toList();
        assertEquals(List.of(new HiddenLayer(ResidualMlp.in(0), true), new HiddenLayer(ResidualMlp.in(1), true)), HiddenLayer.of(mlp, weights));
    }

    @Test
    void sayingTheDefaultIsTheSameRunAsLeavingItOut() {
        var usual = Apd.decompose(twoLayers(), small(), 0);
        var said = Apd.decompose(twoLayers(), small().with(c -> {
            c.parameters = List.of("first.weight", "second.weight", "y.weight");
            c.hiddenLayers = List.of(new HiddenLayer("first.linear", true));
        }), 0);
        assertEquals(usual.config(), said.config());
        assertEquals(usual.fingerprint(), said.fingerprint());
        var other = Apd.decompose(twoLayers(), small().with(c -> c.parameters = List.of("first.weight")), 0);
        assertNotEquals(usual.fingerprint(), other.fingerprint());
    }
}
