package org.apd4j.reference;

import static org.apd4j.testsupport.GoldenRun.flat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.reference.ReferenceApd.Attributions;
import org.apd4j.reference.ReferenceApd.Factors;
import org.apd4j.testsupport.GoldenRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceGoldenTest {

    private static final double TOLERANCE = 1e-9;

    private static Comparison comparison(GoldenRun run) {
        var expected = run.names();
        expected.removeIf(name -> name.equals("x") || name.startsWith("target.") || name.startsWith("init."));
        return new Comparison(run.name(), expected);
    }

    private static void compare(Comparison comparison, GoldenRun run, String array, double[] actual, int... shape) {
        comparison.compare(array, actual, run.array(array, shape));
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.GoldenRun#decompositions")
    void everyArrayOfADecompositionIsReproduced(String name) {
        var run = GoldenRun.load(name);
        var comparison = comparison(run);
        var decomposition = run.decomposition();
        int components = decomposition.components();
        int steps = run.optimizer().steps();
        var apd = new ReferenceApd(ReferenceGolden.network(run, "target."), ReferenceGolden.configuration(run), ReferenceGolden.factors(run));

        int[] attributions = {run.batch(), components};
        double[][] x = run.batch(0);
        compare(comparison, run, "step0.attributions", flat(apd.attributions(Attributions.GRADIENT_FROM_TARGET, x)), attributions);
        compare(comparison, run, "step0.attributions_from_components", flat(apd.attributions(Attributions.GRADIENT_FROM_COMPONENTS, x)),
                attributions);
        compare(comparison, run, "step0.attributions_activation", flat(apd.attributions(Attributions.ACTIVATION, x)), attributions);
        compare(comparison, run, "step0.attributions_ablation", flat(apd.attributions(Attributions.ABLATION, x)), attributions);

        var losses = new LinkedHashMap<String, double[]>();
        double[][][] masks = new double[steps + 1][][];
        for (int s = 0; s <= steps; s++) {
            var step = s < steps ? apd.step(run.batch(s)) : apd.evaluate(run.batch(s));
            int at = s;
            step.losses().forEach((loss, value) -> losses.computeIfAbsent(loss, l -> new double[steps + 1])[at] = value);
            masks[s] = step.mask();
            if (s == 0) {
                compare(comparison, run, "step0.target_out", flat(step.target()), run.batch(), run.network().features());
                compare(comparison, run, "step0.all_components_out", flat(step.allComponents()), run.batch(), run.network().features());
                compareFactors(comparison, run, "step0.grad.", step.gradients());
                compareFactors(comparison, run, "step1.", apd.factors());
            } else if (s == 9) {
                compareFactors(comparison, run, "step10.", apd.factors());
            }
        }
        losses.forEach((loss, values) -> {
            // Computed here whether or not it has a coefficient; recorded there only if it had, or always.
            if (run.has("loss." + loss) || decomposition.coefficients().containsKey(loss)) {
                compare(comparison, run, "loss." + loss, values, steps + 1);
            }
        });
        if (!decomposition.selection().equals("lp")) {
            compare(comparison, run, "topk_mask", flat(masks), steps + 1, run.batch(), components);
        }
        comparison.allWithin(TOLERANCE);
        assertEquals(0, comparison.differences().getOrDefault("topk_mask", 0.0), "the masks are equal");
    }

    private static void compareFactors(Comparison comparison, GoldenRun run, String prefix, Map<String, Factors> factors) {
        var decomposition = run.decomposition();
        for (var layer : run.layers()) {
            var factor = factors.get(layer.name());
            compare(comparison, run, prefix + layer.name() + ".A", flat(factor.a()), decomposition.components(), layer.in(), decomposition.m());
            compare(comparison, run, prefix + layer.name() + ".B", flat(factor.b()), decomposition.components(), decomposition.m(), layer.out());
        }
    }

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.GoldenRun#targets")
    void everyArrayOfATargetsTrainingIsReproduced(String name) {
        var run = GoldenRun.load(name);
        var comparison = comparison(run);
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
                        compare(comparison, run, prefix + layer.name() + ".W", flat(layer.weight()), layer.weight().length, layer.weight()[0].length);
                    }
                }
                if (network instanceof ReferenceNetwork.Tms tms) {
                    compare(comparison, run, prefix + "b_final", tms.bias(), tms.bias().length);
                }
            }
        }
        compare(comparison, run, "loss.mse", losses, steps);
        comparison.allWithin(TOLERANCE);
    }
}
