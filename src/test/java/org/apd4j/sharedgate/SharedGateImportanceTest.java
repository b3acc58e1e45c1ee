package org.apd4j.sharedgate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.testsupport.GatesByHand;
import org.junit.jupiter.api.Test;

class SharedGateImportanceTest {

    private static void set(Matrix parameter, int component, double... values) {
        for (int j = 0; j < values.length; j++) {
            parameter.set(component, j, (float) values[j]);
        }
    }

    /** {@code 3 GELU(a) + ½ GELU(1 − 2a) − ¼}, with GELU(½) = 0.345731 and GELU(1) = 0.841345. */
    @Test
    void aGateThatIsAnMlpSaysWhatItsNetworkComputesOfTheReading() {
        Decomposition found = GatesByHand.of(4, given -> { }).shared();
        Gates mlp = Gates.zeros(4, 2);
        List<Matrix> parameters = List.copyOf(mlp.parameters("").values());
        set(parameters.get(0), 2, 1, -2);
        set(parameters.get(1), 2, 0, 1);
        set(parameters.get(2), 2, 3, 0.5);
        set(parameters.get(3), 2, -0.25);
        Components components = found.components();
        var gates = new SharedGateImportance(GateKind.MLP, List.of("encoder"), Matrix.zeros(1, 4).fill(1), Matrix.zeros(1, 4), List.of(mlp),
                Matrix.zeros(1, 4).fill(1), 16);
        Matrix x = Matrix.zeros(2, 4);
        x.set(0, 2, 0.5f); // component 2 reads feature 2
        Matrix gamma = gates.gamma(SparseRows.of(x), components);
        assertEquals(3 * 0.345731 - 0.25, gamma.get(0, 2), 1e-5);
        assertEquals(0.5 * 0.841345 - 0.25, gamma.get(1, 2), 1e-5);
        assertEquals(0, gamma.get(0, 1), "another component has a network of its own");
        assertEquals(gamma.get(0, 2), gates.lower(SparseRows.of(x), components).layer(0).get(0, 2));
    }
}
