package org.apd4j.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.io.NpyArray;
import org.apd4j.math.internal.DoubleMatrix;

/** A recorded run of the reference of the Local Interaction Basis, of the folder {@code lib} beside the golden runs of APD. */
public final class LibGolden extends GoldenFile {

    private LibGolden(Content content) {
        super(content);
    }

    /** Where these runs are read from. */
    public static Path ownFolder() {
        return folder().resolve("lib");
    }

    /** The names of all runs that the folder holds: those of its JSON files. */
    public static List<String> runs() {
        return names(ownFolder());
    }

    /** The configuration and the scalars of a run alone. */
    public static JsonNode description(String name) {
        return description(ownFolder(), name);
    }

    /** A run with the arrays of {@code NAME.npz} and of {@code NAME_PART.npz} for each part; files that are missing add none. */
    public static LibGolden load(String name, String... parts) {
        Map<String, NpyArray> arrays = new HashMap<>();
        List<String> files = new ArrayList<>(List.of(name + ".npz"));
        for (String part : parts) {
            files.add(name + "_" + part + ".npz");
        }
        for (String file : files) {
            if (Files.exists(ownFolder().resolve(file))) {
                arrays.putAll(arrays(ownFolder(), name, file));
            }
        }
        return new LibGolden(new Content(name, ownFolder(), description(name), arrays));
    }

    /** The words of a field that is a list. */
    public List<String> words(String field) {
        List<String> words = new ArrayList<>();
        json().path(field).forEach(word -> words.add(word.asText()));
        return words;
    }

    public int[] integers(String array) {
        double[] values = found(array).toDoubles();
        int[] integers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (int) values[i];
        }
        return integers;
    }

    /** An array whose last dimension is that of columns; one of one dimension is a row. */
    public DoubleMatrix matrix(String array) {
        int[] shape = shape(array);
        double[] values = values(array);
        int columns = shape[shape.length - 1];
        return DoubleMatrix.over(values, values.length / columns, columns);
    }

    /** One matrix of an array of three dimensions. */
    public DoubleMatrix matrix(String array, int index) {
        int rows = shape(array)[1];
        return matrix(array).rows(index * rows, rows);
    }
}
