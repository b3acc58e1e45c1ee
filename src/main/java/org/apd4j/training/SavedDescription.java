package org.apd4j.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.apd4j.io.ArrayFile;

/**
 * What the description in a saved file says, read without the rest of the file. The copy beside the file is not read: it may be older or damaged.
 *
 * @param what  "decomposition of TMS 5-2, seed 0"; "?" if the description cannot be read
 * @param step  steps done; −1 if that is not known
 * @param steps steps of the whole run; −1 if that is not known
 */
record SavedDescription(String what, int step, int steps) {

    static SavedDescription of(Path file) {
        JsonNode json = read(file);
        if (NumbersFile.FORMAT.equals(json.path("format").asText()) && json.path("target").isTextual()) {
            return new SavedDescription("numbers of " + json.path("target").asText(), -1, -1);
        }
        JsonNode step = json.path("provenance").path("step");
        JsonNode name = json.path("target").path("name");
        if (!step.isInt() || !name.isTextual()) {
            return new SavedDescription("?", -1, -1);
        }
        String kind = json.path("format").asText().contains("decomposition") ? "decomposition of " : "target ";
        return new SavedDescription(kind + name.asText() + ", seed " + json.path("provenance").path("seed").asText(), step.asInt(),
                json.path("config").path("steps").asInt());
    }

    /** Returns "4,000 of 20,000", or "?". */
    String progress() {
        return step < 0 ? "?" : String.format(Locale.ROOT, "%,d of %,d", step, steps);
    }

    /** Returns whether the file holds the numbers of a run and not the run itself. */
    static boolean isOfNumbers(Path file) {
        return NumbersFile.FORMAT.equals(read(file).path("format").asText());
    }

    private static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(ArrayFile.descriptionText(file));
        } catch (IOException e) {
            return MissingNode.getInstance(); // one damaged file does not hide the others of a list
        }
    }
}
