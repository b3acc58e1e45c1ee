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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.FeatureOwners;
import org.apd4j.measures.importance.KeepOnlyError;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.sharedgate.RandomMasks;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.tables.NumberTable;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.training.Results;
import tech.tablesaw.api.Table;

/**
 * What shared gates reach in residual MLPs: with the settings of {@link SharedGateConfig#residualMlp}, and with others. The bounds, which have to hold at
 * the same time, are those of {@link SharedGateExperiment} but for the share of components that live in both layers: features have components of their
 * own, whose contributions have the target's directions and lengths, and the output survives that a random half of what an input does not need is
 * deleted. The results are a file with a line for each run.
 *
 * <pre>{@code
 * try {
 *     System.out.println(ResidualMlpReach.read(Path.of("data", "residual-reach.csv")).table().printAll());
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 *
 * @param rows the runs: by number of layers, settings, target and seed
 */
public record ResidualMlpReach(List<Row> rows) {

    /** The number of targets of one layer in the committed file; of two layers, and with another number of neurons, there are fewer. */
    public static final int TARGETS = 5;
    private static final int TWO_LAYER_TARGETS = 3;
    private static final int TWO_LAYER_SEEDS = 2;
    /** Of networks with another number of neurons than the paper's. */
    private static final int OTHER_TARGETS = 3;

    private static final String AS_THEY_ARE = "as they are";
    private static final List<Line> LINES = lines();
    private static final List<Key> ORDER = LINES.stream().map(Line::key).toList();
    private static final StudyFile<Row> FILE = new StudyFile<>(Row.class, "a file of shared gates in residual MLPs", Row::isSameRun,
            Comparator.comparing((Row row) -> ORDER.indexOf(row.key())).thenComparing(Row::layers)
                    .thenComparing(Row::setting).thenComparing(Row::target).thenComparing(Row::seed));

    /**
     * A run.
     *
     * @param layers       number of layers of the target
     * @param setting      what differs from {@link SharedGateConfig#residualMlp}, and from the paper's network
     * @param target       the seed of the target
     * @param seed         the seed of the decomposition
     * @param coverage     share of features with an important component ({@link FeatureOwners})
     * @param separation   share of these with a component of their own
     * @param live         number of components that are alive
     * @param cosine       mean cosine of neuron contributions to the target's ({@link LengthFactors})
     * @param length       mean length ratio of neuron contributions
     * @param in1          mean length of what neurons of layer 1 read, relative to the target's
     * @param out1         mean length of what they write
     * @param in2          mean length of what neurons of layer 2 read; NaN with one layer
     * @param out2         mean length of what they write; NaN with one layer
     * @param gated        mean squared error of the output with each component as much as its importance
     * @param scrubbed     error with a random half of the components and those that the active features use ({@link Scrubbing})
     * @param antiScrubbed error with a random half of the components without those that the active features use
     * @param keepOnly     error of a feature's output with its own component alone, relative to that without any
     * @param seconds      seconds of training
     * @param fingerprint  of the settings, by which a change of them is noticed
     * @param origin       commit, day, profile and machine
     */
    public record Row(int layers, String setting, long target, long seed, double coverage, double separation, int live, double cosine, double length,
                      double in1, double out1, double in2, double out2, double gated, double scrubbed, double antiScrubbed, double keepOnly, double seconds,
                      String fingerprint, Results.Origin origin) {

        boolean isSameRun(Row other) {
            return key().equals(other.key()) && target == other.target && seed == other.seed;
        }

        private Key key() {
            return new Key(layers, setting);
        }
    }

    /** The runs that are a line of the table. */
    private record Key(int layers, String setting) {
    }

    /** Settings that are tried on targets. */
    private record Line(ResidualMlpConfig model, String setting, SharedGateConfig settings) {

        /** Returns the settings in the paper's networks. */
        static Line ofPaper(int layers, String setting, SharedGateConfig settings) {
            return new Line(paper(layers), setting, settings);
        }

