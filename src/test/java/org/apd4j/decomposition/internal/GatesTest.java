package org.apd4j.decomposition.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.GeluMlpTable;
import org.junit.jupiter.api.Test;

class GatesTest {

    private static double meanSquare(Matrix values) {
        double sum = 0;
        for (float value : values.toArray()) {
            sum += value * value;
        }
        return sum / values.size();
    }

    /** With 5,000 values the relative standard error of a variance is 2 %. */
    @Test
    void initialValuesHaveTheReferencesVariancesAndNoBiases() {
        Map<String, Matrix> gates = Gates.random(500, 10, 3, 1).parameters("layer");
        assertEquals(2, meanSquare(gates.get("layer.gate.w_in")), 0.16);
        assertEquals(0.1, meanSquare(gates.get("layer.gate.w_out")), 0.008);
        assertEquals(0, meanSquare(gates.get("layer.gate.b_in")));
        assertEquals(0, meanSquare(gates.get("layer.gate.b_out")));
        assertEquals(1, meanSquare(Gates.random(5_000, 0, 3, 1).parameters("layer").get("layer.gate.w")), 0.08);
    }

    @Test
    void linearGatesMultiplyAndAdd() {
        Gates linear = Gates.zeros(2, 0);
        linear.parameters("l").get("l.gate.w").copyFrom(Matrix.over(new float[] {9, 3}, 2, 1));
        linear.parameters("l").get("l.gate.b").copyFrom(Matrix.over(new float[] {9, -1}, 2, 1));
        float[] gamma = new float[2];
        linear.forward(1, new float[] {7, 2, 0.5f}, 1, 2, gamma, 0, new Gates.Memory(2));
        assertArrayEquals(new float[] {5, 0.5f}, gamma, 1e-6f);
    }

    @Test
    void shapesAreThoseOfTheParameters() {
        for (int width : List.of(0, 4)) {
            Map<String, Integer> sizes = new TreeMap<>();
            Gates.shapes("l", 3, width).forEach((name, shape) -> sizes.put(name, java.util.Arrays.stream(shape).reduce(1, (one, other) -> one * other)));
            Map<String, Integer> expected = new TreeMap<>();
            Gates.zeros(3, width).parameters("l").forEach((name, values) -> expected.put(name, values.size()));
            assertEquals(expected, sizes);
        }
    }

    /** Many activations are interpolated, few are not. */
    @Test
    void activationsInPiecesGiveWhatEachGivesAlone() {
        Gates gates = Gates.random(3, 16, 4, 0);
        float[][] a = {new float[500], new float[500]};
        for (int n = 0; n < 500; n++) {
            a[0][n] = n / 250f - 1;
            a[1][n] = n / 500f;
        }
        for (int count : new int[] {5, 500}) {
            GeluMlpTable table = new GeluMlpTable();
            float[][] gamma = {new float[500], new float[500]};
            Gates.Memory memory = new Gates.Memory(500);
            gates.forward(1, a, 0, new int[] {count, count}, gamma, table, memory);
            assertEquals(count == 500, table.isFilled());
            for (int piece = 0; piece < 2; piece++) {
                for (int n = 0; n < count; n++) {
                    float[] alone = new float[1];
                    gates.forward(1, a[piece], n, 1, alone, 0, memory);
                    assertEquals(alone[0], gamma[piece][n], 1.5e-6);
                }
            }
        }
    }

    @Test
    void aCopyDoesNotChangeWithTheOriginal() {
        Gates gates = Gates.random(3, 2, 0, 0);
        Gates copy = gates.copy();
        gates.parameters("l").values().forEach(values -> values.fill(5));
        copy.parameters("l").forEach((name, values) -> assertArrayEquals(Gates.random(3, 2, 0, 0).parameters("l").get(name).toArray(), values.toArray()));
    }
}
