package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionMethod;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.spd.Spd;
import org.apd4j.spd.SpdConfig;
import org.apd4j.training.Results;
import org.apd4j.training.RunFolder;
import org.apd4j.training.SavedRun;

/**
 * The comparison of APD, SPD and shared gates that is committed: all its runs, and the file of their results, which is complete again when it is made
 * again. It takes hours, and can be stopped at any time: runs are saved while they train, each finished one is in the file a moment later, and what is
 * in the file with the same settings is not trained again.
 *
 * <pre>{@code
 * var study = ComparisonStudy.of(ComparisonStudy.Part.FIVE_TO_TWO, 90);
 * var runs = RunFolder.of(Path.of("runs"));
 * try {
 *     study.make(runs, Path.of("comparison.csv"), new Results.Origin("abc1234", "2026-11-27", "PAPER", "my computer"), System.out::println);
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 */
public final class ComparisonStudy {

    /** Between the name of a changed setting and its factor. */
    static final String TIMES = " × ";
    static final String THIRD = TIMES + "1/3";
    static final String TRIPLE = TIMES + "3";
    /** Begins a change of the number of steps, which has a line of its own in tables. */
    static final String STEPS = "steps ";
    private static final double FACTOR = 3;
    private static final int SENSITIVITY_SEEDS = 10;
    private static final int LONG_SEEDS = 2;

    /** A part of the comparison. */
    public enum Part {
        /** TMS 5-2. */
        FIVE_TO_TWO("5-2", 90),
        /** TMS 40-10; SPD with 10,000 steps, two of its runs with 40,000 as well. */
        FORTY_TO_TEN("40-10", 30),
        /** The residual MLP of one layer. */
        ONE_LAYER("one-layer", 3),
        /** The residual MLP of two layers; one run of SPD. */
        TWO_LAYERS("two-layers", 3),
        /** TMS 5-2 with each coefficient and the learning rate a third and three times as large. */
        SENSITIVITY("sensitivity", SENSITIVITY_SEEDS);

        private final String label;
        private final int seeds;

        Part(String label, int seeds) {
            this.label = label;
            this.seeds = seeds;
        }

        /** Returns the name on a command line. */
        public String label() {
            return label;
        }

        /** Returns the number of seeds of the committed comparison. */
        public int seeds() {
            return seeds;
        }
    }

    /** A run that is planned. */
    private record Task<S extends Record & DecompositionSettings>(Comparison comparison, String method, String change, long seed, S settings,
                                                                  DecompositionMethod<S> how) {

        String name() {
            return comparison.name() + ", " + method + (change.isEmpty() ? "" : ", " + change) + ", seed " + seed;
        }

        /** Returns a hash of the settings, which does not need the target. */
        String fingerprint() {
            return Fingerprint.of("settings of a comparison").add("method", method).add("config", settings).digits(8);
        }

        DecompositionRun<S> fresh() {
            return DecompositionRun.begin(how, comparison.target(seed).trained(), settings, seed);
        }

        boolean isIn(ComparisonResults results) {
            return results.rows().stream().anyMatch(row -> row.isOf(comparison.name(), method, change, seed)
                    && row.fingerprint().equals(fingerprint()));
        }

        ComparisonResults.Row measured(DecompositionRun<S> run, Results.Origin origin) {
            return new ComparisonResults.Row(comparison.name(), method, change, seed, Comparison.measure(run), fingerprint(), origin);
        }
    }

    private final String name;
    private final List<Task<?>> tasks;

    private ComparisonStudy(String name, List<Task<?>> tasks) {
        this.name = name;
        this.tasks = List.copyOf(tasks);
    }

    /** Returns a part with the seeds 0 … seeds − 1 and the settings of {@link Profile#PAPER}. */
    public static ComparisonStudy of(Part part, int seeds) {
        return of(part, seeds, switch (part) {
            case FIVE_TO_TWO, SENSITIVITY -> Comparison.fiveToTwo(Profile.PAPER);
            case FORTY_TO_TEN -> Comparison.fortyToTen(Profile.PAPER);
            case ONE_LAYER -> Comparison.oneLayer(Profile.PAPER);
            case TWO_LAYERS -> Comparison.twoLayers(Profile.PAPER);
        });
    }

