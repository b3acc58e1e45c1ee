package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.decomposition.ApdRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is killed while it saves. */
@Tag("slow")
class KilledSaveTest {

    @TempDir
    Path folder;

    /** Trains and saves for ever; says the step of every file that is whole. */
    public static final class Saver {

        public static void main(String[] arguments) throws IOException {
            ApdRun run = LargeRun.untrained();
            while (true) {
                run.train(1).save(Path.of(arguments[0]));
                System.out.println(run.step());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.4, 0.8})
    void processKilledInTheMiddleOfASaveLeavesTheLastFileWhole(double written) throws Exception {
        Path file = folder.resolve("run.npz");
        Path said = folder.resolve("said");
        Process process = OwnProcess.of(Saver.class, List.of("-Xmx1g"), file).redirectOutput(said.toFile()).start();
        try {
            while (!Files.exists(file)) {
                assertTrue(process.isAlive(), "the process ended by itself");
                Thread.onSpinWait();
            }
            awaitDraft(process, (long) (written * Files.size(file)));
        } finally {
            process.destroyForcibly().waitFor();
        }
        int saved = Files.readAllLines(said).stream().mapToInt(Integer::parseInt).max().orElse(1);
        assertTrue(size(draft()) < Files.size(file), "the kill came when the save was over");
        assertEquals(saved, ApdRun.load(file).step(), 1);
        assertEquals(saved + 2, ApdRun.load(file).train(2).step(), 1);
    }

    /** Waits until more than so many bytes of a new file are on the disk, and the file is not in its place yet. */
    private void awaitDraft(Process process, long bytes) throws IOException {
        while (size(draft()) <= bytes) {
            assertTrue(process.isAlive(), "the process ended by itself");
            Thread.onSpinWait();
        }
    }

    private Path draft() throws IOException {
        try (var files = Files.newDirectoryStream(folder, ".run.npz.*")) {
            var drafts = files.iterator();
            return drafts.hasNext() ? drafts.next() : folder.resolve("no draft");
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }
}
