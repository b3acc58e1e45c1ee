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
import java.util.StringJoiner;

/**
 * Hexadecimal digits that are the same, on every day and machine, for the same named values, and differ for nearly all others. Settings are records:
 * each of their components counts under its name, wherever it stands among the others, and one that has its {@link Default} does not count at all,
 * so that a setting that is added later, with what was done before as its default, changes no fingerprint.
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
     * The value that a setting had before there was such a setting. It never changes again, whatever value new configurations get.
     */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    public @interface Default {

        /** The value as Java writes it: {@code "0"}, {@code "true"}, {@code "MSE"}, {@code "[]"} for an empty list. */
        String value();
    }

    /** Begins a fingerprint; those of two kinds of thing differ. */
    public static Fingerprint of(String kind) {
        return new Fingerprint().add("kind", kind);
    }

    /**
     * Adds a named value.
     *
     * @param value a number, text, truth value, enum constant, record of such values, or list of them
     * @throws IllegalArgumentException if it is of any other kind
     */
    public Fingerprint add(String name, Object value) {
        digest.update((name + "=" + text(value, value == null ? null : value.getClass()) + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds named values, bit by bit. */
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

    /** Adds named whole numbers. */
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

    /** Returns the first digits of the fingerprint of all that has been added, at most 64. */
    public String digits(int count) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest()).substring(0, count);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("Java's SHA-256 can be cloned", e);
        }
    }

    /** @param declared the type that whoever reads the settings expects there; a value of another one is named with its own */
    private static String text(Object value, Class<?> declared) {
        if (value instanceof Record settings) {
            return (settings.getClass() == declared ? "" : settings.getClass().getSimpleName()) + text(settings);
        }
        if (value instanceof List<?> list) {
            var all = new StringJoiner(", ", "[", "]");
            list.forEach(one -> all.add(text(one, null)));
            return all.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        }
        if (value instanceof Double || value instanceof Float) {
            return Double.toHexString(((Number) value).doubleValue()); // decimal digits are not the same in all versions of Java
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        throw new IllegalArgumentException(value.getClass().getName() + " cannot be part of a fingerprint; numbers, texts, enums, records and lists can");
    }

    private static String text(Record settings) {
        return Arrays.stream(settings.getClass().getRecordComponents())
                .map(component -> named(component, value(component, settings)))
                .filter(text -> !text.isEmpty()).sorted().reduce((one, other) -> one + ", " + other).map(all -> "{" + all + "}").orElse("{}");
    }

    private static String named(RecordComponent component, Object value) {
        Default usual = component.getAnnotation(Default.class);
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
        throw new IllegalArgumentException("a setting of " + type + " cannot have a default");
    }

    /**
     * Returns the value of a record's component, of private records too.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static Object value(RecordComponent component, Record of) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // records of notebooks and of other packages may be private
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
