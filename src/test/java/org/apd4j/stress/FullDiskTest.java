package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.testsupport.OwnProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Saving on a full disk, which is simulated by a limit of a few megabytes for the files of a process. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class FullDiskTest {

    /** In blocks of 512 or 1,024 bytes, as the shell counts. */
    private static final String LIMIT = "ulimit -f 8000 && exec \"$@\"";

    @TempDir
    Path folder;

    /** Loads, trains, saves into the same file; prints what stands in the way. */
    public static final class Saver {

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            DecompositionRun<ApdConfig> run = Apd.load(file).train(1);
            try {
                run.save(file);
                System.out.println("saved");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(run.train(1).step());
        }
    }

    @Test
    void aSaveOnAFullDiskKeepsTheOldFileAndTheRun() throws Exception {
        Path file = folder.resolve("run.npz");
        LargeRun.untrained().train(1).save(file);
        byte[] before = Files.readAllBytes(file);
        ProcessBuilder saver = OwnProcess.of(Saver.class, List.of("-Xmx1g"), file);
        List<String> limited = new ArrayList<>(List.of("sh", "-c", LIMIT, "sh"));
        limited.addAll(saver.command());

        List<String> said = OwnProcess.outputOf(saver.command(limited)).lines().toList();

        assertEquals(2, said.size(), said::toString);
        assertTrue(said.get(0).matches(".*run\\.npz could not be written: File too large; the previous file is unchanged"), said.get(0));
        assertEquals("3", said.get(1));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(one -> one.toString().endsWith(".tmp")).toList());
        }
    }
}
