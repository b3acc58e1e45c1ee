package org.apd4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void everyNumberWordAndKindOfRecordComesBackAsItWas() throws IOException {
        Json json = new Json(Map.of(Shape.class, Map.of("circle", Circle.class, "square", Square.class)));
        for (double d : new double[] {0.1, Double.MIN_VALUE, -1e300, Math.PI, -0.0, Double.POSITIVE_INFINITY, Double.NaN}) {
            var written = new Everything(Integer.MIN_VALUE, Long.MAX_VALUE, d, true, "\"ü\n\\ 語", Phase.RUNNING,
                    List.of(new Square(d, ""), new Circle(2)), new Circle(d));
            assertEquals(written, json.read(json.tree(json.write(written)), Everything.class));
        }
    }
}
