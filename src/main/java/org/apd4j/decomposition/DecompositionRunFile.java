package org.apd4j.decomposition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.Refusal;
import org.apd4j.math.internal.Workers;
import org.apd4j.targets.internal.TargetFile;
import org.apd4j.training.Provenance;
import org.apd4j.training.RunArrays;
import org.apd4j.training.internal.Optimizer;

/**
 * The file format of a decomposition's training: the target as {@link TargetFile} stores it, the method's name and settings, an array
 * {@code factors.[name]} for every trained array, and the state as {@link RunArrays} stores it. Version 1 had a single method, APD.
 */
final class DecompositionRunFile {

    private static final String FORMAT = "apd4j decomposition run";
    private static final int VERSION = 2;
    private static final String METHOD_OF_FIRST_VERSION = "APD";
    private static final String PREFIX = "factors.";

    record Description<S extends Record>(String format, int version, String method, Provenance provenance, S config, List<String> losses,
                                         TargetFile.Description target) {
    }

    /** The complete content of the file, taken between two steps. */
    record Snapshot(Json json, Description<?> description, Map<String, int[]> shapes, Map<String, NpyArray> arrays) {
    }

    private DecompositionRunFile() {
    }

    private static Json json(DecompositionMethod<?> method) {
        Map<Class<?>, Map<String, Class<?>>> types = new HashMap<>(TargetFile.TYPES);
        types.putAll(method.kinds());
        return new Json(types);
    }

    static Snapshot snapshot(DecompositionRun<?> run) {
        Description<?> description = new Description<>(FORMAT, VERSION, run.method().name(), run.provenance(), run.config(), run.history().names(),
                TargetFile.describe(run.target()));
        Optimizer optimizer = run.optimizer();
        Map<String, int[]> shapes = run.blocks();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        TargetFile.put(run.target(), arrays);
        shapes.forEach((block, shape) -> arrays.put(PREFIX + block, NpyArray.of(optimizer.parameter(block).data(), shape)));
        RunArrays.put(run, optimizer, shapes, arrays);
        return new Snapshot(json(run.method()), description, shapes, arrays);
    }

    static void write(Snapshot snapshot, Path file) throws IOException {
        ArrayFile.write(file, snapshot.json(), snapshot.description(), snapshot.arrays(), written -> {
            TargetFile.parts(written, snapshot.description().target());
            Parts.take(written, snapshot.shapes(), snapshot.description().losses(), snapshot.description().provenance());
            written.checkNothingLeft();
            return written;
        });
    }

    /** The checked arrays of a file. Loading builds a run from them; saving reads them back before the file counts as written. */
    private record Parts(Map<String, NpyArray> blocks, RunArrays arrays) {

        static Parts take(ArrayFile file, Map<String, int[]> shapes, List<String> losses, Provenance provenance) throws IOException {
            Map<String, NpyArray> blocks = new LinkedHashMap<>();
            for (var block : shapes.entrySet()) {
                blocks.put(block.getKey(), file.takeFinite(PREFIX + block.getKey(), block.getValue()));
            }
            return new Parts(blocks, RunArrays.take(file, shapes, losses, provenance));
        }
    }

    /** Loads a run of the method that the file names. */
    static DecompositionRun<?> load(Path path, Workers workers) throws IOException {
        return load(methodOf(path), path, workers);
    }

    private static DecompositionMethod<?> methodOf(Path path) throws IOException {
        String name = ArrayFile.descriptionField(path, "method").orElse(METHOD_OF_FIRST_VERSION);
        List<DecompositionMethod<?>> known = methods();
        return known.stream().filter(method -> method.name().equals(name)).findFirst()
                .orElseThrow(() -> new IOException(path + ": is a decomposition by the method '" + Refusal.name(name)
                        + "', which is unknown; known methods are " + known.stream().map(DecompositionMethod::name).toList()));
    }

    private static List<DecompositionMethod<?>> methods() {
        return StreamSupport.stream(ServiceLoader.load(DecompositionMethod.class, DecompositionMethod.class.getClassLoader()).spliterator(), false)
                .<DecompositionMethod<?>>map(method -> method).toList();
    }

    static <S extends Record & DecompositionSettings> DecompositionRun<S> load(DecompositionMethod<S> method, Path path, Workers workers)
            throws IOException {
        return ArrayFile.read(path, json(method), FORMAT, VERSION, file -> {
            file.addMissing("method", METHOD_OF_FIRST_VERSION);
            String name = file.text("method").orElse(method.name());
            if (!name.equals(method.name())) { // checked first, since another method's settings cannot be read
                throw new IOException(path + ": is a decomposition by " + Refusal.name(name) + ", not by " + method.name());
            }
            method.bringUpToDate(file);
            TargetFile.bringUpToDate(file);
            Description<S> description = file.description(Description.class, method.settings());
            Provenance provenance = description.provenance();
            TargetFile.Parts target = TargetFile.parts(file, description.target());
            Parts parts = Parts.take(file, method.blocks(target.trained(), description.config()), description.losses(), provenance);
            file.checkNothingLeft();
            DecompositionRun<S> run = DecompositionRun.begin(method, target.target(), description.config(), provenance.seed(), workers);
            parts.blocks().forEach((block, values) -> values.copyTo(run.optimizer().parameter(block).data()));
            parts.arrays().restore(run, run.optimizer());
            run.comesFrom(provenance);
            return run;
        });
    }
}
