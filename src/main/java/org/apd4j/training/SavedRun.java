package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apd4j.io.internal.Refusal;

/**
 * A saved run, compared with one that was made anew: whether the new one can continue from the file, and if not, why.
 *
 * <pre>{@code
 * Optional<SavedRun<TargetRun>> saved = RunFolder.of(Path.of(".runs")).find("tms", target);
 * System.out.println(saved.flatMap(SavedRun::obstacle).orElse("the same run, or none"));
 * }</pre>
 *
 * @param file       the file
 * @param run        the run as it was saved; empty if the file cannot be read
 * @param difference what sets it apart from the new run, in words that follow "differs in"; empty if nothing does
 * @param fault      why the file cannot be read; empty if it can
 * @param step       the steps that were done; 0 if that is not known
 * @param <R>        the kind of run
 */
public record SavedRun<R extends Saveable<R>>(Path file, Optional<R> run, Optional<String> difference, Optional<String> fault, int step) {

    /** Reads a file and compares what it holds with a new run. */
    static <R extends Saveable<R>> SavedRun<R> of(Saveable<R> fresh, Path file) {
        try {
            R saved = fresh.saved(file);
            return new SavedRun<>(file, Optional.of(saved), fresh.difference(saved), Optional.empty(), saved.step());
        } catch (IOException e) {
            return new SavedRun<>(file, Optional.<R>empty(), Optional.empty(), Optional.of(Refusal.reason(e)), 0);
        } catch (OutOfMemoryError e) {
            return new SavedRun<>(file, Optional.<R>empty(), Optional.empty(), Optional.of(file + " does not fit into what is left of the Java heap"),
                    Math.max(0, SavedDescription.of(file).step()));
        }
    }

    /** Returns whether training can continue from the file. */
    public boolean isSame() {
        return run.isPresent() && difference.isEmpty();
    }

    /** Returns why training cannot continue from the file, a clause that names the file; empty if it can. */
    public Optional<String> obstacle() {
        return fault.or(() -> difference.map(what -> file + " differs in " + what));
    }

    /** Returns the steps that the new run must have done before it may replace the file: while it is further behind, the file is worth more. */
    public int worth() {
        return difference.isPresent() ? 0 : step;
    }
}
