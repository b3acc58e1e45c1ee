package org.apd4j.targets;

import static org.apd4j.testsupport.GoldenRun.difference;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.testsupport.SpdGolden;
import org.apd4j.training.Schedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets of SPD's paper are trained as its public PyTorch reference trains them, with an update for each use of a shared matrix. */
class SpdGoldenTargetsTest {

    private static final double TOLERANCE = 1e-4;
    private static final double AFTER_UPDATES = 1e-3;

    @ParameterizedTest
    @MethodSource("org.apd4j.testsupport.SpdGolden#targets")
    void lossesAndParametersAreThoseOfTheReference(SpdGolden golden) {
        Network network = golden.network("init.");
        boolean tms = golden.json().get("network").get("kind").asText().equals("tms");
        TrainingConfig config = TrainingConfig.of(c -> {
            c.batch = golden.batch();
            c.steps = golden.steps();
            c.learningRate = golden.json().get("lr").asDouble();
            c.schedule = golden.json().get("schedule").asText().equals("cosine") ? Schedule.cosine() : Schedule.constant();
            c.weightDecay = golden.json().get("weight_decay").asDouble();
            c.sharing = TrainingConfig.Sharing.ONE_BY_ONE;
        });
        TargetRun run = new TargetRun(new Target("golden", network, new SparseFeatures(network.inputs(), 0.5, 0, 1),
                tms ? Labels.INPUT : Labels.INPUT_PLUS_RELU), config, 0);
        double[] losses = new double[golden.steps()];
        Set<String> left = golden.names();
        left.removeIf(name -> name.equals("x") || name.startsWith("init.") || name.startsWith("target."));
        for (int step = 0; step < golden.steps(); step++) {
            losses[step] = run.trainOn(golden.batch(step), step);
            if (step == 0 || step == 9) {
                for (String name : run.trained().network().parameters().stream().map(parameter -> parameter.name()).toList()) {
                    String array = "step" + (step + 1) + "." + (name.equals("b") ? "b_final" : name);
                    if (left.remove(array)) {
                        Matrix values = run.trained().network().parameter(name).values();
                        double difference = difference(doubles(values), golden.values(array));
                        assertTrue(difference <= AFTER_UPDATES, array + " is off by " + difference);
                    }
                }
            }
        }
        left.remove("loss.mse");
        assertTrue(difference(losses, golden.values("loss.mse")) <= TOLERANCE, "losses are off by " + difference(losses, golden.values("loss.mse")));
        assertTrue(left.isEmpty(), "arrays that nothing was compared with: " + left);
        assertFalse(losses[0] == losses[golden.steps() - 1]);
    }

    private static double[] doubles(Matrix values) {
        double[] result = new double[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.toArray()[i];
        }
        return result;
    }
}
