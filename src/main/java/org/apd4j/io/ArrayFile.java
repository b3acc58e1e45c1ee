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
import java.util.Optional;
import java.util.TreeSet;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.Refusal;

/**
 * Arrays and a description of them in one {@code .npz} file, complete by itself: the description is JSON text, kept as the array of bytes
 * {@value #DESCRIPTION} ({@code json.loads(bytes(np.load(file)["run_json"]))}). A copy of it stands beside the file, with the ending
 * {@code .json}, for people and tools; reading ignores it.
 *
 * <pre>{@code
 * ArrayFile.write(Path.of("numbers.npz"), "{\"format\": \"apd4j numbers\", \"version\": 1}", Map.of("x", NpyArray.of(new float[] {1, 2}, 2)));
 * float[] x = ArrayFile.read(Path.of("numbers.npz"), new Json(Map.of()), "apd4j numbers", 1, file -> file.takeFinite("x", 2).toFloats());
 * }</pre>
 *
 * <p>A description begins with the fields {@code format} and {@code version}.
 */
public final class ArrayFile {

    /** Name of the array that holds the description. */
    public static final String DESCRIPTION = "run_json";

    private static final String ENDING = ".npz";
    /** What every description of this library holds near its beginning. */
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

    /** Makes something of a file. */
    @FunctionalInterface
    public interface Maker<T> {

        /**
         * Takes all that it needs out of the file.
         *
         * @throws IOException if it is not as it should be
         */
        T make(ArrayFile file) throws IOException;
    }

