package org.apd4j.notebook.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apd4j.training.Saveable;

/**
 * What a kept file is to a run that is made anew.
 *
 * @param step  steps that were done, if the run can go on from there or it is not known whether it can; else 0
 * @param fault why it cannot; null if it can
 */
public record KeptState(int step, String fault) {

    /** Reads the file: a description beside it may be missing, or of another save. */
    public static KeptState of(Saveable<?> run, Path file) {
        return read(run, file);
    }

    private static <R extends Saveable<R>> KeptState read(Saveable<R> run, Path file) {
        try {
            R kept = run.saved(file);
            Optional<String> difference = run.difference(kept);
            return difference.map(what -> new KeptState(0, file + " differs in " + what)).orElseGet(() -> new KeptState(kept.step(), null));
        } catch (IOException e) {
            return new KeptState(0, e.getMessage());
        } catch (OutOfMemoryError e) {
            return new KeptState(Math.max(0, KeptFile.of(file).step()), file + " does not fit into what is left of the Java heap");
        }
    }

    /** Whether the run can go on from there. */
    public boolean isOfThatRun() {
        return fault == null;
    }
}
