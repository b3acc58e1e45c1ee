package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFileTest {

    /** A line of the tests' files. */
    public record Line(String name, int seed, double value) {
    }

    private static final StudyFile<Line> FILE = new StudyFile<>(Line.class, "a file of a test", (one, other) -> one.name().equals(other.name())
            && one.seed() == other.seed(), Comparator.comparing(Line::name).thenComparing(Line::seed));

    @TempDir
    private Path folder;

    private static Optional<StudyFile.Finished<Line>> finished(int task) {
        return Optional.of(new StudyFile.Finished<>(List.of(new Line("square", task, task * task), new Line("cube", task, task * task * task)),
                "task " + task));
    }

    @Test
    void everyTaskAddsItsLinesInTheOrderOfTheFile() throws IOException {
        Path file = folder.resolve("lines.csv");
        FILE.write(file, List.of(new Line("square", 9, 81)));
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        List<Line> all = FILE.complete(file, List.of(3, 1, 2), StudyFileTest::finished, told::add);
        assertEquals(List.of("cube 1", "cube 2", "cube 3", "square 1", "square 2", "square 3", "square 9"),
                all.stream().map(line -> line.name() + " " + line.seed()).toList());
        assertEquals(all, FILE.read(file));
        assertEquals(List.of("task 1", "task 2", "task 3"), told.stream().sorted().toList());
    }

    @Test
    void aLineReplacesTheOneThatIsTheSame() throws IOException {
        Path file = folder.resolve("lines.csv");
        FILE.write(file, List.of(new Line("square", 3, -1)));
        FILE.complete(file, List.of(3), StudyFileTest::finished, told -> { });
        assertEquals(List.of(new Line("cube", 3, 27), new Line("square", 3, 9)), FILE.read(file));
    }

    /** A task that was stopped adds nothing, and one that fails takes nothing with it that another has added. */
    @Test
    void whatWasAddedBeforeATaskFailsIsInTheFile() throws IOException {
        Path file = folder.resolve("lines.csv");
        FILE.complete(file, List.of(1), StudyFileTest::finished, told -> { });
        IOException failure = assertThrows(IOException.class, () -> FILE.complete(file, List.of(2), task -> {
            throw new IOException("the disk is full");
        }, told -> { }));
        assertEquals("the disk is full", failure.getMessage());
        List<String> told = new ArrayList<>();
        FILE.complete(file, List.of(2), task -> Optional.empty(), told::add);
        assertTrue(told.isEmpty());
        assertEquals(List.of(1, 1), FILE.readIfPresent(file).stream().map(Line::seed).toList());
    }

    @Test
    void whatAnotherProgramAddsMeanwhileStaysInTheFile() throws IOException {
        Path file = folder.resolve("lines.csv");
        List<Line> all = FILE.complete(file, List.of(1), task -> {
            FILE.write(file, List.of(new Line("square", 7, 49)));
            return finished(task);
        }, told -> { });
        assertEquals(List.of(new Line("cube", 1, 1), new Line("square", 1, 1), new Line("square", 7, 49)), all);
        assertEquals(all, FILE.read(file));
    }

    @Test
    void aFileThatIsNotThereHasNoLines() throws IOException {
        assertEquals(List.of(), FILE.readIfPresent(folder.resolve("none.csv")));
        assertThrows(IOException.class, () -> FILE.read(folder.resolve("none.csv")));
    }
}
