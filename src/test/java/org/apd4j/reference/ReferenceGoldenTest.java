package org.apd4j.reference;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.apd4j.testsupport.GoldenRun.flat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apd4j.reference.ReferenceApd.Attributions;
import org.apd4j.reference.ReferenceApd.Factors;
import org.apd4j.testsupport.GoldenRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceGoldenTest {

    private static final double TOLERANCE = 1e-9;

    /** The arrays of a run that have not been compared yet, and how far the compared ones are off. */
    private static final class Comparison {

        private final GoldenRun run;
        private final Set<String> left;
        private final Map<String, Double> differences = new LinkedHashMap<>();

        Comparison(GoldenRun run) {
            this.run = run;
            left = run.names();
            left.removeIf(name -> name.equals("x") || name.startsWith("target.") || name.startsWith("init."));
        }

        void compare(String array, double[] actual, int... shape) {
            left.remove(array);
            differences.put(array, difference(actual, run.array(array, shape)));
        }

        void allWithin(double tolerance) {
            assertEquals(Set.of(), left, "arrays of " + run + " that nothing was compared with");
            differences.forEach((array, difference) -> assertTrue(difference <= tolerance, run + ": " + array + " is off by " + difference));
        }
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.GoldenRun#decompositions")
    void everyArrayOfADecompositionIsReproduced(String name) {
        var run = GoldenRun.load(name);
        var comparison = new Comparison(run);
        var decomposition = run.decomposition();
        int components = decomposition.components();
        int steps = run.optimizer().steps();
        var apd = new ReferenceApd(ReferenceGolden.network(run, "target."), ReferenceGolden.configuration(run), ReferenceGolden.factors(run));

        int[] attributions = {run.batch(), components};
        double[][] x = run.batch(0);
        comparison.compare("step0.attributions", flat(apd.attributions(Attributions.GRADIENT_FROM_TARGET, x)), attributions);
        comparison.compare("step0.attributions_from_components", flat(apd.attributions(Attributions.GRADIENT_FROM_COMPONENTS, x)), attributions);
        comparison.compare("step0.attributions_activation", flat(apd.attributions(Attributions.ACTIVATION, x)), attributions);
        comparison.compare("step0.attributions_ablation", flat(apd.attributions(Attributions.ABLATION, x)), attributions);

        var losses = new LinkedHashMap<String, double[]>();
        double[][][] masks = new double[steps + 1][][];
        for (int s = 0; s <= steps; s++) {
            var step = s < steps ? apd.step(run.batch(s)) : apd.evaluate(run.batch(s));
            int at = s;
            step.losses().forEach((loss, value) -> losses.computeIfAbsent(loss, l -> new double[steps + 1])[at] = value);
            masks[s] = step.mask();
            if (s == 0) {
                comparison.compare("step0.target_out", flat(step.target()), run.batch(), run.network().features());
                comparison.compare("step0.all_components_out", flat(step.allComponents()), run.batch(), run.network().features());
                compareFactors(comparison, "step0.grad.", step.gradients());
                compareFactors(comparison, "step1.", apd.factors());
            } else if (s == 9) {
                compareFactors(comparison, "step10.", apd.factors());
            }
        }
        losses.forEach((loss, values) -> {
            // Computed here whether or not it has a coefficient; recorded there only if it had, or always.
            if (run.has("loss." + loss) || decomposition.coefficients().containsKey(loss)) {
                comparison.compare("loss." + loss, values, steps + 1);
            }
        });
        if (!decomposition.selection().equals("lp")) {
            comparison.compare("topk_mask", flat(masks), steps + 1, run.batch(), components);
        }
        comparison.allWithin(TOLERANCE);
        if (comparison.differences.containsKey("topk_mask")) {
            assertEquals(0, comparison.differences.get("topk_mask"), "the masks are equal");
        }
    }

    private static void compareFactors(Comparison comparison, String prefix, Map<String, Factors> factors) {
        var decomposition = comparison.run.decomposition();
        for (var layer : comparison.run.layers()) {
            var factor = factors.get(layer.name());
            comparison.compare(prefix + layer.name() + ".A", flat(factor.a()), decomposition.components(), layer.in(), decomposition.m());
            comparison.compare(prefix + layer.name() + ".B", flat(factor.b()), decomposition.components(), decomposition.m(), layer.out());
        }
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.GoldenRun#targets")
    void everyArrayOfATargetsTrainingIsReproduced(String name) {
        var run = GoldenRun.load(name);
        var comparison = new Comparison(run);
        var training = new ReferenceTargetTraining(ReferenceGolden.network(run, "init."), ReferenceGolden.settings(run));
        int steps = run.optimizer().steps();
        var losses = new double[steps];
        for (int s = 0; s < steps; s++) {
            losses[s] = training.step(run.batch(s)).loss();
            if (s == 0 || s == 9) {
                String prefix = "step" + (s + 1) + ".";
                var network = training.network();
                for (var layer : network.layers()) {
                    if (!layer.tied()) {
                        comparison.compare(prefix + layer.name() + ".W", flat(layer.weight()), layer.weight().length, layer.weight()[0].length);
                    }
                }
                if (network instanceof ReferenceNetwork.Tms tms) {
                    comparison.compare(prefix + "b_final", tms.bias(), tms.bias().length);
                }
            }
        }
        comparison.compare("loss.mse", losses, steps);
        comparison.allWithin(TOLERANCE);
    }
}
