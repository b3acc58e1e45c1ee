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
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.data.FeaturePairs;
import org.apd4j.data.Sampler;
import org.apd4j.data.SizedFeatures;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.superposition.OwnedRows;
import org.apd4j.sharedgate.SharedGate;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.tables.NumberTable;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.Results;
import tech.tablesaw.api.Table;

/**
 * Where shared gates hold and where they fail: the same settings by rule on toy models of superposition with more or fewer components, of other sizes,
 * and on data whose features are frequent, come in pairs or have unequal sizes. The results are a file with a line for each run.
 *
 * <p>A run is <b>clean</b> if the component of each feature, the one that is most important when the feature is active alone, is its own, holds the
 * feature's row of W to 5 % of its length, and at most 5 % of any other row. Features whose row in the target is shorter than a tenth of the longest are
 * left out: the target has dropped them.
 *
 * <pre>{@code
 * try {
 *     System.out.println(SharedGateReach.read(Path.of("data", "reach.csv")).table().printAll());
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 *
 * @param rows the runs: by case and seed
 */
public record SharedGateReach(List<Row> rows) {

    /** The number of targets of a case in the committed file. */
    public static final int TARGETS = 20;
    /** The largest deviation of an own row's length, and the largest part of another row, in a clean run. */
    private static final double CLEAN = 0.05;
    /** Rows of the target below this part of the longest are dropped. */
    private static final double DROPPED = 0.1;
    private static final List<String> CASES = cases().stream().map(Case::data).distinct().toList();
    private static final StudyFile<Row> FILE = new StudyFile<>(Row.class, "a file of the reach of shared gates", Row::isSameRun,
            Comparator.comparing((Row row) -> CASES.indexOf(row.data())).thenComparing(Row::data).thenComparing(Row::components).thenComparing(Row::seed));
    /** Targets that the rules were not chosen on. */
    private static final long FIRST_SEED = 2_000;

    /**
     * A run.
     *
     * @param data         what the target is trained and decomposed on
     * @param components   the number of components
     * @param seed         seed of target and decomposition
     * @param kept         number of features that the target has not dropped
     * @param clean        number of these whose component is their own, holds their row and no other
     * @param own          mean length of these features' rows in their components, relative to W
     * @param largestOther largest part of another kept row in any of their components, relative to W
     * @param live         number of components that are important on some sample
     * @param seconds      seconds of training
     * @param fingerprint  of the settings, by which a change of them is noticed
     * @param origin       commit, day, profile and machine
     */
    public record Row(String data, int components, long seed, int kept, int clean, double own, double largestOther, int live, double seconds,
                      String fingerprint, Results.Origin origin) {

        /** Returns whether every feature that the target keeps has a clean component. */
        public boolean isClean() {
            return clean == kept;
        }

        boolean isSameRun(Row other) {
            return data.equals(other.data) && components == other.components && seed == other.seed;
        }
    }

    /** A kind of target, and the settings of its runs. */
    private record Case(String data, TmsConfig model, Function<SparseFeatures, Sampler> features, SharedGateConfig settings) {

        String fingerprint() {
            return Fingerprint.of("settings of a reach").add("config", settings).digits(8);
        }

        TargetRun target(long seed) {
            Target untrained = Tms.untrained(model, seed);
            Sampler sampler = features.apply(new SparseFeatures(model.features(), model.probability(), 0, 1));
            return new TargetRun(new Target(untrained.name() + ", " + data, untrained.network(), sampler, Labels.INPUT), model.training(), seed).train();
        }
    }

    /** A run that is not in a file. */
    private record Missing(Case of, long seed) {
    }

    /** Sorts the rows by case, in the order of the table, and seed. */
    public SharedGateReach {
        rows = FILE.sorted(rows);
    }

    private static List<Case> cases() {
        TmsConfig small = TmsConfig.paper5to2();
        List<Case> cases = new ArrayList<>();
        for (int components : new int[] {7, 20, 60}) {
            cases.add(of("5-2", small, features -> features, components));
        }
        for (double probability : new double[] {0.1, 0.2}) {
            cases.add(of(String.format(Locale.ROOT, "5-2, active with probability %.1f", probability), small.with(c -> c.probability = probability),
                    features -> features, 20));
        }
        for (double together : new double[] {0.2, 0.5, 0.8, 1}) {
            for (int components : new int[] {20, 60}) {
                cases.add(of(String.format(Locale.ROOT, "5-2, pairs together in %.0f %%", 100 * together), small,
                        features -> new FeaturePairs(features, together), components));
            }
        }
        List<Double> sizes = List.of(1.0, 0.85, 0.7, 0.55, 0.4);
        cases.add(of("5-2, sizes from 1 down to 0.4", small, features -> new SizedFeatures(features, sizes), 20));
        cases.add(of("8-3", sized(small, 8, 3), features -> features, 32));
        cases.add(of("20-6", sized(small, 20, 6), features -> features, 80));
        return cases;
    }

    private static Case of(String data, TmsConfig model, Function<SparseFeatures, Sampler> features, int components) {
        return new Case(data, model, features, SharedGateConfig.tms5to2().with(c -> c.components = components));
    }

