package org.apd4j.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.internal.DoubleMatrix;

/** A recorded run of the reference of the Local Interaction Basis, of the folder {@code lib} beside the golden runs of APD. */
public final class LibGolden {

    private final String name;
    private final JsonNode json;
    private final Map<String, NpyArray> arrays;

    private LibGolden(String name, JsonNode json, Map<String, NpyArray> arrays) {
        this.name = name;
        this.json = json;
        this.arrays = arrays;
    }

    /** Where the runs are read from. */
    public static Path folder() {
        return GoldenRun.folder().resolve("lib");
    }

    /** The names of all runs that the folder holds: those of its JSON files. */
    public static List<String> names() {
        try (var files = Files.list(folder())) {
            List<String> names = files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length())).sorted().toList();
            if (names.isEmpty()) {
                throw new IllegalStateException(folder() + " holds no golden run");
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration and the scalars of a run alone. */
    public static JsonNode description(String name) {
        try {
            return new ObjectMapper().readTree(folder().resolve(name + ".json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run with the arrays of {@code NAME.npz} and of {@code NAME_PART.npz} for each part; files that are missing add none. */
    public static LibGolden load(String name, String... parts) {
        try {
            JsonNode json = description(name);
            Map<String, NpyArray> arrays = new HashMap<>();
            List<String> files = new ArrayList<>(List.of(name));
            for (String part : parts) {
                files.add(name + "_" + part);
            }
            for (String file : files) {
                Path path = folder().resolve(file + ".npz");
                if (Files.exists(path)) {
                    arrays.putAll(Npz.read(path));
                }
            }
            return new LibGolden(name, json, arrays);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration and the scalars. */
    public JsonNode json() {
        return json;
    }

    /** The words of a field that is a list. */
    public List<String> words(String field) {
        List<String> words = new ArrayList<>();
        json.path(field).forEach(word -> words.add(word.asText()));
        return words;
    }

    public boolean has(String array) {
        return arrays.containsKey(array);
    }

    public Set<String> arrays() {
        return new TreeSet<>(arrays.keySet());
    }

    private NpyArray found(String array) {
        NpyArray found = arrays.get(array);
        if (found == null) {
            throw new IllegalStateException("golden run '" + name + "' has no array '" + array + "'");
        }
        return found;
    }

    public int[] shape(String array) {
        return found(array).shape();
    }

    public double[] values(String array) {
        return found(array).toDoubles();
    }

    public int[] integers(String array) {
        double[] values = found(array).toDoubles();
        int[] integers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (int) values[i];
        }
        return integers;
    }

    /** An array of two dimensions; one of one dimension is a row. */
    public DoubleMatrix matrix(String array) {
        int[] shape = shape(array);
        return DoubleMatrix.over(values(array), shape.length == 1 ? 1 : shape[0], shape[shape.length - 1]);
    }

    @Override
    public String toString() {
        return name;
    }
}
