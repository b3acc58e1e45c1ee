package org.apd4j.reference;

import static org.apd4j.testsupport.GoldenRun.flat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apd4j.reference.ReferenceSharedGate.Configuration;
import org.apd4j.reference.ReferenceSharedGate.Gate;
import org.apd4j.testsupport.SharedGateGolden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceSharedGateGoldenTest {

    private static final double TOLERANCE = 1e-9;

    private static double[][] rows(double[] values, int columns) {
        var rows = new double[values.length / columns][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return rows;
    }

    private static double[][] matrix(SharedGateGolden run, String array) {
        int[] shape = run.shape(array);
        return rows(run.values(array), shape[shape.length - 1]);
    }

    private static ReferenceNetwork network(SharedGateGolden run) {
        if (run.isTms()) {
            return new ReferenceNetwork.Tms(matrix(run, "target.linear1.W"), List.of(), run.values("target.b_final"));
        }
        var blocks = new ArrayList<ReferenceNetwork.Block>();
        for (int i = 0; i < run.json().get("network").get("layers").asInt(); i++) {
            blocks.add(new ReferenceNetwork.Block(matrix(run, "target.layers." + i + ".mlp_in.W"), null,
                    matrix(run, "target.layers." + i + ".mlp_out.W"), null));
        }
        double[][] embedding = matrix(run, "target.W_E");
        return new ReferenceNetwork.ResidualMlp(embedding, ReferenceNetwork.transposed(embedding), blocks, ReferenceNetwork.Activation.RELU);
    }

    private static Configuration configuration(SharedGateGolden run) {
        var json = run.json();
        var ranks = new LinkedHashMap<String, Integer>();
        run.parameters().forEach(parameter -> ranks.put(parameter, run.rank(parameter)));
        return new Configuration(run.components(), ranks, Gate.valueOf(json.path("gate").asText("absolute").toUpperCase(Locale.ROOT)),
                json.get("init_out").asText().equals("output"), json.get("s0").asDouble(), run.steps(), json.get("kappa0").asDouble(),
                json.get("kappa1").asDouble(), json.get("kappa_from").asDouble(), json.get("stochastic").asDouble(), json.get("keep").asDouble(),
                json.get("beta").asDouble(), json.get("ramp").asDouble(), json.get("beta_decay").asDouble(), json.get("hidden").asDouble(), 0, false,
                run.share(), json.get("lr").asDouble(), json.get("warm_steps").asInt(), json.get("warm_lr").asDouble());
    }

    /** Piece r of recorded pieces {@code A [in, C, R]} or {@code B [C, R, out]}. */
    private static double[][] piece(double[] values, boolean isA, int rows, int columns, int rank, int r) {
        var piece = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                piece[i][j] = values[isA ? (i * columns + j) * rank + r : (i * rank + r) * columns + j];
            }
        }
        return piece;
    }

    /** A run and the twin of it. */
    private record Sides(SharedGateGolden run, ReferenceSharedGate twin, Comparison comparison) {

        void compare(String array, double... actual) {
            comparison.compare(array, actual, run.values(array));
        }

        /** Compares arrays of the twin's form with those of the record. */
        void compareAll(String prefix, Map<String, double[][]> arrays) {
            for (String layer : run.parameters()) {
                for (String factor : List.of(".A", ".B")) {
                    int rank = run.rank(layer);
                    double[][] one = arrays.get(layer + factor + ".0");
                    var all = new double[one.length * one[0].length * rank];
                    for (int r = 0; r < rank; r++) {
                        double[][] piece = arrays.get(layer + factor + "." + r);
                        for (int i = 0; i < one.length; i++) {
                            for (int j = 0; j < one[0].length; j++) {
                                all[factor.equals(".A") ? (i * one[0].length + j) * rank + r : (i * rank + r) * one[0].length + j] = piece[i][j];
                            }
                        }
                    }
                    compare(prefix + layer + factor, all);
                }
            }
            compare(prefix + "gate.s", flat(arrays.get("gate.s")));
            compare(prefix + "gate.b", flat(arrays.get("gate.b")));
        }

        void start() {
            double[][] candidates = matrix(run, "candidates");
            int[] picked = twin.pick(candidates);
            compare("pick", Arrays.stream(picked).asDoubleStream().toArray());
            var normals = new LinkedHashMap<String, double[][]>();
            for (String layer : run.parameters()) {
                for (int r = 1; r < run.rank(layer); r++) {
                    int in = run.shape("draw." + layer + ".A")[0];
                    int out = run.shape("draw." + layer + ".B")[2];
                    normals.put(layer + ".A." + r, piece(run.values("draw." + layer + ".A"), true, in, run.components(), run.rank(layer) - 1, r - 1));
                    normals.put(layer + ".B." + r, piece(run.values("draw." + layer + ".B"), false, run.components(), out, run.rank(layer) - 1, r - 1));
                }
            }
            twin.start(Arrays.stream(picked).mapToObj(i -> candidates[i]).toArray(double[][]::new), normals);
            twin.parameters().put("gate.s", matrix(run, "init.gate.s"));
            compareAll("init.", twin.parameters());
            twin.warmUp();
            compareAll("warm.", twin.parameters());
        }

        private int at(String key, int step) {
            return run.fractions(key).stream().map(part -> (int) Math.floor(part * run.steps())).toList().indexOf(step);
        }

        void after(int step) {
            int k = at("restart_at", step);
            if (k >= 0) {
                String prefix = "restart" + k + ".";
                var done = twin.restart(matrix(run, prefix + "x"), (j, layer, piece) -> {
                    String array = prefix + "draw." + layer + ".A";
                    int[] shape = run.shape(array);
                    var a = new double[shape[1]];
                    for (int i = 0; i < a.length; i++) {
                        a[i] = run.values(array)[(j * shape[1] + i) * shape[2] + piece - 1];
                    }
                    return a;
                });
                compare(prefix + "max_g", done.largest());
                compare(prefix + "rho", done.rho());
                compare(prefix + "component", done.components().stream().mapToDouble(c -> c).toArray());
                compare(prefix + "sample", done.samples().stream().mapToDouble(c -> c).toArray());
                compareAll(prefix, twin.parameters());
            }
            int pruning = at("prune_at", step);
            if (pruning >= 0) {
                double[][] x = rows(run.part("prune_x", 3, pruning), run.features());
                comparison.compare("prune.max_g", twin.largest(x), run.part("prune.max_g", 2, pruning));
                twin.prune(x);
                comparison.compare("prune.alive", twin.alive(), run.part("prune.alive", 2, pruning));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SharedGateGolden#all")
    void everyArrayIsReproduced(SharedGateGolden run) {
        var expected = run.names();
        expected.removeIf(name -> List.of("x", "r", "candidates", "prune_x").contains(name) || name.endsWith(".x")
                || Stream.of("target.", "draw.").anyMatch(name::startsWith) || name.contains(".draw."));
        var sides = new Sides(run, new ReferenceSharedGate(network(run), configuration(run)), new Comparison(run.toString(), expected));
        sides.start();
        var losses = new LinkedHashMap<String, double[]>();
        for (int t = 0; t <= run.steps(); t++) {
            double[][] x = rows(run.part("x", 3, t), run.features());
            double[][] r = rows(run.part("r", 3, t), run.components());
            var step = t < run.steps() ? sides.twin().step(x, r, t) : sides.twin().evaluate(x, r, t);
            int at = t;
            step.losses().forEach((loss, value) -> losses.computeIfAbsent(loss, l -> new double[run.steps() + 1])[at] = value);
            losses.computeIfAbsent("total", l -> new double[run.steps() + 1])[t] = step.total();
            if (t == 0) {
                step.arrays().forEach((name, values) -> sides.compare("step0." + name, flat(values)));
                sides.compareAll("step0.grad.", step.gradients());
            }
            if (t < run.steps()) {
                sides.after(t);
            }
            if (t == 0 || t == run.steps() - 1) {
                sides.compareAll("step" + (t + 1) + ".", sides.twin().parameters());
            }
        }
        losses.forEach((loss, values) -> {
            if (run.has("loss." + loss)) {
                sides.compare("loss." + loss, values);
            }
        });
        sides.comparison().allWithin(TOLERANCE);
    }

    /** The direction loss has no recorded run: its gradients are compared with differences. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void gradientsAreThoseOfDifferences(int round) {
        var random = new Random(40 + round);
        var network = SharedGateTwins.network(random);
        var configuration = SharedGateTwins.configuration(random, network, 5);
        var twin = SharedGateTwins.twin(random, network, configuration);
        double[][] x = SharedGateTwins.x(random, 6, SharedGateTwins.features(network));
        double[][] r = SharedGateTwins.uniform(random, 6, configuration.components());
        assertTrue(configuration.direction() > 0);
        var gradients = twin.evaluate(x, r, 1).gradients();
        gradients.forEach((name, gradient) -> {
            for (int k = 0; k < 3; k++) {
                int i = random.nextInt(gradient.length);
                int j = random.nextInt(gradient[0].length);
                double[] row = twin.parameters().get(name)[i];
                double before = row[j];
                double size = 1e-6;
                row[j] = before + size;
                double up = twin.evaluate(x, r, 1).total();
                row[j] = before - size;
                double down = twin.evaluate(x, r, 1).total();
                row[j] = before;
                assertEquals((up - down) / (2 * size), gradient[i][j], 1e-6 * Math.max(1, Math.abs(gradient[i][j])), name);
            }
        });
    }
}
