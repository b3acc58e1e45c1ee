package org.apd4j.prose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers in front of the cells of the committed notebooks, as a reader sees them. */
class CellNumbersTest {

    @Test
    void cellsAreNumberedFromOneAndTheirOutputsHaveTheirNumbers() throws IOException {
        List<Path> notebooks = NumbersInProseTest.notebooks();
        assertFalse(notebooks.isEmpty());
        List<String> wrong = new ArrayList<>();
        for (Path notebook : notebooks) {
            int number = 0;
            for (JsonNode cell : new ObjectMapper().readTree(notebook.toFile()).path("cells")) {
                if (!cell.path("cell_type").asText().equals("code")) {
                    continue;
                }
                number++;
                List<Integer> numbers = new ArrayList<>(List.of(cell.path("execution_count").asInt()));
                cell.path("outputs").forEach(output -> {
                    if (output.path("output_type").asText().equals("execute_result")) {
                        numbers.add(output.path("execution_count").asInt());
                    }
                });
                if (numbers.stream().distinct().count() > 1 || numbers.get(0) != number) {
                    wrong.add(notebook.getFileName() + ", code cell " + number + ": " + numbers);
                }
            }
        }
        assertEquals(List.of(), wrong, "cells and outputs that show another number");
    }
}
