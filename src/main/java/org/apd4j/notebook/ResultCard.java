package org.apd4j.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apd4j.experiments.Profile;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Results;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * The result of a notebook at its top: paper beside ours from the last run with the paper's settings, the commit that it ran, and how long it took. The
 * numbers stand in a file beside the notebook, which {@link #keep} writes at the end of such a run.
 *
 * <pre>{@code
 * var card = ResultCard.of("01-toy-model-of-superposition", Profile.PAPER);
 * card.table();                                          // at the top: the committed result
 * card.keep(TmsExperiment.fiveToTwo(Profile.PAPER).check(List.of(run))); // at the end: this run's
 * }</pre>
 *
 * @param file    where the result is kept
 * @param profile the profile of this run
 * @param started when it began, in nanoseconds of the system's clock
 */
public record ResultCard(Path file, Profile profile, long started) {

    private static final Path FOLDER = Path.of("cards");

    /**
     * Returns the card of a notebook.
     *
     * @param name    of its file in the folder {@code cards}, without ending
     * @param profile the profile of this run
     */
    public static ResultCard of(String name, Profile profile) {
        return new ResultCard(FOLDER.resolve(name + ".csv"), profile, System.nanoTime());
    }

    /** Returns the kept result; a table that says so if none is kept. */
    public Table table() {
        if (!Files.exists(file)) {
            return NumberTable.named("No result yet").texts("what to do", List.of("a run with the profile PAPER writes it to " + file)).build();
        }
        try {
            String text = Files.readString(file);
            int end = text.indexOf('\n');
            Table table = Table.read().usingOptions(CsvReadOptions.builderFromString(text.substring(end + 1)).header(true)
                    .columnTypes(column -> ColumnType.STRING));
            table.setName(text.substring(2, end).strip());
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Keeps a result, if this run has the paper's settings; in any case returns it.
     *
     * @param result such as {@link org.apd4j.experiments.TmsExperiment#check}
     * @throws UncheckedIOException if it cannot be written
     */
    public Table keep(Table result) {
        if (profile == Profile.PAPER) {
            long minutes = Math.max(1, Math.round((System.nanoTime() - started) / 60e9));
            String where = Results.recordedAs().map(Results.Origin::toString).orElse(profile.name());
            String heading = String.format(Locale.ROOT, "# %s. Profile %s, %d minute%s.\n", result.name(), where, minutes, minutes == 1 ? "" : "s");
            String text = heading + NumberTable.csv(result);
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
        return result;
    }
}
