package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;

class TargetPassTest {

    private static boolean keepsZero(Network network, Collection<String> decomposed) {
        return TargetPass.keepsZero(NetworkGraph.of(network, decomposed));
    }

    /** input → first → (+ bias) → activation → second (→ + last bias). */
    private static Network chain(Activation activation, boolean bias) {
        Matrix ones = Matrix.zeros(2, 2).fill(1);
        var builder = Network.builder(2).parameter("first", Role.TRAINED, ones).linear("hidden", "input", "first", false);
        if (bias) {
            builder.parameter("b", Role.FIXED, Matrix.zeros(1, 2).fill(1)).bias("biased", "hidden", "b");
        }
        return builder.activation("active", bias ? "biased" : "hidden", activation).parameter("second", Role.TRAINED, ones)
                .linear("output", "active", "second", false).build();
    }

    @Test
    void aBiasBehindTheLastDecomposedLayerDoesNotMatter() {
        assertTrue(keepsZero(Tms.untrained(TmsConfig.spd5to2(), 0).network(), List.of(Tms.ENCODER)));
        assertTrue(keepsZero(chain(Activation.RELU, true), List.of("first")));
        assertTrue(keepsZero(ResidualMlp.untrained(ResidualMlpConfig.spdTwoLayers(), 0).network(), List.of(ResidualMlp.in(0), ResidualMlp.out(1))));
    }

    @Test
    void aBiasBeforeADecomposedLayerMakesItsInputDifferFromZero() {
        assertFalse(keepsZero(chain(Activation.RELU, true), List.of("first", "second")));
        assertFalse(keepsZero(chain(Activation.RELU, true), List.of("second")));
        assertTrue(keepsZero(chain(Activation.RELU, false), List.of("first", "second")));
    }

    @Test
    void anActivationThatIsNotZeroAtZeroMakesTheNextInputDifferFromZero() {
        assertTrue(keepsZero(chain(Activation.GELU, false), List.of("first", "second")));
        assertFalse(keepsZero(chain(Activation.SIGMOID, false), List.of("first", "second")));
        assertTrue(keepsZero(chain(Activation.SIGMOID, false), List.of("first")));
    }
}
