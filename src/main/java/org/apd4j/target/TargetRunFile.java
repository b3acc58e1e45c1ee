package org.apd4j.target;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.Json;
import org.apd4j.io.NpyArray;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;

/** A target's training in a file: the target as {@link TargetFile} has it, and what {@link RunArrays} says. */
final class TargetRunFile {

    private static final String FORMAT = "apd4j target run";
    private static final int VERSION = 1;
    private static final Json JSON = new Json(TargetFile.TYPES);

    record Description(String format, int version, Provenance provenance, TrainingConfig config, List<String> losses,
                               TargetFile.Description target) {
    }

    /** All that goes into the file, as it was between two steps. */
    record Snapshot(Description description, Map<String, NpyArray> arrays) {
    }

    private TargetRunFile() {
    }

    static Snapshot snapshot(TargetRun run) {
        Target target = run.target();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        TargetFile.put(target, arrays);
        RunArrays.put(run, run.optimizer(), blocks(target.network()), arrays);
        return new Snapshot(new Description(FORMAT, VERSION, run.provenance(), run.config(), run.history().names(),
                TargetFile.describe(target)), arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, JSON.write(snapshot.description()), snapshot.arrays());
    }

    /** The shapes of what the run trains. */
    private static Map<String, int[]> blocks(Network network) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            if (parameter.role() != Parameter.Role.FIXED) {
                shapes.put(parameter.name(), new int[] {parameter.values().rows(), parameter.values().columns()});
            }
        }
        return shapes;
    }

    static TargetRun load(Path path, Workers workers) throws IOException {
        ArrayFile file = ArrayFile.read(path, JSON, FORMAT, VERSION);
        Description description = file.description(Description.class);
        Provenance provenance = description.provenance();
        Target target = TargetFile.take(file, description.target());
        RunArrays arrays = RunArrays.take(file, blocks(target.network()), description.losses(), provenance);
        file.checkNothingLeft();
        return file.make(() -> {
            TargetRun run = new TargetRun(target, description.config(), provenance.seed(), workers);
            arrays.restore(run, run.optimizer());
            run.comesFrom(provenance);
            return run;
        });
    }
}
