package org.apd4j.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Autosave;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * Keeps a notebook's long runs: they save themselves every minute, and when they end, under {@code .runs} beside the notebook, so that little is
 * lost when the kernel dies or the laptop sleeps. Each has one file.
 *
 * <pre>{@code
 * var apd = Runs.keep("tms-5-2", () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * apd.train();
 * Runs.list()
 * }</pre>
 *
 * <p>The next time, the same cell says in a line what is kept, and {@link Continue#YES} goes on from there. It never does so by itself.
 * {@code Runs.keep(group)} keeps each run of a {@link SeedRuns} in the same way.
 */
public final class Runs {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]*");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final Runs OF_USER = new Runs(RunFolder.ofUser(), System.out::println);

    private final RunFolder folder;
    private final Consumer<String> out;

    Runs(RunFolder folder, Consumer<String> out) {
        this.folder = folder;
        this.out = out;
    }

    /**
     * A new run that is kept from now on; says if one of that name is kept already.
     *
     * @param name  of the file, without its ending: letters, digits, spaces, dots, hyphens, underscores
     * @param maker makes the run; it has not begun to train
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Supplier<R> maker) {
        return keep(name, Continue.NO, maker);
    }

    /**
     * A run that is kept from now on, new or as it was saved.
     *
     * @throws IllegalArgumentException if the name is none
     * @throws IllegalStateException    if it is to continue and what is kept differs in settings, seed or target, or cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> R keep(String name, Continue how, Supplier<R> maker) {
        return OF_USER.keepRun(name, how, maker);
    }

    /**
     * The runs of a group, each kept in a file of its own as soon as it is made, named after the group and the run.
     *
     * @throws IllegalArgumentException when the group is trained, if its title does not begin with a letter or digit
     */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(SeedRuns<R> group) {
        return keep(Continue.NO, group);
    }

    /**
     * The runs of a group, each kept in a file of its own, new or as it was saved.
     *
     * @throws IllegalArgumentException when the group is trained, if its title does not begin with a letter or digit
     * @throws IllegalStateException    when the group is trained, if a run is to continue and what is kept differs, or cannot be read
     */
    public static <R extends Run<R> & Saveable<R>> SeedRuns<R> keep(Continue how, SeedRuns<R> group) {
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

    <R extends Run<R> & Saveable<R>> SeedRuns<R> keepGroup(Continue how, SeedRuns<R> group) {
        return group.made((run, maker) -> keepRun(fileName(group.title() + " " + run), how, "Runs.keep(Continue.YES, …)", maker));
    }

    <R extends Run<R> & Saveable<R>> R keepRun(String name, Continue how, Supplier<R> maker) {
        return keepRun(name, how, "Runs.keep(\"" + name + "\", Continue.YES, …)", maker);
    }

    /** @param call what continues the run, as it is written in a cell */
    private <R extends Run<R> & Saveable<R>> R keepRun(String name, Continue how, String call, Supplier<R> maker) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a file of a run; use letters, digits, spaces, dots, hyphens and underscores");
        }
        R fresh = maker.get();
        try {
            Path file = folder.file(name);
            Path writable = folder.writable().resolve(file.getFileName());
            if (folder.isSecondChoice(writable.getParent())) {
                out.accept("Nothing can be written to " + RunFolder.BESIDE.toAbsolutePath().getParent() + ": the run is kept in " + writable.getParent());
            }
            Chosen<R> chosen = Files.exists(file) ? choose(file, how, call, fresh) : new Chosen<>(fresh, 0);
            if (!Files.exists(file) && how == Continue.YES) {
                out.accept("There is no " + file + " to continue from: the run starts anew.");
            }
            Autosave.of(chosen.run, writable, chosen.after, new Teller());
            return chosen.run;
        } catch (IOException e) {
            out.accept("The run will not be saved: " + e.getMessage());
            return fresh;
        }
    }

    /** The run that was made or the one that was kept, and the step after which it may save itself. */
    private record Chosen<R>(R run, int after) {
    }

    private <R extends Run<R> & Saveable<R>> Chosen<R> choose(Path file, Continue how, String call, R fresh) throws IOException {
        R kept;
        try {
            kept = fresh.saved(file);
        } catch (IOException e) {
            if (how == Continue.YES) {
                throw new IllegalStateException("cannot continue: " + e.getMessage() + ". Without Continue.YES the run starts anew", e);
            }
            out.accept("What is kept cannot be read (" + e.getMessage() + ") and will be replaced.");
            return new Chosen<>(fresh, 0);
        }
        String state = String.format(Locale.ROOT, "%s: step %,d of %,d, saved %s, %s", file, kept.step(), kept.steps(), time(file), size(Files.size(file)));
        Optional<String> difference = fresh.difference(kept);
        if (how == Continue.NO) {
            out.accept(difference.map(what -> state + ". It differs in " + what + "; the run starts anew and will replace it. "
                    + "To keep both, give one another name.").orElse(state + ". The run starts anew and saves itself once it is further. "
                    + "To go on from there: " + call));
            return new Chosen<>(fresh, difference.isPresent() ? 0 : kept.step());
        }
        if (difference.isPresent()) {
            throw new IllegalStateException("cannot continue from " + state + ": it differs in " + difference.get()
                    + ". Make the settings the same, or leave Continue.YES out to start anew");
        }
        out.accept((kept.isFinished() ? "Finished before, taken from " : "Goes on from ") + state + ".");
        return new Chosen<>(kept, 0);
    }

    /** Tells of the first save that fails in a row, and of the end. */
    private final class Teller implements Consumer<Autosave.Save> {
        private boolean failing;

        @Override
        public void accept(Autosave.Save save) {
            if (save.failure() != null && !failing) {
                out.accept("The run could not be saved (" + save.failure() + "); " + (save.last() ? "it is finished" : "training goes on") + ".");
            } else if (save.failure() == null && (save.last() || failing)) {
                out.accept("Kept in " + save.file() + ", " + size(save.bytes()) + ".");
            }
            failing = save.failure() != null;
        }
    }

    Table table() {
        List<Path> files = files();
        NumberTable table = NumberTable.named("Runs that are kept");
        table.texts("run", files.stream().map(Runs::nameOf).toList());
        table.texts("what", files.stream().map(file -> KeptFile.of(file).what()).toList());
        table.texts("steps", files.stream().map(file -> KeptFile.of(file).steps()).toList());
        table.texts("saved", files.stream().map(Runs::time).toList());
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
                removed.add(file);
                freed += bytes;
            } catch (IOException e) {
                return "Not all was removed: " + e.getMessage();
            }
        }
        return removed.isEmpty() ? "There was nothing to remove." : "Removed " + removed.size() + (removed.size() == 1 ? " run, " : " runs, ")
                + size(freed) + ": " + String.join(", ", removed.stream().map(Runs::nameOf).toList());
    }

    private List<Path> files() {
        try {
            return folder.files();
        } catch (IOException e) {
            out.accept("The folder of kept runs cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** "gated functions, 5 seeds, seed 3" is kept as "gated-functions-5-seeds-seed-3". */
    private static String fileName(String title) {
        return title.replaceAll("[^\\p{L}\\p{N}]+", "-");
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.npz$", "");
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
