package org.apd4j.sharedgate.internal;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.sharedgate.SharedGateImportance;
import org.apd4j.sharedgate.SharedGateLoss;
import org.apd4j.testsupport.SharedGateGolden;
import org.apd4j.training.internal.Optimizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the recorded random numbers a run computes what the prototype computed: every recorded array, initial values, restarts and prunings included. */
class SharedGateGoldenTest {

    private static final double TOLERANCE = 1e-4;
    private static final double AFTER_UPDATES = 1e-3;
    private static final Map<String, SharedGateLoss> LOSSES = Map.of("faithfulness", SharedGateLoss.FAITHFULNESS, "stochastic",
            SharedGateLoss.STOCHASTIC, "keep", SharedGateLoss.KEEP, "minimality", SharedGateLoss.MINIMALITY, "hidden", SharedGateLoss.HIDDEN);
    private static final List<String> GIVEN = List.of("target.", "draw.", "x", "r", "candidates", "prune_x");

    /** One run, side by side with its record. */
    private static final class Side {

        private final SharedGateGolden golden;
        private final SharedGateConfig config;
        private final SharedGateObjective objective;
        private final Optimizer optimizer = new Optimizer(0, Workers.all());
        private final Map<String, Double> off = new LinkedHashMap<>();
        private final Set<String> compared = new TreeSet<>();

        Side(SharedGateGolden golden) {
            this.golden = golden;
            this.config = golden.config();
            Network network = golden.network();
            double probability = golden.json().get("feature_probability").asDouble();
            var samples = new NonEmptySamples(new SparseFeatures(golden.features(), probability, 0, 1), false);
            assertEquals(golden.share(), samples.share(), 1e-12);
            objective = new SharedGateObjective(Span.whole(network, golden.parameters()), config, samples, new Recorded(), Workers.all());
            objective.register(optimizer);
        }

        /** The recorded random numbers. */
        private final class Recorded implements Draws {
            @Override
            public void masks(int step, int part, int[] live, int[] samples, int count, Matrix r) {
                double[] all = golden.part("r", 3, step);
                for (int c = 0; c < live.length; c++) {
                    for (int n = 0; n < count; n++) {
                        r.set(c, n, (float) all[samples[n] * golden.components() + live[c]]);
                    }
                }
            }

            @Override
            public SparseRows pruning(int number) {
                return golden.samples(golden.part("prune_x", 3, number));
            }

            @Override
            public SparseRows restart(int number) {
                return golden.samples(golden.values("restart" + number + ".x"));
            }

            @Override
            public void restartPieces(int restart, int rebuilt, int parameter, float[] to) {
                if (to.length > 0) {
                    String array = "restart" + restart + ".draw." + golden.parameters().get(parameter) + ".A";
                    compared.add(array);
                    int[] shape = golden.shape(array);
                    double[] all = golden.part(array, 3, rebuilt);
                    for (int i = 0; i < shape[1]; i++) {
                        for (int r = 0; r < shape[2]; r++) {
                            to[r * shape[1] + i] = (float) all[i * shape[2] + r];
                        }
                    }
                }
            }
        }

        private void compare(String array, double[] actual, double tolerance) {
            off.put(array, difference(actual, golden.values(array)) / tolerance);
            compared.add(array);
        }

        private void compare(String array, float[] actual, double tolerance) {
            compare(array, doubles(actual), tolerance);
        }

        /** Pieces in the order of the record: {@code A [in, C, R]}, {@code B [C, R, out]}. */
        private static double[] recorded(Matrix factor, int components, boolean isA) {
            int rank = factor.rows() / components;
            double[] values = new double[factor.size()];
            for (int c = 0; c < components; c++) {
                for (int r = 0; r < rank; r++) {
                    for (int i = 0; i < factor.columns(); i++) {
                        int to = isA ? (i * components + c) * rank + r : (c * rank + r) * factor.columns() + i;
                        values[to] = factor.get(r * components + c, i);
                    }
                }
            }
            return values;
        }

        private void compareAll(String prefix, boolean gradients, double tolerance) {
            for (String name : optimizer.names()) {
                String array = prefix + name;
                if (name.equals(SharedGateObjective.ALIVE) || name.equals(SharedGateObjective.UNITS)) {
                    continue;
                }
                Matrix values = gradients ? optimizer.gradient(name) : optimizer.parameter(name);
                compare(array, name.startsWith("gate.") ? doubles(values.toArray()) : recorded(values, golden.components(), name.endsWith(".A")),
                        tolerance);
            }
        }

        void start() {
            SparseRows candidates = golden.samples(golden.values("candidates"));
            int[] picked = InitialValues.pick(InitialValues.directions(golden.network(), objective.layout.graph(), candidates), golden.components());
            assertArrayEquals(Arrays.stream(golden.values("pick")).mapToInt(value -> (int) value).toArray(), picked);
            compared.add("pick");
            SharedGateMethod.start(objective, InitialValues.upright(candidates, picked), (parameter, component, piece, ofA, to) -> {
                String array = "draw." + golden.parameters().get(parameter) + (ofA ? ".A" : ".B");
                int further = objective.pieces.get(parameter).rank() - 1;
                double[] all = golden.values(array);
                for (int i = 0; i < to.size(); i++) {
                    int at = ofA ? (i * golden.components() + component) * further + piece - 1
                            : (component * further + piece - 1) * to.size() + i;
                    to.data()[to.offset() + i] = (float) all[at];
                }
            });
            objective.s.copyFrom(golden.matrix("init.gate.s"));
            compareAll("init.", false, TOLERANCE);
            objective.warmUp();
            compareAll("warm.", false, TOLERANCE);
        }

