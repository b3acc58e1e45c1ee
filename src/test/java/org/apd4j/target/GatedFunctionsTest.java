package org.apd4j.target;

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
            INDArray before = stream.mmul(gated.target().weights(ResidualMlp.in(layer))).addRowVector(gated.target().weights(ResidualMlp.inputBias(layer)));
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
        assertTrue(message.startsWith("gate is 5.5; it must be finite and more than 5.5555"), message);
        assertThrows(IllegalArgumentException.class, () -> GatedFunctions.of(4, 0.05, Double.POSITIVE_INFINITY, 0));
        assertThrows(IllegalArgumentException.class, () -> GatedFunctions.of(0, 0.05, 6, 0));
    }
}
