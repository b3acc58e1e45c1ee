package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FontsTest {

    /** What a program does that meets a machine without fonts. */
    public static final class Drawing {
        public static void main(String[] arguments) {
            System.setProperty("java.awt.headless", "true");
            for (int i = 0; i < 2; i++) { // Java fails in another way the second time
                try {
                    System.out.println("drawn " + Charts.bars("Bars", "x", List.of("a"), "y", List.of(new Series("s", 1))).png().length);
                } catch (Throwable e) {
                    System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
                }
            }
        }
    }

    @Test
    void withoutFontsFiguresSayWhatToInstallEveryTime(@TempDir Path folder) throws Exception {
        Path configuration = Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Drawing.class.getName()).redirectErrorStream(true);
        builder.environment().put("FONTCONFIG_FILE", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        List<String> lines = output.lines().toList();
        assertEquals(2, lines.size(), output);
        for (String line : lines) { // some Javas bring fonts of their own, or look for them elsewhere
            assertTrue(line.startsWith("drawn ") || line.startsWith("IllegalStateException: Java finds no font on this machine")
                    && line.contains("sudo apt install fontconfig fonts-dejavu-core"), output);
        }
    }

    @Test
    void everyErrorOfMissingFontsIsExplained() {
        for (Throwable thrown : List.of(new RuntimeException("Fontconfig head is null"),
                new InternalError("Probable fatal error:No physical fonts found."),
                new UnsatisfiedLinkError("libfreetype.so.6"), new NoClassDefFoundError("sun/awt/X11FontManager"))) {
            var refused = assertThrows(IllegalStateException.class, () -> Fonts.check(() -> FontsTest.<RuntimeException>sneak(thrown)));
            assertTrue(refused.getMessage().contains("fonts-dejavu-core"), refused.getMessage());
            assertEquals(thrown, refused.getCause());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
