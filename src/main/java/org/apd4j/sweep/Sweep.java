package org.apd4j.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.Scale;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.targets.Target;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * Decompositions over a grid of two settings, several seeds at each place, and numbers measured on each: where good settings lie. The runs are
 * spread over the cores, one a core at a time, as in {@link SeedRuns}. With a folder, every finished run leaves its numbers there, and a scan that
 * was stopped, or whose program ended, goes on after them; settings, seed, target and measures tell whether a file is this scan's.
 *
 * <pre>{@code
 * var scan = Sweep.of(target.target(), ApdConfig.paperTms5to2(), SweepAxis.simplicity(0.3, 0.7, 1.5), SweepAxis.batchTopK(0.211, 0.3), 1)
 *         .measuring("ML2R", run -> Recovery.of(run).ml2r())
 *         .cacheIn(Path.of("scan"));
 * scan.train();
 * scan.table()
 * }</pre>
 */
public final class Sweep implements Summarized {

    private final String title;
    private final LongFunction<Target> targets;
    private final ApdConfig config;
    private final SweepAxis rows;
    private final SweepAxis columns;
    private final int seeds;
    private final Map<String, ToDoubleFunction<? super DecompositionRun<ApdConfig>>> measures = new LinkedHashMap<>();
    private final List<Consumer<? super Sweep>> looks = new CopyOnWriteArrayList<>();
    private final Map<Integer, DecompositionRun<ApdConfig>> runs = new ConcurrentHashMap<>();
    private final Map<Integer, Map<String, Double>> results = new ConcurrentHashMap<>();
    private SweepFolder folder;
    /** Those that have no result when the training begins; null before that. */
    private SeedRuns<DecompositionRun<ApdConfig>> group;

    private Sweep(String title, LongFunction<Target> targets, ApdConfig config, SweepAxis rows, SweepAxis columns, int seeds) {
        this.title = title;
        this.targets = targets;
        this.config = config;
        this.rows = rows;
        this.columns = columns;
        this.seeds = seeds;
    }

    /**
     * A target's decompositions over a grid; nothing has been trained yet.
     *
     * @param config  all settings but the two
     * @param rows    a setting
     * @param columns another one
     * @param seeds   runs at each place, at least 1, with the seeds 0 … {@code seeds − 1}
     * @throws IllegalArgumentException if there are no seeds, or a value is none that its setting can have
     */
    public static Sweep of(Target target, ApdConfig config, SweepAxis rows, SweepAxis columns, int seeds) {
        return of(target.name(), seed -> target, config, rows, columns, seeds);
    }

