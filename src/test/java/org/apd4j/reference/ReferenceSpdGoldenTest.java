package org.apd4j.reference;

import static org.apd4j.reference.ReferenceSpdGolden.matrices;
import static org.apd4j.reference.ReferenceSpdGolden.matrix;
import static org.apd4j.testsupport.GoldenRun.flat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apd4j.reference.ReferenceNetwork.Layer;
import org.apd4j.reference.ReferenceNetwork.ResidualMlp;
import org.apd4j.reference.ReferenceNetwork.Tms;
import org.apd4j.reference.ReferenceSpd.Version;
import org.apd4j.testsupport.SpdGolden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceSpdGoldenTest {

    private static final double TOLERANCE = 1e-9;

    private static void compare(Comparison comparison, SpdGolden run, String array, double... actual) {
        comparison.compare(array, actual, run.values(array));
    }

    private static void compareAll(Comparison comparison, SpdGolden run, String prefix, Map<String, double[][]> arrays) {
        arrays.forEach((name, array) -> compare(comparison, run, prefix + name, flat(array)));
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SpdGolden#decompositions")
    void everyArrayOfADecompositionIsReproduced(SpdGolden run) {
        var network = ReferenceSpdGolden.network(run, run.json().get("network"), "target.", "target.");
        var layers = network.layers();
        var expected = run.names();
        expected.removeIf(name -> name.equals("x") || Stream.of("target.", "draw.", "r.").anyMatch(name::startsWith)
                || name.startsWith("init.") && name.contains(".gate."));
        var comparison = new Comparison(run.toString(), expected);

        var initial = ReferenceSpdGolden.parameters(run, "init.", layers);
        compareAll(comparison, run, "init.", ReferenceSpd.projectedStart(network, ReferenceSpdGolden.parameters(run, "draw.", layers)));

        var spd = new ReferenceSpd(network, ReferenceSpdGolden.configuration(run), initial);
        var x = matrices(run, "x");
        var losses = new LinkedHashMap<String, double[]>();
        for (int s = 0; s <= run.steps(); s++) {
            var noise = ReferenceSpdGolden.noise(run, "", layers, s, run.json().get("draws").asInt());
            var step = s < run.steps() ? spd.step(x.get(s), noise) : spd.evaluate(x.get(s), noise);
            int at = s;
            step.losses().forEach((loss, value) -> losses.computeIfAbsent(loss, l -> new double[run.steps() + 1])[at] = value);
            losses.computeIfAbsent("total", l -> new double[run.steps() + 1])[s] = step.total();
            if (s == 0) {
                compareAll(comparison, run, "step0.", step.arrays());
                compareAll(comparison, run, "step0.grad.", step.gradients());
            }
            if (s == 0 || s == 9) {
                compareAll(comparison, run, "step" + (s + 1) + ".", spd.parameters());
            }
        }
        losses.forEach((loss, values) -> compare(comparison, run, "loss." + loss, values));
        comparison.allWithin(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SpdGolden#targets")
    void everyArrayOfATargetsTrainingIsReproduced(SpdGolden run) {
        var expected = run.names();
        expected.removeIf(name -> name.equals("x") || name.startsWith("target.") || name.startsWith("init."));
        var comparison = new Comparison(run.toString(), expected);
        var training = new ReferenceTargetTraining(ReferenceSpdGolden.network(run, run.json().get("network"), "init.", "target."),
                ReferenceSpdGolden.settings(run), ReferenceTargetTraining.Method.SPD);
        var x = matrices(run, "x");
        var losses = new double[run.steps()];
        for (int s = 0; s < run.steps(); s++) {
            losses[s] = training.step(x.get(s)).loss();
            if (s == 0 || s == 9) {
                String prefix = "step" + (s + 1) + ".";
                var network = training.network();
                for (var layer : network.layers()) {
                    if (!layer.tied()) {
                        compare(comparison, run, prefix + layer.name() + ".W", flat(layer.weight()));
                    }
                }
                if (network instanceof Tms tms) {
                    compare(comparison, run, prefix + "b_final", tms.bias());
                }
            }
        }
        compare(comparison, run, "loss.mse", losses);
        comparison.allWithin(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SpdGolden#measures")
    void everyMeasureIsReproduced(SpdGolden run) {
        var cases = run.json().get("cases");
        var expected = run.names();
        // What a case is given; A and B after the warm-up are computed where there is one, and a tied decoder's are its encoder's.
        expected.removeIf(name -> !name.contains("expect") && !name.contains(".warmup1.")
                && !(name.matches(".*\\.[AB]") && !name.contains(".start.") && cases.get(name.substring(0, name.indexOf('.'))).has("warmup"))
                && !name.matches("tms\\.linear2\\.[AB]"));
        var comparison = new Comparison(run.toString(), expected);
        cases.properties().forEach(of -> {
            if (of.getValue().has("network")) {
                new Case(run, comparison, of.getKey(), of.getValue()).compare();
            } else if (of.getValue().has("k")) {
                double[][] g = matrix(run, of.getKey() + ".importances");
                int k = of.getValue().get("k").asInt();
                compare(comparison, run, of.getKey() + ".expect.error_0p1", ReferenceSpdMeasures.denseError(g, k, 0.1));
                compare(comparison, run, of.getKey() + ".expect.error_0p2", ReferenceSpdMeasures.denseError(g, k, 0.2));
            }
        });
        for (int i = 0; run.has("sorting." + i + ".importances"); i++) {
            compare(comparison, run, "sorting." + i + ".expect", doubles(ReferenceSpdMeasures.sorting(matrix(run, "sorting." + i + ".importances"))));
        }
        for (int i = 0; run.has("identity." + i + ".importances"); i++) {
            double[][] g = matrix(run, "identity." + i + ".importances");
            compare(comparison, run, "identity." + i + ".expect.permutation", doubles(ReferenceSpdMeasures.permutation(g)));
            compare(comparison, run, "identity." + i + ".expect.error_0p1", ReferenceSpdMeasures.identityError(g, 0.1));
            compare(comparison, run, "identity." + i + ".expect.error_0p2", ReferenceSpdMeasures.identityError(g, 0.2));
        }
        comparison.allWithin(TOLERANCE);
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    /** A decomposition whose measures are recorded. */
    private static final class Case {

        private final SpdGolden run;
        private final Comparison comparison;
        private final String name;
        private final JsonNode json;
        private final ReferenceNetwork network;
        private final List<Layer> layers;
        private final Map<String, double[][]> parameters;

        Case(SpdGolden run, Comparison comparison, String name, JsonNode json) {
            this.run = run;
            this.comparison = comparison;
            this.name = name;
            this.json = json;
            network = ReferenceSpdGolden.network(run, json.get("network"), name + ".target.", name + ".target.");
            layers = network.layers();
            parameters = ReferenceSpdGolden.parameters(run, name + ".", layers);
        }

        private void compare(String array, double... actual) {
            ReferenceSpdGoldenTest.compare(comparison, run, name + "." + array, actual);
        }

        private ReferenceSpd spd(Version version, Map<String, Double> coefficients, double p) {
            return new ReferenceSpd(network, new ReferenceSpd.Configuration(version, coefficients, p, false,
                    new ReferenceOptimizer.Settings(0, ReferenceOptimizer.Schedule.CONSTANT, 0, 1, Double.NaN, 0)), parameters);
        }

        void compare() {
            if (network instanceof Tms && json.has("shown_threshold")) {
                paperOfTms();
            }
            if (network instanceof ResidualMlp mlp && run.has(name + ".expect.contribution_target")) {
                contributions(mlp);
            }
            if (json.has("warmup")) {
                warmUp();
                var spd = spd(Version.LATER, Map.of(), 2);
                errors(spd);
                l0(spd);
                json.get("pgd").properties().forEach(of -> adversary(spd, of.getKey(), of.getValue()));
                delta();
            }
        }

        private void paperOfTms() {
            double[][] a = parameters.get("linear1.A");
            double[][] b = parameters.get("linear1.B");
            if (layers.get(layers.size() - 1).tied()) {
                compare("linear2.A", flat(ReferenceNetwork.transposed(b)));
                compare("linear2.B", flat(ReferenceNetwork.transposed(a)));
            }
            var recovery = ReferenceSpdMeasures.recovery(layers.get(0).weight(), a, b);
            compare("expect.mmcs", recovery.mmcs());
            compare("expect.mmcs_std", recovery.mmcsDeviation());
            compare("expect.ml2r", recovery.ml2r());
            compare("expect.ml2r_std", recovery.ml2rDeviation());
            compare("expect.best_component", doubles(recovery.best()));
            compare("expect.shown_components", doubles(ReferenceSpdMeasures.shown(a, b, json.get("shown_threshold").asDouble())));

            var spd = spd(Version.PAPER, Map.of(), 1);
            var oneHot = spd.importances(ReferenceSpdMeasures.oneHot(a.length));
            var x = matrices(run, name + ".x");
            var first = spd.importances(x.get(0)).lower();
            var all = spd.importances(x.stream().flatMap(Arrays::stream).toArray(double[][]::new)).lower();
            for (int l = 0; l < layers.size(); l++) {
                String layer = layers.get(l).name();
                compare("expect.onehot_importance_upper." + layer, flat(oneHot.upper().get(l)));
                compare("expect.onehot_importance_lower." + layer, flat(oneHot.lower().get(l)));
                compare("expect.sorting." + layer, doubles(ReferenceSpdMeasures.sorting(oneHot.upper().get(l))));
                compare("expect.l0_0p01." + layer, ReferenceSpdMeasures.l0(first.get(l), 0.01));
                compare("expect.active_0p1." + layer, ReferenceSpdMeasures.l0(all.get(l), 0.1));
                compare("expect.frequency_0p1." + layer, ReferenceSpdMeasures.frequencies(all.get(l), 0.1));
            }
        }

        private void contributions(ResidualMlp mlp) {
            double[][][] target = ReferenceSpdMeasures.contributionsOfTarget(mlp);
            var components = new ArrayList<double[][][]>();
            var best = new ArrayList<int[]>();
            var shown = new ArrayList<double[]>();
            for (int l = 0; l < target.length; l++) {
                String layer = "layers." + l + ".";
                double[][][] k = ReferenceSpdMeasures.contributionsOfComponents(mlp.embedding(), parameters.get(layer + "mlp_in.A"),
                        parameters.get(layer + "mlp_in.B"), parameters.get(layer + "mlp_out.A"), parameters.get(layer + "mlp_out.B"));
                components.add(k);
                best.add(ReferenceSpdMeasures.bestContribution(k));
                for (int i = 0; i < k.length; i++) {
                    shown.add(k[i][best.get(l)[i]]);
                }
            }
            compare("expect.contribution_target", flat(target));
            compare("expect.contribution_components", flat(components.stream().flatMap(Arrays::stream).toArray(double[][][]::new)));
            compare("expect.best_component", best.stream().flatMapToInt(Arrays::stream).asDoubleStream().toArray());
            compare("expect.correlation", ReferenceSpdMeasures.correlation(flat(target), flat(shown.toArray(double[][]::new))));
        }

        private void warmUp() {
            var warmup = json.get("warmup");
            var start = ReferenceSpdGolden.parameters(run, name + ".start.", layers);
            double lr = warmup.get("lr").asDouble();
            double decay = warmup.get("weight_decay").asDouble();
            compareAll(comparison, run, name + ".warmup1.", ReferenceSpd.warmedUp(network, start, 1, lr, decay));
            compareAll(comparison, run, name + ".", ReferenceSpd.warmedUp(network, start, warmup.get("steps").asInt(), lr, decay));
        }

        private void errors(ReferenceSpd spd) {
            var g = spd.importances(ReferenceSpdMeasures.oneHot(matrices(run, name + ".x").get(0)[0].length)).lower();
            var totals = new int[2];
            for (int l = 0; l < layers.size(); l++) {
                var dense = matching("dense", layers.get(l).name());
                for (int t = 0; t < 2; t++) {
                    double tolerance = t == 0 ? 0.1 : 0.2;
                    int error = dense == null ? ReferenceSpdMeasures.identityError(g.get(l), tolerance)
                            : ReferenceSpdMeasures.denseError(g.get(l), dense.asInt(), tolerance);
                    totals[t] += error;
                    if (t == 0) {
                        compare("expect.identity_error." + layers.get(l).name(), error);
                    }
                }
            }
            compare("expect.identity_error.total", totals[0]);
            compare("expect.identity_error.total_0p2", totals[1]);
        }

        /** The value of the pattern that a layer's name matches; null if there is none. */
        private JsonNode matching(String patterns, String layer) {
            JsonNode found = null;
            for (var of : json.get(patterns).properties()) {
                found = matches(of.getKey(), layer) ? of.getValue() : found;
            }
            return found;
        }

        private static boolean matches(String pattern, String layer) {
            return layer.matches(pattern.replace(".", "\\.").replace("*", ".*"));
        }

        private void l0(ReferenceSpd spd) {
            double threshold = json.get("l0_threshold").asDouble();
            var x = matrices(run, name + ".x");
            var means = new double[layers.size()];
            for (double[][] batch : x) {
                var g = spd.importances(batch).lower();
                for (int l = 0; l < means.length; l++) {
                    means[l] += ReferenceSpdMeasures.l0(g.get(l), threshold) / x.size();
                }
            }
            for (int l = 0; l < means.length; l++) {
                compare("expect.l0." + layers.get(l).name(), means[l]);
            }
            for (var group : json.get("l0_groups").properties()) {
                double sum = IntStream.range(0, means.length)
                        .filter(l -> group.getValue().valueStream().anyMatch(pattern -> matches(pattern.asText(), layers.get(l).name())))
                        .mapToDouble(l -> means[l]).sum();
                compare("expect.l0." + group.getKey(), sum);
            }
        }

        private void adversary(ReferenceSpd spd, String tag, JsonNode settings) {
            String prefix = "pgd." + tag + ".";
            boolean shared = settings.get("sources").asText().contains("shared by the batch");
            var x = matrices(run, name + ".x");
            int batches = run.shape(name + ".expect." + prefix + "losses")[0];
            var losses = new double[batches][];
            var sources = new LinkedHashMap<String, List<double[][]>>();
            double mean = 0;
            for (int batch = 0; batch < batches; batch++) {
                var initial = new ArrayList<double[][]>();
                for (var layer : layers) {
                    String array = name + "." + prefix + "source." + layer.name();
                    initial.add(shared ? new double[][] {matrix(run, array)[batch]} : matrices(run, array).get(batch));
                }
                var attack = spd.adversary(x.get(batch), initial, settings.get("steps").asInt(), settings.get("step_size").asDouble());
                losses[batch] = attack.losses();
                mean += attack.loss() / batches;
                for (int l = 0; l < layers.size(); l++) {
                    sources.computeIfAbsent(layers.get(l).name(), layer -> new ArrayList<>()).add(attack.sources().get(l));
                }
            }
            compare("expect." + prefix + "losses", flat(losses));
            compare("expect." + prefix + "loss", mean);
            sources.forEach((layer, found) -> compare("expect." + prefix + "source." + layer, flat(found.toArray(double[][][]::new))));
        }

        private void delta() {
            var settings = json.get("delta");
            double[][] x = matrices(run, name + ".x").get(0);
            var spd = spd(Version.LATER, Map.of(ReferenceSpd.STOCHASTIC_RECONSTRUCTION, 1.0, ReferenceSpd.STOCHASTIC_RECONSTRUCTION_LAYERWISE, 1.0,
                    ReferenceSpd.IMPORTANCE_MINIMALITY, settings.get("importance_minimality").asDouble(), ReferenceSpd.FAITHFULNESS, 1.0,
                    ReferenceSpd.OUTPUT_RECONSTRUCTION, 0.0), settings.get("importance_p").asDouble());
            var step = spd.evaluate(x, ReferenceSpdGolden.noise(run, name + ".delta.", layers, 0, settings.get("draws").asInt()));
            for (var layer : layers) {
                compare("expect.importance_lower." + layer.name(), flat(step.arrays().get("importance.lower." + layer.name())));
            }
            for (String loss : Set.of(ReferenceSpd.STOCHASTIC_RECONSTRUCTION, ReferenceSpd.STOCHASTIC_RECONSTRUCTION_LAYERWISE,
                    ReferenceSpd.IMPORTANCE_MINIMALITY, ReferenceSpd.FAITHFULNESS)) {
                compare("expect.delta.loss." + loss, step.losses().get(loss));
            }
            compare("expect.delta.loss.unmasked_reconstruction", step.losses().get(ReferenceSpd.OUTPUT_RECONSTRUCTION));
            compareAll(comparison, run, name + ".expect.delta.grad.", step.gradients());
        }
    }
}
