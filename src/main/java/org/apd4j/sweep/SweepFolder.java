package org.apd4j.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.internal.RunFingerprint;
import org.apd4j.targets.Target;
import org.apd4j.training.RunFolder;

/** The numbers of finished runs in a folder, under names that are fingerprints of all that the numbers depend on. */
final class SweepFolder {

    private static final int DIGITS = 24;
    /** Samples by which earlier versions told one kind of data from another. */
    private static final int SAMPLES = 100;

    private final RunFolder folder;

    /** @param folder created when numbers are saved */
    SweepFolder(Path folder) {
        this.folder = RunFolder.of(folder);
    }

    /**
     * Returns the numbers of a run; empty if there are none.
     *
     * @throws IOException if they are damaged
     */
    <S extends Record & DecompositionSettings> Optional<Map<String, Double>> read(DecompositionMethod<S> method, Target target, S settings, long seed,
                                                                                 Collection<String> measures) throws IOException {
        Optional<Map<String, Double>> numbers = folder.numbers(name(method, target, settings, seed, measures));
        return numbers.isPresent() ? numbers : folder.numbers(formerName(method, target, settings, seed, measures));
    }

    <S extends Record & DecompositionSettings> void write(DecompositionRun<S> run, Collection<String> measures, Map<String, Double> numbers)
            throws IOException {
        folder.saveNumbers(name(run.method(), run.target(), run.config(), run.seed(), measures), run.target().name(), run.config().toString(), run.seed(),
                numbers);
    }

    private static <S extends Record & DecompositionSettings> String name(DecompositionMethod<S> method, Target target, S settings, long seed,
                                                                          Collection<String> measures) {
        return RunFingerprint.of(method, target, settings, seed).add("measures", List.copyOf(measures)).digits(DIGITS);
    }

    /** Returns the name that earlier versions gave: a digest of the settings' text, which every new setting changed. */
    private static <S extends Record & DecompositionSettings> String formerName(DecompositionMethod<S> method, Target target, S settings, long seed,
                                                                                Collection<String> measures) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        digest.update(String.join("\n", method.formerText(settings), Long.toString(seed), String.join("\n", measures), target.data().toString(),
                target.network().nodes().toString()).getBytes(StandardCharsets.UTF_8));
        target.network().parameters().forEach(parameter -> update(digest, parameter.values().toArray()));
        update(digest, target.data().sample(0, SAMPLES).toDense().toArray());
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static void update(MessageDigest digest, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes.array());
    }
}
