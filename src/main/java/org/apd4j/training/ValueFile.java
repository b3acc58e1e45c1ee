package org.apd4j.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.ValueJson;

/** The file format of a value that was measured on a run: no arrays, the value is in the description. */
final class ValueFile {

    static final String FORMAT = "apd4j result of a measure";
    private static final int VERSION = 1;
    private static final Json JSON = new Json(Map.of());

    /**
     * The description in a file.
     *
     * @param name        the value's name
     * @param fingerprint of the run that it was measured on
     */
    record Description(String format, int version, String name, String fingerprint, Results.Origin origin, JsonNode value) {
    }

    private ValueFile() {
    }

    static void write(Path file, String name, String fingerprint, Results.Origin origin, JsonNode value) throws IOException {
        ArrayFile.writeCompressed(file, JSON, new Description(FORMAT, VERSION, name, fingerprint, origin, value), Map.of(), ValueFile::take);
    }

    static Object read(Path file) throws IOException {
        return ArrayFile.read(file, JSON, FORMAT, VERSION, ValueFile::take);
    }

    static Description describe(Path file) throws IOException {
        return ArrayFile.describe(file, JSON, FORMAT, VERSION, Description.class);
    }

    private static Object take(ArrayFile file) throws IOException {
        file.checkNothingLeft();
        JsonNode value = file.description(Description.class).value();
        try {
            return ValueJson.read(value);
        } catch (IOException e) {
            throw file.wrong(ArrayFile.DESCRIPTION, String.valueOf(e.getMessage()));
        }
    }
}
