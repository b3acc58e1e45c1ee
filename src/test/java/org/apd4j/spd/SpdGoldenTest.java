package org.apd4j.spd;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.spd.internal.SpdObjective;
import org.apd4j.testsupport.SpdGolden;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SPD does what its public PyTorch reference did, from the recorded random numbers: losses, gradients and updates. */
class SpdGoldenTest {

    private static final double TOLERANCE = 1e-4;
    private static final double AFTER_UPDATES = 1e-3;

    private static final Map<String, SpdLoss> LOSSES = Map.of("faithfulness", SpdLoss.FAITHFULNESS, "stochastic_reconstruction", SpdLoss.STOCHASTIC,
            "stochastic_reconstruction_layerwise", SpdLoss.STOCHASTIC_LAYERWISE, "importance_minimality", SpdLoss.IMPORTANCE_MINIMALITY,
            "reconstruction", SpdLoss.RECONSTRUCTION, "reconstruction_layerwise", SpdLoss.RECONSTRUCTION_LAYERWISE, "output_reconstruction",
            SpdLoss.OUTPUT_RECONSTRUCTION, "schatten", SpdLoss.SCHATTEN);

    private final Map<String, Double> differences = new LinkedHashMap<>();

    private static SpdObjective objective(SpdGolden golden, Network network) {
        List<Gates> gates = golden.layers().stream().map(layer -> golden.gates("init.", layer)).toList();
        return new SpdObjective(network, golden.components(network, "init."), gates, golden.config(), golden.maskNumbers(), Workers.all());
    }

    private void compare(SpdGolden golden, String array, Matrix actual, double tolerance) {
        if (golden.has(array)) {
            double[] values = new double[actual.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = actual.toArray()[i];
            }
            double difference = difference(values, golden.values(array));
            differences.put(array, difference / tolerance);
        }
    }

    private void compareAll(SpdGolden golden, String prefix, SpdObjective objective, Optimizer optimizer, boolean gradients, double tolerance) {
        for (String name : optimizer.names()) {
            Matrix values = gradients ? optimizer.gradient(name) : optimizer.parameter(name);
            compare(golden, prefix + name, name.endsWith(".A") ? values.transposed() : values, tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SpdGolden#decompositions")
    void lossesGradientsAndUpdatesAreThoseOfTheReference(SpdGolden golden) {
        Network network = golden.network("target.");
        SpdObjective objective = objective(golden, network);
        SpdConfig config = golden.config();
        Optimizer optimizer = new Optimizer(0, Workers.all());
        objective.register(optimizer);
        GateImportance importance = (GateImportance) objective.importance();
        for (int l = 0; l < objective.layers().size(); l++) {
            String node = objective.layers().get(l).node();
            compare(golden, "step0.importance.lower." + node, importance.lower(golden.batch(0), objective.components()).layer(l), TOLERANCE);
            compare(golden, "step0.importance.upper." + node, importance.upper(golden.batch(0), objective.components()).layer(l), TOLERANCE);
        }
        Map<String, double[]> losses = new LinkedHashMap<>();
        for (int step = 0; step <= golden.steps(); step++) {
            double[] found = objective.compute(golden.batch(step), step, optimizer);
            double total = 0;
            for (int i = 0; i < found.length; i++) {
                SpdLoss loss = config.losses().get(i);
                losses.computeIfAbsent(loss.name(), name -> new double[golden.steps() + 1])[step] = found[i];
                total += config.coefficient(loss) * found[i];
            }
            losses.computeIfAbsent("total", name -> new double[golden.steps() + 1])[step] = total;
            if (step == 0) {
                compareAll(golden, "step0.grad.", objective, optimizer, true, TOLERANCE);
            }
            if (step < golden.steps()) {
                optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, golden.steps()));
            }
            if (step == 0 || step == 9) {
                compareAll(golden, "step" + (step + 1) + ".", objective, optimizer, false, AFTER_UPDATES);
            }
        }
        LOSSES.forEach((array, loss) -> {
            if (losses.containsKey(loss.name())) {
                differences.put(array, difference(losses.get(loss.name()), golden.values("loss." + array)) / TOLERANCE);
            }
        });
        differences.put("total", difference(losses.get("total"), golden.values("loss.total")) / TOLERANCE);
        differences.forEach((array, part) -> assertTrue(part <= 1, golden + ": " + array + " is off by " + part + " of its tolerance"));
    }
}
