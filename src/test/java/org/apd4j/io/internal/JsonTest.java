package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apd4j.training.Phase;
import org.junit.jupiter.api.Test;

class JsonTest {

    private sealed interface Shape permits Circle, Square {
    }

    private record Circle(double radius) implements Shape {
    }

    private record Square(double side, String note) implements Shape {
    }

    private record Everything(int i, long l, double d, boolean b, String text, Phase phase, List<Shape> shapes, Circle circle) {
    }

    @Test
    void everyKindOfValueIsReadAsWritten() throws IOException {
        Json json = new Json(Map.of(Shape.class, Map.of("circle", Circle.class, "square", Square.class)));
        for (double d : new double[] {0.1, Double.MIN_VALUE, -1e300, Math.PI, -0.0, Double.POSITIVE_INFINITY, Double.NaN}) {
            var written = new Everything(Integer.MIN_VALUE, Long.MAX_VALUE, d, true, "\"ü\n\\ 語", Phase.RUNNING,
                    List.of(new Square(d, ""), new Circle(2)), new Circle(d));
            assertEquals(written, json.read(json.tree(json.write(written)), Everything.class));
        }
    }

    private static final String WHOLE = """
            {"i": 1, "l": 2, "d": 3, "b": true, "text": "t", "phase": "running", "shapes": [{"type": "circle", "radius": 1}],
             "circle": {"type": "circle", "radius": 2}}
            """;

    private static String refused(String from, String to) {
        Json json = new Json(Map.of(Shape.class, Map.of("circle", Circle.class, "square", Square.class)));
        assertTrue(WHOLE.contains(from), from);
        return assertThrows(IOException.class, () -> json.read(json.tree(WHOLE.replace(from, to)), Everything.class)).getMessage();
    }

    @Test
    void aValueOfAnotherTypeIsNamedWithItsPathAndTheExpectedType() {
        assertEquals("has \"one\" in 'i' instead of an integer of at most 32 bits", refused("\"i\": 1", "\"i\": \"one\""));
        assertEquals("has a list in 'l' instead of an integer of at most 64 bits", refused("\"l\": 2", "\"l\": [2]"));
        assertEquals("has an object in 'd' instead of a number", refused("\"d\": 3", "\"d\": {}"));
        assertEquals("has 1 in 'b' instead of true or false", refused("\"b\": true", "\"b\": 1"));
        assertEquals("has a list in 'text' instead of a string", refused("\"text\": \"t\"", "\"text\": []"));
        assertEquals("has 7 in 'shapes' instead of a list", refused("[{\"type\": \"circle\", \"radius\": 1}]", "7"));
        assertEquals("lacks 'circle'", refused(",\n \"circle\": {\"type\": \"circle\", \"radius\": 2}", ""));
        assertEquals("lacks 'circle.radius'", refused(", \"radius\": 2", ""));
        assertEquals("lacks a 'type' in 'shapes[0]'", refused("\"type\": \"circle\", \"radius\": 1", "\"radius\": 1"));
        assertEquals("has the unknown type 'ring' in 'shapes[0]'", refused("\"type\": \"circle\"", "\"type\": \"ring\""));
        assertEquals("has an unknown field 'circle.colour'", refused("\"radius\": 2", "\"radius\": 2, \"colour\": 1"));
        assertTrue(refused("\"running\"", "\"flying\"").startsWith("has \"flying\" in 'phase' instead of one of [started, "));
    }

    @Test
    void nullIsNamedWhereverItOccurs() {
        assertEquals("has null in 'i', which needs a value", refused("\"i\": 1", "\"i\": null"));
        assertEquals("has null in 'shapes[0].radius', which needs a value", refused("\"radius\": 1", "\"radius\": null"));
        assertEquals("has null in 'shapes[1]', which needs a value", refused("1}]", "1}, null]"));
        assertEquals("has null in 'circle.radius', which needs a value", refused("\"radius\": 2", "\"radius\": null"));
        assertEquals("is not a JSON object", assertThrows(IOException.class, () -> new Json(Map.of()).tree("[1]")).getMessage());
    }
}
