package org.apd4j.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apd4j.notebook.internal.KeptFile;
import org.apd4j.notebook.internal.KeptState;
import org.apd4j.notebook.internal.RunFolder;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Autosave;
import org.apd4j.training.Listeners;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.apd4j.training.ProgressListener;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * Keeps a notebook's long runs under {@code .runs} beside the notebook, so that little is lost when the kernel dies or the laptop sleeps. Each has one
 * file. Nothing has to be written for it: whatever trains for longer than five minutes saves itself from then on every minute, and when it ends.
 * The next time, the same cell says in a line what is kept; it never goes on from there by itself, but with {@link Resume#YES}:
 *
 * <pre>{@code
 * var apd = RunStore.keep(Resume.YES, () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * apd.train();
 * RunStore.list()
 * }</pre>
 *
 * <p>A run that is made with {@code keep} saves itself from the beginning, and may be given a name.
 */
public final class RunStore {

    /** Seconds of training after which a run is kept without being asked. */
    private static final double LONG = 300;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final RunStore OF_USER = new RunStore(RunFolder.ofUser(), line -> System.out.println(line), LONG);

    private final RunFolder folder;
    private final Consumer<String> out;
    private final double longSeconds;
    /** Those that {@code keep} was called for. */
    private final Set<Run<?>> kept = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    RunStore(RunFolder folder, Consumer<String> out, double longSeconds) {
        this.folder = folder;
        this.out = out;
        this.longSeconds = longSeconds;
    }

    /** From now on whatever trains for long is kept. */
    static void keepLongRuns() {
        Listeners.onFirstStep(OF_USER::accompany);
    }

    /** A new run that is kept from now on, under a name made of its own and its settings; says if it is kept already. */
    public static <R extends Run<R> & Saveable<R>> R keep(Supplier<R> maker) {
        return keep(Resume.NO, maker);
    }

    /**
     * A run that is kept from now on under a name made of its own and its settings, new or as it was saved.
     *
     * @param maker makes the run; it has not begun to train
     * @throws IllegalStateException if it is to continue and what is kept cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> R keep(Resume how, Supplier<R> maker) {
        return OF_USER.keepRun(how, maker);
    }

    /**
     * A new run that is kept from now on; says if one of that name is kept already.
     *
     * @param name  of the file, without its ending: letters, digits, dots, hyphens, underscores, and spaces but not at its end; of every system
     * @param maker makes the run; it has not begun to train
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Supplier<R> maker) {
        return keep(name, Resume.NO, maker);
    }

    /**
     * A run that is kept from now on, new or as it was saved.
     *
     * @throws IllegalArgumentException if the name is none
     * @throws IllegalStateException    if it is to continue and what is kept differs in settings, seed or target, or cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Resume how, Supplier<R> maker) {
        return OF_USER.keepRun(name, how, maker);
    }

    /** The runs of a group, each kept in a file of its own as soon as it is made. */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(SeedRuns<R> group) {
        return keep(Resume.NO, group);
    }

    /**
     * The runs of a group, each kept in a file of its own, new or as it was saved.
     *
     * @throws IllegalStateException when the group is trained, if a run is to continue and what is kept cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(Resume how, SeedRuns<R> group) {
        return OF_USER.keepGroup(how, group);
    }

    /** All runs that are kept, with their sizes. */
    public static Table list() {
        return OF_USER.table();
    }

    /** Removes all runs that are kept; returns what was done, one sentence. */
    public static String clean() {
        return OF_USER.remove(Duration.ZERO);
    }

    /** Removes the runs that were saved longer ago than this; returns what was done, one sentence. */
    public static String clean(Duration olderThan) {
        return OF_USER.remove(olderThan);
    }

    <R extends Run<R> & Saveable<R>> SeedRuns<R> keepGroup(Resume how, SeedRuns<R> group) {
        return group.made((run, maker) -> keepUnnamed(how, new Teller(false), maker.get()));
    }

    <R extends Run<R> & Saveable<R>> R keepRun(Resume how, Supplier<R> maker) {
        return keepUnnamed(how, new Teller(true), maker.get());
    }

    private <R extends Run<R> & Saveable<R>> R keepUnnamed(Resume how, Teller teller, R fresh) {
        return keepFresh(automaticName(fresh), () -> automatic(fresh), how, "RunStore.keep(Resume.YES, …)", teller, fresh);
    }

    /** The file that a run, or one that would come to the same end, was kept in under a name made of its own and its settings. */
    private <R extends Run<?> & Saveable<?>> Optional<Path> automatic(R run) throws IOException {
        Optional<Path> file = folder.ofFingerprint(run.fingerprint());
        if (file.isPresent()) {
            return file;
        }
        // different runs may share the name that files of earlier days have
        return folder.ofFingerprint(run.formerFingerprint()).filter(former -> KeptState.of(run, former).isOfThatRun());
    }

    /** Finds the file that a run was kept in before. */
    @FunctionalInterface
    private interface Finder {
        Optional<Path> find() throws IOException;
    }

    <R extends Run<R> & Saveable<R>> R keepRun(String name, Resume how, Supplier<R> maker) {
        RunFolder.requireName(name);
        return keepFresh(name, () -> folder.existing(name), how, "RunStore.keep(\"" + name + "\", Resume.YES, …)", new Teller(true), maker.get());
    }

    /** @param call what continues the run, as it is written in a cell */
    private <R extends Run<R> & Saveable<R>> R keepFresh(String name, Finder finder, Resume how, String call, Teller teller, R fresh) {
        try {
            Path writable = place(name);
            Autosave.await(writable);
            Optional<Path> file = finder.find();
            if (file.isEmpty() && how == Resume.YES) {
                out.accept("There is no " + writable + " to continue from: the run starts anew.");
            }
            Chosen<R> chosen = file.isPresent() ? choose(file.get(), how, call, fresh) : new Chosen<>(fresh, 0);
            Autosave.of(chosen.run, writable, chosen.after, teller);
            kept.add(chosen.run);
            return chosen.run;
        } catch (IOException e) {
            out.accept("The run will not be saved: " + e.getMessage());
            return fresh;
        }
    }

    /** A run begins to train: it may become long. */
    void accompany(Run<?> run) {
        if (run instanceof Saveable<?> && !kept.contains(run)) {
            watch((Run<?> & Saveable<?>) run);
        }
    }

    private <R extends Run<?> & Saveable<?>> void watch(R run) {
        int before = 0;
        try {
            Optional<Path> file = automatic(run);
            if (file.isPresent()) {
                KeptState state = KeptState.of(run, file.get());
                before = state.step();
                if (run.step() == 0) {
                    out.accept(state.isOfThatRun() ? state(file.get(), before, run.steps()) + startsAnew("make it with RunStore.keep(Resume.YES, () -> …)")
                            : willBeReplaced(state.fault(), before));
                }
            }
        } catch (IOException e) {
            out.accept("The folder of kept runs cannot be read: " + e.getMessage());
        }
        run.addListener(new UntilLong<>(run, automaticName(run), before));
    }

    /** Keeps a run once it has trained for long. */
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
                Autosave.of(run, place(name), after, new Teller(true)).on(progress);
            } catch (IOException e) {
                out.accept("The run will not be saved: " + e.getMessage());
            }
        }
    }

    /** Where a run of this name is written to; says if that is not beside the notebook. */
    private Path place(String name) throws IOException {
        Path writable = folder.writable();
        if (folder.isSecondChoice(writable)) {
            out.accept("Nothing can be written to " + RunFolder.BESIDE.toAbsolutePath().getParent() + ": the run is kept in " + writable);
        }
        return writable.resolve(name + RunFolder.ENDING);
    }

    /** The run that was made or the one that was kept, and the step after which it may save itself. */
    private record Chosen<R>(R run, int after) {
    }

    private <R extends Run<R> & Saveable<R>> Chosen<R> choose(Path file, Resume how, String call, R fresh) throws IOException {
        R before;
        try {
            before = fresh.saved(file);
        } catch (IOException e) {
            if (how == Resume.YES) {
                throw new IllegalStateException("cannot continue: " + e.getMessage() + ". Without Resume.YES the run starts anew", e);
            }
            out.accept(willBeReplaced(e.getMessage(), 0));
            return new Chosen<>(fresh, 0);
        }
        String state = state(file, before.step(), before.steps());
        Optional<String> difference = fresh.difference(before);
        if (how == Resume.NO) {
            out.accept(difference.map(what -> state + ". It differs in " + what + "; the run starts anew and will replace it. "
                    + "To keep both, give one another name.").orElse(state + startsAnew(call)));
            return new Chosen<>(fresh, difference.isPresent() ? 0 : before.step());
        }
        if (difference.isPresent()) {
            throw new IllegalStateException("cannot continue from " + state + ": it differs in " + difference.get()
                    + ". Make the settings the same, or leave Resume.YES out to start anew");
        }
        out.accept((before.isFinished() ? "Finished before, taken from " : "Goes on from ") + state + ".");
        return new Chosen<>(before, 0);
    }

    private static String state(Path file, int step, int steps) {
        return String.format(Locale.ROOT, "%s: step %,d of %,d, saved %s, %s", file, step, steps, time(file), size(bytes(file)));
    }

    private static String willBeReplaced(String fault, int step) {
        return "What is kept cannot be read (" + fault + ") and will be replaced" + (step == 0 ? "." : " once the run is further.");
    }

    private static String startsAnew(String call) {
        return ". The run starts anew and saves itself once it is further. To go on from there: " + call;
    }

    /** Tells of the first save that fails in a row, and of the end. */
    private final class Teller implements Consumer<Autosave.Save> {
        private final boolean ofSuccess;
        private boolean failing;

        /** @param ofSuccess whether a run that ends says where it is kept: one of many does not */
        Teller(boolean ofSuccess) {
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
        List<Path> files = files();
        NumberTable table = NumberTable.named("Runs that are kept");
        table.texts("run", files.stream().map(RunFolder::nameOf).toList());
        table.texts("what", files.stream().map(file -> KeptFile.of(file).what()).toList());
        table.texts("steps", files.stream().map(file -> KeptFile.of(file).progress()).toList());
        table.texts("saved", files.stream().map(RunStore::time).toList());
        table.texts("size", files.stream().map(file -> size(bytes(file))).toList());
        table.texts("folder", files.stream().map(file -> file.getParent().toString()).toList());
        return table.build();
    }

    String remove(Duration olderThan) {
        Instant limit = Instant.now().minus(olderThan);
        List<Path> removed = new ArrayList<>();
        long freed = 0;
        for (Path file : files()) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().isAfter(limit)) {
                    continue;
                }
                long bytes = Files.size(file);
                Files.delete(file);
                Files.deleteIfExists(KeptFile.description(file));
                Files.deleteIfExists(Autosave.lock(file));
                removed.add(file);
                freed += bytes;
            } catch (IOException e) {
                return "Not all was removed: " + e.getMessage();
            }
        }
        return removed.isEmpty() ? "There was nothing to remove." : "Removed " + removed.size() + (removed.size() == 1 ? " run, " : " runs, ")
                + size(freed) + ": " + String.join(", ", removed.stream().map(RunFolder::nameOf).toList());
    }

    private List<Path> files() {
        try {
            return folder.files();
        } catch (IOException e) {
            out.accept("The folder of kept runs cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** "TMS-5-2-APD-seed-0-5f3a9c2e": the run's own name, and what tells apart runs of the same name. */
    private static <R extends Run<?> & Saveable<?>> String automaticName(R run) {
        return run.name().replaceAll("[^\\p{L}\\p{N}]+", "-").replaceFirst("^-", "").replaceFirst("^(.{60}).+", "$1") + "-" + run.fingerprint();
    }

    private static String time(Path file) {
        try {
            return TIME.format(Files.getLastModifiedTime(file).toInstant().atZone(ZoneId.systemDefault()));
        } catch (IOException e) {
            return "?";
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** "182 MB", "0.3 MB". */
    static String size(long bytes) {
        return String.format(Locale.ROOT, bytes >= 10_000_000 ? "%.0f MB" : bytes >= 100_000 ? "%.1f MB" : "%.2f MB", bytes / 1e6);
    }
}
