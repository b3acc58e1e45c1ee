package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.apd.internal.UnitNorm;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.reference.LibraryTwin;
import org.apd4j.reference.ReferenceGolden;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.GoldenRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library does what the public PyTorch code did: every array of every golden decomposition. */
class GoldenRunsTest {

    private static final double STEP_TOLERANCE = 1e-4;
    private static final double PARAMETER_TOLERANCE = 1e-3;

    private GoldenRun run;
    private Set<String> left;
    private List<String> failures;

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.apd4j.testsupport.GoldenRun#decompositions")
    void everyArrayOfTheGoldenRunIsReproduced(GoldenRun golden) {
        run = golden;
        failures = new ArrayList<>();
        left = new TreeSet<>(run.names());
        left.removeIf(name -> name.startsWith("target.") || name.startsWith("init.") || name.equals("x"));
        Network network = LibraryTwin.network(ReferenceGolden.network(run, "target."));
        var settings = run.decomposition();
        ApdConfig config = LibraryTwin.config(ReferenceGolden.configuration(run), settings.components(), settings.m(), run.batch());
        Components components = LibraryTwin.components(network, ReferenceGolden.factors(run));
        Target target = new Target(run.toString(), network, new SparseFeatures(network.inputs(), 0.1, 0, 1), Labels.INPUT);
        DecompositionRun<ApdConfig> apd = ApdRuns.of(target, config, components);

        checkFirstStep(new Evaluator(network, components, config.importance(), Workers.one()));
        int steps = run.optimizer().steps();
        double[][] losses = new double[Loss.values().length][steps + 1];
        for (int step = 0; step <= steps; step++) {
            SparseRows x = batch(step);
            if (step == steps) {
                checkParameters("step" + step, components);
                if (config.unitNorm()) {
                    UnitNorm.normalise(components, Workers.one());
                }
            }
            double output = outputReconstruction(network, components, config, x);
            double[] now = step < steps ? ApdRuns.step(apd, x, step) : ApdRuns.objective(apd).computeAll(x, step, apd.optimizer());
            for (Loss loss : Loss.values()) {
                losses[loss.ordinal()][step] = now[loss.ordinal()];
            }
            if (config.outputReconstruction() == 0) {
                losses[Loss.OUTPUT_RECONSTRUCTION.ordinal()][step] = output;
            }
            if (step == 0) {
                checkGradients(apd);
                checkParameters("step1", components);
            }
            int ofStep = step;
            ApdRuns.objective(apd).mask().ifPresent(mask -> checkMask(ofStep, mask));
        }
        check("loss.faithfulness", losses[Loss.FAITHFULNESS.ordinal()], STEP_TOLERANCE);
        check(run.has("loss.minimality_lp") ? "loss.minimality_lp" : "loss.minimality", losses[Loss.MINIMALITY.ordinal()], STEP_TOLERANCE);
        check("loss.simplicity", losses[Loss.SIMPLICITY.ordinal()], STEP_TOLERANCE);
        check("loss.output_reconstruction", losses[Loss.OUTPUT_RECONSTRUCTION.ordinal()], STEP_TOLERANCE);
        if (run.has("loss.hidden_reconstruction")) {
            check("loss.hidden_reconstruction", losses[Loss.HIDDEN_RECONSTRUCTION.ordinal()], STEP_TOLERANCE);
        }
        assertEquals(List.of(), failures);
        assertEquals(Set.of(), left, "arrays that were not compared");
    }

    private SparseRows batch(int step) {
        return SparseRows.of(LibraryTwin.matrix(run.batch(step)));
    }

    private void checkFirstStep(Evaluator evaluator) {
        SparseRows x = batch(0);
        check("step0.target_out", LibraryTwin.flat(evaluator.target(x)), STEP_TOLERANCE);
        check("step0.all_components_out", LibraryTwin.flat(evaluator.allComponents(x)), STEP_TOLERANCE);
        checkAttributions("step0.attributions", evaluator, AttributionKind.GRADIENT_FROM_TARGET);
        checkAttributions("step0.attributions_from_components", evaluator, AttributionKind.GRADIENT_FROM_COMPONENTS);
        checkAttributions("step0.attributions_activation", evaluator, AttributionKind.ACTIVATION);
        checkAttributions("step0.attributions_ablation", evaluator, AttributionKind.ABLATION);
    }

    private void checkAttributions(String name, Evaluator evaluator, AttributionKind kind) {
        check(name, LibraryTwin.flat(evaluator.attributions(kind, batch(0))), STEP_TOLERANCE);
    }

    private static double outputReconstruction(Network network, Components components, ApdConfig config, SparseRows x) {
        Evaluator evaluator = new Evaluator(network, components, config.importance(), Workers.one());
        if (config.unitNorm()) {
            UnitNorm.normalise(components, Workers.one());
        }
        double[] all = LibraryTwin.flat(evaluator.allComponents(x));
        double[] target = LibraryTwin.flat(evaluator.target(x));
        double sum = 0;
        for (int i = 0; i < all.length; i++) {
            sum += (all[i] - target[i]) * (all[i] - target[i]);
        }
        return sum / all.length;
    }

    private void checkGradients(DecompositionRun<ApdConfig> apd) {
        for (Factors factors : apd.objective().components().factors()) {
            String name = "step0.grad." + factors.parameter();
            check(name + ".A", LibraryTwin.flat(apd.optimizer().gradient(ApdObjective.aName(factors))), STEP_TOLERANCE);
            check(name + ".B", LibraryTwin.flat(apd.optimizer().gradient(ApdObjective.bName(factors))), STEP_TOLERANCE);
        }
    }

    private void checkParameters(String moment, Components components) {
        for (Factors factors : components.factors()) {
            check(moment + "." + factors.parameter() + ".A", LibraryTwin.flat(factors.a()), PARAMETER_TOLERANCE);
            check(moment + "." + factors.parameter() + ".B", LibraryTwin.flat(factors.b()), PARAMETER_TOLERANCE);
        }
    }

    private void checkMask(int step, Mask mask) {
        if (!run.has("topk_mask")) {
            return;
        }
        left.remove("topk_mask");
        double[][] wanted = run.mask(step);
        for (int i = 0; i < wanted.length; i++) {
            for (int c = 0; c < wanted[i].length; c++) {
                assertTrue((wanted[i][c] == 1) == mask.isActive(i, c), "mask of step " + step + " differs at sample " + i + ", component " + c);
            }
        }
    }

    private void check(String name, double[] actual, double tolerance) {
        left.remove(name);
        double[] reference = run.values(name);
        double difference = GoldenRun.difference(actual, reference);
        if (!(difference <= tolerance)) {
            failures.add(name + " differs by " + difference);
        }
    }
}
