package org.apd4j.interaction;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apd4j.interaction.internal.AdditionShape;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.math.internal.Workers;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;
import org.apd4j.training.internal.ParameterArrays;

/**
 * The file format of a {@link ModularAdditionRun}: an array {@code parameter.[name]} for every parameter, the state as {@link RunArrays} stores it, and the
 * step before which the network had learned ({@code learned}, −1 if it had not).
 */
final class ModularAdditionFile {

    static final String LEARNED = "learned";

    private static final String FORMAT = "apd4j modular addition run";
    private static final int VERSION = 1;
    private static final Json JSON = new Json(Map.of());

    /** The name of what is trained, as in other files of runs. */
    record Named(String name) {
    }

    record Description(String format, int version, Provenance provenance, ModularAdditionConfig config, List<String> losses, Named target) {
    }

    /** The complete content of the file, taken between two steps. */
    record Snapshot(Description description, Map<String, NpyArray> arrays) {
    }

    private ModularAdditionFile() {
    }

    static Snapshot snapshot(ModularAdditionRun run) {
        Map<String, NpyArray> arrays = ParameterArrays.of(run.optimizer());
        RunArrays.put(run, run.optimizer(), ModularAdditionRun.shapeOf(run.config()).parameters(), arrays);
        arrays.put(LEARNED, NpyArray.of(new int[] {run.learnedStep()}));
        return new Snapshot(new Description(FORMAT, VERSION, run.provenance(), run.config(), run.history().names(),
                new Named("addition modulo " + run.config().task().p())), arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, JSON, snapshot.description(), snapshot.arrays(), Parts::take);
    }

    /** The checked content of a file. Loading builds a run from it; saving reads it back before the file counts as written. */
    private record Parts(Description description, Map<String, NpyArray> parameters, RunArrays arrays, int learned) {

        static Parts take(ArrayFile file) throws IOException {
            Description description = file.description(Description.class);
            AdditionShape shape = ModularAdditionRun.shapeOf(description.config());
            Map<String, NpyArray> parameters = ParameterArrays.take(file, shape.parameters());
            RunArrays arrays = RunArrays.take(file, shape.parameters(), description.losses(), description.provenance());
            int learned = (int) file.take(LEARNED, NpyArray.Type.INT32).toLongs()[0];
            if (learned < -1 || learned >= Math.max(1, description.provenance().step())) {
                throw file.wrong(LEARNED, "holds " + learned + "; it must be −1 or a step that was done");
            }
            file.checkNothingLeft();
            return new Parts(description, parameters, arrays, learned);
        }
    }

    static ModularAdditionRun load(Path path, Workers workers) throws IOException {
        return ArrayFile.read(path, JSON, FORMAT, VERSION, file -> {
            Parts parts = Parts.take(file);
            Description description = parts.description();
            ModularAdditionRun run = ModularAdditionRun.of(description.config(), description.provenance().seed(), workers);
            ParameterArrays.restore(parts.parameters(), run.optimizer());
            parts.arrays().restore(run, run.optimizer());
            run.resume(description.provenance(), parts.learned());
            return run;
        });
    }
}
