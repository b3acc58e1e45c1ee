package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the library stand one above the other. */
class RoomsTest {

    /** From the ground up; a room may import those before it. */
    private static final List<String> ROOMS = List.of("kernel", "io", "network", "data", "training", "target", "decomposition", "measures",
            "tables", "figures", "experiments", "notebook");
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?org\\.apd4j\\.([a-z]+)\\.");
    private static final Path SOURCES = Path.of("src/main/java/org/apd4j");

    @Test
    void importsRunOneWayFromExperimentsDownToKernels() throws IOException {
        var wrong = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String room = file.getParent().equals(SOURCES) ? "" : SOURCES.relativize(file).getName(0).toString();
                IMPORT.matcher(Files.readString(file)).results().map(found -> found.group(1))
                        .filter(imported -> ROOMS.indexOf(imported) > ROOMS.indexOf(room))
                        .forEach(imported -> wrong.add(file.getFileName() + " in '" + room + "' imports from '" + imported + "'"));
            }
        }
        assertEquals(new TreeSet<String>(), wrong);
    }

    @Test
    void everyPackageIsARoom() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> packages = files.filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
            assertTrue(ROOMS.containsAll(packages), packages + " against " + ROOMS);
        }
    }
}