        /** What anyone computes with the decomposition as it is. */
        void evaluate() {
            SparseRows x = golden.samples(golden.part("x", 3, 0));
            Evaluator evaluator = new Evaluator(golden.network(), objective.components(), objective.importance(), Workers.all());
            var gates = (SharedGateImportance) objective.importance();
            Matrix g = gates.lower(x, objective.components()).layer(0);
            Matrix mask = g.copy();
            double[] r = golden.part("r", 3, 0);
            for (int i = 0; i < mask.size(); i++) {
                mask.data()[i] += (1 - mask.data()[i]) * (float) r[i];
            }
            compare("step0.y", evaluator.target(x).toArray(), TOLERANCE);
            compare("step0.gamma", gates.gamma(x, objective.components()).toArray(), TOLERANCE);
            compare("step0.g", g.toArray(), TOLERANCE);
            compare("step0.mask", mask.toArray(), TOLERANCE);
            compare("step0.out_stochastic", evaluator.masked(x, SoftMask.shared(mask)).toArray(), TOLERANCE);
            compare("step0.out_keep", evaluator.masked(x, SoftMask.shared(g)).toArray(), TOLERANCE);
        }

        void restartsAndPrunings(int step) {
            int restart = indexOf(config.restarts(), step);
            int pruning = indexOf(config.prunings(), step);
            assertTrue(restart < 0 || pruning < 0, "a restart and a pruning at the same step");
            if (pruning >= 0) {
                float[] largest = objective.largest(golden.samples(golden.part("prune_x", 3, pruning)));
                off.put("prune.max_g", difference(doubles(largest), golden.part("prune.max_g", 2, pruning)) / TOLERANCE);
                compared.add("prune.max_g");
            }
            objective.afterUpdate(step, optimizer);
            if (pruning >= 0) {
                assertArrayEquals(golden.part("prune.alive", 2, pruning), doubles(optimizer.parameter(SharedGateObjective.ALIVE).toArray()));
                compared.add("prune.alive");
            }
            if (restart >= 0) {
                Restart done = objective.restarted().orElseThrow();
                String prefix = "restart" + restart + ".";
                compared.add(prefix + "x");
                compare(prefix + "max_g", done.largest(), TOLERANCE);
                compare(prefix + "rho", done.rho(), TOLERANCE);
                compare(prefix + "component", done.rebuilt().stream().mapToDouble(Restart.Rebuilt::component).toArray(), TOLERANCE);
                compare(prefix + "sample", done.rebuilt().stream().mapToDouble(Restart.Rebuilt::sample).toArray(), TOLERANCE);
                compareAll(prefix, false, AFTER_UPDATES);
            }
        }

        private int indexOf(List<Double> fractions, int step) {
            return fractions.stream().map(part -> (int) Math.floor(part * golden.steps())).toList().indexOf(step);
        }

        void train() {
            Map<String, double[]> losses = new LinkedHashMap<>();
            double[] total = new double[golden.steps() + 1];
            for (int step = 0; step <= golden.steps(); step++) {
                double[] found = objective.compute(golden.samples(golden.part("x", 3, step)), step, optimizer);
                for (int i = 0; i < found.length; i++) {
                    SharedGateLoss loss = config.losses().get(i);
                    losses.computeIfAbsent(loss.name(), name -> new double[golden.steps() + 1])[step] = found[i];
                    total[step] += found[i] * switch (loss) {
                        case FAITHFULNESS -> config.faithfulness(step);
                        case STOCHASTIC -> config.stochastic();
                        case KEEP -> config.keep();
                        case MINIMALITY -> config.minimality(step);
                        case HIDDEN -> config.hidden();
                        case DIRECTION -> config.direction();
                    };
                }
                if (step == 0) {
                    compareAll("step0.grad.", true, TOLERANCE);
                }
                if (step < golden.steps()) {
                    optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, golden.steps()));
                    restartsAndPrunings(step);
                }
                if (step == 0 || step == golden.steps() - 1) {
                    compareAll("step" + (step + 1) + ".", false, AFTER_UPDATES);
                }
            }
            LOSSES.forEach((array, loss) -> {
                if (golden.has("loss." + array)) {
                    compare("loss." + array, losses.get(loss.name()), TOLERANCE);
                }
            });
            compare("loss.total", total, TOLERANCE);
        }
    }

    private static double[] doubles(float[] values) {
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SharedGateGolden#all")
    void everyRecordedArrayIsComputed(SharedGateGolden golden) {
        Side side = new Side(golden);
        side.start();
        side.evaluate();
        side.train();
        side.off.forEach((array, part) -> assertTrue(part <= 1, golden + ": " + array + " is off by " + part + " of its tolerance"));
        Set<String> left = golden.names();
        left.removeAll(side.compared);
        left.removeIf(array -> GIVEN.stream().anyMatch(given -> given.endsWith(".") ? array.startsWith(given) : array.equals(given)));
        assertEquals(Set.of(), left, golden + " holds arrays that were compared with nothing");
    }
}
