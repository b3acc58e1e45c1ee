package org.apd4j.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apd4j.io.internal.ValueJson;
import org.apd4j.training.internal.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The results of finished runs, from which a notebook shows everything without training anything. While results are shown, {@link Run#train} takes the
 * result of exactly this run, with these settings, this seed and this target, in place of training it, and calls the same listeners and callbacks.
 * What is measured on the way, or takes long, is a value with a name:
 *
 * <pre>{@code
 * var growth = Results.of("growth", apd, () -> {
 *     var young = Apd.decompose(target, apd.config());
 *     var components = new ArrayList<Integer>();
 *     for (int part = 1; part <= 4; part++) {
 *         young.train(100);
 *         components.add(Recovery.of(young).distinctComponents());
 *     }
 *     return components;
 * });
 * }</pre>
 *
 * <p>Ordinarily the value is computed; while results are shown, it is loaded, and nothing in the braces happens. The settings hold for the whole
 * program. A notebook makes them when it chooses its profile.
 */
public final class Results {

    /** What can be done where a result is missing, for those who did not ask for anything else. */
    private static final String ADVICE = "Call Results.train() to train it";

    private static volatile @Nullable ResultFolder shown;
    private static volatile String advice = ADVICE;
    private static volatile @Nullable ResultRecorder recorder;
    /** The number of values that are being computed. What their computation trains is not recorded: the value stands for it. */
    private static final AtomicInteger COMPUTING = new AtomicInteger();

    private Results() {
    }

    /**
     * Where a result comes from.
     *
     * @param commit  the commit of the code that made it
     * @param date    the day on which it was made, such as 2026-11-27
     * @param profile the profile of the notebook that made it
     * @param machine the machine that made it
     */
    public record Origin(String commit, String date, String profile, String machine) {

        public Origin {
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(date, "date");
            Objects.requireNonNull(profile, "profile");
            Objects.requireNonNull(machine, "machine");
        }

        @Override
        public String toString() {
            return profile + ", commit " + commit + ", " + date + ", " + machine;
        }
    }

    /**
     * A result in the folder that is shown.
     *
     * @param file   its file
     * @param name   the name of the run or of the value
     * @param steps  the number of steps of the whole run; 0 for a value
     * @param origin where it comes from
     * @param note   what sets it apart from the run's own values, such as the rank to which it was cut; empty if nothing does
     */
    public record Entry(Path file, String name, int steps, Origin origin, String note) {
    }

    /** Shows the results in a folder from now on: nothing is trained any more. A folder that does not exist holds no results. */
    public static void show(Path folder) {
        show(folder, "", ADVICE);
    }

    /**
     * Shows the results in a folder from now on, as {@link #show(Path)} does.
     *
     * @param first     the name of the folder in it whose results are taken where there are several of the same run; empty for none
     * @param ifMissing what can be done where a result is missing, a sentence without its full stop
     */
    public static void show(Path folder, String first, String ifMissing) {
        advice = Objects.requireNonNull(ifMissing, "ifMissing");
        shown = ResultFolder.of(folder, first);
    }

    /** Trains from now on, as a program does that never calls {@link #show}. */
    public static void train() {
        shown = null;
    }

    /** Returns whether results are shown and nothing is trained. */
    public static boolean areShown() {
        return shown != null;
    }

    /**
     * Records the result of every run that is trained from now on, and every value of {@link #of}, in a folder, which is created.
     *
     * @param origin is noted in each file
     */
    public static void recordTo(Path folder, Origin origin) {
        recorder = new ResultRecorder(folder, origin);
    }

    /** Records no results any more. */
    public static void stopRecording() {
        recorder = null;
    }

    /** Returns whether results are recorded. */
    public static boolean areRecorded() {
        return activeRecorder() != null;
    }

    /**
     * Returns a value: computed, or, while results are shown, as it was recorded.
     *
     * @param name    of the value; together with the run it names the file, so it has only characters that a file's name can have
     * @param about   the run that the value was measured on or belongs to: recorded values of other settings, seeds or targets are not taken
     * @param compute computes the value: numbers, strings, arrays of numbers, records of this library, and lists and maps of them
     * @throws IllegalStateException    if results are shown and this one is missing or damaged; the message says what to do
     * @throws IllegalArgumentException if the value is of a type that cannot be kept
     */
    @SuppressWarnings("unchecked") // the file was made by the same code, which its name says
    public static <T> T of(String name, Saveable<?> about, Supplier<T> compute) {
        RunFolder.requireName(name);
        ResultFolder folder = shown;
        if (folder != null) {
            Path file = folder.value(name, about.fingerprint()).orElseThrow(() -> missing("'" + name + "' of " + nameOf(about), about.fingerprint(), folder));
            try {
                return (T) ValueFile.read(file);
            } catch (IOException e) {
                throw damaged(e);
            }
        }
        T value;
        COMPUTING.incrementAndGet();
        try {
            value = compute.get();
        } finally {
            COMPUTING.decrementAndGet();
        }
        JsonNode tree = ValueJson.write(value); // also where nothing is recorded, so that a value of another type is noticed at once
        ResultRecorder active = activeRecorder();
        if (active != null) {
            active.record(name, about.fingerprint(), tree);
        }
        return value;
    }

    /**
     * Lets a run take over its result from a folder, as if results were shown, while everything else is trained. A run that begins where another ended
     * need not wait for it then. While results are recorded, so is this one, as it is in the folder.
     *
     * @return whether the folder holds the result of exactly this run; if not, the run is as before
     * @throws IllegalStateException if the result is damaged
     */
    public static boolean take(Path folder, Run<?> run) {
        if (!(run instanceof Saveable<?> saveable)) {
            return false;
        }
        Optional<Path> file = ResultFolder.of(folder, "").run(saveable.fingerprint());
        file.ifPresent(found -> {
            try {
                run.showAll(ResultFile.read(found));
            } catch (IOException e) {
                throw damaged(e);
            }
            ResultRecorder active = activeRecorder();
            if (active != null) {
                active.keep(found);
            }
        });
        return file.isPresent();
    }

    /** Returns what is noted in the results that are recorded: the commit, the day, the profile and the machine; empty while none are recorded. */
    public static Optional<Origin> recordedAs() {
        return Optional.ofNullable(activeRecorder()).map(ResultRecorder::origin);
    }

    private static String nameOf(Saveable<?> about) {
        return about instanceof Run<?> run ? run.name() : about.toString();
    }

    /** Returns the recorder, unless what is trained now belongs to a value. */
    private static @Nullable ResultRecorder activeRecorder() {
        return COMPUTING.get() == 0 ? recorder : null;
    }

    /** Returns the results that have been shown so far, in their order; empty while none are shown. */
    public static List<Entry> used() {
        ResultFolder folder = shown;
        return folder == null ? List.of() : entries(folder.used());
    }

    /** Returns all results in a folder, whether it is shown or not. Damaged files are left out. */
    public static List<Entry> in(Path folder) {
        return entries(ResultFolder.of(folder, "").files());
    }

    private static List<Entry> entries(List<Path> files) {
        List<Entry> entries = new ArrayList<>();
        files.forEach(file -> describe(file).ifPresent(entries::add));
        return entries;
    }

    private static Optional<Entry> describe(Path file) {
        try {
            ResultFile.Description run = ResultFile.describe(file);
            return Optional.of(new Entry(file, run.name(), run.steps(), run.origin(), run.note()));
        } catch (IOException notARun) {
            try {
                ValueFile.Description value = ValueFile.describe(file);
                return Optional.of(new Entry(file, value.name(), 0, value.origin(), ""));
            } catch (IOException damaged) {
                return Optional.empty(); // one damaged file does not hide the others of a list
            }
        }
    }

    /** Returns the result of a run; empty while results are not shown. */
    static Optional<ResultFile> find(Run<?> run) {
        ResultFolder folder = shown;
        if (folder == null) {
            return Optional.empty();
        }
        if (!(run instanceof Saveable<?> saveable)) {
            throw missing(run.name(), "", folder);
        }
        String fingerprint = saveable.fingerprint();
        try {
            return Optional.of(ResultFile.read(folder.run(fingerprint).orElseThrow(() -> missing(run.name(), fingerprint, folder))));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** Returns an exception that says that a result is missing, and what can be done. */
    private static IllegalStateException missing(String what, String fingerprint, ResultFolder folder) {
        return new IllegalStateException("there is no result of " + what + (fingerprint.isEmpty() ? "" : " with these settings (fingerprint " + fingerprint
                + ")") + " in " + folder.where() + ", and nothing is trained while results are shown. " + advice);
    }

    static IllegalStateException missingState(String run, int step) {
        return new IllegalStateException("the result of " + run + " does not hold its state at step " + step + ", and nothing is trained while results are "
                + "shown. " + advice);
    }

    static IllegalStateException damaged(IOException e) {
        return new IllegalStateException("a result cannot be read: " + e.getMessage() + ". Get the file again, for example with git checkout", e);
    }

    /** Records a run, if results are recorded and the run is of a kind that can be. */
    static void record(Run<?> run, Optional<Outcome> outcome, List<ResultFile.State> states) {
        ResultRecorder active = activeRecorder();
        if (active != null && outcome.isPresent() && run instanceof Saveable<?>) {
            record(active, (Run<?> & Saveable<?>) run, outcome.get(), states);
        }
    }

    private static <R extends Run<?> & Saveable<?>> void record(ResultRecorder active, R run, Outcome outcome, List<ResultFile.State> states) {
        active.record(run, outcome, states);
    }
}