    /**
     * Writes a file or replaces it in one instant (see {@link AtomicFile}), and after it the copy of the description: the copy is never ahead.
     *
     * @param description JSON text
     * @throws IllegalArgumentException if the file's name does not end with {@code .npz}
     * @throws IOException              if it cannot be written, or a {@code .json} that this library did not write is in the way; the
     *     previous {@code .npz} is then untouched. If only the copy cannot be written, the message says so
     */
    public static void write(Path file, String description, Map<String, NpyArray> arrays) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(ENDING) || name.length() == ENDING.length()) {
            throw new IllegalArgumentException(file + ": the name of a saved run ends with " + ENDING);
        }
        byte[] text = description.getBytes(StandardCharsets.UTF_8);
        Path beside = file.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".json");
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
     * Writes a file as {@link #write(Path, String, Map)} does, once its reader accepts what is to be written: what could not be loaded is not saved.
     *
     * @param description record that becomes the description
     * @param reader      of such a file; only takes and checks, so that nothing is copied
     * @throws IOException also if the reader refuses it; the previous file is then untouched
     */
    public static void write(Path file, Json json, Object description, Map<String, NpyArray> arrays, Maker<?> reader) throws IOException {
        String text = json.write(description);
        try {
            new ArrayFile(file, json, json.tree(text), new LinkedHashMap<>(arrays)).made(reader);
        } catch (IOException e) {
            String reason = Refusal.reason(e);
            String place = file + ": ";
            throw new IOException(file + " is not saved, because it could never be loaded: "
                    + (reason.startsWith(place) ? reason.substring(place.length()) : reason) + (Files.exists(file) ? "; the file that was there is as it was" : ""), e);
        }
        write(file, text, arrays);
    }

    private static boolean isOurs(Path beside) throws IOException {
        try (var in = Files.newInputStream(beside)) {
            return new String(in.readNBytes(MARK_WITHIN), StandardCharsets.UTF_8).contains(MARK);
        }
    }

    /**
     * Reads a file and makes something of it.
     *
     * @param json    knows the types of the description
     * @param format  that the description must name
     * @param version of the format that is understood; earlier ones are, too, if {@code maker} brings them up to date
     * @param maker   takes the arrays; what it throws because values do not fit together becomes an {@link IOException}
     * @throws IOException if there is no such file, it is damaged, or of another format or a later version: one sentence in one line
     */
    public static <T> T read(Path file, Json json, String format, int version, Maker<T> maker) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
        NpyArray text = existing(file, arrays.remove(DESCRIPTION));
        JsonNode tree;
        try {
            tree = json.tree(text(text));
        } catch (IOException e) {
            throw refusal(file, e);
        }
        if (!format.equals(tree.path("format").asText())) {
            throw new IOException(file + ": holds '" + Refusal.name(tree.path("format").asText()) + "', not '" + format + "'");
        }
        int own = tree.path("version").isInt() ? tree.path("version").intValue() : 0;
        if (own < 1 || own > version) {
            throw new IOException(file + ": is of version " + (tree.has("version") ? Refusal.name(tree.get("version").toString()) : "unknown")
                    + " of the format '" + format + "'; this library reads version " + (version == 1 ? "1" : "1 … " + version));
        }
        return new ArrayFile(file, json, tree, arrays).made(maker);
    }

    /**
     * The description in a file as JSON text, read without the other arrays.
     *
     * @throws IOException if there is no such file or no description in it, or that is damaged
     */
    public static String descriptionText(Path file) throws IOException {
        NpyArray text = existing(file, Npz.read(file, DESCRIPTION));
        try {
            return text(text);
        } catch (IOException e) {
            throw refusal(file, e);
        }
    }

    private static NpyArray existing(Path file, NpyArray description) throws IOException {
        if (description == null) {
            throw new IOException(file + ": lacks the array '" + DESCRIPTION + "'; it is not a saved run");
        }
        return description;
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
            throw Refusal.of(file + ": does not fit together", e);
        }
    }

    /** Returns the version of the format that the file has, at least 1. */
    public int version() {
        return description.path("version").intValue();
    }

    /** Returns a text at the top of the description; empty if there is none of that name. */
    public Optional<String> text(String field) {
        JsonNode value = description.path(field);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** Gives a text at the top of the description that files of earlier days do not have the value that it had then. */
    public void addMissing(String field, String value) {
        if (description instanceof ObjectNode node && !node.has(field)) {
            node.put(field, value);
        }
    }

    /** Gives a field that files of earlier days have by another name its present one. */
    public void rename(String object, String former, String present) {
        if (description.path(object) instanceof ObjectNode node && node.has(former) && !node.has(present)) {
            node.set(present, node.remove(former));
        }
    }

    /**
     * Returns an object in the description, to be brought up to date.
     *
     * @param path the names that lead to it
     * @return empty if the description has no object there
     */
    public Optional<ObjectNode> object(String... path) {
        JsonNode node = description;
        for (String name : path) {
            node = node.path(name);
        }
        return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** Gives a number in the description that files of earlier days do not have the value that it had then. */
    public void addMissing(String object, String field, int value) {
        if (description.path(object) instanceof ObjectNode node && !node.has(field)) {
            node.put(field, value);
        }
    }

    /**
     * The description.
     *
     * @throws IOException naming the field that is wrong
     */
    public <T> T description(Class<T> type) throws IOException {
        try {
            return json.read(description, type);
        } catch (IOException | RuntimeException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Returns the description, a record whose type has parameters.
     *
     * @param arguments the types that they stand for
     * @throws IOException naming the field that is wrong
     */
    public <T> T description(Class<?> type, Class<?>... arguments) throws IOException {
        try {
            return json.read(description, type, arguments);
        } catch (IOException | RuntimeException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Returns a text at the top of a file's description, read without the other arrays; empty if there is none of that name.
     *
     * @throws IOException if there is no such file or no description in it, or that is damaged
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
     * Takes an array out of the file that may hold NaN.
     *
     * @throws IOException if there is none of that name or it has another type or shape
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
     * Takes an array of numbers in single precision out of the file.
     *
     * @throws IOException if there is none of that name, it has another type or shape, or an entry is NaN or infinite
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

    /** The length of an array of one dimension that is still in the file, 0 if there is none. */
    public int length(String name) {
        NpyArray array = left.get(name);
        return array == null || array.dimensions().length != 1 ? 0 : array.size();
    }

    /**
     * Says that all arrays have been taken.
     *
     * @throws IOException if any is left
     */
    public void checkNothingLeft() throws IOException {
        if (!left.isEmpty()) {
            throw new IOException(file + ": holds arrays that do not belong to it, " + Refusal.line(new TreeSet<>(left.keySet()).toString()));
        }
    }

    /** What is thrown when an array is not as it should be. */
    public IOException wrong(String name, String what) {
        return new IOException(file + ": the array '" + Refusal.name(name) + "' " + Refusal.line(what));
    }
}
