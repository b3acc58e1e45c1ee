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
 * A run that can be kept in a file: what {@link Autosave} saves.
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

    /** Steps done. */
    int step();

    /**
     * Writes the whole run to a file. Any thread may call it, while the run trains too: the state saved is that between two steps. The file
     * is the previous one or the new one, whatever fails.
     *
     * @param file its name ends with {@code .npz}
     * @throws IllegalArgumentException if it does not, or the run holds something that files cannot describe
     * @throws IOException              if the file cannot be written
     */
    void save(Path file) throws IOException;

    /**
     * Another run of this kind, as it was saved.
     *
     * @throws IOException if there is no such file, or anything in it is not as it should be
     */
    R saved(Path file) throws IOException;

    /**
     * What sets this run apart from another, in words that follow "differs in": its settings, its seed, its target. Empty if the two would come to
     * the same end, however far each of them is.
     */
    Optional<String> difference(R other);

    /** The number of digits of a {@link #fingerprint()}. */
    int DIGITS = 8;

    /**
     * Eight hexadecimal digits that are the same, on every day and machine, for runs without a {@link #difference}, and differ for nearly all others.
     * It is made of settings by name, so that a setting that is added later does not change it.
     */
    String fingerprint();

    /** The fingerprint by which earlier versions of this library named files of such a run; different runs may share it. */
    default String formerFingerprint() {
        return fingerprint();
    }

    /**
     * The fingerprint of earlier versions of this library.
     *
     * @param parts each with a text that says all of it: records, numbers, names, lists of them
     */
    static String fingerprintOf(Object... parts) {
        CRC32 sum = new CRC32();
        sum.update(Arrays.toString(parts).getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    /** The difference of two settings of one kind and of the seeds, {@link #difference(Record, Record)} or "the seed (0 here, 1 there)". */
    static <S extends Record> Optional<String> difference(S here, long seedHere, S there, long seedThere) {
        return difference(here, there)
                .or(() -> seedHere == seedThere ? Optional.empty() : Optional.of("the seed (" + seedHere + " here, " + seedThere + " there)"));
    }

    /** The difference of two settings of one kind, "steps (2000 here, 1000 there)"; empty if they are equal. */
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
