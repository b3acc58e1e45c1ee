package org.apd4j.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads and writes notebook files. */
final class NotebookFile {

    private NotebookFile() {
    }

    /** Writes a notebook with the given code cells. */
    static Path write(Path file, String... sources) throws IOException {
        var json = new ObjectMapper();
        ObjectNode notebook = json.createObjectNode().put("nbformat", 4).put("nbformat_minor", 5);
        notebook.putObject("metadata").putObject("kernelspec").put("display_name", "Java (APD)").put("language", "java").put("name", "apd4j");
        ArrayNode cells = notebook.putArray("cells");
        for (String source : sources) {
            ObjectNode cell = cells.addObject().put("cell_type", "code").put("id", "cell-" + cells.size()).put("source", source);
            cell.putNull("execution_count");
            cell.putObject("metadata");
            cell.putArray("outputs");
        }
        json.writeValue(file.toFile(), notebook);
        return file;
    }

    /** Returns the sources of a notebook's code cells. */
    static List<String> sources(Path file) throws IOException {
        List<String> sources = new ArrayList<>();
        for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
            if (cell.get("cell_type").asText().equals("code")) {
                JsonNode source = cell.get("source");
                sources.add(source.isArray() ? StreamSupport.stream(source.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining())
                        : source.asText());
            }
        }
        return sources;
    }
}
