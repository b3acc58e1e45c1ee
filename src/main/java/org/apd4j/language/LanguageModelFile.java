package org.apd4j.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apd4j.interaction.internal.TransformerParameters;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;
import org.apd4j.training.internal.ParameterArrays;

/**
 * The file format of a {@link LanguageModelRun}: an array {@code parameter.[name]} for every parameter, the state as {@link RunArrays} stores it, and
 * the tokens of both texts, {@code text} and {@code test}.
 */
final class LanguageModelFile {

    private static final String FORMAT = "apd4j language model run";
    private static final int VERSION = 1;
    private static final String TEXT = "text";
    private static final String TEST = "test";
    private static final Json JSON = new Json(Map.of());

    /** The name of what is trained, as in other files of runs. */
    record Named(String name) {
    }

    record Description(String format, int version, Provenance provenance, LanguageModelConfig config, int vocabulary, List<String> losses,
                       Named target) {
    }

    /** The complete content of the file, taken between two steps. */
    record Snapshot(Description description, Map<String, NpyArray> arrays) {
    }

    private LanguageModelFile() {
    }

    static Snapshot snapshot(LanguageModelRun run) {
        Map<String, NpyArray> arrays = ParameterArrays.of(run.optimizer());
        RunArrays.put(run, run.optimizer(), ParameterArrays.shapes(run.optimizer()), arrays);
        arrays.put(TEXT, NpyArray.of(run.text().shared(), run.text().size()));
        arrays.put(TEST, NpyArray.of(run.test().shared(), run.test().size()));
        return new Snapshot(new Description(FORMAT, VERSION, run.provenance(), run.config(), run.text().vocabulary(), run.history().names(),
                new Named("language model of " + run.text().vocabulary() + " tokens")), arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, JSON, snapshot.description(), snapshot.arrays(), Parts::take);
    }

    /** The checked content of a file. Loading builds a run from it; saving reads it back before the file counts as written. */
    private record Parts(Description description, Map<String, NpyArray> parameters, RunArrays arrays, Corpus text, Corpus test) {

        static Parts take(ArrayFile file) throws IOException {
            Description description = file.description(Description.class);
            Map<String, int[]> shapes = ParameterArrays.shapes(
                    TransformerParameters.of(LanguageModelRun.modelOf(description.config(), description.vocabulary())));
            Map<String, NpyArray> parameters = ParameterArrays.take(file, shapes);
            RunArrays arrays = RunArrays.take(file, shapes, description.losses(), description.provenance());
            Parts parts = new Parts(description, parameters, arrays, corpus(file, TEXT, description), corpus(file, TEST, description));
            file.checkNothingLeft();
            return parts;
        }

        private static Corpus corpus(ArrayFile file, String name, Description description) throws IOException {
            long[] tokens = file.take(name, NpyArray.Type.INT32, file.length(name)).toLongs();
            try {
                return Corpus.of(description.vocabulary(), Arrays.stream(tokens).mapToInt(token -> (int) token).toArray());
            } catch (IllegalArgumentException e) {
                throw file.wrong(name, "is no text: " + e.getMessage());
            }
        }
    }

    static LanguageModelRun load(Path path, Workers workers) throws IOException {
        return ArrayFile.read(path, JSON, FORMAT, VERSION, file -> {
            Parts parts = Parts.take(file);
            Description description = parts.description();
            LanguageModelRun run = LanguageModelRun.of(description.config(), parts.text(), parts.test(), description.provenance().seed(), workers);
            ParameterArrays.restore(parts.parameters(), run.optimizer());
            parts.arrays().restore(run, run.optimizer());
            run.resume(description.provenance());
            return run;
        });
    }
}