    /**
     * The same with a target for each seed.
     *
     * @param name    of what is decomposed, for people
     * @param targets seed → trained target; called on many threads, and may be called several times for a seed
     */
    public static Sweep of(String name, LongFunction<Target> targets, ApdConfig config, SweepAxis rows, SweepAxis columns, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds is " + seeds + "; it must be at least 1");
        }
        Sweep scan = new Sweep(name + ", " + rows.name() + " × " + columns.name(), targets, config, rows, columns, seeds);
        for (int place = 0; place < scan.places(); place++) {
            scan.config(place); // what is out of its range is told now, not after an hour
        }
        Math.multiplyExact(scan.places(), seeds);
        return scan;
    }

    /**
     * A number to be measured on every finished run, besides its losses.
     *
     * @param name    of the number, for people; one that there is replaces it
     * @param measure called on the thread that trained the run
     * @throws IllegalStateException if the training has begun
     */
    public Sweep measuring(String name, ToDoubleFunction<? super DecompositionRun<ApdConfig>> measure) {
        requireNotBegun();
        measures.put(name, measure);
        return this;
    }

    /**
     * Keeps the numbers of finished runs in a folder, and takes those that are there.
     *
     * @param folder made if there is none
     * @throws IllegalStateException if the training has begun
     */
    public Sweep cacheIn(Path folder) {
        requireNotBegun();
        this.folder = new SweepFolder(folder);
        return this;
    }

    /** Calls something after every finished run: to show {@link #table()} anew. One call at a time, on the thread that trained the run. */
    public Sweep whenever(Consumer<? super Sweep> look) {
        looks.add(look);
        return this;
    }

    private void requireNotBegun() {
        if (group != null) {
            throw new IllegalStateException("the training of '" + title + "' has begun; say what to measure and where to keep it before");
        }
    }

    private int places() {
        return Math.multiplyExact(rows.values().size(), columns.values().size());
    }

    private ApdConfig config(int place) {
        int width = columns.values().size();
        return columns.in(rows.in(config, place / width), place % width);
    }

    /**
     * Trains what has no result yet; of finished runs, nothing. Returns early when it is stopped.
     *
     * @throws UncheckedIOException if the folder cannot be written, or a result in it is damaged
     */
    public Sweep train() {
        if (group == null) {
            List<Integer> open = new ArrayList<>();
            for (int number = 0; number < places() * seeds; number++) {
                Map<String, Double> known = folder == null ? null : read(number);
                if (known == null) {
                    open.add(number);
                } else {
                    results.put(number, known);
                }
            }
            if (open.isEmpty()) {
                return this;
            }
            group = SeedRuns.named(title, open.stream().map(this::name).toList(), i -> make(open.get((int) i)));
        }
        group.train();
        return this;
    }

    private Map<String, Double> read(int number) {
        try {
            return folder.read(targets.apply(number % seeds), config(number / seeds), number % seeds, measures.keySet());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() + "; delete it, and its run is trained again", e);
        }
    }

    private String name(int number) {
        int place = number / seeds;
        return rows.name() + " " + rowValue(place) + ", " + columns.name() + " " + columnValue(place) + (seeds == 1 ? "" : ", seed " + number % seeds);
    }

    private String rowValue(int place) {
        return NumberText.setting(rows.values().get(place / columns.values().size()));
    }

    private String columnValue(int place) {
        return NumberText.setting(columns.values().get(place % columns.values().size()));
    }

    private DecompositionRun<ApdConfig> make(int number) {
        DecompositionRun<ApdConfig> run = Apd.decompose(targets.apply(number % seeds), config(number / seeds), number % seeds);
        runs.put(number, run);
        return run.every(run.steps(), now -> finish(number, now));
    }

    private void finish(int number, DecompositionRun<ApdConfig> run) {
        if (run.step() < run.steps()) {
            return; // stopped
        }
        Map<String, Double> found = new LinkedHashMap<>();
        run.history().names().forEach(loss -> found.put(loss, run.loss(loss)));
        measures.forEach((name, measure) -> found.put(name, measure.applyAsDouble(run)));
        if (folder != null) {
            try {
                folder.write(run, measures.keySet(), found);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        results.put(number, found);
        synchronized (looks) {
            looks.forEach(look -> look.accept(this));
        }
    }

    /** Asks all runs to stop after the step that they are doing. Returns at once. */
    public void stop() {
        if (group != null) {
            group.stop();
        }
    }

    /** The runs at a place of the grid that were made in this process so far, by seed. */
    public List<DecompositionRun<ApdConfig>> runs(int row, int column) {
        return numbers(row, column).filter(runs::containsKey).mapToObj(runs::get).toList();
    }

    private IntStream numbers(int row, int column) {
        int place = row * columns.values().size() + column;
        return IntStream.range(place * seeds, (place + 1) * seeds);
    }

    /** The values of a number at a place of the grid, of the seeds that have a result. */
    public List<Double> found(int row, int column, String name) {
        return numbers(row, column).filter(results::containsKey).mapToObj(results::get).filter(found -> found.containsKey(name))
                .map(found -> found.get(name)).toList();
    }

    /** The mean of a number over the seeds, {@code [rows, columns]}; NaN where there is no result yet. */
    public Grid mean(String name) {
        return Grid.of(rows.values().size(), columns.values().size(), (row, column) -> Statistics.mean(Statistics.array(found(row, column, name))));
    }

    /** {@link #mean} as a map. */
    public Figure figure(String name) {
        return HeatMap.of(title + ": " + name, rows.name(), names(rows), columns.name(), names(columns), name, Scale.LINEAR, mean(name).toArray());
    }

    /** Whether every run has a result. */
    public boolean isFinished() {
        return results.size() == places() * seeds;
    }

    /** Number of runs that have a result. */
    public int finished() {
        return results.size();
    }

    /** One line for each place: how many seeds have a result, and the mean of every number over them. */
    public Table table() {
        int width = columns.values().size();
        List<Integer> all = IntStream.range(0, places()).boxed().toList();
        NumberTable table = NumberTable.named(title + ": " + finished() + " of " + places() * seeds + " runs done")
                .texts(rows.name(), all.stream().map(this::rowValue).toList())
                .texts(columns.name(), all.stream().map(this::columnValue).toList());
        if (seeds > 1) {
            table.texts("seeds done", all.stream()
                    .map(place -> numbers(place / width, place % width).filter(results::containsKey).count() + " of " + seeds).toList());
        }
        for (String name : names()) {
            Grid means = mean(name);
            boolean taken = name.equals(rows.name()) || name.equals(columns.name());
            table.numbers(taken ? name + " loss" : name, all.stream().mapToDouble(place -> means.get(place / width, place % width)).toArray());
        }
        return table.build();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(config.losses().stream().map(loss -> loss.label()).toList());
        measures.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    public SweepAxis rows() {
        return rows;
    }

    public SweepAxis columns() {
        return columns;
    }

    @Override
    public Summary summary() {
        List<DecompositionRun<ApdConfig>> made = List.copyOf(new TreeMap<>(runs).values());
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(rows.name(), texts(rows));
        entries.put(columns.name(), texts(columns));
        entries.put("seeds", Integer.toString(seeds));
        entries.put("trained", results.size() + " of " + places() * seeds + " runs to the end");
        entries.put("training", String.format(Locale.ROOT, "%.1f s on one core each", made.stream().mapToDouble(DecompositionRun::seconds).average().orElse(0)));
        return new Summary(title, entries);
    }

    private static String texts(SweepAxis setting) {
        return String.join(", ", names(setting));
    }

    private static List<String> names(SweepAxis setting) {
        return setting.values().stream().map(NumberText::setting).toList();
    }

    @Override
    public String toString() {
        return summary().line();
    }
}