    static ComparisonStudy of(Part part, int seeds, Comparison settings) {
        Comparison comparison = settings.withSeeds(seeds);
        return new ComparisonStudy(part.label() + ", " + seeds + (seeds == 1 ? " seed" : " seeds"),
                part == Part.SENSITIVITY ? sensitivity(comparison) : methods(comparison, part));
    }

    /** Returns a study of the runs of several studies, in their order, so that no core waits for the last runs of one before the next begins. */
    public static ComparisonStudy together(List<ComparisonStudy> studies) {
        return new ComparisonStudy(studies.stream().map(study -> study.name).collect(Collectors.joining("; ")),
                studies.stream().<Task<?>>flatMap(study -> study.tasks.stream()).toList());
    }

    /** Returns the runs of the three methods, the quick methods' first: a study that is stopped has whole lines of them. */
    private static List<Task<?>> methods(Comparison comparison, Part part) {
        int seeds = comparison.seeds();
        List<Task<?>> tasks = new ArrayList<>();
        for (long seed = 0; seed < seeds; seed++) {
            tasks.add(new Task<>(comparison, Comparison.SHARED, "", seed, comparison.sharedSettings(), SharedGate.METHOD));
        }
        for (long seed = 0; seed < seeds; seed++) {
            tasks.add(new Task<>(comparison, Comparison.APD, "", seed, comparison.apdSettings(), Apd.METHOD));
        }
        int ofSpd = part == Part.TWO_LAYERS ? 1 : seeds; // a run of 50,000 steps takes about an hour
        for (long seed = 0; seed < ofSpd; seed++) {
            tasks.add(new Task<>(comparison, Comparison.SPD, "", seed, comparison.spdSettings(), Spd.METHOD));
        }
        for (long seed = 0; seed < Math.min(seeds, LONG_SEEDS) && part == Part.FORTY_TO_TEN; seed++) {
            SpdConfig more = comparison.spdSettings().with(c -> c.steps = 4 * c.steps);
            tasks.add(new Task<>(comparison, Comparison.SPD, STEPS + more.steps(), seed, more, Spd.METHOD));
        }
        return tasks;
    }

    private static List<Task<?>> sensitivity(Comparison comparison) {
        List<Task<?>> tasks = new ArrayList<>();
        for (boolean larger : new boolean[] {false, true}) {
            double factor = larger ? FACTOR : 1 / FACTOR;
            String suffix = larger ? TRIPLE : THIRD;
            change(tasks, comparison, Comparison.SHARED, comparison.sharedSettings(), SharedGate.METHOD, suffix, List.of(
                    new Change<>("faithfulness", settings -> settings.with(c -> {
                        c.faithfulness *= factor;
                        c.lastFaithfulness *= factor;
                    })),
                    new Change<>("stochastic", settings -> settings.with(c -> c.stochastic *= factor)),
                    new Change<>("keep", settings -> settings.with(c -> c.keep *= factor)),
                    new Change<>("minimality", settings -> settings.with(c -> c.minimality *= factor)),
                    new Change<>("hidden", settings -> settings.with(c -> c.hidden *= factor)),
                    new Change<>("learning rate", settings -> settings.with(c -> c.learningRate *= factor))));
            change(tasks, comparison, Comparison.APD, comparison.apdSettings(), Apd.METHOD, suffix, List.<Change<ApdConfig>>of(
                    new Change<>("faithfulness", settings -> settings.with(c -> c.faithfulness *= factor)),
                    new Change<>("minimality", settings -> settings.with(c -> c.minimality *= factor)),
                    new Change<>("simplicity", settings -> settings.with(c -> c.simplicity *= factor)),
                    new Change<>("learning rate", settings -> settings.with(c -> c.learningRate *= factor))));
            change(tasks, comparison, Comparison.SPD, comparison.spdSettings(), Spd.METHOD, suffix, List.<Change<SpdConfig>>of(
                    new Change<>("faithfulness", settings -> settings.with(c -> c.faithfulness *= factor)),
                    new Change<>("stochastic", settings -> settings.with(c -> c.stochastic *= factor)),
                    new Change<>("layer-wise", settings -> settings.with(c -> c.stochasticLayerwise *= factor)),
                    new Change<>("minimality", settings -> settings.with(c -> c.importanceMinimality *= factor)),
                    new Change<>("learning rate", settings -> settings.with(c -> c.learningRate *= factor))));
        }
        return tasks;
    }

