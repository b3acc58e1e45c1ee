package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.junit.jupiter.api.Test;

class CellValueTest {

    /** As a cell shows it. */
    private static String shown(Object value) {
        var renderer = new Renderer();
        Notebook.prepare(renderer);
        return (String) renderer.render(value).getData(MIMEType.TEXT_PLAIN);
    }

    @Test
    void arraysOfEveryTypeShowTheirContents() {
        assertEquals("double[2] {0.5, 1.0}", shown(new double[] {0.5, 1}));
        assertEquals("float[1] {0.25}", shown(new float[] {0.25f}));
        assertEquals("int[0] {}", shown(new int[0]));
        assertEquals("long[1] {7}", shown(new long[] {7}));
        assertEquals("short[1] {7}", shown(new short[] {7}));
        assertEquals("byte[1] {-1}", shown(new byte[] {-1}));
        assertEquals("boolean[2] {true, false}", shown(new boolean[] {true, false}));
        assertEquals("char[2] {'a', 'b'}", shown(new char[] {'a', 'b'}));
        assertEquals("String[3] {\"a\", null, \"\"}", shown(new String[] {"a", null, ""}));
        assertEquals("Object[2] {1, [2]}", shown(new Object[] {1, List.of(2)}));
    }

    @Test
    void nestedArraysShowTheirRowsOnLinesAndTheirLengthsWhereTheyAreEqual() {
        assertEquals("double[2][2] {{1.0, 2.0},\n {3.0, 4.0}}", shown(new double[][] {{1, 2}, {3, 4}}));
        assertEquals("int[2][] {{1},\n {2, 3}}", shown(new int[][] {{1}, {2, 3}}));
        assertEquals("int[2][1][1] {{{1}},\n {{2}}}", shown(new int[][][] {{{1}}, {{2}}}));
        assertEquals("int[1][] {null}", shown(new int[][] {null}));
    }

    @Test
    void longArraysAreShortenedWithTheirLength() {
        String array = shown(IntStream.range(0, 12_345).toArray());
        assertTrue(array.startsWith("int[12,345] {0, 1, 2, ") && array.endsWith(", 19, …}"), array);
        String list = shown(IntStream.range(0, 12_345).boxed().toList());
        assertTrue(list.startsWith("[0, 1, 2, ") && list.endsWith(", 99, … 12,345 elements]"), list);
        String rows = shown(new double[1_000][1_000]);
        assertTrue(rows.startsWith("double[1,000][1,000] {{0.0, ") && rows.length() < 3_000, rows);
        Map<Integer, Integer> map = new LinkedHashMap<>();
        IntStream.range(0, 1_000).forEach(i -> map.put(i, i));
        assertTrue(shown(map).endsWith(", 99=99, … 1,000 entries}"), shown(map));
    }

    @Test
    void collectionsAndRecordsShowTheArraysWithinThem() {
        record Pair(String name, double[] values) {
        }
        assertEquals("[{1.0}]", shown(List.of(new double[] {1})));
        assertEquals("{a={1, 2}}", shown(Map.of("a", new int[] {1, 2})));
        assertEquals("Pair[name=p, values={0.5}]", shown(new Pair("p", new double[] {0.5})));
    }

    @Test
    void matricesShowTheirValuesToo() {
        assertEquals("[2, 2] {{1.0, 2.0},\n {3.0, 4.0}}", shown(Matrix.over(new float[] {1, 2, 3, 4}, 2, 2)));
        assertEquals("[1, 2] {{0.0, 1.0}}", shown(Grid.of(1, 2, (row, column) -> column)));
        assertTrue(shown(Matrix.zeros(1_000, 1_000)).endsWith(" …}"), shown(Matrix.zeros(1_000, 1_000)));
    }

    @Test
    void objectsWithAToStringKeepIt() {
        assertEquals("[a, b]", shown(List.of("a", "b")));
        assertEquals("words", shown("words"));
        assertEquals("Optional[3]", shown(java.util.Optional.of(3)));
    }

    @Test
    void arraysThatContainThemselvesAreShown() {
        var array = new Object[1];
        array[0] = array;
        assertFalse(shown(array).isEmpty());
        List<Object> list = new ArrayList<>(List.of(new int[] {1}));
        list.add(list);
        assertTrue(shown(list).contains("{1}"));
    }
}
