package org.apd4j.measures.residual;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.spd.GateImportance;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SpdGolden;
import org.apd4j.training.Provenance;
import org.junit.jupiter.api.Test;

class AcrossLayersTest {

    private static Decomposition golden(SpdGolden golden) {
        Network network = ResidualMlp.network(golden.matrix("target.W_E"), IntStream.range(0, 2).mapToObj(l -> new ResidualMlp.LayerWeights(
                golden.matrix("target.layers." + l + ".mlp_in.W"), golden.matrix("target.layers." + l + ".mlp_out.W"))).toList(),
                golden.matrix("target.W_U"), Activation.RELU, Parameter.Role.FIXED);
        Components components = golden.components(network, "");
        var importance = new GateImportance(golden.layers().stream().map(layer -> golden.gates("", layer)).toList(), 1, GateSquashing.LEAKY);
        Target target = new Target("recorded", network, new SparseFeatures(network.inputs(), 0.1, -1, 1), Labels.INPUT_PLUS_RELU);
        return new Decomposition(target, components, importance, Provenance.here(0, 0, 0, 1));
    }

    @Test
    void contributionsOfSubcomponentsAreThoseOfTheReference() {
        SpdGolden golden = SpdGolden.measures("resid");
        SubcomponentContributions found = SubcomponentContributions.of(golden(golden));
        int[] shape = golden.shape("expect.contribution_components"); // layers, features, subcomponents, neurons
        double[] target = new double[shape[0] * shape[1] * shape[3]];
        double[] components = new double[target.length * shape[2]];
        double[] best = golden.values("expect.best_component");
        int atTarget = 0;
        int at = 0;
        for (int l = 0; l < shape[0]; l++) {
            SubcomponentContributions.Layer layer = found.layers().get(l);
            for (int i = 0; i < shape[1]; i++) {
                for (int n = 0; n < shape[3]; n++) {
                    target[atTarget++] = layer.target().get(i, n);
                }
                for (int c = 0; c < shape[2]; c++) {
                    for (int n = 0; n < shape[3]; n++) {
                        components[at++] = layer.components().get(c).get(i, n);
                    }
                }
                assertEquals((int) best[l * shape[1] + i], layer.best(i));
            }
        }
        assertTrue(difference(target, golden.values("expect.contribution_target")) < 1e-4);
        assertTrue(difference(components, golden.values("expect.contribution_components")) < 1e-4);
        assertEquals(golden.values("expect.correlation")[0], found.correlation(), 1e-4);
        assertEquals(OptionalDouble.empty(), CrossLayerShare.of(golden(golden), 1).share(), "an index means nothing across layers");
    }

    @Test
    void aComponentCountsAsCrossLayerIfItsSmallestSizeExceedsATenthOfItsLargest() {
        assertEquals(0, CrossLayerShare.of(HandMade.perfect(2), 1).share().orElseThrow(), "each component has one neuron");
        assertEquals("0.00 of the components live in all layers", CrossLayerShare.of(HandMade.perfect(2), 1).summary());
        assertEquals(1 / 3.0, new CrossLayerShare(List.of(List.of(1.0, 0.1), List.of(0.2, 1.0), List.of(0.0, 1.0))).share().orElseThrow(), 1e-12);
    }
}
