package org.apd4j.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.Refusal;

/**
 * A self-contained {@code .npz} file of arrays and a description of them. The description is JSON, stored as the byte array
 * {@value #DESCRIPTION} ({@code json.loads(bytes(np.load(file)["run_json"]))} in Python). Writing also puts a copy of it next to the file, with the
 * extension {@code .json}, for people and tools; reading ignores the copy.
 *
 * <pre>{@code
 * ArrayFile.write(Path.of("numbers.npz"), "{\"format\": \"apd4j numbers\", \"version\": 1}", Map.of("x", NpyArray.of(new float[] {1, 2}, 2)));
 * float[] x = ArrayFile.read(Path.of("numbers.npz"), new Json(Map.of()), "apd4j numbers", 1, file -> file.takeFinite("x", 2).toFloats());
 * }</pre>
 *
 * <p>A description begins with the fields {@code format}, a string, and {@code version}, an integer of at least 1.
 */
public final class ArrayFile {

    /** The name of the array that holds the description. */
    public static final String DESCRIPTION = "run_json";

    private static final String ENDING = ".npz";
    /** A word that every description written by this library contains near its beginning. */
    private static final String MARK = "apd4j";
    private static final int MARK_WITHIN = 200;

    private final Path file;
    private final Json json;
    private final JsonNode description;
    private final Map<String, NpyArray> left;

    private ArrayFile(Path file, Json json, JsonNode description, Map<String, NpyArray> left) {
        this.file = file;
        this.json = json;
        this.description = description;
        this.left = left;
    }

    /**
     * A function that builds an object from the content of a file.
     *
     * @param <T> the type of the object
     */
    @FunctionalInterface
    public interface Maker<T> {

        /**
         * Takes the arrays it needs out of the file and returns the object.
         *
         * @throws IOException if the content is not as expected
         */
        T make(ArrayFile file) throws IOException;
    }

