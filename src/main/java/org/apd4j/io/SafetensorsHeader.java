package org.apd4j.io;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The header of a {@code .safetensors} file: {@code {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}}, and
 * {@code "__metadata__"}, which is skipped. It is read token by token, so that nothing is allocated before it has been checked.
 */
final class SafetensorsHeader {

    /** The description of one array; {@code begin} and {@code end} count bytes from the end of the header. */
    record Entry(String name, SafetensorsType type, int[] shape, int size, long begin, long end) {
    }

    private static final String METADATA = "__metadata__";
    private static final int MAX_DIMENSIONS = 32;
    /** Memory per array: the array as read and the one made from it. */
    private static final int COPIES = 2;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).maxNumberLength(20).build()).build();

    private final JsonParser in;
    private final long bytes;

    private SafetensorsHeader(JsonParser in, long bytes) {
        this.in = in;
        this.bytes = bytes;
    }

    /**
     * Parses a header and returns its arrays in the order of the header.
     *
     * @param bytes the number of bytes that follow the header
     * @throws IOException if the text is no such header or does not describe exactly these bytes
     */
    static List<Entry> parse(String text, long bytes) throws IOException {
        if (!text.startsWith("{")) {
            throw new IOException("has a header that does not begin with '{'; the file is damaged or not a .safetensors file");
        }
        try (JsonParser in = JSON.createParser(text)) {
            List<Entry> entries = new SafetensorsHeader(in, bytes).entries();
            checkPlaces(entries, bytes);
            checkMemory(entries);
            return entries;
        } catch (JacksonException e) {
            throw new IOException("has a header that is not JSON (" + Refusal.line(e.getOriginalMessage()).replaceAll(", from `[^`]*`", "") + ")", e);
        }
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        in.nextToken();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (!names.add(name)) {
                throw new IOException("lists '" + Refusal.name(name) + "' twice");
            }
            require(in.nextToken() == JsonToken.START_OBJECT, name, "is not described by an object");
            if (name.equals(METADATA)) {
                in.skipChildren();
            } else {
                entries.add(entry(name));
            }
        }
        if (in.nextToken() != null) {
            throw new IOException("has a header with more than one object");
        }
        return entries;
    }

    private Entry entry(String name) throws IOException {
        @Nullable String dtype = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            JsonToken value = in.nextToken();
            switch (field) {
                case "dtype" -> {
                    require(dtype == null && value == JsonToken.VALUE_STRING, name, "needs exactly one dtype, a string");
                    dtype = in.getText();
                }
                case "shape" -> {
                    require(shape == null, name, "has two shapes");
                    shape = numbers(name, field);
                }
                case "data_offsets" -> {
                    require(offsets == null, name, "has two data_offsets");
                    offsets = numbers(name, field);
                }
                default -> throw wrong(name, "has an unknown field '" + field + "'");
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw wrong(name, "lacks one of dtype, shape and data_offsets");
        }
        require(offsets.length == 2, name, "has " + offsets.length + " data_offsets instead of two");
        SafetensorsType type = type(name, dtype);
        require(offsets[0] <= offsets[1] && offsets[1] <= bytes, name,
                "claims the bytes " + offsets[0] + " to " + offsets[1] + " of " + bytes);
        long size = size(name, shape);
        require(size * type.bytes() == offsets[1] - offsets[0], name, "claims " + (offsets[1] - offsets[0]) + " bytes for the shape "
                + Arrays.toString(shape) + " of " + dtype + ", which takes " + size * type.bytes());
        return new Entry(name, type, Arrays.stream(shape).mapToInt(d -> (int) d).toArray(), (int) size, offsets[0], offsets[1]);
    }

    private static SafetensorsType type(String name, String dtype) throws IOException {
        for (SafetensorsType type : SafetensorsType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw wrong(name, "is of type '" + dtype + "', which is none of " + Arrays.toString(SafetensorsType.values()));
    }

    private long[] numbers(String name, String field) throws IOException {
        require(in.currentToken() == JsonToken.START_ARRAY, name, "has a " + field + " that is not a list");
        long[] numbers = new long[MAX_DIMENSIONS];
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            require(in.currentToken() == JsonToken.VALUE_NUMBER_INT && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                    && in.getLongValue() >= 0, name, "has a " + field + " with an entry that is not an integer of at least 0");
            require(count < MAX_DIMENSIONS, name, "has a " + field + " of more than " + MAX_DIMENSIONS + " entries");
            numbers[count++] = in.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private static long size(String name, long[] shape) throws IOException {
        long size = 1;
        for (long dimension : shape) {
            // cannot overflow: both factors are below 2^31
            require(dimension <= NpyArray.MAX_SIZE, name, "has the shape " + Arrays.toString(shape) + ", larger than an array can be");
            size *= dimension;
            require(size <= NpyArray.MAX_SIZE, name, "has the shape " + Arrays.toString(shape) + ", larger than an array can be");
        }
        for (long dimension : shape) {
            require(dimension <= Math.max(size, NpyArray.MAX_EMPTY), name, "has the shape " + Arrays.toString(shape) + " with a dimension of "
                    + dimension + ", but holds no numbers");
        }
        return size;
    }

    /** Checks that every byte belongs to exactly one array. */
    private static void checkPlaces(List<Entry> entries, long bytes) throws IOException {
        long end = 0;
        for (Entry entry : entries.stream().sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)).toList()) {
            require(entry.begin() >= end, entry.name(), "begins at byte " + entry.begin() + ", within the array before it, which ends at " + end);
            require(entry.begin() == end, entry.name(), "begins at byte " + entry.begin() + ", " + (entry.begin() - end)
                    + " bytes after the array before it");
            end = entry.end();
        }
        if (end != bytes) {
            throw new IOException("holds " + bytes + " bytes of numbers, but its header lists only " + end);
        }
    }

    private static void checkMemory(List<Entry> entries) throws IOException {
        long total = 0;
        for (Entry entry : entries) {
            total += (long) entry.size() * entry.type().becomes().bytes();
        }
        FreeMemory.require(COPIES * total, "reading its arrays");
    }

    private static void require(boolean holds, String name, String otherwise) throws IOException {
        if (!holds) {
            throw wrong(name, otherwise);
        }
    }

    private static IOException wrong(String name, String what) {
        return new IOException("array '" + Refusal.name(name) + "' " + Refusal.line(what));
    }
}
