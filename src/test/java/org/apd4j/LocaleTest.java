package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Results do not depend on the machine's locale or charset: the compiled classes call no method that uses the default ones. In Turkish
 * {@code "TRAINED".toLowerCase()} is "traıned", in German {@code String.format("%.1f", 0.5)} is "0,5".
 */
class LocaleTest {

    /** As {@code javap} writes them; a call that names its locale or charset has another signature. */
    private static final List<String> FORBIDDEN = List.of("java/lang/String.toLowerCase:()", "java/lang/String.toUpperCase:()",
            "java/lang/String.format:(Ljava/lang/String;", "java/lang/String.formatted:(", "java/lang/String.getBytes:()",
            "java/lang/String.\"<init>\":([B)", "java/util/Formatter.\"<init>\":()", "java/util/Formatter.\"<init>\":(Ljava/lang/Appendable;)",
            "java/io/PrintStream.printf:(Ljava/lang/String;", "java/io/PrintStream.format:(Ljava/lang/String;",
            "java/io/PrintWriter.printf:(Ljava/lang/String;", "java/io/PrintWriter.format:(Ljava/lang/String;",
            "java/time/format/DateTimeFormatter.ofPattern:(Ljava/lang/String;)", "java/text/DecimalFormat.\"<init>\":(Ljava/lang/String;)",
            "java/text/SimpleDateFormat.\"<init>\":(Ljava/lang/String;)", "java/text/NumberFormat.getInstance:()",
            "java/text/MessageFormat.format:(Ljava/lang/String;", "java/io/InputStreamReader.\"<init>\":(Ljava/io/InputStream;)",
            "java/io/OutputStreamWriter.\"<init>\":(Ljava/io/OutputStream;)", "java/io/FileReader.\"<init>\":(Ljava/lang/String;)",
            "java/io/FileWriter.\"<init>\":(Ljava/lang/String;)");

    @Test
    void noClassDependsOnTheLocaleOrCharsetOfTheMachine() throws IOException, URISyntaxException {
        Path classes = Path.of(Summary.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> arguments = new ArrayList<>(List.of("-c", "-p"));
        try (Stream<Path> files = Files.walk(classes)) {
            files.map(Path::toString).filter(file -> file.endsWith(".class")).forEach(arguments::add);
        }
        assertTrue(arguments.size() > 200, "there are only " + arguments.size() + " classes in " + classes);
        assertEquals(new TreeSet<String>(), calls(arguments));
    }

    @Test
    void callsThatDependOnTheLocaleAreFound() throws URISyntaxException {
        Path classes = Path.of(LocaleTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        TreeSet<String> found = calls(List.of("-c", "-p", classes.resolve(Careless.class.getName().replace('.', '/') + ".class").toString()));
        assertEquals(2, found.size(), found.toString());
    }

    /** Calls two things that depend on the locale. */
    private static final class Careless {
        private String text(double value) {
            return String.format("%f", value).toLowerCase();
        }
    }

    private static TreeSet<String> calls(List<String> arguments) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        out.flush();
        var found = new TreeSet<String>();
        String type = "";
        for (String line : text.toString().lines().toList()) {
            if (line.endsWith("{")) {
                type = line.replaceAll("^.*?(org\\.apd4j[\\w.$]*).*$", "$1");
            }
            for (String call : FORBIDDEN) {
                if (line.contains("Method " + call)) {
                    found.add(type + " calls " + call);
                }
            }
        }
        return found;
    }
}
