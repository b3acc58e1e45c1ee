package org.apd4j.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.math.internal.PlainNumber;
import org.apd4j.sweep.SweepResult.Cell;
import org.apd4j.targets.Target;
import org.apd4j.training.Results;
import org.apd4j.training.SeedRuns;
import org.jspecify.annotations.Nullable;

/**
 * Decompositions over a grid of two settings, with several seeds for each pair of values, and numbers measured on each. Any method can be swept. Runs
 * are trained one a core, as in {@link SeedRuns}. With a {@linkplain #cacheIn folder}, the numbers of a finished run are saved there, and a sweep that
 * was stopped, or whose program ended, continues with the runs whose numbers are missing.
 *
 * <pre>{@code
 * var sweep = Sweep.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), ApdAxis.simplicity(0.3, 0.7, 1.5), ApdAxis.batchTopK(0.211, 0.3), 1)
 *         .measuring("ML2R", run -> Recovery.of(run).ml2r())
 *         .cacheIn(Path.of("sweep"));
 * sweep.train();
 * Tables.sweep(sweep.result())
 * }</pre>
 *
 * @param <S> the method's settings
 */
public final class Sweep<S extends Record & DecompositionSettings> implements Summarized {

    private final String name;
    private final DecompositionMethod<S> method;
    private final LongFunction<Target> targets;
    private final S settings;
    private final SweepAxis<S> rows;
    private final SweepAxis<S> columns;
    private final int seeds;
    private final List<Cell> cells;
    private final Map<String, ToDoubleFunction<? super DecompositionRun<S>>> measures = new LinkedHashMap<>();
    private final List<Consumer<? super Sweep<S>>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Cell, DecompositionRun<S>> runs = new ConcurrentHashMap<>();
    private final Map<Cell, Map<String, Double>> found = new ConcurrentHashMap<>();
    private @Nullable SweepFolder folder;
    /** The runs whose numbers were missing when training began; null before that. */
    private @Nullable SeedRuns<DecompositionRun<S>> group;

    private Sweep(String name, DecompositionMethod<S> method, LongFunction<Target> targets, S settings, SweepAxis<S> rows, SweepAxis<S> columns, int seeds) {
        this.name = Objects.requireNonNull(name, "name");
        this.method = Objects.requireNonNull(method, "method");
        this.targets = Objects.requireNonNull(targets, "targets");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.rows = rows;
        this.columns = columns;
        this.seeds = seeds;
        this.cells = SweepResult.cells(rows.values().size(), columns.values().size(), seeds);
    }

    /**
     * Returns a sweep over the decompositions of one target; nothing is trained yet.
     *
     * @param settings all settings but the two that are swept
     * @param rows     a setting
     * @param columns  another one
     * @param seeds    the number of runs for each pair of values, at least 1; their seeds are 0 … {@code seeds − 1}
     * @throws IllegalArgumentException if there are no seeds, or a setting cannot have one of its values
     */
    public static <S extends Record & DecompositionSettings> Sweep<S> of(DecompositionMethod<S> method, Target target, S settings, SweepAxis<S> rows,
                                                                        SweepAxis<S> columns, int seeds) {
        return of(target.name(), method, seed -> target, settings, rows, columns, seeds);
    }

