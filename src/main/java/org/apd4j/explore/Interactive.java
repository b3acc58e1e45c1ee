package org.apd4j.explore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apd4j.charts.Figure;
import org.apd4j.explore.internal.Page;
import org.apd4j.io.internal.AtomicFile;

/**
 * An interactive output. A notebook displays it; elsewhere {@link #save} writes a page that a browser opens from disk. Immutable.
 *
 * <pre>{@code
 * Interactive board = Board.of(run);
 * board.save(Path.of("board.html"));
 * }</pre>
 */
public sealed interface Interactive permits PageOutput {

    /** Largest number of characters of an output's HTML. */
    int LARGEST = 400_000;

    /** Returns the title. */
    String title();

    /** Returns the picture that is shown where scripts may not run; its text alternative says what it shows. */
    Figure still();

    /**
     * Returns one self-contained element of HTML: the still picture with a sentence, and a script that replaces both by the interactive output. All
     * scripts and numbers are in it, so outputs do not depend on each other, on a server or on the network.
     */
    String html();

    /**
     * Writes a page with the output alone. The file is complete or not there at all.
     *
     * @throws IllegalArgumentException if the name does not end in .html
     * @throws UncheckedIOException     if it cannot be written
     */
    default void save(Path file) {
        if (!file.getFileName().toString().endsWith(".html")) {
            throw new IllegalArgumentException("cannot save a page as '" + file.getFileName() + "'; the name must end in .html");
        }
        byte[] page = Page.alone(title(), html()).getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.write(file, out -> out.write(page));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
