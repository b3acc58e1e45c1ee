package org.apd4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apd4j.benchmark.SpdStepBenchmark.Decomposed;
import org.junit.jupiter.api.Test;

class SpdArithmeticTest {

    /** Milliseconds of one core for gates and products, counted by hand for the numbers of rows, components and layers, at 1 ns and 1 TFLOP/s. */
    private static final Map<Decomposed, double[]> COUNTED = Map.of(
            Decomposed.TMS_5_2, new double[] {0.6, 0.002}, Decomposed.TMS_5_2_ID, new double[] {0.9, 0.003},
            Decomposed.TMS_40_10, new double[] {23, 0.61}, Decomposed.TMS_40_10_ID, new double[] {34, 0.77},
            Decomposed.ONE_LAYER, new double[] {4.2, 2.3}, Decomposed.TWO_LAYERS, new double[] {33, 20.2},
            Decomposed.THREE_LAYERS, new double[] {505, 40.3});

    @Test
    void theCountsAreThoseOfTheArithmetic() {
        COUNTED.forEach((step, counted) -> {
            SpdArithmetic found = SpdArithmetic.of(step.target(), step.config(), new SpdArithmetic.Rates(1, 1, 1));
            assertEquals(counted[0], found.gates(), 0.04 * counted[0], step + ": gates");
            assertEquals(counted[1], found.products(), 0.25 * counted[1], step + ": products");
            assertEquals((found.gates() + found.products() + found.adam()) / 2, found.on(2), 1e-12, step.toString());
        });
    }
}
