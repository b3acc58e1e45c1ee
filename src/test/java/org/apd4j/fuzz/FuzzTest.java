package org.apd4j.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files of every kind: each is read, or refused with the exception that the reader documents, in one line that names the file, quickly, and
 * without using more memory than its size justifies. For many more inputs: {@code mvn test -Dtest=FuzzTest -Dapd.fuzz=100000 -Dapd.fuzz.seed=7}.
 */
@Tag("slow")
class FuzzTest {

    private static final int INPUTS = Integer.getInteger("apd.fuzz", 2_000);
    private static final long SEED = Long.getLong("apd.fuzz.seed", 0);
    private static final Duration HANGS = Duration.ofSeconds(60);
    private static final int SLOWEST = 3;
    /** Buffers, parsers, classes that are loaded, batches of the run that is made: whatever the file. */
    private static final long ALWAYS = 64L << 20;
    private static final long PER_BYTE = 100;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private record Answer(double seconds, long bytes, long length, String said) {
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 10, unit = TimeUnit.HOURS)
    void damagedFilesAreReadOrRefused(Reader reader) throws Exception {
        List<byte[]> whole = reader.examples(folder);
        for (byte[] example : whole) {
            Answer answer = answer(reader, example, -1);
            assertEquals("read", answer.said, "an example that is whole");
        }
        List<Answer> slowest = new ArrayList<>();
        int refused = 0;
        long most = 0;
        for (int input = 0; input < INPUTS; input++) {
            var random = new SplittableRandom(SEED << 32 ^ (long) reader.ordinal() << 24 ^ input * 0x9E3779B97F4A7C15L);
            byte[] example = whole.get(random.nextInt(whole.size()));
            byte[] damaged = random.nextInt(2) == 0 ? Mutations.ofBytes(example, random) : reader.mutated(example, random);
            Answer answer = answer(reader, damaged, input);
            refused += answer.said.equals("read") ? 0 : 1;
            most = Math.max(most, answer.bytes);
            slowest.add(answer);
            if (slowest.size() > 50) {
                keepSlowest(slowest);
            }
        }
        keepSlowest(slowest);
        System.out.printf(Locale.ROOT, "%s: %,d inputs, %,d refused, at most %,d MB taken; slowest:%n", reader, INPUTS, refused, most >> 20);
        slowest.forEach(answer -> System.out.printf(Locale.ROOT, "  %.3f s: %s%n", answer.seconds, answer.said));
        assertTrue(refused > INPUTS / 10, "nearly nothing was damaged: " + refused);
    }

    private static void keepSlowest(List<Answer> answers) {
        answers.sort(Comparator.comparingDouble(Answer::seconds).reversed());
        answers.subList(Math.min(SLOWEST, answers.size()), answers.size()).clear();
    }

    /** Reads on a thread of its own, so that one that hangs is noticed. */
    private Answer answer(Reader reader, byte[] content, int input) throws Exception {
        Path file = folder.resolve(reader.fileName());
        Files.write(file, content);
        AtomicReference<Answer> answer = new AtomicReference<>();
        AtomicReference<Throwable> unexpected = new AtomicReference<>();
        Thread reading = new Thread(() -> {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long start = System.nanoTime();
            String said = "read";
            try {
                reader.read(file);
            } catch (IOException e) {
                said = String.valueOf(e.getMessage());
            } catch (Throwable e) { // whatever it is, it is not what the reader documents
                unexpected.set(e);
            }
            answer.set(new Answer((System.nanoTime() - start) / 1e9, THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before,
                    content.length, said));
        }, "reading");
        reading.setDaemon(true);
        reading.start();
        reading.join(HANGS.toMillis());
        String which = reader + ", input " + input + " of seed " + SEED;
        if (reading.isAlive()) {
            keep(reader, content, which + " hangs:\n" + List.of(reading.getStackTrace()), null);
        }
        if (unexpected.get() != null) {
            keep(reader, content, which + ": " + unexpected.get(), unexpected.get());
        }
        Answer found = answer.get();
        String wrong = wrong(reader, file, found);
        if (wrong != null) {
            keep(reader, content, which + " " + wrong + ": " + found.said, null);
        }
        return found;
    }

    private static String wrong(Reader reader, Path file, Answer answer) {
        String said = answer.said;
        if (answer.bytes > ALWAYS + PER_BYTE * answer.length) {
            return "took " + answer.bytes + " bytes for a file of " + answer.length;
        }
        if (said.equals("read")) {
            return null;
        }
        if (!reader.isNamed(file, said)) {
            return "does not name the file";
        }
        if (said.lines().count() != 1 || said.length() > 1_000 || said.endsWith(": null") || said.chars().anyMatch(Character::isISOControl)) {
            return "is not one short line";
        }
        return said.matches(".*(Cannot invoke|java\\.|org\\.apd4j|com\\.fasterxml|univocity|tablesaw|Exception|null pointer| is null).*")
                ? "speaks to programmers" : null;
    }

    private static void keep(Reader reader, byte[] content, String what, Throwable cause) throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "fuzz")).resolve(reader + reader.ending());
        Files.write(kept, content);
        fail(what + " (kept as " + kept + ")", cause);
    }
}
