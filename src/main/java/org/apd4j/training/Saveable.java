package org.apd4j.training;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.zip.CRC32;
import org.apd4j.io.internal.Fingerprint;

/**
 * A run that can be saved to a file and compared with a saved one. {@link Autosave} and {@link RunFolder} save such runs.
 *
 * <pre>{@code
 * run.save(Path.of("tms.npz"));
 * var again = run.saved(Path.of("tms.npz"));
 * System.out.println(run.difference(again).orElse("the same run, at step " + again.step()));
 * }</pre>
 *
 * @param <R> the kind of run
 */
public interface Saveable<R extends Saveable<R>> {

    /** Returns the number of steps done. */
    int step();

    /**
     * Writes the whole run to a file. Any thread may call it, even while the run trains: the state saved is that between two steps. Whatever fails,
     * the file is the previous one or the new one, whole.
     *
     * @param file its name ends with {@code .npz}
     * @throws IllegalArgumentException if it does not, or the run holds something that files cannot describe
     * @throws IOException              if the file cannot be written
     */
    void save(Path file) throws IOException;

    /**
     * Returns a run of this kind as it was saved.
     *
     * @throws IOException if there is no such file, or it is damaged or of another kind
     */
    R saved(Path file) throws IOException;

    /**
     * Returns what sets this run apart from another, in words that follow "differs in": its settings, its seed, its target. Empty if the two come to
     * the same end, however many steps each has done.
     */
    Optional<String> difference(R other);

    /** The number of digits of a {@link #fingerprint}. */
    int DIGITS = 8;

    /**
     * Returns eight hexadecimal digits that are the same on every machine for runs without a {@link #difference}, and differ for nearly all others.
     * They are computed from settings by name, so that a setting that a later version adds does not change them.
     */
    String fingerprint();

    /** Returns the fingerprint by which earlier versions of this library named the run's file; different runs may share it. */
    default String formerFingerprint() {
        return fingerprint();
    }

    /**
     * Returns the fingerprint of earlier versions of this library.
     *
     * @param parts records, numbers, names or lists of them: their texts are what counts
     */
    static String fingerprintOf(Object... parts) {
        CRC32 sum = new CRC32();
        sum.update(Arrays.toString(parts).getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    /** Returns the difference of two settings, as {@link #difference(Record, Record)} does, or of the seeds, "the seed (0 here, 1 there)". */
    static <S extends Record> Optional<String> difference(S here, long seedHere, S there, long seedThere) {
        return difference(here, there)
                .or(() -> seedHere == seedThere ? Optional.empty() : Optional.of("the seed (" + seedHere + " here, " + seedThere + " there)"));
    }

    /** Returns the difference of two settings of one kind, "steps (2000 here, 1000 there)"; empty if they are equal. */
    static <S extends Record> Optional<String> difference(S here, S there) {
        var differences = new StringJoiner(", ");
        for (RecordComponent component : here.getClass().getRecordComponents()) {
            Object own = Fingerprint.value(component, here);
            Object other = Fingerprint.value(component, there);
            if (!Objects.deepEquals(own, other)) {
                differences.add(component.getName() + " (" + own + " here, " + other + " there)");
            }
        }
        return differences.length() == 0 ? Optional.empty() : Optional.of(differences.toString());
    }
}