    /**
     * Returns a sweep with a target for each seed; nothing is trained yet.
     *
     * @param name    of what is decomposed, for titles
     * @param targets seed → trained target; called by many threads, and may be called several times for a seed
     */
    public static <S extends Record & DecompositionSettings> Sweep<S> of(String name, DecompositionMethod<S> method, LongFunction<Target> targets,
                                                                        S settings, SweepAxis<S> rows, SweepAxis<S> columns, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds is " + seeds + "; it must be at least 1");
        }
        var sweep = new Sweep<>(name, method, targets, settings, rows, columns, seeds);
        sweep.cells.forEach(sweep::settings); // a value out of range is reported now, not after an hour
        return sweep;
    }

    /**
     * Adds a number to be measured on every finished run, besides its losses.
     *
     * @param name    the number's name; replaces an earlier one of that name
     * @param measure called on the thread that trained the run
     * @throws IllegalStateException if training has begun
     */
    public Sweep<S> measuring(String name, ToDoubleFunction<? super DecompositionRun<S>> measure) {
        requireNotBegun();
        measures.put(name, measure);
        return this;
    }

    /**
     * Saves the numbers of finished runs in a folder, and takes those that are there. Settings, seed, target and the measures' names decide whether
     * saved numbers belong to a run.
     *
     * @param folder created when the first numbers are saved
     * @throws IllegalStateException if training has begun
     */
    public Sweep<S> cacheIn(Path folder) {
        requireNotBegun();
        this.folder = new SweepFolder(folder);
        return this;
    }

    /** Adds a listener that is called after every finished run, on the thread that trained it; there is one call at a time. */
    public Sweep<S> whenever(Consumer<? super Sweep<S>> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    private void requireNotBegun() {
        if (group != null) {
            throw new IllegalStateException("the training of '" + title() + "' has begun; call measuring and cacheIn before train");
        }
    }

    private S settings(Cell cell) {
        return columns.in(rows.in(settings, cell.row()), cell.column());
    }

    /**
     * Trains the runs whose numbers are missing. Returns early when it is stopped.
     *
     * @throws UncheckedIOException if the folder cannot be written to, or numbers in it are damaged
     */
    public Sweep<S> train() {
        if (group == null) {
            SweepFolder from = folder;
            if (from != null && !Results.areShown() && !Results.areRecorded()) { // results are of runs, not of their numbers alone
                cells.forEach(cell -> read(cell, from).ifPresent(numbers -> found.put(cell, numbers)));
            }
            List<Cell> missing = cells.stream().filter(cell -> !found.containsKey(cell)).toList();
            if (missing.isEmpty()) {
                return this;
            }
            group = SeedRuns.named(title(), missing.stream().map(this::name).toList(), i -> begin(missing.get((int) i)));
        }
        group.train();
        return this;
    }

    private Optional<Map<String, Double>> read(Cell cell, SweepFolder from) {
        try {
            return from.read(method, targets.apply(cell.seed()), settings(cell), cell.seed(), measures.keySet());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() + "; delete it, and its run is trained again", e);
        }
    }

    private String name(Cell cell) {
        return rows.name() + " " + PlainNumber.of(rows.values().get(cell.row())) + ", " + columns.name() + " " + PlainNumber.of(columns.values().get(cell.column()))
                + (seeds == 1 ? "" : ", seed " + cell.seed());
    }

    private DecompositionRun<S> begin(Cell cell) {
        DecompositionRun<S> run = DecompositionRun.begin(method, targets.apply(cell.seed()), settings(cell), cell.seed());
        runs.put(cell, run);
        return run.every(run.steps(), now -> finish(cell, now));
    }

    private void finish(Cell cell, DecompositionRun<S> run) {
        if (!run.isFinished()) {
            return;
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        run.history().names().forEach(loss -> numbers.put(loss, run.loss(loss)));
        measures.forEach((name, measure) -> numbers.put(name, measure.applyAsDouble(run)));
        if (folder != null && !Results.areShown()) {
            try {
                folder.write(run, measures.keySet(), numbers);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        found.put(cell, numbers);
        synchronized (listeners) {
            listeners.forEach(listener -> listener.accept(this));
        }
    }

    /** Asks all runs to stop after their present step. Returns at once. */
    public void stop() {
        if (group != null) {
            group.stop();
        }
    }

    /** Returns the runs for a pair of values that exist in this process, by seed: those whose numbers came from a folder do not. */
    public List<DecompositionRun<S>> runs(int row, int column) {
        return cells.stream().filter(cell -> cell.row() == row && cell.column() == column && runs.containsKey(cell)).map(runs::get).toList();
    }

    /** Returns the numbers found so far. */
    public SweepResult result() {
        Map<Cell, Map<String, Double>> now = Map.copyOf(found);
        Set<String> names = new LinkedHashSet<>(method.losses(settings));
        now.values().forEach(numbers -> numbers.keySet().stream().filter(number -> !measures.containsKey(number)).forEach(names::add));
        names.addAll(measures.keySet());
        return new SweepResult(title(), rows.name(), rows.values(), columns.name(), columns.values(), seeds, List.copyOf(names), now);
    }

    /** Returns whether the numbers of every run are known. */
    public boolean isFinished() {
        return found.size() == cells.size();
    }

    /** Returns the name of what is decomposed. */
    public String name() {
        return name;
    }

    /** Returns the title: what is decomposed, and the two settings. */
    public String title() {
        return name + ", " + rows.name() + " × " + columns.name();
    }

    /** Returns the setting that changes from row to row. */
    public SweepAxis<S> rows() {
        return rows;
    }

    /** Returns the setting that changes from column to column. */
    public SweepAxis<S> columns() {
        return columns;
    }

    /** Returns the number of runs for each pair of values. */
    public int seeds() {
        return seeds;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(rows.name(), texts(rows));
        entries.put(columns.name(), texts(columns));
        entries.put("seeds", Integer.toString(seeds));
        entries.put("trained", found.size() + " of " + cells.size() + " runs to the end");
        entries.put("training", String.format(Locale.ROOT, "%.1f s a run, on average",
                runs.values().stream().mapToDouble(DecompositionRun::seconds).average().orElse(0)));
        return new Summary(title(), entries);
    }

    private static String texts(SweepAxis<?> axis) {
        return axis.values().stream().map(PlainNumber::of).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
