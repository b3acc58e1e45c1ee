package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.LayerShares;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.training.Phase;
import org.junit.jupiter.api.Test;

class ValueJsonTest {

    /** As it comes back from a file's text. */
    private static Object again(Object value) throws IOException {
        var mapper = new ObjectMapper();
        return ValueJson.read(mapper.readTree(mapper.writeValueAsString(ValueJson.write(value))));
    }

    @Test
    void numbersTextsAndConstantsComeBackAsTheyWere() throws IOException {
        for (Object value : List.of("a \"text\" with ö", true, 7, -3L, 0.1, 1e-300, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Phase.RUNNING)) {
            assertEquals(value, again(value));
        }
    }

    @Test
    void listsMapsAndOptionalValuesComeBackInTheirOrder() throws IOException {
        var map = new LinkedHashMap<String, Object>();
        map.put("z", List.of(0.1, Double.POSITIVE_INFINITY));
        map.put("a", List.of(1, 2, 3));
        map.put("m", List.of("x", 1.5, List.of()));
        map.put("b", Optional.of(2));
        map.put("c", Optional.empty());
        assertEquals(map, again(map));
        assertEquals(List.copyOf(map.keySet()), List.copyOf(((Map<?, ?>) again(map)).keySet()));
    }

    @Test
    void arraysAndGridsComeBackBitByBit() throws IOException {
        double[] values = {Math.PI, 1.0 / 3, Double.MIN_VALUE, -0.0};
        assertArrayEquals(values, (double[]) again(values));
        assertArrayEquals(new int[] {5, -6}, (int[]) again(new int[] {5, -6}));
        Grid grid = Grid.of(2, 3, (row, column) -> row / 3.0 + column);
        assertArrayEquals(grid.toArray(), ((Grid) again(grid)).toArray());
    }

    @Test
    void recordsOfMeasuresComeBackEqual() throws IOException {
        var categories = new ComponentCategories(0.04, 3, List.of(List.of(1), List.of(), List.of(0, 2)));
        assertEquals(categories, again(categories));
        assertEquals(List.of(new ResidualNoiseLoss(0.25, 1e-4, 2e-4, 100)), again(List.of(new ResidualNoiseLoss(0.25, 1e-4, 2e-4, 100))));
        var shares = new LayerShares(Grid.of(1, 2, (row, column) -> column), Grid.of(1, 2, (row, column) -> 0.5));
        assertArrayEquals(shares.target().toArray(), ((LayerShares) again(shares)).target().toArray());
    }

    @Test
    void otherTypesAreRefusedWithThoseThatAreNot() {
        for (Object value : new Object[] {null, new Object(), List.of(new StringBuilder()), Map.of("a", 1f)}) {
            String message = assertThrows(IllegalArgumentException.class, () -> ValueJson.write(value)).getMessage();
            assertTrue(message.endsWith("cannot be kept as a result; numbers, strings, booleans, arrays of numbers, lists, maps, and the records of this "
                    + "library can"), message);
        }
    }

    @Test
    void onlyClassesOfThisLibraryAreMadeAndOnlyWithTheirComponents() {
        assertFault("the type 'java.lang.ProcessBuilder'", node("record", "java.lang.ProcessBuilder"));
        assertFault("the type 'org.apd4j.Gone'", node("record", "org.apd4j.Gone"));
        assertFault("unknown kind 'class'", node("class", "x"));
        ObjectNode record = (ObjectNode) ValueJson.write(new ResidualNoiseLoss(0.25, 1e-4, 2e-4, 100));
        ((ObjectNode) record.get("values")).remove("target");
        assertFault("other components than ResidualNoiseLoss", record);
        ((ObjectNode) record.get("values")).put("goal", "x");
        assertFault("lacks 'target' of ResidualNoiseLoss", record);
        assertFault("no constant of Phase", ((ObjectNode) ValueJson.write(Phase.RUNNING)).put("constant", "GONE"));
    }

    private static ObjectNode node(String kind, String value) {
        return new ObjectMapper().createObjectNode().put(kind, value);
    }

    private static void assertFault(String what, JsonNode node) {
        String message = assertThrows(IOException.class, () -> ValueJson.read(node)).getMessage();
        assertTrue(message.contains(what) && !message.contains("\n"), message);
    }
}
