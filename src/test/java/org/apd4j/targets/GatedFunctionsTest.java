package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GatedFunctionsTest {

    private static final double X_STEP = 0.05;

    /** The network written out with ND4J: the output at x with some bits set. */
    private static double output(GatedFunctions gated, double x, int... bits) {
        int count = gated.functions().size();
        INDArray stream = Nd4j.zeros(1, count + 2);
        stream.putScalar(0, 0, x);
        for (int bit : bits) {
            stream.putScalar(0, 1 + bit, 1);
        }
        for (int layer = 0; layer < gated.neuronOwners().length; layer++) {
            INDArray before = stream.mmul(gated.target().weights(ResidualMlp.in(layer)))
                    .addRowVector(gated.target().weights(ResidualMlp.inputBias(layer)));
            stream = stream.add(Nd4j.nn().relu(before, 0).mmul(gated.target().weights(ResidualMlp.out(layer))));
        }
        return stream.getDouble(0, count + 1);
    }

    @Test
    void anyGateThatClosesMakesTheSameFunction() {
        GatedFunctions small = GatedFunctions.paper(1);
        GatedFunctions large = GatedFunctions.of(4, 0.05, 50, 1);
        assertEquals(small.functions(), large.functions());
        assertArrayEquals(small.neuronOwners(), large.neuronOwners());
        for (double x = 0; x <= GatedFunctions.X_MAX; x += X_STEP) {
            for (int i = 0; i < 4; i++) {
                assertEquals(output(small, x, i), output(large, x, i), 1e-4);
            }
            assertEquals(output(small, x, 0) + output(small, x, 2), output(small, x, 0, 2), 1e-5);
        }
    }

    /** From {@code function_params.json} of the public code, for seed 0. Its frequencies were drawn from a wider range at that time: not compared. */
    @Test
    void theFunctionsOfSeedZeroAreThoseOfThePublicCode() {
        double[][] recorded = {{-0.007486820220947266, -2.5856725482574237, -0.7359390258789062, 0.8424412014118041, -0.019813179969787598},
                {0.7928894758224487, 0.8313048604185016, -0.30221307277679443, -3.001315803044481, -0.6622821092605591},
                {-0.41222310066223145, 1.2419821520104017, 0.6000227928161621, -1.3680468353390458, 0.3632171154022217},
                {0.8303879499435425, 2.3508907216576675, -0.16118335723876953, 2.844637417195104, -0.9276703596115112}};
        GatedFunctions gated = GatedFunctions.paper(0);
        for (int i = 0; i < recorded.length; i++) {
            GatedFunctions.Function own = gated.functions().get(i);
            assertArrayEquals(recorded[i], new double[] {own.a(), own.c(), own.d(), own.f(), own.g()}, 1e-14);
            assertEquals(own.a() * Math.sin(own.c()) + own.d() * Math.cos(own.f()) + own.g(), own.at(0), 1e-14);
        }
    }

    @Test
    void withoutAnyBitTheOutputIsZeroForEveryX() {
        GatedFunctions gated = GatedFunctions.paper(2);
        for (double x = 0; x <= GatedFunctions.X_MAX; x += X_STEP) {
            assertEquals(0, output(gated, x), 0);
        }
    }

    @Test
    void aGateThatDoesNotCloseAndANetworkWithoutFunctionsAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> GatedFunctions.of(4, 0.05, 5.5, 0)).getMessage();
        assertTrue(message.startsWith("gate is 5.5; it must be finite and above 5.5555"), message);
        assertThrows(IllegalArgumentException.class, () -> GatedFunctions.of(4, 0.05, Double.POSITIVE_INFINITY, 0));
        assertThrows(IllegalArgumentException.class, () -> GatedFunctions.of(0, 0.05, 6, 0));
    }
}
