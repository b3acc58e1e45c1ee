package org.apd4j.targets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.internal.TargetFile;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;
import org.jspecify.annotations.Nullable;

/** The file format of a target's training: the target as {@link TargetFile} stores it, and the state as {@link RunArrays} stores it. */
final class TargetRunFile {

    private static final String FORMAT = "apd4j target run";
    private static final int VERSION = 1;
    /** The array with the digest of the parameters before the first step, {@code |u1 [16]}. */
    private static final String INITIAL = "initial_values";
    private static final Json JSON = new Json(TargetFile.TYPES);

    record Description(String format, int version, Provenance provenance, TrainingConfig config, List<String> losses,
                               TargetFile.Description target) {
    }

    /** The complete content of the file, taken between two steps. */
    record Snapshot(Description description, Map<String, NpyArray> arrays) {
    }

    private TargetRunFile() {
    }

    static Snapshot snapshot(TargetRun run) {
        TargetFile.Description target = TargetFile.describe(run.trained());
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        TargetFile.put(run.trained(), arrays);
        RunArrays.put(run, run.optimizer(), blocks(target.network(), run.config()), arrays);
        String digest = run.initialValues();
        if (digest != null) {
            byte[] initial = HexFormat.of().parseHex(digest);
            arrays.put(INITIAL, NpyArray.of(initial, initial.length));
        }
        return new Snapshot(new Description(FORMAT, VERSION, run.provenance(), run.config(), run.history().names(), target), arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, JSON, snapshot.description(), snapshot.arrays(), Parts::take);
    }

    /**
     * The checked content of a file. Loading builds a run from it; saving reads it back before the file counts as written.
     *
     * @param initial digest of the parameters before the first step; null in older files, which do not have it
     */
    private record Parts(Description description, TargetFile.Parts target, RunArrays arrays, @Nullable String initial) {

        static Parts take(ArrayFile file) throws IOException {
            Description description = file.description(Description.class);
            TargetFile.Parts target = TargetFile.parts(file, description.target());
            RunArrays arrays = RunArrays.take(file, blocks(description.target().network(), description.config()), description.losses(),
                    description.provenance());
            int length = file.length(INITIAL); // 0 in older files
            @Nullable String initial = length == 0 ? null : HexFormat.of().formatHex(file.take(INITIAL, NpyArray.Type.UINT8, length).toBytes());
            file.checkNothingLeft();
            return new Parts(description, target, arrays, initial);
        }
    }

    /** Returns the shapes of the optimiser's blocks by name: the trained parameters, and further uses of shared ones that have moments of their own. */
    private static Map<String, int[]> blocks(TargetFile.NetworkDescription network, TrainingConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (TargetFile.Shape parameter : network.parameters(Parameter.Role.TRAINED)) {
            shapes.put(parameter.name(), new int[] {parameter.rows(), parameter.columns()});
        }
        if (config.sharing() == TrainingConfig.Sharing.ONE_BY_ONE) {
            Set<String> used = new HashSet<>();
            for (Network.Node node : network.nodes()) {
                boolean isLayer = node instanceof Network.Linear || node instanceof Network.Bias;
                if (isLayer && shapes.containsKey(node.uses().get(0)) && !used.add(node.uses().get(0))) {
                    shapes.put(TargetRun.anotherUse(node.uses().get(0), node.name()), shapes.get(node.uses().get(0)));
                }
            }
        }
        return shapes;
    }

    static TargetRun load(Path path, Workers workers) throws IOException {
        return ArrayFile.read(path, JSON, FORMAT, VERSION, file -> {
            TargetFile.bringUpToDate(file);
            file.object("config").ifPresent(config -> {
                if (!config.has("sharing")) {
                    config.put("sharing", "sum"); // files written before the setting existed
                }
            });
            Parts parts = Parts.take(file);
            Description description = parts.description();
            TargetRun run = new TargetRun(parts.target().target(), description.config(), description.provenance().seed(), workers);
            parts.arrays().restore(run, run.optimizer());
            run.comesFrom(description.provenance(), parts.initial());
            return run;
        });
    }
}