        /** Returns the same settings in networks with another number of neurons. */
        Line withNeurons(int neurons) {
            return new Line(model.with(c -> c.neurons = neurons), setting + ", " + neurons + " neurons", settings);
        }

        private static ResidualMlpConfig paper(int layers) {
            return layers == 1 ? ResidualMlpConfig.paperOneLayer() : ResidualMlpConfig.paperTwoLayers();
        }

        int layers() {
            return model.layers();
        }

        private boolean isOfPaper() {
            return model.equals(paper(layers()));
        }

        Key key() {
            return new Key(layers(), setting);
        }

        int targetsOf(int oneLayerTargets) {
            return layers() > 1 ? Math.min(oneLayerTargets, TWO_LAYER_TARGETS) : isOfPaper() ? oneLayerTargets : Math.min(oneLayerTargets, OTHER_TARGETS);
        }

        String fingerprint() {
            Fingerprint fingerprint = Fingerprint.of("settings in residual MLPs").add("layers", layers()).add("config", settings);
            // the paper's networks keep the fingerprint that they had before there were others
            return (isOfPaper() ? fingerprint : fingerprint.add("neurons", model.neurons())).digits(8);
        }
    }

    /** A run that is not in a file. */
    private record Missing(Line line, long target, long seed) {

        boolean is(Row row) {
            return row.key().equals(line.key()) && row.target() == target && row.seed() == seed && row.fingerprint().equals(line.fingerprint());
        }

        String name() {
            return inWords(line.layers()) + ", " + line.setting() + ", target " + target + ", seed " + seed;
        }
    }

    /** Sorts the rows by setting, in the order of the table, target and seed. */
    public ResidualMlpReach {
        rows = FILE.sorted(rows);
    }

    private static List<Line> lines() {
        SharedGateConfig own = SharedGateConfig.residualMlp();
        SharedGateConfig shorter = own.with(c -> c.steps = 3_000);
        SharedGateConfig fewer = shorter.with(c -> c.components = 130);
        SharedGateConfig output = own.with(c -> c.start = SharedGateConfig.Start.OUTPUT);
        SharedGateConfig keep = output.with(c -> {
            c.stochastic = 2;
            c.keep = 32;
            c.minimality = 3.5;
        });
        return List.of(Line.ofPaper(1, AS_THEY_ARE, own), Line.ofPaper(1, "3,000 steps", shorter), Line.ofPaper(1, "3,000 steps, 130 components", fewer),
                Line.ofPaper(1, "3,000 steps, 130 components, corner masks", withCornerMasks(fewer)),
                Line.ofPaper(1, AS_THEY_ARE, own).withNeurons(25), Line.ofPaper(1, AS_THEY_ARE, own).withNeurons(100),
                Line.ofPaper(2, AS_THEY_ARE, own), Line.ofPaper(2, "corner masks", withCornerMasks(own)), Line.ofPaper(2, "start at the output", output),
                Line.ofPaper(2, "start at the output, keep 32 : 2", keep),
                Line.ofPaper(2, "start at the output, keep 32 : 2, direction 1", withDirection(keep, 1)),
                Line.ofPaper(2, "3,000 steps", shorter), Line.ofPaper(2, "3,000 steps, 130 components", fewer),
                Line.ofPaper(2, "3,000 steps, corner masks", withCornerMasks(shorter)),
                Line.ofPaper(2, "3,000 steps, direction ½", withDirection(shorter, 0.5)),
                Line.ofPaper(2, "3,000 steps, corner masks, direction ½", withDirection(withCornerMasks(shorter), 0.5)));
    }

    private static SharedGateConfig withCornerMasks(SharedGateConfig settings) {
        return settings.with(c -> c.masks = RandomMasks.CORNER);
    }

    private static SharedGateConfig withDirection(SharedGateConfig settings, double direction) {
        return settings.with(c -> c.direction = direction);
    }

