package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.testsupport.OwnProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are killed during a save. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class KilledSaveTest {

    /** More of them: {@code mvn test -Dtest=KilledSaveTest -Dapd.kills=200}. */
    private static final int KILLS = Integer.getInteger("apd.kills", 10);

    @TempDir
    Path folder;

    /** Trains and saves for ever; goes on from the file if there is one; says the step of every file that is whole. */
    public static final class Saver {

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            DecompositionRun<ApdConfig> run = Files.exists(file) ? Apd.load(file) : LargeRun.untrained();
            while (true) {
                run.train(1).save(file);
                System.out.println(run.step());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.4, 0.8})
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aProcessKilledDuringASaveLeavesTheLastFileIntact(double written) throws Exception {
        Path file = folder.resolve("run.npz");
        Path said = folder.resolve("said");
        Process process = OwnProcess.of(Saver.class, List.of("-Xmx1g"), file).redirectOutput(said.toFile()).start();
        try {
            while (!Files.exists(file)) {
                assertTrue(process.isAlive(), "the process ended by itself");
                Thread.onSpinWait();
            }
            stopInASave(process, (long) (written * Files.size(file)));
        } finally {
            process.destroyForcibly().waitFor();
        }
        int saved = Files.readAllLines(said).stream().mapToInt(Integer::parseInt).max().orElse(1);
        assertEquals(saved, Apd.load(file).step(), 1);
        assertEquals(saved + 2, Apd.load(file).train(2).step(), 1);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.HOURS)
    void theFileLoadsWhereverInASaveTheProcessIsKilled() throws Exception {
        Path file = folder.resolve("run.npz");
        Path beside = folder.resolve("run.json");
        var random = new SplittableRandom(0);
        int last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = OwnProcess.of(Saver.class, List.of("-Xmx1g"), file).start();
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                assertTrue(lines.readLine() != null, "the process ended by itself");
                stopInASave(process, (long) (random.nextDouble() * 0.99 * Files.size(file)));
                Signals.to(process, random.nextInt(4) == 0 ? "CONT" : "STOP"); // now and then it gets on before it dies
            } finally {
                process.destroyForcibly().waitFor();
            }
            int step = Apd.load(file).step();
            assertTrue(step > last, "step " + step + " after " + last);
            int described = step(beside);
            assertTrue(described == step || described == step - 1, "kill " + kill + ": the description says " + described + ", the run " + step);
            last = step;
        }
        System.out.println(KILLS + " kills, every one while a file was written");
    }

    /**
     * Stops a process, which then can be looked at while nothing moves, in a save of which more than so many bytes are on the disk. If the save
     * was over when it stopped it goes on to the next one: so that it is hit however slow the machine is.
     */
    private void stopInASave(Process process, long bytes) throws IOException {
        try (var signals = new Signals(process)) {
            while (true) {
                awaitDraft(process, bytes);
                signals.send("STOP");
                if (size(draft()) > bytes) {
                    return;
                }
                signals.send("CONT");
            }
        }
    }

    private static int step(Path beside) throws IOException {
        JsonNode step = new ObjectMapper().readTree(beside.toFile()).path("provenance").path("step");
        assertTrue(step.isInt(), step::toString);
        return step.intValue();
    }

    /** Waits until more than so many bytes of a new file are on the disk, and the file is not in its place yet. */
    private void awaitDraft(Process process, long bytes) throws IOException {
        while (size(draft()) <= bytes) {
            assertTrue(process.isAlive(), "the process ended by itself");
            Thread.onSpinWait();
        }
    }

    /** The largest file that is being written. */
    private Path draft() throws IOException {
        Path largest = folder.resolve("no draft");
        try (var files = Files.newDirectoryStream(folder, ".*.tmp")) {
            for (Path draft : files) {
                largest = size(draft) > size(largest) ? draft : largest;
            }
        }
        return largest;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    /** A shell that waits for signals to send, so that they come at once; whoever sent one knows that it arrived. */
    private static final class Signals implements AutoCloseable {
        private final Process shell;
        private final OutputStream orders;

        Signals(Process to) throws IOException {
            shell = new ProcessBuilder("sh", "-c", "while read signal; do kill -$signal " + to.pid() + "; echo sent; done").start();
            orders = shell.getOutputStream();
        }

        static void to(Process process, String signal) throws IOException {
            try (var signals = new Signals(process)) {
                signals.send(signal);
            }
        }

        void send(String signal) throws IOException {
            orders.write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
            orders.flush();
            for (int read = 0; read != '\n';) {
                read = shell.getInputStream().read();
                assertTrue(read >= 0, "the shell ended");
            }
        }

        @Override
        public void close() throws IOException {
            orders.close();
            shell.destroy();
        }
    }
}
