package org.apd4j.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.decomposition.Apd;
import org.apd4j.decomposition.ApdConfig;
import org.apd4j.decomposition.ApdRun;
import org.apd4j.measures.Recovery;
import org.apd4j.measures.RecoveryMap;
import org.apd4j.tables.NumberText;
import org.apd4j.target.TargetRun;
import org.apd4j.training.SeedRuns;

/**
 * A decomposition over a grid of two settings, several seeds at each place: how much its success depends on them. The runs are spread
 * over the cores, one a core at a time, as in {@link SeedRuns}; one target for each seed serves all places. Stopped, the grid keeps what
 * was learned, and {@link #train()} goes on.
 *
 * <pre>{@code
 * var grid = Sensitivity.fiveToTwo(Profile.QUICK);
 * grid.train();
 * Figures.successRate(grid.recovery())
 * }</pre>
 */
public final class Sensitivity implements Summarized {

    private final TmsExperiment experiment;
    private final Setting rows;
    private final Setting columns;
    private final int seeds;
    private final SeedRuns<ApdRun> runs;
    private final Map<Long, TargetRun> targets = new ConcurrentHashMap<>();
    private final Map<Integer, ApdRun> runsByPlace = new ConcurrentHashMap<>();

    private Sensitivity(TmsExperiment experiment, Setting rows, Setting columns, int seeds) {
        this.experiment = experiment;
        this.rows = rows;
        this.columns = columns;
        this.seeds = seeds;
        this.runs = SeedRuns.named(experiment.name() + ", " + rows.name() + " × " + columns.name(),
                IntStream.range(0, Math.multiplyExact(rows.values().size() * columns.values().size(), seeds)).mapToObj(this::name).toList(),
                this::make);
    }

    /**
     * An experiment's decomposition over a grid; nothing has been trained yet.
     *
     * @param rows    a setting
     * @param columns another one
     * @param seeds   runs at each place, at least 1, with the seeds 0 … {@code seeds − 1}
     * @throws IllegalArgumentException if there are no seeds, or a value is none that its setting can have
     */
    public static Sensitivity of(TmsExperiment experiment, Setting rows, Setting columns, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds is " + seeds + "; it must be at least 1");
        }
        Sensitivity grid = new Sensitivity(experiment, rows, columns, seeds);
        for (int place = 0; place < rows.values().size() * columns.values().size(); place++) {
            grid.config(place); // what is out of its range is told now, not after an hour
        }
        return grid;
    }

    /** Simplicity coefficient and k on TMS 5-2. */
    public static Sensitivity fiveToTwo(Profile profile) {
        TmsExperiment experiment = TmsExperiment.fiveToTwoVariants(profile);
        return switch (profile) {
            case PAPER -> of(experiment, Setting.simplicity(0.1, 0.3, 0.7, 1.5, 3), Setting.batchTopK(0.15, 0.211, 0.25, 0.3), 5);
            case QUICK -> of(experiment, Setting.simplicity(0.7, 3), Setting.batchTopK(0.15, 0.211), 2);
        };
    }

    /** Simplicity coefficient and k on TMS 40-10. */
    public static Sensitivity fortyToTen(Profile profile) {
        TmsExperiment experiment = TmsExperiment.fortyToTen(profile);
        return switch (profile) {
            case PAPER -> of(experiment, Setting.simplicity(5, 20, 50), Setting.batchTopK(0.5, 1, 2), 2);
            case QUICK -> of(experiment.withSteps(1_500), Setting.simplicity(20), Setting.batchTopK(0.5, 1), 1);
        };
    }

    private String name(int number) {
        int width = columns.values().size();
        int place = number / seeds;
        return rows.name() + " " + NumberText.setting(rows.values().get(place / width)) + ", " + columns.name() + " "
                + NumberText.setting(columns.values().get(place % width)) + (seeds == 1 ? "" : ", seed " + number % seeds);
    }

    private ApdRun make(long number) {
        long seed = number % seeds;
        TargetRun target = targets.computeIfAbsent(seed, experiment::target);
        synchronized (target) { // the first one trains it; to the others it is finished
            target.train();
        }
        int place = (int) (number / seeds);
        ApdRun run = Apd.decompose(target, config(place));
        runsByPlace.put((int) number, run);
        return run;
    }

    private ApdConfig config(int place) {
        int width = columns.values().size();
        return columns.in(rows.in(experiment.apd(), place / width), place % width);
    }

    /** Trains all runs to their ends; of finished ones, nothing. Returns early when it is stopped. */
    public Sensitivity train() {
        runs.train();
        return this;
    }

    /** The runs at a place of the grid that exist so far, by seed. */
    public List<ApdRun> runs(int row, int column) {
        int place = row * columns.values().size() + column;
        return IntStream.range(place * seeds, (place + 1) * seeds).filter(runsByPlace::containsKey).mapToObj(runsByPlace::get).toList();
    }

    /** What the finished runs recovered, over the grid. */
    public RecoveryMap recovery() {
        return new RecoveryMap(experiment.name() + ", " + seeds + (seeds == 1 ? " seed each" : " seeds each"), rows.name(), rows.values(),
                columns.name(), columns.values(), IntStream.range(0, rows.values().size())
                        .mapToObj(row -> IntStream.range(0, columns.values().size())
                                .mapToObj(column -> runs(row, column).stream().filter(ApdRun::isFinished).map(Recovery::of).toList()).toList())
                        .toList());
    }

    @Override
    public Summary summary() {
        List<ApdRun> made = List.copyOf(runsByPlace.values());
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(rows.name(), texts(rows));
        entries.put(columns.name(), texts(columns));
        entries.put("seeds", Integer.toString(seeds));
        entries.put("trained", made.stream().filter(ApdRun::isFinished).count() + " of "
                + rows.values().size() * columns.values().size() * seeds + " runs to the end");
        entries.put("training", String.format(Locale.ROOT, "%.1f s on one core each", made.stream().mapToDouble(ApdRun::seconds).average().orElse(0)));
        return new Summary(runs.title(), entries);
    }

    private static String texts(Setting setting) {
        return setting.values().stream().map(NumberText::setting).collect(Collectors.joining(", "));
    }
}
