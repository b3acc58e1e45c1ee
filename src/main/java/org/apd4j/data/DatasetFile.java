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
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/** The reader of the files of {@link Dataset#read}. */
final class DatasetFile {

    private static final List<String> VALUES = List.of("values", "images", "data", "x");
    private static final List<String> LABELS = List.of("labels", "label", "target", "class", "y");

    /** The number of copies of the values in memory: in one block, as rows, and in the data set. */
    private static final int COPIES = 3;

    private DatasetFile() {
    }

    static Dataset read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".npz") && !name.endsWith(".csv")) {
            throw new IllegalArgumentException(file + ": a data set is read from a file with the extension .npz or .csv");
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
        NpyArray values = find(arrays, VALUES).orElseThrow(() -> new IllegalArgumentException("has no array of rows; name it one of " + VALUES
                + " (the arrays are " + new TreeSet<>(arrays.keySet()) + ")"));
        int[] shape = values.shape();
        if (shape.length < 2) {
            throw new IllegalArgumentException("the array of rows is " + values
                    + "; it must have at least two dimensions, the first of which counts the rows");
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
        Optional<NpyArray> found = find(arrays, LABELS);
        if (found.isEmpty()) {
            return Dataset.of(rows);
        }
        NpyArray labels = found.get();
        if (labels.shape().length != 1) {
            throw new IllegalArgumentException("the array of labels is " + labels + "; it must have one dimension");
        }
        return labelled(rows, Arrays.stream(labels.toDoubles()).mapToObj(DatasetFile::text).toList(), row -> "row " + row);
    }

    private static Optional<NpyArray> find(Map<String, NpyArray> arrays, List<String> names) {
        return arrays.entrySet().stream().filter(entry -> names.contains(entry.getKey().toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(entry -> names.indexOf(entry.getKey().toLowerCase(Locale.ROOT)))).map(Map.Entry::getValue);
    }

    private static Dataset table(Path file) throws IOException {
        CsvTable table = CsvTable.read(file, LABELS);
        float[][] rows = table.rows().toArray(float[][]::new);
        return table.labels().map(labels -> labelled(rows, labels, row -> "line " + table.lines().get(row))).orElseGet(() -> Dataset.of(rows));
    }

    /**
     * Returns a data set with labels. They are class indices if all of them are integers of at least 0, and otherwise names, which are sorted
     * alphabetically. There may be indices without a row.
     *
     * @param place names a row in messages
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
            throw new IllegalArgumentException("the label of " + place.apply(row) + " is " + labels.get(row)
                    + "; it must be an integer of at least 0 or a name");
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
