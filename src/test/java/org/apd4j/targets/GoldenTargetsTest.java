package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apd4j.data.SparseFeatures;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.reference.LibraryTwin;
import org.apd4j.reference.ReferenceGolden;
import org.apd4j.testsupport.GoldenRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The training of targets agrees with the public PyTorch code. */
class GoldenTargetsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.apd4j.testsupport.GoldenRun#targets")
    void lossesAndParametersOfTheGoldenTrainingAreReproduced(GoldenRun run) {
        Network network = LibraryTwin.network(ReferenceGolden.network(run, "init."));
        var settings = run.optimizer();
        var config = new TrainingConfig(run.batch(), settings.steps(), settings.lr(), LibraryTwin.schedule(ReferenceGolden.settings(run)),
                settings.weightDecay());
        Labels labels = run.network().tms() ? Labels.INPUT : Labels.INPUT_PLUS_RELU;
        Target target = new Target(run.toString(), network, new SparseFeatures(network.inputs(), 0.1, 0, 1), labels);
        TargetRun training = new TargetRun(target, config, 0, Workers.all());
        double[] losses = new double[settings.steps()];
        for (int step = 0; step < settings.steps(); step++) {
            losses[step] = training.trainOn(SparseRows.of(LibraryTwin.matrix(run.batch(step))), step);
            if (step == 0) {
                checkParameters(run, "step1.", training.trained().network());
            }
        }
        checkParameters(run, "step" + settings.steps() + ".", training.trained().network());
        check("loss.mse", losses, run.values("loss.mse"), 1e-4);
    }

    private static void checkParameters(GoldenRun run, String moment, Network network) {
        for (Parameter parameter : network.parameters()) {
            if (parameter.role() != Parameter.Role.FIXED) {
                String name = moment + parameter.name() + (network.weights().contains(parameter) ? ".W" : "");
                check(name, LibraryTwin.flat(parameter.values()), run.values(name), 1e-3);
            }
        }
    }

    private static void check(String name, double[] actual, double[] reference, double tolerance) {
        double difference = GoldenRun.difference(actual, reference);
        assertTrue(difference <= tolerance, name + " differs by " + difference);
    }
}
