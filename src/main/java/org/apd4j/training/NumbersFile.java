package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;

/** Numbers that were measured on a finished run, in a file: an array {@code values <f8 [n]}, and their names in the description. */
final class NumbersFile {

    /** As the first version called it. */
    static final String FORMAT = "apd4j scan result";

    private static final int VERSION = 1;
    private static final String VALUES = "values";
    private static final Json JSON = new Json(Map.of());

    record Description(String format, int version, String target, String settings, long seed, List<String> names) {
    }

    private NumbersFile() {
    }

    static Map<String, Double> read(Path path) throws IOException {
        return ArrayFile.read(path, JSON, FORMAT, VERSION, NumbersFile::take);
    }

    private static Map<String, Double> take(ArrayFile file) throws IOException {
        List<String> names = file.description(Description.class).names();
        double[] values = file.take(VALUES, NpyArray.Type.FLOAT64, names.size()).toDoubles();
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            numbers.put(names.get(i), values[i]);
        }
        return numbers;
    }

    static void write(Path path, String target, String settings, long seed, Map<String, Double> numbers) throws IOException {
        var description = new Description(FORMAT, VERSION, target, settings, seed, List.copyOf(numbers.keySet()));
        double[] values = numbers.values().stream().mapToDouble(Double::doubleValue).toArray();
        ArrayFile.write(path, JSON, description, Map.of(VALUES, NpyArray.of(values, values.length)), NumbersFile::take);
    }
}
