package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apd4j.math.Statistics;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Results;
import tech.tablesaw.api.Table;

/**
 * The results of a comparison of methods: what each run reached, and the tables that are drawn from it. They are kept in a file of comma-separated
 * values, one line a run, which {@link ComparisonStudy} writes. Every table says how many seeds it has, so that a file of a comparison that has not
 * been finished is shown as what it is.
 *
 * <pre>{@code
 * try {
 *     System.out.println(ComparisonResults.read(Path.of("data", "comparison.csv")).recovery().printAll());
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 *
 * @param rows the runs: by target (those of fewer features first), change, method and seed
 */
public record ComparisonResults(List<Row> rows) {

    /** The origin of what was measured in this program and is not kept. */
    static final Results.Origin HERE = new Results.Origin("unknown", "unknown", "unknown", "unknown");
    private static final List<String> METHODS = List.of(Comparison.APD, Comparison.SPD, Comparison.SHARED);
    private static final StudyFile<Row> FILE = new StudyFile<>(Row.class, "a file of comparison results", Row::isSameRun,
            Comparator.comparingInt((Row row) -> row.outcome().features()).thenComparing(Row::target).thenComparing(Row::change)
                    .thenComparing(row -> METHODS.indexOf(row.method())).thenComparing(Row::method).thenComparing(Row::seed));
    private static final double SECONDS_PER_MINUTE = 60;
    private static final String RECOVERY = "Recovery: runs in which all features are found, and means";

    /**
     * A run.
     *
     * @param target      name of the targets
     * @param method      name of the method
     * @param change      what differs from the method's settings in the table; empty if nothing does
     * @param seed        seed of target and decomposition
     * @param outcome     what the run reached
     * @param fingerprint of the run's settings, by which a change of the settings is noticed
     * @param origin      commit, day, profile and machine
     */
    public record Row(String target, String method, String change, long seed, Comparison.Outcome outcome, String fingerprint,
                      Results.Origin origin) {

        /** Returns whether another row is of the same run, whatever its settings. */
        boolean isSameRun(Row other) {
            return isOf(other.target(), other.method(), other.change(), other.seed());
        }

        /** Returns whether this is the run of a target, method, change and seed. */
        boolean isOf(String target, String method, String change, long seed) {
            return this.target.equals(target) && this.method.equals(method) && this.change.equals(change) && this.seed == seed;
        }
    }

    /** Sorts the rows by target (those of fewer features first), change, method and seed. */
    public ComparisonResults {
        rows = FILE.sorted(rows);
    }

