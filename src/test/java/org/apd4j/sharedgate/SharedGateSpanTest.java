package org.apd4j.sharedgate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
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

    /** The first layer writes 1 beside the stream's first dimension, which the second reads: for x = 1 its output is 1, and 0 without. */
    private static Target twoLayers() {
        List<ResidualMlp.LayerWeights> layers = List.of(
                new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{1}, {0}}), HandMade.matrix(new double[][] {{0, 1}})),
                new ResidualMlp.LayerWeights(HandMade.matrix(new double[][] {{0}, {1}}), HandMade.matrix(new double[][] {{1, 0}})));
        Network network = ResidualMlp.network(HandMade.matrix(new double[][] {{1, 0}}), layers, HandMade.matrix(new double[][] {{1}, {0}}),
                Activation.RELU, Role.FIXED);
        return Target.of("two layers", network, new SparseFeatures(1, 0.5, 0, 1));
    }

    @Test
    void anExactSpanSaysThatNothingIsLostAndWhichPartOfTheMatricesIsLeftOut() {
        SharedGateSpan span = SharedGateSpan.of(oneLayer(), SharedGateConfig.oneLayer());
        assertTrue(span.isExact());
        assertEquals(16 / 25.0, span.leftOut().get(ResidualMlp.in(0)), 1e-6);
        assertEquals(0, span.leftOut().get(ResidualMlp.out(0)), 1e-6);
        assertEquals(0, span.error(), 1e-9);
        assertEquals("Outside of what the fixed matrices write and read, and in no component, are 64 % of 'layers.0.mlp_in', 0 % of 'layers.0.mlp_out'"
                + " (of squares); the network computes the same without them.", span.sentence());
        assertEquals("yes", span.summary().entries().get("exact"));
    }

    /** All that the layers add to the output goes through what is left out, so the error is that without any component. */
    @Test
    void aSpanThatIsNotExactSaysHowFarTheSumOfTheComponentsIsFromTheNetwork() {
        SharedGateSpan span = SharedGateSpan.of(twoLayers(), SharedGateConfig.twoLayers());
        assertFalse(span.isExact());
        assertEquals(1, span.error(), 1e-6);
        assertTrue(span.sentence().endsWith("it is off by 100.0 % of the error that the output has without any component."), span.sentence());
    }

    @Test
    void whereComponentsMayLieAnywhereNothingIsLeftOut() {
        SharedGateSpan span = SharedGateSpan.of(twoLayers(), SharedGateConfig.twoLayers().with(c -> c.inSpan = false));
        assertEquals(new SharedGateSpan(true, Map.of(), 0), span);
        assertEquals("The components may lie anywhere in the matrices; nothing is left out.", span.sentence());
    }

    @Test
    void suggestedSettingsSayWhatTheSpanLeavesOut() {
        DecompositionSettings.Reason exact = last(oneLayer());
        assertEquals(List.of("span", "exact"), List.of(exact.setting(), exact.value()));
        assertEquals("not exact", last(twoLayers()).value());
        assertEquals("divergence", last(CheckedDecompositionTest.pentagon()).setting());
        Target small = ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers().with(c -> {
            c.features = 8;
            c.residual = 30;
            c.neurons = 6;
            c.probability = 0.1;
        }), 1);
        double error = SharedGateSpan.of(small, SharedGateConfig.twoLayers()).error();
        assertTrue(error > 0 && error < 1, "" + error);
    }

    private static DecompositionSettings.Reason last(Target target) {
        List<DecompositionSettings.Reason> reasons = SharedGateConfig.suggest(target).reasons();
        return reasons.get(reasons.size() - 1);
    }
}
