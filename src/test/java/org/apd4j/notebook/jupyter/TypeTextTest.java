package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeTextTest {

    static class Outer<T> {

        class Inner {
        }
    }

    int number;
    long[][] arrays;
    String text;
    List<Integer> numbers;
    Map<String, List<? extends Number>> deep;
    Map.Entry<String, int[]> nested;
    List<? super Integer> below;
    Class<?> any;
    List<String>[] lists;
    Outer<String>.Inner inner;

    @Test
    void typesAreWrittenAsInSourceCodeWithTheirFullNames() throws Exception {
        String here = TypeTextTest.class.getName();
        for (Map.Entry<String, String> each : Map.of("number", "int", "arrays", "long[][]", "text", "java.lang.String",
                "numbers", "java.util.List<java.lang.Integer>",
                "deep", "java.util.Map<java.lang.String, java.util.List<? extends java.lang.Number>>",
                "nested", "java.util.Map.Entry<java.lang.String, int[]>", "below", "java.util.List<? super java.lang.Integer>",
                "any", "java.lang.Class<?>", "lists", "java.util.List<java.lang.String>[]",
                "inner", here + ".Outer<java.lang.String>.Inner").entrySet()) {
            assertEquals(each.getValue(), TypeText.of(type(each.getKey())), each.getKey());
            assertTrue(TypeText.isNamed(type(each.getKey())));
        }
    }

    @Test
    void classesOfCellsHaveTheirNamesInCells() {
        try (var cells = new RunCells()) {
            cells.run("class Box<T> { static class Lid { } }");
            assertEquals("Box", TypeText.of((Class<?>) cells.run("(Object) Box.class")));
            assertEquals("Box.Lid", TypeText.of((Class<?>) cells.run("(Object) Box.Lid.class")));
            assertEquals("Box[]", TypeText.of((Class<?>) cells.run("(Object) Box[].class")));
        }
    }

    @Test
    void anonymousClassesHaveNoTypeName() {
        try (var cells = new RunCells()) {
            cells.run("var one = new Object() { int held = 1; };");
            assertFalse(TypeText.isNamed(cells.run("one").getClass()));
        }
    }

    private static Type type(String field) throws NoSuchFieldException {
        return TypeTextTest.class.getDeclaredField(field).getGenericType();
    }
}
