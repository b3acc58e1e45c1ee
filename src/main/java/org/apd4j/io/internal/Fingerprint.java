package org.apd4j.io.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A hash of named values that is the same on every machine and in every version of Java. Settings are records: their components are hashed by name,
 * in any order, and a component that has its {@link Default} is left out. So a setting can be added later without changing a fingerprint, if its
 * default is the previous behaviour.
 *
 * <pre>{@code
 * String digits = Fingerprint.of("my experiment").add("config", ApdConfig.paperTms5to2()).add("seed", 0).digits(8);
 * }</pre>
 */
public final class Fingerprint {

    private static final int CHUNK = 1 << 14;

    private final MessageDigest digest;

    private Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /**
     * The value of a setting that stands for the behaviour before the setting existed. It must never be changed, whatever value new configurations
     * get.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    public @interface Default {

        /** Returns the value as Java writes it: {@code "0"}, {@code "true"}, {@code "MSE"}, {@code "[]"} for an empty list. */
        String value();
    }

    /** Starts a fingerprint; different kinds of things have different fingerprints. */
    public static Fingerprint of(String kind) {
        return new Fingerprint().add("kind", kind);
    }

    /**
     * Adds a named value.
     *
     * @param value a number, string, boolean, enum constant, record, list or map of such values, optional integer, or null; the order of a map does not count
     * @throws IllegalArgumentException if the value is of another type
     */
    public Fingerprint add(String name, @Nullable Object value) {
        digest.update((name + "=" + text(value, value == null ? null : value.getClass()) + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds a named array; values are compared bit by bit. */
    public Fingerprint add(String name, float[] values) {
        add(name, values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(CHUNK, values.length));
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.asFloatBuffer().put(values, from, count);
            digest.update(bytes.array(), 0, Float.BYTES * count);
        }
        return this;
    }

    /** Adds a named array of integers. */
    public Fingerprint add(String name, int[] values) {
        add(name, values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * Math.min(CHUNK, values.length));
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.asIntBuffer().put(values, from, count);
            digest.update(bytes.array(), 0, Integer.BYTES * count);
        }
        return this;
    }

    /** Returns the first hexadecimal digits of the hash of everything that has been added; there are 64. */
    public String digits(int count) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest()).substring(0, count);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("Java's SHA-256 can be cloned", e);
        }
    }

    /** Returns a value's text; that of a record is preceded by its type unless that is the declared one. */
    private static String text(@Nullable Object value, @Nullable Class<?> declared) {
        if (value instanceof Record settings) {
            return (settings.getClass() == declared ? "" : settings.getClass().getSimpleName()) + text(settings);
        }
        if (value instanceof List<?> list) {
            var all = new StringJoiner(", ", "[", "]");
            list.forEach(one -> all.add(text(one, null)));
            return all.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> text(entry.getKey(), null) + ": " + text(entry.getValue(), null)).sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof OptionalInt number) {
            return number.isPresent() ? Integer.toString(number.getAsInt()) : "null";
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }
        if (value instanceof Double || value instanceof Float) {
            return Double.toHexString(((Number) value).doubleValue()); // the decimal digits differ between versions of Java
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        throw new IllegalArgumentException(value.getClass().getName()
                + " cannot be part of a fingerprint; numbers, strings, booleans, enums, records, lists and maps can");
    }

    private static String text(Record settings) {
        return Arrays.stream(settings.getClass().getRecordComponents())
                .map(component -> named(component, value(component, settings)))
                .filter(text -> !text.isEmpty()).sorted().reduce((one, other) -> one + ", " + other).map(all -> "{" + all + "}").orElse("{}");
    }

    private static String named(RecordComponent component, @Nullable Object value) {
        @Nullable Default usual = component.getAnnotation(Default.class);
        Class<?> type = component.getType();
        String text = text(value, type);
        return usual != null && text.equals(text(parsed(usual.value(), type), type)) ? "" : component.getName() + "=" + text;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object parsed(String value, Class<?> type) {
        if (type == double.class || type == float.class) {
            return Double.valueOf(value);
        }
        if (type == boolean.class) {
            return Boolean.valueOf(value);
        }
        if (type.isEnum()) {
            return Enum.valueOf((Class) type, value);
        }
        if (type == String.class) {
            return value;
        }
        if (type == int.class || type == long.class) {
            return Long.valueOf(value);
        }
        if (type == List.class && value.equals("[]")) {
            return List.of();
        }
        throw new IllegalArgumentException("a setting of type " + type.getSimpleName() + " cannot have a default");
    }

    /**
     * Returns the value of a record component, also of a private record.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static @Nullable Object value(RecordComponent component, Record of) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // records in notebooks and in other packages may be private
            return accessor.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("'" + component.getName() + "' of " + of.getClass().getName() + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return digits(12);
    }
}