    private static String inWords(int layers) {
        return layers == 1 ? "one layer" : "two layers";
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not a file of such results; the message names the line
     */
    public static ResidualMlpReach read(Path file) throws IOException {
        return new ResidualMlpReach(FILE.read(file));
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        FILE.write(file, rows);
    }

    private static List<Missing> missing(ResidualMlpReach results, int targets) {
        List<Missing> missing = new ArrayList<>();
        for (Line line : LINES) {
            for (long target = 0; target < line.targetsOf(targets); target++) {
                for (long seed = 0; seed < (line.layers() == 1 ? 1 : TWO_LAYER_SEEDS); seed++) {
                    var run = new Missing(line, target, seed);
                    if (results.rows.stream().noneMatch(run::is)) {
                        missing.add(run);
                    }
                }
            }
        }
        return missing;
    }

    /**
     * Returns the names of the runs that are not in these results with today's settings.
     *
     * @param targets the number of targets of one layer; of two layers there are at most three of them, with two seeds each, and of one layer with
     *                another number of neurons at most three
     */
    public List<String> missing(int targets) {
        return missing(this, targets).stream().map(Missing::name).toList();
    }

    /**
     * Trains and measures all runs that are not in a file, one a core, and adds each to the file.
     *
     * @param file    the file of results; it is created if there is none
     * @param targets the number of targets of one layer; of two layers there are at most three of them, with two seeds each, and of one layer with
     *                another number of neurons at most three
     * @param origin  is noted with every run that is added
     * @param report  is told of every run that was added
     * @return everything in the file
     * @throws IOException if the file cannot be read or written to
     */
    public static ResidualMlpReach make(Path file, int targets, Results.Origin origin, Consumer<String> report) throws IOException {
        List<Missing> missing = missing(new ResidualMlpReach(FILE.readIfPresent(file)), targets);
        Map<ResidualMlpConfig, TrainedTargets> networks = new ConcurrentHashMap<>();
        return new ResidualMlpReach(FILE.complete(file, missing,
                task -> Optional.of(run(task, networks.computeIfAbsent(task.line().model(),
                        model -> new TrainedTargets(seed -> ResidualMlp.of(model, seed))).of(task.target()), origin)), report));
    }

    private static StudyFile.Finished<Row> run(Missing task, TargetRun target, Results.Origin origin) {
        var run = SharedGate.decompose(target.trained(), task.line().settings(), task.seed()).train();
        Row row = measure(run, task.line().layers(), task.line().setting(), task.line().fingerprint(), task.target(), origin);
        return new StudyFile.Finished<>(List.of(row), String.format(Locale.ROOT,
                "%s: separation %.2f, cosine %.3f, length %.3f, scrubbed %.1e; trained in %.0f s", task.name(), row.separation(), row.cosine(),
                row.length(), row.scrubbed(), row.seconds()));
    }

    static Row measure(DecompositionRun<SharedGateConfig> run, int layers, String setting, String fingerprint, long target, Results.Origin origin) {
        FeatureOwners owners = FeatureOwners.of(run, SharedGateExperiment.FUNCTION);
        LengthFactors lengths = LengthFactors.of(run, SharedGateExperiment.FUNCTION);
        Scrubbing scrubbing = Comparison.scrubbing(run);
        return new Row(layers, setting, target, run.seed(), owners.coverage(), owners.separation(), SharedGate.gates(run.decomposition()).live(),
                lengths.meanCosine(), lengths.meanRatio(), lengths.meanIn(0), lengths.meanOut(0), layers == 1 ? Double.NaN : lengths.meanIn(1),
                layers == 1 ? Double.NaN : lengths.meanOut(1), Comparison.errors(run).gated(),
                scrubbing.of(Scrubbing.Kind.SCRUBBED).mean(), scrubbing.of(Scrubbing.Kind.ANTI_SCRUBBED).mean(),
                KeepOnlyError.of(run, SharedGateExperiment.FUNCTION).share(), run.seconds(), fingerprint, origin);
    }

    /** Returns a line for each setting: means over its runs, and in how many of them all bounds are met. */
    public Table table() {
        Map<Key, List<Row>> lines = new LinkedHashMap<>();
        rows.forEach(row -> lines.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row));
        List<List<Row>> groups = List.copyOf(lines.values());
        return NumberTable.named("Shared gates in residual MLPs: runs that meet all bounds, and means over targets and seeds")
                .integers("layers", groups.stream().mapToInt(group -> group.get(0).layers()).toArray())
                .texts("settings", groups.stream().map(group -> group.get(0).setting()).toList())
                .texts("all met", groups.stream().map(group -> group.stream().filter(ResidualMlpReach::meetsAll).count() + " of " + group.size()).toList())
                .numbers("separation", means(groups, Row::separation)).numbers("cosine", means(groups, Row::cosine))
                .numbers("length ratio", means(groups, Row::length)).numbers("own importances", means(groups, Row::gated))
                .numbers("scrubbed", means(groups, Row::scrubbed)).numbers("own component alone", means(groups, Row::keepOnly))
                .texts("read × written, layer by layer", groups.stream().map(ResidualMlpReach::factors).toList()).build();
    }