    /**
     * Writes a file, or replaces it atomically (see {@link AtomicFile}), and then the copy of the description, which therefore is never newer than
     * the file.
     *
     * @param description JSON text
     * @throws IllegalArgumentException if the file's name does not end with {@code .npz}
     * @throws IOException              if the file cannot be written, or the copy would overwrite a {@code .json} that this library did not write;
     *     the previous {@code .npz} is then untouched. If only the copy cannot be written, the message says so
     */
    public static void write(Path file, String description, Map<String, NpyArray> arrays) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(ENDING) || name.length() == ENDING.length()) {
            throw new IllegalArgumentException(file + ": the name of a saved run ends with " + ENDING);
        }
        byte[] text = description.getBytes(StandardCharsets.UTF_8);
        Path beside = descriptionBeside(file);
        if (Files.exists(beside) && !isOurs(beside)) {
            throw new IOException(beside + ": would be overwritten, but is not the description of a saved run; save under another name");
        }
        Map<String, NpyArray> all = new LinkedHashMap<>(arrays);
        all.put(DESCRIPTION, NpyArray.of(text, text.length));
        Npz.write(file, all);
        try {
            AtomicFile.write(beside, out -> out.write(text));
        } catch (IOException e) {
            throw new IOException(file + " is saved, but the copy of its description is not: " + e.getMessage(), e);
        }
    }

    /**
     * Writes a file as {@link #write(Path, String, Map)} does, provided that its reader accepts the content: what could not be loaded is not saved.
     *
     * @param description the record that becomes the description
     * @param reader      the reader of such files; it should only take and check arrays, so that nothing is copied
     * @throws IOException if the reader rejects the content or the file cannot be written; the previous file is then untouched
     */
    public static void write(Path file, Json json, Object description, Map<String, NpyArray> arrays, Maker<?> reader) throws IOException {
        write(file, checked(file, json, description, arrays, reader), arrays);
    }

    /** Returns a description as JSON text, provided that the reader accepts the content. */
    private static String checked(Path file, Json json, Object description, Map<String, NpyArray> arrays, Maker<?> reader) throws IOException {
        String text = json.write(description);
        try {
            new ArrayFile(file, json, json.tree(text), new LinkedHashMap<>(arrays)).made(reader);
        } catch (IOException e) {
            String reason = Refusal.reason(e);
            String place = file + ": ";
            throw new IOException(file + " is not saved, because it could not be loaded again: "
                    + (reason.startsWith(place) ? reason.substring(place.length()) : reason)
                    + (Files.exists(file) ? "; the previous file is unchanged" : ""), e);
        }
        return text;
    }

    /**
     * Writes a file that is compressed and has no copy of its description beside it, provided that its reader accepts the content.
     *
     * @throws IOException if the reader rejects the content or the file cannot be written; the previous file is then untouched
     */
    public static void writeCompressed(Path file, Json json, Object description, Map<String, NpyArray> arrays, Maker<?> reader) throws IOException {
        String text = checked(file, json, description, arrays, reader);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Map<String, NpyArray> all = new LinkedHashMap<>(arrays);
        all.put(DESCRIPTION, NpyArray.of(bytes, bytes.length));
        Npz.writeCompressed(file, all);
    }

    /** Returns the file that the copy of a file's description is in. */
    public static Path descriptionBeside(Path file) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.npz$", "") + ".json");
    }

    private static boolean isOurs(Path beside) throws IOException {
        try (var in = Files.newInputStream(beside)) {
            return new String(in.readNBytes(MARK_WITHIN), StandardCharsets.UTF_8).contains(MARK);
        }
    }

    /**
     * Reads a file and returns the object that {@code maker} builds from it.
     *
     * @param json    the reader of the description's types
     * @param format  the expected value of the field {@code format}
     * @param version the latest version that is understood; {@code maker} has to convert earlier ones
     * @param maker   builds the object; an unchecked exception that it throws becomes an {@link IOException}
     * @throws IOException if the file does not exist, is damaged, or has another format or a later version; the message is one line
     */
    public static <T> T read(Path file, Json json, String format, int version, Maker<T> maker) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
        NpyArray text = Optional.ofNullable(arrays.remove(DESCRIPTION)).orElseThrow(() -> withoutDescription(file));
        JsonNode tree;
        try {
            tree = json.tree(text(text));
        } catch (IOException e) {
            throw refusal(file, e);
        }
        return ofFormat(file, tree, format, version, json, arrays).made(maker);
    }

    private static ArrayFile ofFormat(Path file, JsonNode tree, String format, int version, Json json, Map<String, NpyArray> arrays)
            throws IOException {
        if (!format.equals(tree.path("format").asText())) {
            throw new IOException(file + ": holds '" + Refusal.name(tree.path("format").asText()) + "', not '" + format + "'");
        }
        int own = tree.path("version").isInt() ? tree.path("version").intValue() : 0;
        if (own < 1 || own > version) {
            throw new IOException(file + ": is of version " + (tree.has("version") ? Refusal.name(tree.get("version").toString()) : "unknown")
                    + " of the format '" + format + "'; this library reads version " + (version == 1 ? "1" : "1 … " + version));
        }
        return new ArrayFile(file, json, tree, arrays);
    }

    /**
     * Returns the description in a file as JSON text, without reading the other arrays.
     *
     * @throws IOException if the file does not exist, has no description, or the description is damaged
     */
    public static String descriptionText(Path file) throws IOException {
        NpyArray text = Npz.read(file, DESCRIPTION).orElseThrow(() -> withoutDescription(file));
        try {
            return text(text);
        } catch (IOException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Returns the description in a file as a record, without reading the other arrays.
     *
     * @throws IOException if the file does not exist, is damaged, or has another format or a later version; the message is one line
     */
    public static <T> T describe(Path file, Json json, String format, int version, Class<T> type) throws IOException {
        String text = descriptionText(file);
        try {
            return ofFormat(file, json.tree(text), format, version, json, Map.of()).description(type);
        } catch (IOException e) {
            throw String.valueOf(e.getMessage()).startsWith(file + ": ") ? e : refusal(file, e);
        }
    }

    private static IOException withoutDescription(Path file) {
        return new IOException(file + ": lacks the array '" + DESCRIPTION + "'; it is not a saved run");
    }

    private static String text(NpyArray text) throws IOException {
        if (text.type() != NpyArray.Type.UINT8) {
            throw new IOException("is of type " + text.type().descr() + ", not |u1");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toBytes())).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("is not UTF-8 text", e);
        }
    }

    private static IOException refusal(Path file, Throwable cause) {
        return new IOException(file + ": the array '" + DESCRIPTION + "' " + Refusal.reason(cause), cause);
    }

    private <T> T made(Maker<T> maker) throws IOException {
        try {
            return maker.make(this);
        } catch (IOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw Refusal.of(file + ": is inconsistent", e);
        }
    }

    /** Returns the version of the file's format, at least 1. */
    public int version() {
        return description.path("version").intValue();
    }

    /** Returns a string field at the top level of the description, or an empty Optional if there is none of that name. */
    public Optional<String> text(String field) {
        JsonNode value = description.path(field);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** Adds a string field to the top level of the description unless it is there, for files written before the field existed. */
    public void addMissing(String field, String value) {
        if (description instanceof ObjectNode node && !node.has(field)) {
            node.put(field, value);
        }
    }

    /** Renames a field of an object in the description, for files written when it had its former name. */
    public void rename(String object, String former, String present) {
        if (description.path(object) instanceof ObjectNode node && node.has(former) && !node.has(present)) {
            node.set(present, node.remove(former));
        }
    }

    /**
     * Returns an object in the description, which may be changed, for files written by earlier versions.
     *
     * @param path the names of the fields that lead to it
     * @return the object, or an empty Optional if there is none
     */
    public Optional<ObjectNode> object(String... path) {
        JsonNode node = description;
        for (String name : path) {
            node = node.path(name);
        }
        return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** Adds a text to an object in the description unless it is there, for files written before the field existed. */
    public void addMissing(String object, String field, String value) {
        object(object).filter(node -> !node.has(field)).ifPresent(node -> node.put(field, value));
    }

    /** Adds a truth value to an object in the description unless it is there, for files written before the field existed. */
    public void addMissing(String object, String field, boolean value) {
        object(object).filter(node -> !node.has(field)).ifPresent(node -> node.put(field, value));
    }

    /** Adds a number to an object in the description unless it is there, for files written before the field existed. */
    public void addMissing(String object, String field, int value) {
        if (description.path(object) instanceof ObjectNode node && !node.has(field)) {
            node.put(field, value);
        }
    }

    /**
     * Returns the description as a record.
     *
     * @throws IOException if the description does not match the type; the message names the field
     */
    public <T> T description(Class<T> type) throws IOException {
        try {
            return json.read(description, type);
        } catch (IOException | RuntimeException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Returns the description as a record of a generic type.
     *
     * @param arguments the type arguments
     * @throws IOException if the description does not match the type; the message names the field
     */
    public <T> T description(Class<?> type, Class<?>... arguments) throws IOException {
        try {
            return json.read(description, type, arguments);
        } catch (IOException | RuntimeException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Returns a string field at the top level of a file's description, or an empty Optional if there is none of that name, without reading the
     * other arrays.
     *
     * @throws IOException if the file does not exist, has no description, or the description is damaged
     */
    public static Optional<String> descriptionField(Path file, String field) throws IOException {
        String text = descriptionText(file);
        try {
            JsonNode value = new Json(Map.of()).tree(text).path(field);
            return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
        } catch (IOException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Takes an array out of the file. Its values may be NaN or infinite.
     *
     * @throws IOException if there is no such array, or it has another type or shape
     */
    public NpyArray take(String name, NpyArray.Type type, int... shape) throws IOException {
        NpyArray array = left.remove(name);
        if (array == null) {
            throw new IOException(file + ": lacks the array '" + Refusal.name(name) + "'");
        }
        if (array.type() != type || !Arrays.equals(array.dimensions(), shape)) {
            throw wrong(name, "is " + array + "; it should be " + type.descr() + " " + NpyArray.text(shape));
        }
        return array;
    }

    /**
     * Takes an array of finite numbers of single precision out of the file.
     *
     * @throws IOException if there is no such array, it has another type or shape, or a value is NaN or infinite
     */
    public NpyArray takeFinite(String name, int... shape) throws IOException {
        NpyArray array = take(name, NpyArray.Type.FLOAT32, shape);
        int at = array.firstNotFinite();
        if (at >= 0) {
            throw wrong(name, "holds " + array.number(at) + " at " + NpyArray.text(index(at, shape)) + "; every value must be finite");
        }
        return array;
    }

    private static int[] index(int at, int[] shape) {
        int[] index = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = at % shape[d];
            at /= shape[d];
        }
        return index;
    }

    /**
     * Takes all arrays whose names begin with a prefix out of the file.
     *
     * @return a file with these arrays only, named without the prefix, and the same description; it can be used after reading has ended
     */
    public ArrayFile takePart(String prefix) {
        Map<String, NpyArray> part = new LinkedHashMap<>();
        left.keySet().stream().filter(name -> name.startsWith(prefix)).toList()
                .forEach(name -> part.put(name.substring(prefix.length()), Objects.requireNonNull(left.remove(name), name)));
        return new ArrayFile(file, json, description, part);
    }

    /** Returns whether an array of this name has not been taken yet. */
    public boolean has(String name) {
        return left.containsKey(name);
    }

    /** Returns the arrays that have not been taken yet, by name. */
    public Map<String, NpyArray> left() {
        return Map.copyOf(left);
    }

    /** Returns the length of a one-dimensional array that has not been taken yet, or 0 if there is none of that name. */
    public int length(String name) {
        NpyArray array = left.get(name);
        return array == null || array.dimensions().length != 1 ? 0 : array.size();
    }

    /**
     * Checks that all arrays have been taken.
     *
     * @throws IOException if an array is left
     */
    public void checkNothingLeft() throws IOException {
        if (!left.isEmpty()) {
            throw new IOException(file + ": holds arrays that do not belong to it, " + Refusal.line(new TreeSet<>(left.keySet()).toString()));
        }
    }

    /** Returns an exception that says what is wrong with an array. */
    public IOException wrong(String name, String what) {
        return new IOException(file + ": the array '" + Refusal.name(name) + "' " + Refusal.line(what));
    }
}
