package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Outputs, attributions, losses and their gradients of random networks of every part are those of ND4J's own differentiation in double
 * precision, which is given the description and the method's formulas.
 */
@Tag("slow")
class SameDiffAgreementTest {

    private static final int NETWORKS = 220;

    private static final SameDiffComparison.Findings found = new SameDiffComparison.Findings();

    @BeforeAll
    static void runAllNetworks() {
        int threads = Nd4j.getEnvironment().maxThreads();
        Nd4j.getEnvironment().setMaxThreads(1); // its arrays are tiny: more threads only wait for each other
        try {
            for (int number = 0; number < NETWORKS; number++) {
                new SameDiffComparison(number, found).compare();
            }
        } finally {
            Nd4j.getEnvironment().setMaxThreads(threads);
        }
        if (Boolean.getBoolean("agreement.report")) {
            System.out.println(found.compared + " arrays, worst: " + found.worst + "\nmet: " + found.met);
        }
    }

    @Test
    void everyNumberOfEveryNetworkAgreesWithSameDiff() {
        assertEquals("", String.join("\n", found.failures.subList(0, Math.min(20, found.failures.size()))), found.failures.size() + " of " + found.compared);
        assertTrue(found.compared > 10 * NETWORKS, found.compared + " arrays");
    }

    @Test
    void everyPartIsMetByManyNetworks() {
        for (String part : List.of("RELU", "GELU", "TANH", "SIGMOID", "IDENTITY", "Normalise", "Sum", "Bias", "Softmax", "tied transpose", "used twice",
                "decomposed", "not decomposed", "KL", "MSE", "BatchTopK", "LpPenalty", "GRADIENT_FROM_TARGET", "GRADIENT_FROM_COMPONENTS", "ABLATION",
                "ACTIVATION", "HIDDEN_RECONSTRUCTION", "OUTPUT_RECONSTRUCTION")) {
            assertTrue(found.met.getOrDefault(part, 0) >= 20, part + " is met too rarely: " + found.met);
        }
    }
}
