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
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * Arrays and a description of them in one {@code .npz} file, complete by itself: the description is JSON text, kept as the array of bytes
 * {@value #DESCRIPTION} ({@code json.loads(bytes(np.load(file)["run_json"]))}). A copy of it stands beside the file, with the ending
 * {@code .json}, for people and tools; reading ignores it.
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

    /**
     * Writes a file or replaces it, the copy of the description first, then the file itself in one instant (see {@link AtomicFile}).
     *
     * @param description JSON text
     * @throws IllegalArgumentException if the file's name does not end with {@code .npz}
     * @throws IOException              if it cannot be written, or a {@code .json} that this library did not write is in the way; the
     *     previous {@code .npz} is then untouched
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
        AtomicFile.write(beside, out -> out.write(text));
        Map<String, NpyArray> all = new LinkedHashMap<>(arrays);
        all.put(DESCRIPTION, NpyArray.of(text, text.length));
        Npz.write(file, all);
    }

    private static boolean isOurs(Path beside) throws IOException {
        try (var in = Files.newInputStream(beside)) {
            return new String(in.readNBytes(MARK_WITHIN), StandardCharsets.UTF_8).contains(MARK);
        }
    }

    /**
     * Reads a file.
     *
     * @param json    knows the types of the description
     * @param format  that the description must name
     * @param version of the format that is understood
     * @throws IOException if there is no such file, it is damaged, or of another format or version; one sentence
     */
    public static ArrayFile read(Path file, Json json, String format, int version) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>(Npz.read(file));
        NpyArray text = arrays.remove(DESCRIPTION);
        if (text == null) {
            throw new IOException(file + ": lacks the array '" + DESCRIPTION + "'; it is not a saved run");
        }
        JsonNode tree;
        try {
            if (text.type() != NpyArray.Type.UINT8) {
                throw new IOException("is of type " + text.type().descr() + ", not |u1");
            }
            tree = json.tree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toBytes())).toString());
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": the array '" + DESCRIPTION + "' is not UTF-8 text", e);
        } catch (IOException e) {
            throw new IOException(file + ": the array '" + DESCRIPTION + "' " + e.getMessage(), e);
        }
        if (!format.equals(tree.path("format").asText())) {
            throw new IOException(file + ": holds '" + tree.path("format").asText() + "', not '" + format + "'");
        }
        if (!tree.path("version").isInt() || tree.path("version").intValue() != version) {
            throw new IOException(file + ": is of version " + (tree.has("version") ? tree.get("version") : "unknown") + " of the format '" + format
                    + "'; this library reads version " + version);
        }
        return new ArrayFile(file, json, tree, arrays);
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
        } catch (IOException e) {
            throw new IOException(file + ": the array '" + DESCRIPTION + "' " + e.getMessage(), e);
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
            throw new IOException(file + ": lacks the array '" + name + "'");
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
            throw wrong(name, "holds " + array.toFloats()[at] + " at " + NpyArray.text(index(at, shape)) + "; every value must be finite");
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
            throw new IOException(file + ": holds arrays that do not belong to it, " + new TreeSet<>(left.keySet()));
        }
    }

    /** What is thrown when an array is not as it should be. */
    public IOException wrong(String name, String what) {
        return new IOException(file + ": the array '" + name + "' " + what);
    }

    /**
     * Makes something of what the file holds.
     *
     * @throws IOException instead of what constructors throw when values do not fit together
     */
    public <T> T make(Callable<T> maker) throws IOException {
        try {
            return maker.call();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(file + ": does not fit together: " + e.getMessage(), e);
        }
    }
}
