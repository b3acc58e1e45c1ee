package org.apd4j.notebook.internal;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.jspecify.annotations.Nullable;

/**
 * The text of a cell's value. It is the value's {@code toString}, unless that does not show the content, as for arrays, matrices, and collections and
 * records of arrays, or would be too long.
 */
public final class CellValue {

    private static final int MOST_ELEMENTS = 20;
    private static final int MOST_ROWS = 10;
    private static final int MOST_IN_COLLECTIONS = 100;
    private static final int MOST_LETTERS = 10_000;
    private static final int DEEPEST = 8;
    private static final Pattern HASH = Pattern.compile("\\[+(?:[ZBCSIJFD]|L[\\w.$/]+;)@[0-9a-f]+");

    private final StringBuilder text = new StringBuilder();

    private CellValue() {
    }

    /** Returns the text of a value. Long arrays and collections are truncated, with the number of their elements. */
    public static String of(@Nullable Object value) {
        var writer = new CellValue();
        if (value != null && value.getClass().isArray()) {
            writer.text.append(type(value)).append(' ');
        }
        writer.write(value, 0);
        return writer.text.toString();
    }

    private void write(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            text.append('…');
        } else if (value instanceof Matrix matrix) {
            text.append(matrix).append(' ');
            elements(values(matrix), depth);
        } else if (value instanceof Grid grid) {
            text.append(grid).append(' ');
            elements(grid.toArray(), depth);
        } else if (value != null && value.getClass().isArray()
                || value instanceof Collection<?> collection && needsWords(collection, collection.size())) {
            elements(value, depth);
        } else if (value instanceof Map<?, ?> map && needsWords(map, map.size())) {
            entries(map, depth);
        } else if (value instanceof Record fields && hidesAnArray(fields)) {
            components(fields, depth);
        } else {
            text.append(value);
        }
    }

    private static boolean needsWords(Object value, int size) {
        return size > MOST_IN_COLLECTIONS || hidesAnArray(value);
    }

    private static boolean hidesAnArray(Object value) {
        return HASH.matcher(String.valueOf(value)).find();
    }

    private static float[][] values(Matrix matrix) {
        return IntStream.range(0, matrix.rows()).mapToObj(row -> {
            var values = new float[matrix.columns()];
            for (int column = 0; column < values.length; column++) {
                values[column] = matrix.get(row, column);
            }
            return values;
        }).limit(MOST_ROWS + 1L).toArray(float[][]::new);
    }

    private void elements(Object value, int depth) {
        boolean isArray = !(value instanceof Collection<?>);
        int length = value instanceof Collection<?> collection ? collection.size() : Array.getLength(value);
        Iterator<?> iterator = value instanceof Collection<?> collection ? collection.iterator() : Collections.emptyIterator();
        text.append(isArray ? '{' : '[');
        for (int i = 0; i < length; i++) {
            @Nullable Object element = isArray ? Array.get(value, i) : iterator.next();
            boolean isRow = element != null && (element.getClass().isArray() || element instanceof Matrix || element instanceof Grid);
            text.append(i == 0 ? "" : isRow ? ",\n" + " ".repeat(depth + 1) : ", ");
            if (i >= (isRow ? MOST_ROWS : isArray ? MOST_ELEMENTS : MOST_IN_COLLECTIONS) || text.length() > MOST_LETTERS) {
                text.append(isArray ? "…" : String.format(Locale.ROOT, "… %,d elements", length));
                break;
            }
            element(element, isArray, depth);
        }
        text.append(isArray ? '}' : ']');
    }

    private void element(@Nullable Object element, boolean ofArray, int depth) {
        if (ofArray && element instanceof String word) {
            text.append('"').append(word).append('"');
        } else if (ofArray && element instanceof Character letter) {
            text.append('\'').append(letter).append('\'');
        } else {
            write(element, depth + 1);
        }
    }

    private void entries(Map<?, ?> map, int depth) {
        text.append('{');
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(written == 0 ? "" : ", ");
            if (written++ == MOST_IN_COLLECTIONS || text.length() > MOST_LETTERS) {
                text.append(String.format(Locale.ROOT, "… %,d entries", map.size()));
                break;
            }
            text.append(entry.getKey()).append('=');
            write(entry.getValue(), depth + 1);
        }
        text.append('}');
    }

    private void components(Record fields, int depth) {
        int start = text.length();
        text.append(fields.getClass().getSimpleName()).append('[');
        String separator = "";
        try {
            for (RecordComponent component : fields.getClass().getRecordComponents()) {
                text.append(separator).append(component.getName()).append('=');
                write(Fingerprint.value(component, fields), depth + 1);
                separator = ", ";
            }
            text.append(']');
        } catch (RuntimeException e) {
            text.setLength(start); // the record is not accessible
            text.append(fields);
        }
    }

    /** Returns the type of an array, such as {@code double[1,000][3]}, with the lengths of inner arrays if all of them have the same length. */
    private static String type(Object array) {
        Class<?> element = array.getClass();
        var lengths = new StringBuilder();
        @Nullable Object inner = array;
        while (element.isArray()) {
            element = element.getComponentType();
            lengths.append('[').append(inner == null ? "" : String.format(Locale.ROOT, "%,d", Array.getLength(inner))).append(']');
            inner = inner == null || !element.isArray() ? null : firstIfAllAreAsLong(inner);
        }
        return element.getSimpleName() + lengths;
    }

    /** Returns the first of several arrays if all are present and have the same length, otherwise null. */
    private static @Nullable Object firstIfAllAreAsLong(Object arrays) {
        @Nullable Object first = null;
        for (int i = 0; i < Array.getLength(arrays); i++) {
            @Nullable Object each = Array.get(arrays, i);
            if (each == null || first != null && Array.getLength(each) != Array.getLength(first)) {
                return null;
            }
            first = first == null ? each : first;
        }
        return first;
    }
}
