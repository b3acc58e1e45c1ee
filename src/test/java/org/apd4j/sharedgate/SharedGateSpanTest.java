package org.apd4j.sharedgate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.junit.jupiter.api.Test;

class SharedGateSpanTest {

    /** One feature in a stream of two dimensions, its embedding along the first. W_in reads both, 3 and 4; W_out writes along the first alone. */
    private static Target oneLayer() {
        Network network = ResidualMlp.network(HandMade.matrix(new double[][] {{1, 0}}),
                List.of(new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{3}, {4}}), HandMade.matrix(new double[][] {{1, 0}}))),
                HandMade.matrix(new double[][] {{1}, {0}}), Activation.RELU, Role.FIXED);
        return Target.of("one layer", network, new SparseFeatures(1, 0.5, 0, 1));
    }

    /** The first layer writes 1 beside the stream's first dimension, which the second reads. */
    private static Target twoLayers() {
        List<ResidualMlp.LayerWeights> layers = List.of(
                new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{1}, {0}}), HandMade.matrix(new double[][] {{0, 1}})),
                new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{0}, {1}}), HandMade.matrix(new double[][] {{1, 0}})));
        Network network = ResidualMlp.network(HandMade.matrix(new double[][] {{1, 0}}), layers, HandMade.matrix(new double[][] {{1}, {0}}),
                Activation.RELU, Role.FIXED);
        return Target.of("two layers", network, new SparseFeatures(1, 0.5, 0, 1));
    }

    @Test
    void aSentenceSaysWhichPartOfWhichMatricesIsLeftOut() {
        SharedGateSpan span = SharedGateSpan.of(oneLayer(), SharedGateConfig.residualMlp());
        assertEquals(Set.of(ResidualMlp.in(0)), span.leftOut().keySet());
        assertEquals(16 / 25.0, span.leftOut().get(ResidualMlp.in(0)), 1e-6);
        assertEquals("No component has 64 % of 'layers.0.mlp_in' (of the sums of squares): that part reads what nothing writes, or writes what nothing"
                + " reads, so the network computes the same without it.", span.sentence());
        assertEquals("64.0 %", span.summary().entries().get("left out of 'layers.0.mlp_in'"));
    }

    @Test
    void whatALayerWritesForALaterOneIsNotLeftOut() {
        assertEquals(new SharedGateSpan(Map.of()), SharedGateSpan.of(twoLayers(), SharedGateConfig.residualMlp()));
    }

    @Test
    void whereComponentsMayLieAnywhereNothingIsLeftOut() {
        SharedGateSpan span = SharedGateSpan.of(oneLayer(), SharedGateConfig.residualMlp().with(c -> c.inSpan = false));
        assertEquals(new SharedGateSpan(Map.of()), span);
        assertEquals("The components may lie anywhere in the matrices; nothing is left out.", span.sentence());
    }

    @Test
    void suggestedSettingsSayWhatIsLeftOut() {
        assertEquals("inSpan", last(oneLayer()).setting());
        assertEquals("divergence", last(twoLayers()).setting());
        assertEquals("divergence", last(CheckedDecompositionTest.pentagon()).setting());
    }

    private static DecompositionSettings.Reason last(Target target) {
        List<DecompositionSettings.Reason> reasons = SharedGateConfig.suggest(target).reasons();
        return reasons.get(reasons.size() - 1);
    }
}
