package org.apd4j.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apd4j.training.internal.Outcome;

/** Writes the results of runs and measures to a folder while a notebook is executed. */
final class ResultRecorder {

    private static final String ENDING = ".npz";

    private final Path folder;
    private final Results.Origin origin;

    ResultRecorder(Path folder, Results.Origin origin) {
        this.folder = folder;
        this.origin = origin;
    }

    Results.Origin origin() {
        return origin;
    }

    /**
     * Records states of a run. States that were recorded of the same run before are kept, since another object may have trained a part of it.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    synchronized <R extends Run<?> & Saveable<?>> void record(R run, Outcome outcome, List<ResultFile.State> states) {
        Path file = folder.resolve(RunFolder.nameOf(run) + ENDING);
        ResultFile.Records records = ResultFile.Records.of(run.history());
        Map<Integer, ResultFile.State> all = new TreeMap<>();
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                ResultFile before = ResultFile.read(file);
                all.putAll(before.states());
                records = all.keySet().stream().anyMatch(step -> step > run.step()) ? before.records() : records;
            }
            states.forEach(state -> all.put(state.step(), state));
            ResultFile.write(file, new ResultFile.Description(ResultFile.FORMAT, ResultFile.VERSION, run.name(), run.fingerprint(), outcome.settings(),
                    origin, outcome.provenance(), run.history().names(), run.steps(), outcome.note()), records, all);
        } catch (IOException e) {
            throw notRecorded(run.name(), e);
        }
    }

    /**
     * Records a value.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    synchronized void record(String name, String fingerprint, JsonNode value) {
        try {
            Files.createDirectories(folder);
            ValueFile.write(folder.resolve(ResultFolder.nameOf(name, fingerprint) + ENDING), name, fingerprint, origin, value);
        } catch (IOException e) {
            throw notRecorded(name, e);
        }
    }

    /**
     * Records a result that was recorded before, as it is: it keeps its origin.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    synchronized void keep(Path result) {
        Path file = folder.resolve(result.getFileName());
        try {
            Files.createDirectories(folder);
            if (Files.notExists(file) || !Files.isSameFile(result, file)) {
                Path draft = Files.createTempFile(folder, "taken", ".tmp");
                Files.copy(result, draft, StandardCopyOption.REPLACE_EXISTING);
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw notRecorded(result.getFileName().toString(), e);
        }
    }

    private static UncheckedIOException notRecorded(String name, IOException e) {
        return new UncheckedIOException("the result of " + name + " could not be recorded: " + e.getMessage(), e);
    }
}
