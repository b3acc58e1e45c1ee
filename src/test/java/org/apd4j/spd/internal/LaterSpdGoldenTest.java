package org.apd4j.spd.internal;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.decomposition.internal.RankOneLayer;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.spd.SpdConfig;
import org.apd4j.spd.SpdLoss;
import org.apd4j.testsupport.SpdGolden;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The warm-up, and a step with the delta component and the later squashing, are those of the later code of SPD's authors. */
class LaterSpdGoldenTest {

    private static final double TOLERANCE = 1e-4;
    private static final double AFTER_UPDATES = 1e-3;

    /** The cases of the recorded measures that have such a step. */
    static Stream<SpdGolden> cases() {
        return SpdGolden.measures().get(0).json().get("cases").propertyStream().filter(of -> of.getValue().has("delta"))
                .map(of -> SpdGolden.measures(of.getKey()));
    }

    private static void assertClose(SpdGolden golden, String array, Matrix actual, double tolerance) {
        float[] floats = actual.toArray();
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        double difference = difference(values, golden.values(array));
        assertTrue(difference <= tolerance, golden + ": " + array + " is off by " + difference);
    }

    private static void assertFactors(SpdGolden golden, String prefix, List<RankOneLayer> layers) {
        for (RankOneLayer layer : layers) {
            assertClose(golden, prefix + layer.node() + ".A", layer.a().transposed(), AFTER_UPDATES);
            assertClose(golden, prefix + layer.node() + ".B", layer.b(), AFTER_UPDATES);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theWarmUpOnFaithfulnessIsThatOfTheReference(SpdGolden golden) {
        Network network = golden.network("target.");
        int steps = golden.json().get("warmup").get("steps").asInt();
        for (int done : new int[] {1, steps}) {
            Components components = golden.components(network, "start.");
            List<RankOneLayer> layers = new ArrayList<>();
            for (NetworkGraph.Layer layer : components.graph().layers()) {
                layers.add(RankOneLayer.of(network, layer, components.factors(layer.parameter())));
            }
            new Faithfulness(layers, components.entries()).warmUp(done, Workers.one());
            assertFactors(golden, done == 1 ? "warmup1." : "", layers);
        }
    }

    private static SpdConfig config(SpdGolden golden, double outputReconstruction) {
        return SpdConfig.of(c -> {
            c.components = golden.components();
            c.gateWidth = golden.json().get("gate_width").asInt();
            c.batch = golden.x(0).rows();
            c.draws = golden.json().get("delta").get("draws").asInt();
            c.importanceMinimality = golden.json().get("delta").get("importance_minimality").asDouble();
            c.power = golden.json().get("delta").get("importance_p").asDouble();
            c.stochastic = 1;
            c.stochasticLayerwise = 1;
            c.faithfulness = 1;
            c.outputReconstruction = outputReconstruction;
            c.deltaComponent = true;
            c.squashing = GateSquashing.CLAMPED;
        });
    }

    private static SpdObjective objective(SpdGolden golden, SpdConfig config) {
        Network network = golden.network("target.");
        List<Gates> gates = golden.layers().stream().map(layer -> golden.gates("", layer)).toList();
        return new SpdObjective(network, golden.components(network, ""), gates, config, numbers(golden, config), Workers.one());
    }

    private static MaskNumbers numbers(SpdGolden golden, SpdConfig config) {
        Map<String, double[]> all = new HashMap<>();
        for (String kind : List.of("stochastic", "layerwise")) {
            for (String layer : golden.layers()) {
                all.put(kind + layer, golden.values("delta.r." + kind + "." + layer));
                all.put("delta " + kind + layer, golden.values("delta.delta." + kind + "." + layer));
            }
        }
        return (step, layerwise, draw, layer, component, samples, count, to, at) -> {
            String name = (layerwise ? "layerwise" : "stochastic") + golden.layers().get(layer);
            boolean delta = component == config.components();
            double[] numbers = all.get(delta ? "delta " + name : name);
            for (int n = 0; n < count; n++) {
                int sample = draw * config.batch() + samples[n];
                to[at + n] = (float) numbers[delta ? sample : sample * config.components() + component];
            }
        };
    }

    private static Map<SpdLoss, Double> losses(SpdGolden golden, SpdConfig config, double[] found) {
        Map<SpdLoss, Double> losses = new HashMap<>();
        for (int i = 0; i < found.length; i++) {
            losses.put(config.losses().get(i), found[i]);
        }
        assertEquals(config.losses().size(), found.length, golden.toString());
        return losses;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStepWithTheDeltaComponentIsThatOfTheReference(SpdGolden golden) {
        SpdConfig config = config(golden, 0);
        SpdObjective objective = objective(golden, config);
        Optimizer optimizer = new Optimizer(0, Workers.one());
        objective.register(optimizer);
        Map<SpdLoss, Double> losses = losses(golden, config, objective.compute(golden.batch(0), 0, optimizer));
        Map<String, SpdLoss> recorded = Map.of("stochastic_reconstruction", SpdLoss.STOCHASTIC, "stochastic_reconstruction_layerwise",
                SpdLoss.STOCHASTIC_LAYERWISE, "importance_minimality", SpdLoss.IMPORTANCE_MINIMALITY, "faithfulness", SpdLoss.FAITHFULNESS);
        recorded.forEach((array, loss) -> {
            double expected = golden.values("expect.delta.loss." + array)[0];
            assertEquals(expected, losses.get(loss), TOLERANCE * expected, golden + ": " + array);
        });
        for (String name : optimizer.names()) {
            Matrix gradient = optimizer.gradient(name);
            assertClose(golden, "expect.delta.grad." + name, name.endsWith(".A") ? gradient.transposed() : gradient, TOLERANCE);
        }
        SpdConfig withUnmasked = config(golden, 1);
        SpdObjective unmasked = objective(golden, withUnmasked);
        optimizer = new Optimizer(0, Workers.one());
        unmasked.register(optimizer);
        double expected = golden.values("expect.delta.loss.unmasked_reconstruction")[0];
        assertEquals(expected, losses(golden, withUnmasked, unmasked.compute(golden.batch(0), 0, optimizer)).get(SpdLoss.OUTPUT_RECONSTRUCTION),
                TOLERANCE * expected, golden + ": without masks");
    }
}
