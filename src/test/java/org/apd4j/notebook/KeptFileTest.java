package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apd4j.target.Tms;
import org.apd4j.target.TmsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFileTest {

    @TempDir
    Path folder;

    @Test
    void listBelievesTheRunAndNotTheCopyOfItsDescription() throws IOException {
        Path file = folder.resolve("run.npz");
        Tms.of(TmsConfig.paper5to2(), 3).train(7).save(file);
        Path copy = folder.resolve("run.json");
        Files.writeString(copy, Files.readString(copy).replace("\"step\" : 7", "\"step\" : 4000"));
        assertEquals(new KeptFile("target TMS 5-2, seed 3", 7, 5_000), KeptFile.of(file));
        Files.delete(copy);
        assertEquals("7 of 5,000", KeptFile.of(file).progress());
    }

    @Test
    void fileThatCannotBeReadIsListedAsUnknown() throws IOException {
        Path file = Files.writeString(folder.resolve("run.npz"), "no run");
        assertEquals(new KeptFile("?", -1, -1), KeptFile.of(file));
        assertEquals("?", KeptFile.of(file).progress());
        assertEquals("?", KeptFile.of(folder.resolve("none.npz")).progress());
    }
}
