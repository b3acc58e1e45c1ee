package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.io.Npz;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.OwnProcess;
import org.apd4j.training.Autosave;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings that need more memory than the heap has. */
@Tag("slow")
class SmallHeapTest {

    private static final Pattern NUMBER_NEEDED = Pattern.compile("takes about [\\d,]+ MB of the Java heap, .*\\(-Xmx(\\d+)m\\)");

    enum Settings {
        COMPRESSED_COMPUTATION, CROSS_LAYER, LARGE_TMS;

        Target target() {
            return switch (this) {
                case COMPRESSED_COMPUTATION -> ResidualMlp.untrained(ResidualMlpConfig.paperOneLayer(), 0);
                case CROSS_LAYER -> ResidualMlp.untrained(ResidualMlpConfig.paperTwoLayers(), 0);
                case LARGE_TMS -> Tms.untrained(new TmsConfig(300, 50, 0, 0.01, 1, TmsConfig.paper5to2().training()), 0);
            };
        }

        ApdConfig config() {
            return switch (this) {
                case COMPRESSED_COMPUTATION -> ApdConfig.paperCompressedComputation();
                case CROSS_LAYER -> ApdConfig.paperCrossLayer();
                case LARGE_TMS -> ApdConfig.paperTms40to10().with(c -> {
                    c.components = 200;
                    c.rank = 10;
                    c.batch = 64;
                });
            };
        }
    }

    /** Trains three steps, or prints why not. */
    public static final class Trainer {

        public static void main(String[] arguments) {
            var settings = Settings.valueOf(arguments[0]);
            Target target = settings.target();
            try {
                System.out.println(Apd.decompose(target, settings.config(), 0).train(3).step());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunTooLargeForTheHeapIsRefusedWithASufficientHeap(Settings settings) throws Exception {
        String refusal = train(settings, "-Xmx96m");
        Matcher named = NUMBER_NEEDED.matcher(refusal);
        assertTrue(named.find(), refusal);
        assertEquals(1, refusal.lines().count(), refusal);
        assertEquals("3", train(settings, "-Xmx" + named.group(1) + "m").strip());
    }

    /** Trains three steps, saved by itself after each; prints what goes wrong. */
    public static final class Saver {

        public static void main(String[] arguments) throws Exception {
            var settings = Settings.valueOf(arguments[0]);
            Path file = Path.of(arguments[1]);
            DecompositionRun<ApdConfig> run = Apd.decompose(settings.target(), settings.config().with(c -> c.steps = 3), 0);
            Autosave.of(run, file, 0, save -> System.out.println(save.failure() == null ? "saved" : save.failure()));
            while (!run.isFinished()) {
                run.train(1); // is saved while the next step is done
            }
            Autosave.await(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNamedHeapSufficesForSaving(Settings settings, @TempDir Path folder) throws Exception {
        Matcher named = NUMBER_NEEDED.matcher(train(settings, "-Xmx96m"));
        assertTrue(named.find());
        Path file = folder.resolve("run.npz");
        String said = OwnProcess.outputOf(OwnProcess.of(Saver.class, List.of("-Xmx" + named.group(1) + "m"), settings, file));
        assertEquals(List.of("saved", "saved", "saved"), said.lines().toList(), said);
        assertEquals(3, Apd.load(file).step());
    }

    private static String train(Settings settings, String heap) throws Exception {
        return OwnProcess.outputOf(OwnProcess.of(Trainer.class, List.of(heap), settings));
    }

    /** Reads a file, or prints why not. */
    public static final class FileReader {

        public static void main(String[] arguments) {
            try {
                System.out.println(Npz.read(Path.of(arguments[0])).keySet());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aSmallFileThatUnpacksToMoreThanTheHeapIsRefused(@TempDir Path folder) throws Exception {
        Path bomb = folder.resolve("bomb.npz");
        long values = 100_000_000;
        try (var zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            String header = String.format(Locale.ROOT, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }", values);
            String padded = header + " ".repeat(117 - header.length()) + "\n";
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
            zip.write(padded.getBytes(StandardCharsets.US_ASCII));
            byte[] zeros = new byte[1 << 20];
            for (long left = values * Float.BYTES; left > 0; left -= zeros.length) {
                zip.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
        }
        assertTrue(Files.size(bomb) < 500_000, "the file should be small, not " + Files.size(bomb));
        String said = OwnProcess.outputOf(OwnProcess.of(FileReader.class, List.of("-Xmx512m"), bomb)).strip();
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains("bomb.npz") && said.contains("of the Java heap") && said.contains("-Xmx"), said);
    }
}
