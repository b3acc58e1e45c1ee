package org.apd4j.notebook.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.apd4j.io.ArrayFile;

/**
 * What the description in a kept run's file says of it: enough for a list, without reading all of the run. The copy beside the file is not asked, as
 * it may be older or damaged.
 *
 * @param what  "decomposition of TMS 5-2, seed 0"; "?" if there is no description that can be read
 * @param step  steps done; −1 if there is no description
 * @param steps steps of the whole run
 */
public record KeptFile(String what, int step, int steps) {

    public static Path description(Path file) {
        return file.resolveSibling(RunFolder.nameOf(file) + ".json");
    }

    public static KeptFile of(Path file) {
        JsonNode json = read(file);
        JsonNode step = json.path("provenance").path("step");
        JsonNode name = json.path("target").path("name");
        if (!step.isInt() || !name.isTextual()) {
            return new KeptFile("?", -1, -1);
        }
        String kind = json.path("format").asText().contains("decomposition") ? "decomposition of " : "target ";
        return new KeptFile(kind + name.asText() + ", seed " + json.path("provenance").path("seed").asText(), step.asInt(),
                json.path("config").path("steps").asInt());
    }

    /** "4,000 of 20,000", or "?". */
    public String progress() {
        return step < 0 ? "?" : String.format(Locale.ROOT, "%,d of %,d", step, steps);
    }

    private static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(ArrayFile.descriptionText(file));
        } catch (IOException e) {
            return MissingNode.getInstance(); // a list goes on without it
        }
    }
}