    private record Change<S>(String name, UnaryOperator<S> of) {
    }

    private static <S extends Record & DecompositionSettings> void change(List<Task<?>> tasks, Comparison comparison, String method, S settings,
                                                                         DecompositionMethod<S> how, String suffix, List<Change<S>> changes) {
        for (Change<S> change : changes) {
            for (long seed = 0; seed < comparison.seeds(); seed++) {
                tasks.add(new Task<>(comparison, method, change.name() + suffix, seed, change.of().apply(settings), how));
            }
        }
    }

    /** Returns the number of runs. */
    public int size() {
        return tasks.size();
    }

    /** Returns the names of the runs that are not in given results with these settings. */
    public List<String> missingIn(ComparisonResults results) {
        return tasks.stream().filter(task -> !task.isIn(results)).<String>map(Task::name).toList();
    }

    /**
     * Trains and measures all runs that are not in a file, two or more at the same time, one a core, and adds each to the file.
     *
     * @param runs   the folder in which runs are saved while they train; runs that it holds are not trained again
     * @param file   the file of results; it is created if there is none
     * @param origin is noted with every run that is added
     * @param report is told of every run that was added
     * @return everything in the file, runs of other parts too
     * @throws IOException if what is saved cannot be read, or the folder or file cannot be written to
     */
    public ComparisonResults make(RunFolder runs, Path file, Results.Origin origin, Consumer<String> report) throws IOException {
        runs.writable();
        return add(file, origin, report, new Taker() {
            @Override
            public <S extends Record & DecompositionSettings> Optional<DecompositionRun<S>> take(Task<S> task) throws IOException {
                return Optional.of(runs.resume(task.fresh()).train()).filter(DecompositionRun::isFinished);
            }
        });
    }

    /**
     * Measures the finished runs in a folder that are not in a file, and adds them to it. Trains targets, but no decomposition, and does not change the
     * folder, in which another program may be training.
     *
     * @return everything in the file
     * @throws IOException if the folder cannot be read, or the file cannot be written to
     */
    public ComparisonResults measure(RunFolder runs, Path file, Results.Origin origin, Consumer<String> report) throws IOException {
        return add(file, origin, report, new Taker() {
            @Override
            public <S extends Record & DecompositionSettings> Optional<DecompositionRun<S>> take(Task<S> task) throws IOException {
                return runs.find(task.fresh()).filter(SavedRun::isSame).flatMap(SavedRun::run).filter(DecompositionRun::isFinished);
            }
        });
    }

    /** Where a run comes from. */
    private interface Taker {
        <S extends Record & DecompositionSettings> Optional<DecompositionRun<S>> take(Task<S> task) throws IOException;
    }

    private ComparisonResults add(Path file, Results.Origin origin, Consumer<String> report, Taker taker) throws IOException {
        Objects.requireNonNull(report, "report");
        ComparisonResults known = ComparisonResults.readIfPresent(file);
        return ComparisonResults.complete(file, tasks.stream().filter(task -> !task.isIn(known)).toList(), task -> finish(task, origin, taker), report);
    }

    private static <S extends Record & DecompositionSettings> Optional<StudyFile.Finished<ComparisonResults.Row>> finish(Task<S> task,
                                                                                      Results.Origin origin, Taker taker) throws IOException {
        return taker.take(task).map(run -> {
            long begin = System.nanoTime();
            ComparisonResults.Row row = task.measured(run, origin);
            return new StudyFile.Finished<>(List.of(row), String.format(Locale.ROOT,
                    "%s: %d of %d features in direction, %d whole; trained in %.0f s, measured in %.1f s", task.name(), row.outcome().directions(),
                    row.outcome().features(), row.outcome().whole(), row.outcome().seconds(), (System.nanoTime() - begin) / 1e9));
        });
    }

    @Override
    public String toString() {
        return "comparison study " + name + ", " + tasks.size() + (tasks.size() == 1 ? " run" : " runs");
    }
}
