package org.apd4j.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apd4j.io.internal.RecordTable;
import org.apd4j.io.internal.SharedFile;
import org.apd4j.math.internal.Workers;

/**
 * The kind of file that a study keeps its results in: comma-separated values, with one or more lines for each run. The file is complete after every run,
 * so a study can be stopped at any time and goes on with what is missing. Lines that another program adds in the meantime are kept.
 *
 * @param <R> the public record of a line
 */
final class StudyFile<R extends Record> {

    /** How long another program may take to add its lines. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RecordTable<R> table;
    private final String what;
    private final BiPredicate<R, R> same;
    private final Comparator<R> order;

    /**
     * Creates a kind of file.
     *
     * @param what  what such a file is, with its article, for messages
     * @param same  whether two lines may not both be in a file, since one replaces the other
     * @param order of the lines
     */
    StudyFile(Class<R> line, String what, BiPredicate<R, R> same, Comparator<R> order) {
        this.table = new RecordTable<>(line);
        this.what = what;
        this.same = same;
        this.order = order;
    }

    /** What running a task gave: lines for the file, and words for whoever waits. */
    record Finished<R>(List<R> lines, String report) {
    }

    /** Runs a task. */
    interface Runner<T, R> {

        /** Returns what the task gave; empty if it was stopped before it had a result. */
        Optional<Finished<R>> run(T task) throws IOException;
    }

    /** Returns lines in their order. */
    List<R> sorted(List<R> lines) {
        return lines.stream().sorted(order).toList();
    }

    /** Returns lines with a further one, which replaces the one that is the same. */
    List<R> with(List<R> lines, R line) {
        return sorted(Stream.concat(lines.stream().filter(own -> !same.test(own, line)), Stream.of(line)).toList());
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not of this kind; the message names the line
     */
    List<R> read(Path file) throws IOException {
        return sorted(table.read(file, what, same));
    }

    /**
     * Reads a file, or returns no lines if there is none.
     *
     * @throws IOException if it is not of this kind; the message names the line
     */
    List<R> readIfPresent(Path file) throws IOException {
        return Files.exists(file) ? read(file) : List.of();
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    void write(Path file, List<R> lines) throws IOException {
        table.write(file, lines);
    }

    /**
     * Runs tasks, one a core, so that their times can be compared, and adds the lines of each to a file, which is created if there is none.
     *
     * @param report is told of every task whose lines are in the file
     * @return everything in the file
     * @throws IOException if the file cannot be read or written to, or a task throws it
     */
    <T> List<R> complete(Path file, List<T> tasks, Runner<T, R> runner, Consumer<String> report) throws IOException {
        try {
            Workers.together(tasks.size(), i -> {
                try {
                    Optional<Finished<R>> finished = runner.run(tasks.get(i));
                    if (finished.isPresent()) {
                        add(file, finished.get().lines());
                        report.accept(finished.get().report());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return readIfPresent(file);
    }

    /** Adds lines to what the file holds now: another program may have added some since the last ones. */
    private synchronized void add(Path file, List<R> lines) throws IOException {
        new SharedFile(file, PATIENCE).alone(changed -> {
            List<R> all = readIfPresent(file);
            for (R line : lines) {
                all = with(all, line);
            }
            write(file, all);
        });
    }
}
