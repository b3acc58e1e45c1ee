package org.apd4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/** Reads the rows and labels of {@link Dataset#read}. */
final class DatasetFile {

    private static final List<String> VALUES = List.of("values", "images", "data", "x");
    private static final List<String> LABELS = List.of("labels", "label", "target", "class", "y");

    /** In single precision: all in one block, row by row, and as the data set keeps them. */
    private static final int COPIES = 3;

    private DatasetFile() {
    }

    static Dataset read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".npz") && !name.endsWith(".csv")) {
            throw new IllegalArgumentException(file + ": rows are read from a file that ends with .npz or .csv");
        }
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        try {
            return name.endsWith(".npz") ? arrays(file, Npz.read(file)) : table(file);
        } catch (RuntimeException e) {
            throw Refusal.of(file.toString(), e);
        }
    }

    private static Dataset arrays(Path file, Map<String, NpyArray> arrays) throws IOException {
        NpyArray values = find(arrays, VALUES);
        if (values == null) {
            throw new IllegalArgumentException("has no array of rows; it must be named one of " + VALUES + ", and there are "
                    + new TreeSet<>(arrays.keySet()));
        }
        int[] shape = values.shape();
        if (shape.length < 2) {
            throw new IllegalArgumentException("the rows are " + values + "; they must have two dimensions or more, the first counting them");
        }
        FreeMemory.require((long) COPIES * Float.BYTES * values.size(), file + ": making rows of its array");
        float[] all = values.toFloats();
        int width = shape[0] == 0 ? 0 : all.length / shape[0];
        float[][] rows = new float[shape[0]][width];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < width; i++) {
                rows[row][i] = all[row * width + i];
            }
        }
        NpyArray labels = find(arrays, LABELS);
        if (labels == null) {
            return Dataset.of(rows);
        }
        if (labels.shape().length != 1) {
            throw new IllegalArgumentException("the labels are " + labels + "; they must have one dimension");
        }
        return labelled(rows, Arrays.stream(labels.toDoubles()).mapToObj(DatasetFile::text).toList(), row -> "row " + row);
    }

    private static NpyArray find(Map<String, NpyArray> arrays, List<String> names) {
        return arrays.entrySet().stream().filter(entry -> names.contains(entry.getKey().toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(entry -> names.indexOf(entry.getKey().toLowerCase(Locale.ROOT)))).map(Map.Entry::getValue).orElse(null);
    }

    private static Dataset table(Path file) throws IOException {
        CsvTable table = CsvTable.read(file, LABELS);
        float[][] rows = table.rows().toArray(float[][]::new);
        return table.labels() == null ? Dataset.of(rows) : labelled(rows, table.labels(), row -> "line " + table.lines().get(row));
    }

    /**
     * Labels are class indices if all of them are whole numbers from 0 on, and else names, in the order of the alphabet. A
     * class in the middle of the indices may have no row.
     *
     * @param place what a row is called in messages
     */
    private static Dataset labelled(float[][] rows, List<String> labels, IntFunction<String> place) {
        for (int row = 0; row < labels.size(); row++) {
            if (labels.get(row).isEmpty()) {
                throw new IllegalArgumentException(place.apply(row) + " has no label; every row needs one");
            }
        }
        boolean indices = labels.stream().allMatch(label -> label.matches("\\d{1,5}"));
        if (!indices && labels.stream().allMatch(label -> label.matches("[-+]?[0-9.eE+-]+|NaN|Infinity|-Infinity"))) {
            int row = IntStream.range(0, labels.size()).filter(i -> !labels.get(i).matches("\\d{1,5}")).findFirst().orElseThrow();
            throw new IllegalArgumentException("the label of " + place.apply(row) + " is " + labels.get(row) + "; it must be a whole number from 0 on, or a name");
        }
        List<String> classes = indices
                ? IntStream.rangeClosed(0, labels.stream().mapToInt(Integer::parseInt).max().orElse(0)).mapToObj(Integer::toString).toList()
                : List.copyOf(new TreeSet<>(labels));
        Map<String, Integer> index = new LinkedHashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        int[] own = labels.stream().mapToInt(label -> indices ? Integer.parseInt(label) : index.get(label)).toArray();
        return Dataset.of(rows, own, classes);
    }

    private static String text(double label) {
        return label == Math.rint(label) && Math.abs(label) < 1e9 ? Long.toString((long) label) : Double.toString(label);
    }
}