    private static TmsConfig sized(TmsConfig model, int features, int hidden) {
        return model.with(c -> {
            c.features = features;
            c.hidden = hidden;
        });
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not a file of such results; the message names the line
     */
    public static SharedGateReach read(Path file) throws IOException {
        return new SharedGateReach(FILE.read(file));
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        FILE.write(file, rows);
    }

    /** Returns these results with a further run, which replaces an earlier one of the same case and seed. */
    public SharedGateReach with(Row row) {
        return new SharedGateReach(FILE.with(rows, row));
    }

    private static List<Missing> missing(SharedGateReach results, int targets) {
        List<Missing> missing = new ArrayList<>();
        for (Case one : cases()) {
            for (long seed = FIRST_SEED; seed < FIRST_SEED + targets; seed++) {
                long wanted = seed;
                if (results.rows.stream().noneMatch(row -> row.data().equals(one.data()) && row.components() == one.settings().components()
                        && row.seed() == wanted && row.fingerprint().equals(one.fingerprint()))) {
                    missing.add(new Missing(one, seed));
                }
            }
        }
        return missing;
    }

    /** Returns the names of the runs of a number of targets a case that are not in these results with today's settings. */
    public List<String> missing(int targets) {
        return missing(this, targets).stream().map(SharedGateReach::name).toList();
    }

    private static String name(Missing run) {
        return run.of().data() + ", C " + run.of().settings().components() + ", seed " + run.seed();
    }

    /**
     * Trains and measures all runs that are not in a file, one a core, and adds each to the file.
     *
     * @param file    the file of results; it is created if there is none
     * @param targets the number of targets of each case
     * @param origin  is noted with every run that is added
     * @param report  is told of every run that was added
     * @return everything in the file
     * @throws IOException if the file cannot be read or written to
     */
    public static SharedGateReach make(Path file, int targets, Results.Origin origin, Consumer<String> report) throws IOException {
        List<Missing> missing = missing(new SharedGateReach(FILE.readIfPresent(file)), targets);
        return new SharedGateReach(FILE.complete(file, missing, task -> Optional.of(run(task, origin)), report));
    }

    private static StudyFile.Finished<Row> run(Missing task, Results.Origin origin) {
        var run = SharedGate.decompose(task.of().target(task.seed()), task.of().settings()).train();
        Row row = measure(run, task.of().data(), task.of().fingerprint(), origin);
        return new StudyFile.Finished<>(List.of(row), String.format(Locale.ROOT, "%s: %d of %d features clean, largest other row %.3f", name(task),
                row.clean(), row.kept(), row.largestOther()));
    }

    static Row measure(DecompositionRun<SharedGateConfig> run, String data, String fingerprint, Results.Origin origin) {
        OwnedRows rows = OwnedRows.of(run, SharedGateExperiment.TOY);
        double[] lengths = IntStream.range(0, rows.owners().size()).mapToDouble(i -> run.target().weights(Tms.ENCODER).getRow(i).norm2Number().doubleValue())
                .toArray();
        double longest = IntStream.range(0, lengths.length).mapToDouble(i -> lengths[i]).max().orElse(0);
        int[] kept = IntStream.range(0, lengths.length).filter(i -> lengths[i] >= DROPPED * longest).toArray();
        int clean = 0;
        double own = 0;
        double largestOther = 0;
        for (int i : kept) {
            double other = IntStream.of(kept).filter(j -> j != i).mapToDouble(j -> rows.lengths().get(i, j)).max().orElse(0);
            boolean isOwn = IntStream.of(kept).noneMatch(j -> j != i && rows.owners().get(j).equals(rows.owners().get(i)));
            clean += isOwn && Math.abs(rows.lengths().get(i, i) - 1) <= CLEAN && other <= CLEAN ? 1 : 0;
            own += rows.lengths().get(i, i) / kept.length;
            largestOther = Math.max(largestOther, other);
        }
        return new Row(data, run.config().components(), run.seed(), kept.length, clean, own, largestOther,
                ImportanceStatistics.of(run, run.seed()).layers().get(0).live(), run.seconds(), fingerprint, origin);
    }

    /** Returns a line for each case: in how many runs all features are clean, and what the components hold. */
    public Table table() {
        Map<List<String>, List<Row>> lines = new LinkedHashMap<>();
        rows.forEach(row -> lines.computeIfAbsent(List.of(row.data(), Integer.toString(row.components())), key -> new ArrayList<>()).add(row));
        List<List<Row>> groups = List.copyOf(lines.values());
        return NumberTable.named("Where shared gates hold, and where they fail").texts("toy model", lines.keySet().stream().map(key -> key.get(0)).toList())
                .integers("C", groups.stream().mapToInt(group -> group.get(0).components()).toArray())
                .texts("all features clean", groups.stream().map(group -> String.format(Locale.ROOT, "%d of %d",
                        group.stream().filter(Row::isClean).count(), group.size())).toList())
                .numbers("features kept by the target", means(groups, Row::kept)).numbers("own row", means(groups, Row::own))
                .numbers("largest other row, median", groups.stream().mapToDouble(group -> Statistics.median(group.stream()
                        .mapToDouble(Row::largestOther).toArray())).toArray())
                .numbers("worst run", groups.stream().mapToDouble(group -> group.stream().mapToDouble(Row::largestOther).max().orElse(Double.NaN)).toArray())
                .numbers("live", means(groups, Row::live)).build();
    }

    private static double[] means(List<List<Row>> groups, ToDoubleFunction<Row> number) {
        return groups.stream().mapToDouble(group -> Statistics.mean(group.stream().mapToDouble(number).toArray())).toArray();
    }

    @Override
    public String toString() {
        return rows.size() + (rows.size() == 1 ? " run" : " runs") + " of the reach of shared gates";
    }
}
