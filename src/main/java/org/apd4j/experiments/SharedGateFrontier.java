package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.tables.NumberTable;
import org.apd4j.targets.TargetRun;
import org.apd4j.training.Results;
import tech.tablesaw.api.Table;

/**
 * What shared gates reach in the residual MLP of two layers with several settings, on three targets with two seeds each: four numbers are wanted at the
 * same time, and what helps one of them harms another. The results are a file with a line for each run.
 *
 * <pre>{@code
 * try {
 *     System.out.println(SharedGateFrontier.read(Path.of("data", "frontier.csv")).table().printAll());
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 *
 * @param rows the runs: by setting, target and seed
 */
public record SharedGateFrontier(List<Row> rows) {

    /** The number of targets in the committed file; each is decomposed with two seeds. */
    public static final int TARGETS = 3;
    /** What is wanted of the share of features with a component of their own. */
    public static final double SEPARATION = 0.99;
    /** What is wanted of the mean length ratio of neuron contributions. */
    public static final double LENGTH = 0.95;
    /** What is wanted of the mean cosine of neuron contributions. */
    public static final double COSINE = 0.97;
    /** What is wanted of the scrubbed error; APD has 4.0e-4 on such targets. */
    public static final double SCRUBBED = 3.5e-4;

    private static final int SEEDS = 2;
    private static final int BATCHES = 4;
    private static final int SCRUBBING_SAMPLES = 6_000;
    private static final List<String> SETTINGS = settings().keySet().stream().toList();
    private static final StudyFile<Row> FILE = new StudyFile<>(Row.class, "a file of shared gates in two layers", Row::isSameRun,
            Comparator.comparing((Row row) -> SETTINGS.indexOf(row.setting())).thenComparing(Row::setting).thenComparing(Row::target)
                    .thenComparing(Row::seed));

    /**
     * A run.
     *
     * @param setting      what differs from the settings of notebook 09
     * @param target       the seed of the target
     * @param seed         the seed of the decomposition
     * @param coverage     share of features with an important component ({@link FeatureOwners})
     * @param separation   share of these with a component of their own
     * @param live         number of components that are alive
     * @param cosine       mean cosine of neuron contributions to the target's ({@link LengthFactors})
     * @param length       mean length ratio of neuron contributions
     * @param in1          mean length of what neurons of layer 1 read, relative to the target's
     * @param out1         mean length of what they write
     * @param in2          mean length of what neurons of layer 2 read
     * @param out2         mean length of what they write
     * @param gated        mean squared error of the output with each component as much as its importance
     * @param scrubbed     error with a random half of the components and those that the active features use ({@link Scrubbing})
     * @param antiScrubbed error with a random half of the components without those that the active features use
     * @param keepOnly     error of a feature's output with its own component alone, relative to that without any
     * @param seconds      seconds of training
     * @param fingerprint  of the settings, by which a change of them is noticed
     * @param origin       commit, day, profile and machine
     */
    public record Row(String setting, long target, long seed, double coverage, double separation, int live, double cosine, double length, double in1,
                      double out1, double in2, double out2, double gated, double scrubbed, double antiScrubbed, double keepOnly, double seconds,
                      String fingerprint, Results.Origin origin) {

        boolean isSameRun(Row other) {
            return setting.equals(other.setting) && target == other.target && seed == other.seed;
        }
    }

    /** A run that is not in a file. */
    private record Missing(String setting, SharedGateConfig settings, long target, long seed) {

        String name() {
            return setting + ", target " + target + ", seed " + seed;
        }
    }

    /** Sorts the rows by setting, in the order of the table, target and seed. */
    public SharedGateFrontier {
        rows = FILE.sorted(rows);
    }

    private static Map<String, SharedGateConfig> settings() {
        SharedGateConfig one = SharedGateConfig.oneLayer();
        SharedGateConfig more = one.with(c -> c.components = 200);
        SharedGateConfig longer = more.with(c -> c.steps = 8_000);
        SharedGateConfig ofPage = longer.with(c -> {
            c.start = SharedGateConfig.Start.OUTPUT;
            c.stochastic = 2;
            c.keep = 32;
            c.minimality = 3.5;
        });
        Map<String, SharedGateConfig> settings = new LinkedHashMap<>();
        settings.put("as for one layer", one);
        settings.put("200 components", more);
        settings.put("200 components, corner masks", more.with(c -> c.masks = RandomMasks.CORNER));
        settings.put("200 components, direction ½", more.with(c -> c.direction = 0.5));
        settings.put("200 components, corner masks, direction ½", more.with(c -> {
            c.masks = RandomMasks.CORNER;
            c.direction = 0.5;
        }));
        settings.put("200 components, 8,000 steps", longer);
        settings.put("200 components, 8,000 steps, corner masks", longer.with(c -> c.masks = RandomMasks.CORNER));
        settings.put("200 components, 8,000 steps, start at the output", longer.with(c -> c.start = SharedGateConfig.Start.OUTPUT));
        settings.put("keep 32 : 2, 8,000 steps, start at the output", ofPage);
        settings.put("keep 32 : 2, 8,000 steps, start at the output, direction 1", ofPage.with(c -> c.direction = 1));
        return settings;
    }