    /** Returns these results with a further run, which replaces an earlier one of the same target, method, change and seed. */
    public ComparisonResults with(Row row) {
        return new ComparisonResults(FILE.with(rows, row));
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not a file of results; the message names the line
     */
    public static ComparisonResults read(Path file) throws IOException {
        return new ComparisonResults(FILE.read(file));
    }

    /**
     * Writes a file, or replaces it; what it held before is lost only when the new one is complete.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        FILE.write(file, rows);
    }

    /** Runs tasks, one a core, and adds each one's run to a file; see {@link StudyFile#complete}. */
    static <T> ComparisonResults complete(Path file, List<T> tasks, StudyFile.Runner<T, Row> runner, Consumer<String> report) throws IOException {
        return new ComparisonResults(FILE.complete(file, tasks, runner, report));
    }

    /** Reads a file, or returns no results if there is none. */
    static ComparisonResults readIfPresent(Path file) throws IOException {
        return new ComparisonResults(FILE.readIfPresent(file));
    }

    /** Returns the targets, in order; without those of which there are only runs with changed settings. */
    public List<String> targets() {
        return rows.stream().filter(row -> row.change().isEmpty()).map(Row::target).distinct().toList();
    }

    /** Returns the runs of a method on a target with its own settings, or with a change of them. */
    public List<Comparison.Outcome> outcomes(String target, String method, String change) {
        return rows.stream().filter(row -> row.target().equals(target) && row.method().equals(method) && row.change().equals(change))
                .map(Row::outcome).toList();
    }

    /** Returns whether there are runs of all three methods on a target, with their own settings. */
    public boolean isComplete(String target) {
        return METHODS.stream().noneMatch(method -> outcomes(target, method, "").isEmpty());
    }

    /** The runs of a line in a table, in the order of the table. */
    private Map<List<String>, List<Comparison.Outcome>> lines() {
        Map<List<String>, List<Comparison.Outcome>> lines = new LinkedHashMap<>();
        rows.stream().filter(row -> row.change().isEmpty() || row.change().startsWith(ComparisonStudy.STEPS))
                .forEach(row -> lines.computeIfAbsent(List.of(row.target(), row.method() + (row.change().isEmpty() ? "" : ", " + row.change())),
                        key -> new ArrayList<>()).add(row.outcome()));
        return lines;
    }

    private NumberTable table(String name, Map<List<String>, List<Comparison.Outcome>> lines) {
        return NumberTable.named(name).texts("target", lines.keySet().stream().map(key -> key.get(0)).toList())
                .texts("method", lines.keySet().stream().map(key -> key.get(1)).toList());
    }

    /**
     * Returns what the methods recover, with their own settings, a line for each target and method: in how many runs every feature has a direction of
     * its own, in how many every feature's whole mechanism was recovered, and means over all runs; the length also over those that have all directions.
     */
    public Table recovery() {
        Map<List<String>, List<Comparison.Outcome>> lines = lines();
        return addMinutes(addRecovery(table(RECOVERY, lines), lines), lines).build();
    }

    /**
     * Returns what the importances say of a feature's own component, with the methods' own settings, a line for each target and method with means over
     * all runs. A column that is empty for every line is left out.
     */
    public Table ownComponents() {
        Map<List<String>, List<Comparison.Outcome>> lines = lines();
        return addOwnComponents(table("Own components of the features: means", lines), lines).build();
    }

    /** Returns {@link #recovery} and {@link #ownComponents} side by side. */
    Table recoveryAndOwnComponents() {
        Map<List<String>, List<Comparison.Outcome>> lines = lines();
        return addMinutes(addOwnComponents(addRecovery(table(RECOVERY, lines), lines), lines), lines).build();
    }

    private static NumberTable addRecovery(NumberTable table, Map<List<String>, List<Comparison.Outcome>> lines) {
        return table.texts("all directions", lines.values().stream().map(of -> count(of, Comparison.Outcome::hasDirections)).toList())
                .texts("all whole", lines.values().stream().map(of -> count(of, Comparison.Outcome::success)).toList())
                .numbers("whole, share of features", means(lines, outcome -> (double) outcome.whole() / outcome.features()))
                .numbers("cosine", means(lines, Comparison.Outcome::cosine)).numbers("length", means(lines, Comparison.Outcome::length))
                .numbers("length, all directions found", lines.values().stream()
                        .mapToDouble(of -> mean(of.stream().filter(Comparison.Outcome::hasDirections).toList(), Comparison.Outcome::length)).toArray());
    }

    private static NumberTable addOwnComponents(NumberTable table, Map<List<String>, List<Comparison.Outcome>> lines) {
        table.numbers("coverage", means(lines, Comparison.Outcome::coverage)).numbers("separation", means(lines, Comparison.Outcome::separation))
                .numbers("live", means(lines, Comparison.Outcome::live))
                .numbers("own component alone, error", means(lines, Comparison.Outcome::keepOnly));
        double[] acrossLayers = means(lines, Comparison.Outcome::crossLayer);
        if (Arrays.stream(acrossLayers).anyMatch(share -> !Double.isNaN(share))) {
            table.numbers("across layers", acrossLayers);
        }
        return table;
    }

    private static NumberTable addMinutes(NumberTable table, Map<List<String>, List<Comparison.Outcome>> lines) {
        return table.numbers("minutes", means(lines, outcome -> outcome.seconds() / SECONDS_PER_MINUTE));
    }

    /**
     * Returns the errors of the output under masks, a line for each target and method with means over all runs. Where some runs have all directions and
     * some do not, a second line is about those that have. Between 20 and 320 steps the ladder of the file has further rungs.
     */
    public Table errors() {
        Map<List<String>, List<Comparison.Outcome>> lines = new LinkedHashMap<>();
        lines().forEach((key, of) -> {
            lines.put(key, of);
            List<Comparison.Outcome> found = of.stream().filter(Comparison.Outcome::hasDirections).toList();
            if (!found.isEmpty() && found.size() < of.size()) {
                lines.put(List.of(key.get(0), key.get(1) + ", all directions found"), found);
            }
        });
        return table("Mean squared error of the output under masks", lines)
                .integers("runs", lines.values().stream().mapToInt(List::size).toArray())
                .numbers("own importances", means(lines, Comparison.Outcome::gated)).numbers("random", means(lines, Comparison.Outcome::stochastic))
                .numbers("worst of 20 steps", means(lines, Comparison.Outcome::adversarial))
                .numbers("ladder: 20", means(lines, Comparison.Outcome::ladder20))
                .numbers("320 steps", means(lines, Comparison.Outcome::ladder320)).numbers("scrubbed", means(lines, Comparison.Outcome::scrubbed))
                .numbers("anti-scrubbed", means(lines, Comparison.Outcome::antiScrubbed)).build();
    }

    /**
     * Returns in how many runs everything is found when one setting is a third or three times as large, a line for each method and setting. The middle
     * columns are the runs of the same seeds with the method's own settings.
     */
    public Table sensitivity() {
        Map<List<String>, Map<String, List<Row>>> lines = new LinkedHashMap<>();
        for (Row row : rows) {
            int end = row.change().indexOf(ComparisonStudy.TIMES);
            if (end > 0) {
                lines.computeIfAbsent(List.of(row.target(), row.method(), row.change().substring(0, end)), key -> new LinkedHashMap<>())
                        .computeIfAbsent(row.change().substring(end), key -> new ArrayList<>()).add(row);
            }
        }
        List<List<String>> keys = lines.keySet().stream().sorted(Comparator.comparing((List<String> key) -> key.get(0))
                .thenComparing(key -> METHODS.indexOf(key.get(1))).thenComparing(key -> key.get(2))).toList();
        NumberTable table = NumberTable.named("One setting changed: runs in which all features are found");
        table.texts("target", keys.stream().map(key -> key.get(0)).toList()).texts("method", keys.stream().map(key -> key.get(1)).toList())
                .texts("setting", keys.stream().map(key -> key.get(2)).toList());
        for (boolean whole : new boolean[] {false, true}) {
            for (String factor : List.of(ComparisonStudy.THIRD, "", ComparisonStudy.TRIPLE)) {
                table.texts((whole ? "all whole" : "all directions") + (factor.isEmpty() ? ", × 1" : "," + factor),
                        keys.stream().map(key -> cell(key, lines.getOrDefault(key, Map.of()), factor, whole)).toList());
            }
        }
        return table.build();
    }

    /** Returns {@link #sensitivity} in one sentence: in how many runs with a changed setting each method finds everything. */
    public String sensitivitySentence() {
        List<Row> changed = rows.stream().filter(row -> row.change().contains(ComparisonStudy.TIMES)).toList();
        String counts = METHODS.stream().map(method -> {
            List<Comparison.Outcome> of = changed.stream().filter(row -> row.method().equals(method)).map(Row::outcome).toList();
            return method + " in " + count(of, Comparison.Outcome::hasDirections) + " (" + count(of, Comparison.Outcome::success) + ")";
        }).collect(Collectors.joining(", "));
        return "On " + String.join(" and ", changed.stream().map(Row::target).distinct().toList())
                + " with one setting a third or three times as large, all directions (all whole) are found by " + counts + ".";
    }

    private String cell(List<String> key, Map<String, List<Row>> changed, String factor, boolean whole) {
        List<Long> seeds = changed.values().stream().flatMap(List::stream).map(Row::seed).distinct().toList();
        List<Comparison.Outcome> outcomes = (factor.isEmpty() ? rows.stream().filter(row -> row.target().equals(key.get(0))
                && row.method().equals(key.get(1)) && row.change().isEmpty() && seeds.contains(row.seed())) : changed.getOrDefault(factor, List.of()).stream())
                .map(Row::outcome).toList();
        return outcomes.isEmpty() ? "–" : count(outcomes, whole ? Comparison.Outcome::success : Comparison.Outcome::hasDirections);
    }

    private interface Counted {
        boolean holds(Comparison.Outcome outcome);
    }

    private static String count(List<Comparison.Outcome> of, Counted what) {
        return String.format(Locale.ROOT, "%d of %d", of.stream().filter(what::holds).count(), of.size());
    }

    private static double[] means(Map<List<String>, List<Comparison.Outcome>> lines, ToDoubleFunction<Comparison.Outcome> number) {
        return lines.values().stream().mapToDouble(of -> mean(of, number)).toArray();
    }

    /** A measure that a method lacks is missing in all of its runs; a coverage without features in some. */
    private static double mean(List<Comparison.Outcome> of, ToDoubleFunction<Comparison.Outcome> number) {
        double[] known = of.stream().mapToDouble(number).filter(value -> !Double.isNaN(value)).toArray();
        return known.length == 0 ? Double.NaN : Statistics.mean(known);
    }

    /**
     * Returns a short table in Markdown, of the targets on which there are runs of all three methods; empty if there is none.
     */
    public String markdown() {
        var text = new StringBuilder();
        for (String target : targets()) {
            for (String method : isComplete(target) ? METHODS : Collections.<String>emptyList()) {
                List<Comparison.Outcome> of = outcomes(target, method, "");
                text.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n", target, method, count(of, Comparison.Outcome::hasDirections),
                        count(of, Comparison.Outcome::success), number("%.3f", mean(of, Comparison.Outcome::length)),
                        number("%.1f", mean(of, Comparison.Outcome::live)), number("%.1e", mean(of, Comparison.Outcome::gated)),
                        number("%.1e", mean(of, Comparison.Outcome::ladder320)), number("%.2f", mean(of, Comparison.Outcome::seconds) / SECONDS_PER_MINUTE)));
            }
        }
        return text.isEmpty() ? "" : ("""
                | Target | Method | All directions | All whole | Length | Live | Error | Worst error | Minutes |
                | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
                """ + text).replace(System.lineSeparator(), "\n");
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }

    @Override
    public String toString() {
        return rows.size() + (rows.size() == 1 ? " run" : " runs") + " of a comparison on " + String.join("; ", targets());
    }
}
