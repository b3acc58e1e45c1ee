package org.apd4j.io.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.math.internal.Grid;
import org.jspecify.annotations.Nullable;

/**
 * A converter of measured values to JSON and back that needs to know no type beforehand: numbers, strings, booleans, enum constants, arrays of numbers,
 * grids, and lists, maps and records of this library that are made of them. Doubles come back bit by bit.
 *
 * <pre>{@code
 * Object again = ValueJson.read(ValueJson.write(List.of(0.1, 0.2)));
 * }</pre>
 */
public final class ValueJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Only classes of these packages are made from what a file says. */
    private static final String OWN = "org.apd4j.";
    private static final String VALUES = "values";

    private ValueJson() {
    }

    /**
     * Returns a value as JSON.
     *
     * @throws IllegalArgumentException if it is or contains a value of another type; the message says which are possible
     */
    public static JsonNode write(@Nullable Object value) {
        if (value instanceof String text) {
            return NODES.textNode(text);
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Double) {
            return NODES.objectNode().set(value.getClass().getSimpleName().toLowerCase(Locale.ROOT), number((Number) value));
        }
        if (value instanceof Enum<?> constant && isOwn(constant.getDeclaringClass())) {
            return NODES.objectNode().put("enum", constant.getDeclaringClass().getName()).put("constant", constant.name());
        }
        if (value instanceof double[] || value instanceof int[]) {
            return NODES.objectNode().set(value.getClass().getSimpleName(), numbers(value));
        }
        if (value instanceof Grid grid) {
            ObjectNode node = NODES.objectNode();
            node.putArray("grid").add(grid.rows()).add(grid.columns());
            double[] all = Arrays.stream(grid.toArray()).flatMapToDouble(Arrays::stream).toArray();
            return node.set(VALUES, numbers(all));
        }
        if (value instanceof Optional<?> optional) {
            ArrayNode own = NODES.arrayNode();
            optional.ifPresent(one -> own.add(write(one)));
            return NODES.objectNode().set("optional", own);
        }
        if (value instanceof List<?> list) {
            return ofList(list);
        }
        if (value instanceof Map<?, ?> map) {
            ArrayNode entries = NODES.arrayNode();
            map.forEach((key, one) -> entries.addArray().add(write(key)).add(write(one)));
            return NODES.objectNode().set("map", entries);
        }
        if (value instanceof Record record && isOwn(record.getClass())) {
            ObjectNode node = NODES.objectNode().put("record", record.getClass().getName());
            ObjectNode own = node.putObject(VALUES);
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                own.set(component.getName(), write(Fingerprint.value(component, record)));
            }
            return node;
        }
        throw new IllegalArgumentException((value == null ? "null" : value.getClass().getName()) + " cannot be kept as a result; numbers, strings, "
                + "booleans, arrays of numbers, lists, maps, and the records of this library can");
    }

    private static boolean isOwn(Class<?> type) {
        return type.getName().startsWith(OWN);
    }

    /** Returns a list; numbers of one kind as plain numbers. */
    private static JsonNode ofList(List<?> list) {
        if (!list.isEmpty() && list.stream().allMatch(Double.class::isInstance)) {
            return NODES.objectNode().set("doubles", numbers(list.stream().mapToDouble(one -> (Double) one).toArray()));
        }
        if (!list.isEmpty() && list.stream().allMatch(Integer.class::isInstance)) {
            return NODES.objectNode().set("integers", numbers(list.stream().mapToInt(one -> (Integer) one).toArray()));
        }
        ArrayNode all = NODES.arrayNode();
        list.forEach(one -> all.add(write(one)));
        return NODES.objectNode().set("list", all);
    }

    private static ArrayNode numbers(Object array) {
        ArrayNode all = NODES.arrayNode();
        for (int i = 0; i < Array.getLength(array); i++) {
            all.add(number((Number) Array.get(array, i)));
        }
        return all;
    }

    /** Returns a number; NaN and the infinities, which JSON lacks, as strings. */
    private static JsonNode number(Number number) {
        if (number instanceof Double real) {
            return Double.isFinite(real) ? NODES.numberNode(real) : NODES.textNode(real.toString());
        }
        return NODES.numberNode(number.longValue());
    }

    /**
     * Returns the value that JSON stands for. Lists are {@link ArrayList}s and maps {@link LinkedHashMap}s.
     *
     * @throws IOException if {@link #write} did not write it, or a record of this library does not have these components
     */
    public static Object read(JsonNode node) throws IOException {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (!node.isObject() || node.isEmpty()) {
            throw new IOException("holds " + Refusal.line(node.toString()) + ", which is no value");
        }
        String kind = node.fieldNames().next();
        JsonNode own = node.get(kind);
        return switch (kind) {
            case "integer" -> own.intValue();
            case "long" -> own.longValue();
            case "double" -> real(own);
            case "enum" -> constant(own.asText(), node.path("constant").asText());
            case "double[]" -> reals(own);
            case "int[]" -> integers(own);
            case "grid" -> grid(own.path(0).intValue(), own.path(1).intValue(), reals(node.path(VALUES)));
            case "doubles" -> new ArrayList<>(Arrays.stream(reals(own)).boxed().toList());
            case "integers" -> new ArrayList<>(Arrays.stream(integers(own)).boxed().toList());
            case "optional" -> own.isEmpty() ? Optional.empty() : Optional.of(read(own.path(0)));
            case "list" -> list(own);
            case "map" -> map(own);
            case "record" -> record(own.asText(), node.path(VALUES));
            default -> throw new IOException("holds a value of the unknown kind '" + Refusal.name(kind) + "'");
        };
    }

    private static double real(JsonNode node) throws IOException {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return switch (node.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new IOException("holds '" + Refusal.name(node.toString()) + "' instead of a number");
        };
    }

    private static double[] reals(JsonNode node) throws IOException {
        double[] all = new double[node.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = real(node.get(i));
        }
        return all;
    }

    private static int[] integers(JsonNode node) {
        int[] all = new int[node.size()];
        Arrays.setAll(all, i -> node.get(i).intValue());
        return all;
    }

    private static Grid grid(int rows, int columns, double[] values) throws IOException {
        if (rows < 0 || columns < 0 || (long) rows * columns != values.length) {
            throw new IOException("holds a grid of " + rows + " × " + columns + " with " + values.length + " values");
        }
        return Grid.of(rows, columns, (row, column) -> values[row * columns + column]);
    }

    private static List<Object> list(JsonNode node) throws IOException {
        List<Object> all = new ArrayList<>();
        for (JsonNode one : node) {
            all.add(read(one));
        }
        return all;
    }

    private static Map<Object, Object> map(JsonNode node) throws IOException {
        Map<Object, Object> all = new LinkedHashMap<>();
        for (JsonNode entry : node) {
            all.put(read(entry.path(0)), read(entry.path(1)));
        }
        return all;
    }

    private static Class<?> own(String name) throws IOException {
        try {
            if (name.startsWith(OWN)) {
                return Class.forName(name, false, ValueJson.class.getClassLoader());
            }
        } catch (ClassNotFoundException e) {
            // the message below says it
        }
        throw new IOException("holds a value of the type '" + Refusal.name(name) + "', which this version of the library does not have");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object constant(String type, String name) throws IOException {
        Class<?> found = own(type);
        try {
            return Enum.valueOf((Class) found.asSubclass(Enum.class), name);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IOException("holds '" + Refusal.name(name) + "', which is no constant of " + found.getSimpleName(), e);
        }
    }

    private static Object record(String type, JsonNode values) throws IOException {
        Class<?> found = own(type);
        RecordComponent[] components = found.getRecordComponents();
        if (components == null || components.length != values.size()) {
            throw new IOException("holds other components than " + found.getSimpleName() + " of this version has");
        }
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            JsonNode value = values.path(components[i].getName());
            if (value.isMissingNode()) {
                throw new IOException("lacks '" + components[i].getName() + "' of " + found.getSimpleName());
            }
            arguments[i] = read(value);
        }
        try {
            Constructor<?> canonical = found.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true); // records in other packages may be private
            return canonical.newInstance(arguments);
        } catch (InvocationTargetException | IllegalArgumentException e) {
            throw new IOException("holds values that " + found.getSimpleName() + " refuses: " + Refusal.reason(e.getCause() == null ? e : e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("holds a " + found.getSimpleName() + ", which cannot be made: " + e.getMessage(), e);
        }
    }
}
