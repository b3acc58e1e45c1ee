package org.apd4j.targets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.apd4j.data.Dataset;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Target;
import org.junit.jupiter.api.Test;

class TargetDifferenceTest {

    private static Target target(long weights, float value) {
        Network network = Network.builder(2).dense("output", "input", 1, RandomStream.of(weights)).build();
        return Target.of("own", network, Dataset.of(new float[][] {{1, 2}, {3, value}}));
    }

    @Test
    void targetsDifferInTheirNetworkTheirDataOrTheirWeights() {
        assertEquals(Optional.empty(), TargetDifference.of(target(0, 4), target(0, 4), Role.values()));
        assertEquals(Optional.of("the rows of the target's data"), TargetDifference.of(target(0, 4), target(0, 5), Role.values()));
        assertEquals(Optional.of("the target's output.weight"), TargetDifference.of(target(0, 4), target(1, 4), Role.values()));
        assertEquals(Optional.empty(), TargetDifference.of(target(0, 4), target(1, 4), Role.FIXED));
        Network tanh = Network.builder(2).dense("output", "input", 1, RandomStream.of(0)).activation("tanh", "output",
                Activation.TANH).build();
        assertEquals(Optional.of("the target's network or data"),
                TargetDifference.of(target(0, 4), Target.of("own", tanh, Dataset.of(new float[][] {{1, 2}, {3, 4}})), Role.values()));
    }
}
