package org.apd4j.decomposition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.Json;
import org.apd4j.io.NpyArray;
import org.apd4j.kernel.Matrix;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Parameter;
import org.apd4j.network.Wiring;
import org.apd4j.target.Target;
import org.apd4j.target.TargetFile;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;

/**
 * A decomposition's training in a file: the target as {@link TargetFile} has it, {@code factors.[parameter].A} ({@code <f4 [C, d_in, m]}) and
 * {@code factors.[parameter].B} ({@code <f4 [C, m, d_out]}) for every decomposed parameter, and what {@link RunArrays} says.
 */
final class ApdRunFile {

    private static final String FORMAT = "apd4j decomposition run";
    private static final int VERSION = 1;
    private static final String PREFIX = "factors.";
    private static final Json JSON = new Json(types());

    record Description(String format, int version, Provenance provenance, ApdConfig config, List<String> losses,
                               TargetFile.Description target) {
    }

    /** All that goes into the file, as it was between two steps. */
    record Snapshot(Description description, Map<String, NpyArray> arrays) {
    }

    private ApdRunFile() {
    }

    private static Map<Class<?>, Map<String, Class<?>>> types() {
        Map<Class<?>, Map<String, Class<?>>> types = new HashMap<>(TargetFile.TYPES);
        types.put(Sparsity.class, Map.of("batch_top_k", Selection.BatchTopK.class, "per_sample_top_k", Selection.PerSampleTopK.class, "lp",
                LpPenalty.class));
        return types;
    }

    static Snapshot snapshot(ApdRun run) {
        TargetFile.Description target = TargetFile.describe(run.target());
        Description description = new Description(FORMAT, VERSION, run.provenance(), run.config(), run.history().names(), target);
        Map<String, int[]> blocks = blocks(target.network(), run.config());
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        TargetFile.put(run.target(), arrays);
        blocks.forEach((block, shape) -> arrays.put(PREFIX + block, NpyArray.of(run.optimizer().parameter(block).data(), shape)));
        RunArrays.put(run, run.optimizer(), blocks, arrays);
        return new Snapshot(description, arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, JSON, snapshot.description(), snapshot.arrays(), Parts::take);
    }

    /** What a file holds, checked: a run is loaded from such parts, and saved only if they can be had. */
    private record Parts(Description description, TargetFile.Parts target, Map<String, NpyArray> factors, RunArrays arrays) {

        static Parts take(ArrayFile file) throws IOException {
            file.addMissing("config", "projections", 0);
            Description description = file.description(Description.class);
            TargetFile.Parts target = TargetFile.parts(file, description.target());
            Map<String, int[]> blocks = blocks(description.target().network(), description.config());
            Map<String, NpyArray> factors = new HashMap<>();
            for (var block : blocks.entrySet()) {
                factors.put(block.getKey(), file.takeFinite(PREFIX + block.getKey(), block.getValue()));
            }
            RunArrays arrays = RunArrays.take(file, blocks, description.losses(), description.provenance());
            file.checkNothingLeft();
            return new Parts(description, target, factors, arrays);
        }
    }

    /** The shapes of what the run trains. */
    private static Map<String, int[]> blocks(TargetFile.NetworkDescription network, ApdConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (TargetFile.Shape parameter : network.parameters(Parameter.Role.DECOMPOSED)) {
            shapes.put(parameter.name() + ".A", new int[] {config.components(), parameter.rows(), config.rank()});
            shapes.put(parameter.name() + ".B", new int[] {config.components(), config.rank(), parameter.columns()});
        }
        return shapes;
    }

    static ApdRun load(Path path, Workers workers) throws IOException {
        return ArrayFile.read(path, JSON, FORMAT, VERSION, file -> {
            Parts parts = Parts.take(file);
            ApdConfig config = parts.description().config();
            Provenance provenance = parts.description().provenance();
            Target target = parts.target().target();
            ApdRun run = new ApdRun(target, config, provenance.seed(), components(target, config, parts.factors()), workers);
            parts.arrays().restore(run, run.optimizer());
            run.comesFrom(provenance);
            return run;
        });
    }

    private static Components components(Target target, ApdConfig config, Map<String, NpyArray> factors) {
        List<Factors> all = new ArrayList<>();
        for (Parameter parameter : target.network().parameters(Parameter.Role.DECOMPOSED)) {
            all.add(new Factors(parameter.name(), config.components(), rows(factors.get(parameter.name() + ".A")),
                    rows(factors.get(parameter.name() + ".B"))));
        }
        return new Components(Wiring.forDecomposition(target.network()), all);
    }

    /** The components' matrices one below the other. */
    private static Matrix rows(NpyArray factors) {
        int[] shape = factors.shape();
        return Matrix.over(factors.toFloats(), shape[0] * shape[1], shape[2]);
    }
}
