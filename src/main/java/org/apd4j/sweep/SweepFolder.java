package org.apd4j.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.io.internal.Json;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;
import org.apd4j.targets.internal.TargetDifference;

/**
 * The numbers of finished runs in a folder: one {@code .npz} a run, written atomically, named by a fingerprint of all that the numbers depend on.
 *
 * @param folder made when something is written
 */
record SweepFolder(Path folder) {

    private static final String FORMAT = "apd4j scan result";
    private static final int VERSION = 1;
    private static final String VALUES = "values";
    private static final int FINGERPRINT = 24;
    /** By which one kind of data is told from another. */
    private static final int SAMPLES = 100;
    private static final Json JSON = new Json(Map.of());

    record Description(String format, int version, String target, String settings, long seed, List<String> names) {
    }

    /**
     * Returns the numbers of a run; empty if there are none.
     *
     * @throws IOException if they are damaged
     */
    <S extends Record & DecompositionSettings> Optional<Map<String, Double>> read(DecompositionMethod<S> method, Target target, S config, long seed, Collection<String> measures) throws IOException {
        Path path = path(method, target, config, seed, measures);
        if (Files.notExists(path)) {
            path = formerPath(method, target, config, seed, measures);
        }
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        return Optional.of(ArrayFile.read(path, JSON, FORMAT, VERSION, file -> {
            Description description = file.description(Description.class);
            double[] values = file.take(VALUES, NpyArray.Type.FLOAT64, description.names().size()).toDoubles();
            Map<String, Double> found = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                found.put(description.names().get(i), values[i]);
            }
            return found;
        }));
    }

    <S extends Record & DecompositionSettings> void write(DecompositionRun<S> run, Collection<String> measures, Map<String, Double> found) throws IOException {
        Files.createDirectories(folder);
        var description = new Description(FORMAT, VERSION, run.target().name(), run.config().toString(), run.seed(), List.copyOf(found.keySet()));
        double[] values = found.values().stream().mapToDouble(Double::doubleValue).toArray();
        ArrayFile.write(path(run.method(), run.target(), run.config(), run.seed(), measures), JSON.write(description),
                Map.of(VALUES, NpyArray.of(values, values.length)));
    }

    private <S extends Record & DecompositionSettings> Path path(DecompositionMethod<S> method, Target target, S config, long seed, Collection<String> measures) {
        Fingerprint all = Fingerprint.of("sweep result").add("method", method.name()).add("config", config).add("seed", seed).add("measures", List.copyOf(measures));
        return folder.resolve(TargetDifference.add(target, all, Parameter.Role.values()).digits(FINGERPRINT) + ".npz");
    }

    /** Where earlier versions of this library kept the numbers: by a fingerprint of all settings, those that did not exist then too. */
    private <S extends Record & DecompositionSettings> Path formerPath(DecompositionMethod<S> method, Target target, S config, long seed, Collection<String> measures) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        digest.update(String.join("\n", method.formerText(config), Long.toString(seed), String.join("\n", measures), target.data().toString(),
                target.network().nodes().toString()).getBytes(StandardCharsets.UTF_8));
        target.network().parameters().forEach(parameter -> update(digest, parameter.values().toArray()));
        update(digest, target.data().sample(0, SAMPLES).toDense().toArray());
        return folder.resolve(HexFormat.of().formatHex(digest.digest()).substring(0, FINGERPRINT) + ".npz");
    }

    private static void update(MessageDigest digest, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes.array());
    }
}
