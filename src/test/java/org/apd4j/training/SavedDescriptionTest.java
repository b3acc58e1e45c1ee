package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.RandomStream;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedDescriptionTest {

    @TempDir
    Path folder;

    @Test
    void theListUsesTheDescriptionInTheRunItself() throws IOException {
        Path file = folder.resolve("run.npz");
        Tms.of(TmsConfig.paper5to2(), 3).train(7).save(file);
        Path copy = folder.resolve("run.json");
        Files.writeString(copy, Files.readString(copy).replace("\"step\" : 7", "\"step\" : 4000"));
        assertEquals(new SavedDescription("target TMS 5-2, seed 3", 7, 5_000), SavedDescription.of(file));
        Files.delete(copy);
        assertEquals("7 of 5,000", SavedDescription.of(file).progress());
    }

    @Test
    void theListIncludesDamagedFiles() throws IOException {
        Path file = folder.resolve("run.npz");
        Tms.of(TmsConfig.paper5to2(), 3).train(7).save(file);
        byte[] good = Files.readAllBytes(file);
        RandomStream random = RandomStream.of(1, 2);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = i % 3 == 0 ? Arrays.copyOf(good, (int) (random.nextDouble() * good.length)) : good.clone();
            for (int change = 0; change < 1 + i % 20 && damaged.length > 0; change++) {
                damaged[(int) (random.nextDouble() * damaged.length)] = (byte) random.nextLong();
            }
            Files.write(file, damaged);
            assertNotNull(SavedDescription.of(file).progress());
        }
        for (String description : List.of("{", "null", "[]", "{\"provenance\": null}", "{\"provenance\": {\"step\": 1e999}}",
                "{\"a\": ".repeat(5_000), "\"" + "x".repeat(200_000) + "\"")) {
            byte[] text = description.getBytes(StandardCharsets.UTF_8);
            Npz.write(file, Map.of(ArrayFile.DESCRIPTION, NpyArray.of(text, text.length)));
            assertEquals("?", SavedDescription.of(file).progress());
        }
    }

    @Test
    void unreadableFilesAreListedAsUnknown() throws IOException {
        Path file = Files.writeString(folder.resolve("run.npz"), "no run");
        assertEquals(new SavedDescription("?", -1, -1), SavedDescription.of(file));
        assertEquals("?", SavedDescription.of(file).progress());
        assertEquals("?", SavedDescription.of(folder.resolve("none.npz")).progress());
    }
}
