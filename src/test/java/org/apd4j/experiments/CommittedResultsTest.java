package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.training.Results;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The results that the notebooks show under {@link Profile#LOOK}; that every notebook finds what it needs among them is tested by executing it. */
class CommittedResultsTest {

    private static final Path FOLDER = Path.of("notebooks", "results");
    /** Everybody who clones the project downloads them. */
    private static final long LARGEST = 25_000_000;
    private static final long LARGEST_OF_A_NOTEBOOK = 5_000_000;

    private List<Path> files;

    @BeforeEach
    void list() throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no results have been committed yet");
        try (Stream<Path> all = Files.walk(FOLDER)) {
            files = all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void togetherTheyAreSmallEnoughToBeDownloadedByEverybody() throws IOException {
        Map<Path, Long> ofNotebooks = new HashMap<>();
        for (Path file : files) {
            ofNotebooks.merge(FOLDER.relativize(file).getName(0), Files.size(file), Long::sum);
        }
        long bytes = ofNotebooks.values().stream().mapToLong(size -> size).sum();
        assertTrue(bytes <= LARGEST, bytes + " bytes");
        ofNotebooks.forEach((notebook, size) -> assertTrue(size <= LARGEST_OF_A_NOTEBOOK, notebook + ": " + size + " bytes"));
    }

    /** Those of LONG are few: what PAPER shows without training it. */
    @Test
    void eachCanBeReadAndWasMadeWithThePapersSettings() {
        List<Results.Entry> entries = Results.in(FOLDER);
        assertEquals(files.size(), entries.size(), "a file is damaged or does not belong there");
        entries.forEach(entry -> {
            assertTrue(List.of(Profile.PAPER.name(), Profile.LONG.name()).contains(entry.origin().profile()), entry.file().toString());
            assertTrue(!entry.origin().commit().isBlank() && !entry.origin().machine().isBlank(), entry.file().toString());
        });
        Set<Path> all = folders(entries.stream());
        assertEquals(all, folders(entries.stream().filter(entry -> entry.origin().profile().equals(Profile.PAPER.name()))));
    }

    private static Set<Path> folders(Stream<Results.Entry> entries) {
        return entries.map(entry -> FOLDER.relativize(entry.file()).getName(0)).collect(Collectors.toSet());
    }
}
