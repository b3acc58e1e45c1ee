package org.apd4j.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apd4j.notebook.internal.NotebookRuns;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Autosave;
import org.apd4j.training.Listeners;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.apd4j.training.ProgressListener;
import org.apd4j.training.Results;
import org.apd4j.training.Run;
import org.apd4j.training.RunFolder;
import org.apd4j.training.Saveable;
import org.apd4j.training.SavedRun;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * A notebook's {@link RunFolder}, {@code .runs} beside the notebook, so that little is lost when the kernel dies or the laptop sleeps. It needs no call:
 * a run that trains for longer than five minutes saves itself from then on every minute, and when it ends. The next time, the same cell prints a line
 * that says what is saved; training continues from there only with {@link Resume#YES}:
 *
 * <pre>{@code
 * var apd = RunStore.keep(Resume.YES, () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * apd.train();
 * RunStore.list()
 * }</pre>
 *
 * <p>A run that is made with {@code keep} saves itself from the beginning. It may have a name of its own. While {@link Results} are shown, nothing is
 * trained and nothing is saved, and {@code keep} returns the run that it is given.
 */
public final class RunStore {

    /** Seconds of training after which a run saves itself without being asked. */
    private static final double LONG = 300;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final RunStore OF_USER = new RunStore(NotebookRuns.ofUser(), line -> System.out.println(line), LONG);

    private final RunFolder folder;
    private final Consumer<String> out;
    private final double longSeconds;
    /** The runs that {@code keep} returned. */
    private final Set<Run<?>> kept = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    RunStore(RunFolder folder, Consumer<String> out, double longSeconds) {
        this.folder = folder;
        this.out = out;
        this.longSeconds = longSeconds;
    }

    /** Saves every run that trains for long, from now on. */
    static void keepLongRuns() {
        Listeners.onFirstStep(OF_USER::accompany);
    }

    /** Returns a new run that saves itself, under a name made of its own and its settings; prints what is saved of it already. */
    public static <R extends Run<R> & Saveable<R>> R keep(Supplier<R> maker) {
        return keep(Resume.NO, maker);
    }

    /**
     * Returns a run that saves itself under a name made of its own and its settings, new or as it was saved.
     *
     * @param maker makes the run; it has not begun to train
     * @throws IllegalStateException if it is to continue and the file cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> R keep(Resume how, Supplier<R> maker) {
        return OF_USER.keepRun(how, maker);
    }

    /**
     * Returns a new run that saves itself under a name; prints what is saved under it already.
     *
     * @param name  the file's name without its ending: letters, digits, dots, hyphens, underscores, and spaces but not at its end
     * @param maker makes the run; it has not begun to train
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Supplier<R> maker) {
        return keep(name, Resume.NO, maker);
    }

    /**
     * Returns a run that saves itself under a name, new or as it was saved.
     *
     * @throws IllegalArgumentException if a file cannot have that name on every system
     * @throws IllegalStateException    if it is to continue and the file differs in settings, seed or target, or cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Resume how, Supplier<R> maker) {
        return OF_USER.keepRun(name, how, maker);
    }

    /** Returns a group whose runs save themselves, each to a file of its own. */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(SeedRuns<R> group) {
        return keep(Resume.NO, group);
    }

    /**
     * Returns a group whose runs save themselves, each to a file of its own, new or as they were saved.
     *
     * @throws IllegalStateException when the group is trained, if a run is to continue and its file cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(Resume how, SeedRuns<R> group) {
        return OF_USER.keepGroup(how, group);
    }

    /**
     * Returns everything that is saved, one line for each run and each sweep's folder. While {@link Results} are shown: those that have been shown so
     * far, with where they come from and what sets them apart from the runs that they are of.
     */
    public static Table list() {
        return OF_USER.table();
    }

    /** Deletes everything that is saved; returns what was done, one sentence. */
    public static String clean() {
        return OF_USER.remove(Duration.ZERO);
    }

    /** Deletes what was saved longer ago than this; returns what was done, one sentence. */
    public static String clean(Duration olderThan) {
        return OF_USER.remove(olderThan);
    }

    <R extends Run<R> & Saveable<R>> SeedRuns<R> keepGroup(Resume how, SeedRuns<R> group) {
        return Results.areShown() ? group : group.made((run, maker) -> keepUnnamed(how, new Reporter(false), maker.get()));
    }

    <R extends Run<R> & Saveable<R>> R keepRun(Resume how, Supplier<R> maker) {
        return keepUnnamed(how, new Reporter(true), maker.get());
    }

    private <R extends Run<R> & Saveable<R>> R keepUnnamed(Resume how, Reporter reporter, R fresh) {
        return keepFresh(RunFolder.nameOf(fresh), () -> folder.find(fresh), how, "RunStore.keep(Resume.YES, …)", reporter, fresh);
    }

    <R extends Run<R> & Saveable<R>> R keepRun(String name, Resume how, Supplier<R> maker) {
        RunFolder.requireName(name);
        R fresh = maker.get();
        return keepFresh(name, () -> folder.find(name, fresh), how, "RunStore.keep(\"" + name + "\", Resume.YES, …)", new Reporter(true), fresh);
    }

    /** Finds what is saved of a run. */
    @FunctionalInterface
    private interface Finder<R extends Saveable<R>> {
        Optional<SavedRun<R>> find() throws IOException;
    }

    /** @param call what continues the run, as it is written in a cell */
    private <R extends Run<R> & Saveable<R>> R keepFresh(String name, Finder<R> finder, Resume how, String call, Reporter reporter, R fresh) {
        if (Results.areShown()) {
            return fresh; // train() takes over its result, and there is nothing to save
        }
        try {
            Path file = fileOf(name);
            Autosave.await(file);
            Optional<SavedRun<R>> saved = finder.find();
            if (saved.isEmpty() && how == Resume.YES) {
                out.accept("There is no " + file + " to continue from: the run starts anew.");
            }
            R run = saved.isPresent() ? choose(saved.get(), how, call, fresh) : fresh;
            Autosave.of(run, file, run == fresh ? saved.map(SavedRun::worth).orElse(0) : 0, reporter);
            kept.add(run);
            return run;
        } catch (IOException e) {
            out.accept("The run will not be saved: " + e.getMessage());
            return fresh;
        }
    }

    private <R extends Run<R> & Saveable<R>> R choose(SavedRun<R> saved, Resume how, String call, R fresh) {
        if (how == Resume.NO) {
            out.accept(saved.fault().map(fault -> willBeReplaced(fault, saved.worth())).or(() -> saved.difference().map(what -> state(saved, fresh)
                    + ". It differs in " + what + "; the run starts anew and will replace it. To keep both, give one another name."))
                    .orElseGet(() -> state(saved, fresh) + startsAnew(call)));
            return fresh;
        }
        if (saved.fault().isPresent()) {
            throw new IllegalStateException("cannot continue: " + saved.fault().get() + ". Without Resume.YES the run starts anew");
        }
        if (saved.difference().isPresent()) {
            throw new IllegalStateException("cannot continue from " + state(saved, fresh) + ": it differs in " + saved.difference().get()
                    + ". Make the settings the same, or leave Resume.YES out to start anew");
        }
        R before = saved.run().orElseThrow();
        out.accept((before.isFinished() ? "Finished before, taken from " : "Goes on from ") + state(saved, fresh) + ".");
        return before;
    }

    /** Called before a run's first step: it may become long. */
    void accompany(Run<?> run) {
        if (run instanceof Saveable<?> && !kept.contains(run)) {
            watch((Run<?> & Saveable<?>) run);
        }
    }

    private <R extends Run<?> & Saveable<?>> void watch(R run) {
        int before = 0;
        try {
            Optional<? extends SavedRun<?>> found = folder.find((Saveable<?>) run);
            if (found.isPresent()) {
                SavedRun<?> saved = found.get();
                before = saved.worth();
                if (run.step() == 0) {
                    out.accept(saved.obstacle().map(obstacle -> willBeReplaced(obstacle, saved.worth()))
                            .orElseGet(() -> state(saved, run) + startsAnew("make it with RunStore.keep(Resume.YES, () -> …)")));
                }
            }
        } catch (IOException e) {
            out.accept("The folder of saved runs cannot be read: " + e.getMessage());
        }
        run.addListener(new UntilLong<>(run, RunFolder.nameOf(run), before));
    }

    /** Saves a run once it has trained for long. */
    private final class UntilLong<R extends Run<?> & Saveable<?>> implements ProgressListener {
        private final R run;
        private final String name;
        private final int after;
        private boolean over;

        UntilLong(R run, String name, int after) {
            this.run = run;
            this.name = name;
            this.after = after;
        }

        @Override
        public void on(Progress progress) {
            if (over || progress.seconds() < longSeconds || progress.phase() == Phase.STARTED) {
                return;
            }
            over = true;
            try {
                Autosave.of(run, fileOf(name), after, new Reporter(true)).on(progress);
            } catch (IOException e) {
                out.accept("The run will not be saved: " + e.getMessage());
            }
        }
    }

    /** Returns the file of a run of this name; prints a line if it is not beside the notebook. */
    private Path fileOf(String name) throws IOException {
        Path file = folder.file(name);
        if (!folder.isFirstChoice(Objects.requireNonNull(file.getParent()))) {
            out.accept("Nothing can be written to " + NotebookRuns.BESIDE.toAbsolutePath().getParent() + ": the run is saved in " + file.getParent());
        }
        return file;
    }

    private static String state(SavedRun<?> saved, Run<?> fresh) {
        Path file = saved.file();
        int steps = saved.run().map(run -> ((Run<?>) run).steps()).orElse(fresh.steps());
        return String.format(Locale.ROOT, "%s: step %,d of %,d, saved %s, %s", file, saved.step(), steps, time(file), size(bytes(file)));
    }

    private static String willBeReplaced(String fault, int step) {
        return "What is saved cannot be used (" + fault + ") and will be replaced" + (step == 0 ? "." : " once the run has done more steps.");
    }

    private static String startsAnew(String call) {
        return ". The run starts anew and saves itself once it is further. To go on from there: " + call;
    }

    /** Prints the first of the saves that fail in a row, and the last save. */
    private final class Reporter implements Consumer<Autosave.Save> {
        private final boolean ofSuccess;
        private boolean failing;

        /** @param ofSuccess whether the last save is printed: it is not for the many runs of a group */
        Reporter(boolean ofSuccess) {
            this.ofSuccess = ofSuccess;
        }

        @Override
        public void accept(Autosave.Save save) {
            if (save.failure() != null && !failing) {
                out.accept("The run could not be saved (" + save.failure() + "); " + (save.last() ? "it is finished" : "training goes on") + ".");
            } else if (save.failure() == null && (save.last() && ofSuccess || failing)) {
                out.accept("Kept in " + save.file() + ", " + size(save.bytes()) + ".");
            }
            failing = save.failure() != null;
        }
    }

    Table table() {
        return Results.areShown() ? results() : saved();
    }

    private static Table results() {
        List<Results.Entry> entries = Results.used();
        return NumberTable.named("Results that have been shown")
                .texts("result", entries.stream().map(Results.Entry::name).toList())
                .texts("steps", entries.stream().map(entry -> entry.steps() == 0 ? "a measure" : String.format(Locale.ROOT, "%,d", entry.steps())).toList())
                .texts("made by", entries.stream().map(entry -> entry.origin().toString()).toList())
                .texts("differs from its run", entries.stream().map(entry -> entry.note().isEmpty() ? "no" : entry.note()).toList())
                .texts("size", entries.stream().map(entry -> size(bytes(entry.file()))).toList())
                .texts("file", entries.stream().map(entry -> entry.file().toString()).toList())
                .build();
    }

    private Table saved() {
        List<RunFolder.Entry> entries = entries();
        return NumberTable.named("Runs that are kept")
                .texts("run", entries.stream().map(RunFolder.Entry::name).toList())
                .texts("what", entries.stream().map(RunFolder.Entry::what).toList())
                .texts("steps", entries.stream().map(RunFolder.Entry::progress).toList())
                .texts("saved", entries.stream().map(entry -> time(entry.saved())).toList())
                .texts("size", entries.stream().map(entry -> size(entry.bytes())).toList())
                .texts("folder", entries.stream().map(entry -> entry.folder().toString()).toList())
                .build();
    }

    String remove(Duration olderThan) {
        Instant limit = Instant.now().minus(olderThan);
        List<RunFolder.Entry> old = entries().stream().filter(entry -> !entry.saved().isAfter(limit)).toList();
        try {
            for (RunFolder.Entry entry : old) {
                folder.delete(entry);
            }
        } catch (IOException e) {
            return "Not everything was removed: " + e.getMessage();
        }
        return old.isEmpty() ? "There was nothing to remove." : "Removed " + old.size() + (old.size() == 1 ? " run, " : " runs, ")
                + size(old.stream().mapToLong(RunFolder.Entry::bytes).sum()) + ": " + String.join(", ", old.stream().map(RunFolder.Entry::name).toList());
    }

    private List<RunFolder.Entry> entries() {
        try {
            return folder.list();
        } catch (IOException e) {
            out.accept("The folder of saved runs cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private static String time(Path file) {
        try {
            return time(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            return "?";
        }
    }

    private static String time(Instant time) {
        return TIME.format(time.atZone(ZoneId.systemDefault()));
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns "182 MB", "0.3 MB". */
    static String size(long bytes) {
        return String.format(Locale.ROOT, bytes >= 10_000_000 ? "%.0f MB" : bytes >= 100_000 ? "%.1f MB" : "%.2f MB", bytes / 1e6);
    }
}
