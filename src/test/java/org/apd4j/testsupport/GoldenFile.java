package org.apd4j.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.Matrix;

/**
 * A recorded run of a method's reference: its configuration ({@code NAME.json}) and arrays ({@code NAME.npz}), from the folder in the system property
 * {@value #PROPERTY} or otherwise from the test resources; each method but APD has a folder of its own inside. An {@link IllegalStateException} names
 * what is missing or damaged.
 */
public abstract class GoldenFile {

    /** The system property that names another folder of golden runs. */
    public static final String PROPERTY = "apd.golden";

    /** What a file of a run holds. */
    record Content(String name, Path folder, JsonNode json, Map<String, NpyArray> arrays) {

        /** The same run with other arrays. */
        Content with(Map<String, NpyArray> others) {
            return new Content(name, folder, json, others);
        }
    }

    private final Content content;

    GoldenFile(Content content) {
        this.content = content;
    }

    /** Where the runs are read from. */
    public static Path folder() {
        String given = System.getProperty(PROPERTY, "");
        if (!given.isBlank()) {
            return Path.of(given);
        }
        var resource = GoldenFile.class.getResource("/golden");
        if (resource == null) {
            throw new IllegalStateException("the test resources have no folder 'golden'");
        }
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the golden runs are at no path: " + resource, e);
        }
    }

    /** The names of all runs that a folder holds: those of its JSON files. */
    static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length())).sorted().toList();
            if (names.isEmpty()) {
                throw new IllegalStateException(folder + " holds no golden run");
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of a run alone. */
    static JsonNode description(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException("the folder of golden runs " + folder + " does not exist");
        }
        Path json = folder.resolve(name + ".json");
        if (!Files.exists(json)) {
            throw new IllegalStateException("golden run '" + name + "': " + folder + " has no file " + name + ".json");
        }
        try {
            return new ObjectMapper().readTree(json.toFile());
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new IllegalStateException("golden run '" + name + "': " + json + " is not JSON: " + problem, e);
        } catch (IOException e) {
            throw new IllegalStateException("golden run '" + name + "': " + json + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The arrays of a file of a run. */
    static Map<String, NpyArray> arrays(Path folder, String name, String file) {
        try {
            return Npz.read(folder.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException("golden run '" + name + "': " + e.getMessage(), e);
        }
    }

    /** A run of a folder. */
    static Content read(Path folder, String name) {
        return new Content(name, folder, description(folder, name), arrays(folder, name, name + ".npz"));
    }

    Content content() {
        return content;
    }

    public String name() {
        return content.name();
    }

    /** The configuration. */
    public JsonNode json() {
        return content.json();
    }

    /** The names of all arrays. */
    public Set<String> names() {
        return new TreeSet<>(content.arrays().keySet());
    }

    public boolean has(String array) {
        return content.arrays().containsKey(array);
    }

    /** The data of an array of any shape, row-major. */
    public double[] values(String array) {
        return found(array).toDoubles();
    }

    public int[] shape(String array) {
        return found(array).shape();
    }

    NpyArray found(String array) {
        NpyArray found = content.arrays().get(array);
        if (found == null) {
            throw damaged(".npz", "has no array '" + array + "'");
        }
        return found;
    }

    IllegalStateException damaged(String file, String what) {
        return new IllegalStateException("golden run '" + name() + "': " + content.folder().resolve(name() + file) + " " + what);
    }

    /** An array whose last dimension is that of rows, which are one below the other; one of one dimension is a row. */
    final Matrix stacked(String array) {
        int[] shape = shape(array);
        double[] values = values(array);
        int columns = shape[shape.length - 1];
        return floats(values, shape.length == 1 ? 1 : values.length / columns, columns);
    }

    static Matrix floats(double[] values, int rows, int columns) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) values[i];
        }
        return Matrix.over(result, rows, columns);
    }

    @Override
    public String toString() {
        return name();
    }
}