    /**
     * Returns a table of the networks of one layer, decomposed with {@link SharedGateConfig#residualMlp}, with a line for each number of neurons: the lengths
     * of what components read and write, relative to the target, beside the number of neurons per feature.
     */
    public Table neurons() {
        Map<Line, List<Row>> lines = new LinkedHashMap<>();
        LINES.stream().filter(line -> line.layers() == 1 && line.settings().equals(SharedGateConfig.residualMlp()))
                .sorted(Comparator.comparingInt(line -> line.model().neurons()))
                .forEach(line -> lines.put(line, rows.stream().filter(row -> row.key().equals(line.key())).toList()));
        lines.values().removeIf(List::isEmpty);
        List<List<Row>> groups = List.copyOf(lines.values());
        return NumberTable.named("Shared gates in residual MLPs of one layer: lengths of what components read and write, relative to the target's")
                .integers("neurons", lines.keySet().stream().mapToInt(line -> line.model().neurons()).toArray())
                .integers("targets", groups.stream().mapToInt(List::size).toArray())
                .numbers("neurons per feature", lines.keySet().stream().mapToDouble(line -> (double) line.model().neurons() / line.model().features()).toArray())
                .numbers("written", means(groups, Row::out1)).numbers("read", means(groups, Row::in1)).build();
    }

    private static boolean meetsAll(Row row) {
        SharedGateExperiment.Functions bounds = row.layers() == 1 ? SharedGateExperiment.ONE_LAYER : SharedGateExperiment.TWO_LAYERS;
        return bounds.areMet(row.coverage(), row.separation(), row.cosine(), row.length(), row.scrubbed(), row.keepOnly());
    }

    private static String factors(List<Row> group) {
        String first = factors(group, Row::in1, Row::out1);
        return group.get(0).layers() == 1 ? first : first + "; " + factors(group, Row::in2, Row::out2);
    }

    private static String factors(List<Row> group, ToDoubleFunction<Row> in, ToDoubleFunction<Row> out) {
        return String.format(Locale.ROOT, "%.2f\u00a0×\u00a0%.2f", mean(group, in), mean(group, out)); // no break within
    }

    private static double[] means(List<List<Row>> groups, ToDoubleFunction<Row> number) {
        return groups.stream().mapToDouble(group -> mean(group, number)).toArray();
    }

    private static double mean(List<Row> group, ToDoubleFunction<Row> number) {
        return Statistics.mean(group.stream().mapToDouble(number).toArray());
    }

    @Override
    public String toString() {
        return rows.size() + (rows.size() == 1 ? " run" : " runs") + " of shared gates in residual MLPs";
    }
}