    private static String fingerprint(SharedGateConfig settings) {
        return Fingerprint.of("settings in two layers").add("config", settings).digits(8);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not a file of such results; the message names the line
     */
    public static SharedGateFrontier read(Path file) throws IOException {
        return new SharedGateFrontier(FILE.read(file));
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        FILE.write(file, rows);
    }

    private static List<Missing> missing(SharedGateFrontier results, int targets) {
        List<Missing> missing = new ArrayList<>();
        settings().forEach((setting, settings) -> {
            for (long target = 0; target < targets; target++) {
                for (long seed = 0; seed < SEEDS; seed++) {
                    var run = new Missing(setting, settings, target, seed);
                    if (results.rows.stream().noneMatch(row -> row.setting().equals(setting) && row.target() == run.target() && row.seed() == run.seed()
                            && row.fingerprint().equals(fingerprint(settings)))) {
                        missing.add(run);
                    }
                }
            }
        });
        return missing;
    }

    /** Returns the names of the runs on a number of targets that are not in these results with today's settings. */
    public List<String> missing(int targets) {
        return missing(this, targets).stream().map(Missing::name).toList();
    }

    /**
     * Trains and measures all runs that are not in a file, one a core, and adds each to the file.
     *
     * @param file    the file of results; it is created if there is none
     * @param targets the number of targets
     * @param origin  is noted with every run that is added
     * @param report  is told of every run that was added
     * @return everything in the file
     * @throws IOException if the file cannot be read or written to
     */
    public static SharedGateFrontier make(Path file, int targets, Results.Origin origin, Consumer<String> report) throws IOException {
        List<Missing> missing = missing(new SharedGateFrontier(FILE.readIfPresent(file)), targets);
        Comparison networks = Comparison.twoLayers(Profile.PAPER);
        return new SharedGateFrontier(FILE.complete(file, missing, task -> Optional.of(run(task, networks.target(task.target()), origin)), report));
    }

    private static StudyFile.Finished<Row> run(Missing task, TargetRun target, Results.Origin origin) {
        var run = SharedGate.decompose(target.trained(), task.settings(), task.seed()).train();
        Row row = measure(run, task.setting(), task.target(), origin);
        return new StudyFile.Finished<>(List.of(row), String.format(Locale.ROOT,
                "%s: separation %.2f, cosine %.3f, length %.3f, scrubbed %.1e; trained in %.0f s", task.name(), row.separation(), row.cosine(),
                row.length(), row.scrubbed(), row.seconds()));
    }

    static Row measure(DecompositionRun<SharedGateConfig> run, String setting, long target, Results.Origin origin) {
        FeatureOwners owners = FeatureOwners.of(run, SharedGateExperiment.FUNCTION);
        LengthFactors lengths = LengthFactors.of(run, SharedGateExperiment.FUNCTION);
        Scrubbing scrubbing = Scrubbing.of(run, run.seed(), SCRUBBING_SAMPLES);
        return new Row(setting, target, run.seed(), owners.coverage(), owners.separation(), SharedGate.gates(run.decomposition()).live(),
                lengths.meanCosine(), lengths.meanRatio(), lengths.meanIn(0), lengths.meanOut(0), lengths.meanIn(1), lengths.meanOut(1),
                MaskedReconstruction.of(run, run.seed(), BATCHES).gated(), scrubbing.of(Scrubbing.Kind.SCRUBBED).mean(),
                scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean(), KeepOnlyError.of(run, SharedGateExperiment.FUNCTION).share(), run.seconds(),
                fingerprint(run.config()), origin);
    }

    /** Returns a line for each setting: means over its runs, and in how many of them each of the four bounds holds, and all of them. */
    public Table table() {
        Map<String, List<Row>> lines = new LinkedHashMap<>();
        rows.forEach(row -> lines.computeIfAbsent(row.setting(), key -> new ArrayList<>()).add(row));
        List<List<Row>> groups = List.copyOf(lines.values());
        return NumberTable.named("Shared gates in two layers: means over targets and seeds").texts("settings", List.copyOf(lines.keySet()))
                .integers("runs", groups.stream().mapToInt(List::size).toArray()).numbers("separation", means(groups, Row::separation))
                .numbers("cosine", means(groups, Row::cosine)).numbers("length ratio", means(groups, Row::length))
                .numbers("scrubbed", means(groups, Row::scrubbed)).numbers("own component alone", means(groups, Row::keepOnly))
                .texts("read × written, layer 1", groups.stream().map(group -> factors(group, Row::in1, Row::out1)).toList())
                .texts("layer 2", groups.stream().map(group -> factors(group, Row::in2, Row::out2)).toList())
                .texts("all four reached", groups.stream().map(group -> group.stream().filter(SharedGateFrontier::reachesAll).count() + " of "
                        + group.size()).toList()).build();
    }

    private static boolean reachesAll(Row row) {
        return row.separation() >= SEPARATION && row.length() >= LENGTH && row.cosine() >= COSINE && row.scrubbed() < SCRUBBED;
    }

    private static String factors(List<Row> group, ToDoubleFunction<Row> in, ToDoubleFunction<Row> out) {
        return String.format(Locale.ROOT, "%.2f × %.2f", mean(group, in), mean(group, out));
    }

    private static double[] means(List<List<Row>> groups, ToDoubleFunction<Row> number) {
        return groups.stream().mapToDouble(group -> mean(group, number)).toArray();
    }

    private static double mean(List<Row> group, ToDoubleFunction<Row> number) {
        return Statistics.mean(group.stream().mapToDouble(number).toArray());
    }

    @Override
    public String toString() {
        return rows.size() + (rows.size() == 1 ? " run" : " runs") + " of shared gates in two layers";
    }
}
