package org.apd4j.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.BatchAttributions;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.ComponentNorms;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.OneHotAttributions;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.sweep.SweepResult;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.training.Run;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/**
 * The experiments' tables, made from runs and from what {@link org.apd4j.measures measures} return.
 *
 * <pre>{@code
 * Tables.recovery(run);
 * Tables.losses(run)
 * }</pre>
 */
public final class Tables {

    private Tables() {
    }

    /** Returns the losses of a run at the start of its last step, each without its coefficient. */
    public static Table losses(Run<?> run) {
        return NumberTable.named("Losses of " + run.name() + " at step " + run.step())
                .texts("loss", run.history().names())
                .numbers("value", run.history().names().stream().mapToDouble(run::loss).toArray())
                .build();
    }

    /**
     * Returns settings side by side, one column for each decomposition. A setting that a method does not have is missing there.
     *
     * @param configs column heading → settings, in order
     */
    public static Table settings(Map<String, ? extends DecompositionSettings> configs) {
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        configs.forEach((name, config) -> columns.put(name, config.described()));
        List<String> settings = columns.values().stream().flatMap(column -> column.keySet().stream()).distinct().toList();
        NumberTable table = NumberTable.named("Settings").texts("setting", settings);
        columns.forEach((name, column) -> table.texts(name, settings.stream().map(setting -> column.getOrDefault(setting, "–")).toList()));
        return table.build();
    }

    /** Returns settings with the reason for each. */
    public static Table reasons(String title, List<DecompositionSettings.Reason> reasons) {
        return NumberTable.named(title).texts("setting", reasons.stream().map(DecompositionSettings.Reason::setting).toList())
                .texts("value", reasons.stream().map(DecompositionSettings.Reason::value).toList())
                .texts("why", reasons.stream().map(DecompositionSettings.Reason::why).toList()).build();
    }

    /** Returns how well each feature is recovered, and the means. */
    public static Table recovery(DecompositionSource decomposed) {
        Recovery recovery = Recovery.of(decomposed);
        return recovery(recovery, recovery.features());
    }

    /**
     * Returns how well the features are recovered that are recovered worst, and the means over all.
     *
     * @param worst largest number of features in the table
     */
    public static Table recovery(DecompositionSource decomposed, int worst) {
        Recovery recovery = Recovery.of(decomposed);
        return recovery(recovery, recovery.worstFirst().stream().limit(worst).toList());
    }

    private static Table recovery(Recovery recovery, List<Recovery.Feature> shown) {
        List<String> names = new ArrayList<>();
        List<String> components = new ArrayList<>();
        List<Double> cosines = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (Recovery.Feature feature : shown) {
            names.add("feature " + feature.feature());
            components.add(Integer.toString(feature.component()));
            cosines.add(feature.cosine());
            ratios.add(feature.l2Ratio());
        }
        names.add("mean (MMCS, ML2R)");
        components.add(recovery.distinctComponents() + " distinct");
        cosines.add(recovery.mmcs());
        ratios.add(recovery.ml2r());
        int left = recovery.features().size() - shown.size();
        return NumberTable.named("Recovery of the target's features" + (left == 0 ? "" : ", the " + shown.size() + " worst of "
                + recovery.features().size())).texts("feature", names).texts("best component", components)
                .numbers("cosine similarity", Statistics.array(cosines)).numbers("L2 ratio", Statistics.array(ratios)).build();
    }

    /**
     * Returns the attributions of the first samples of a batch in which some feature is active, and the components that the training's
     * selection keeps when it sees the whole batch.
     *
     * @param batch the whole batch
     * @param rows  largest number of samples in the table
     * @throws IllegalArgumentException if the training switched no component off
     */
    public static Table attributions(DecompositionSource decomposed, SparseRows batch, int rows) {
        return attributions(BatchAttributions.of(decomposed, batch), batch, rows);
    }

    /**
     * Returns the same with attributions of another kind than training used.
     *
     * @throws IllegalArgumentException if the decomposition selects no components by attributions
     */
    public static Table attributions(AttributionKind kind, DecompositionSource decomposed, SparseRows batch, int rows) {
        return attributions(BatchAttributions.of(kind, decomposed, batch), batch, rows);
    }

    private static Table attributions(BatchAttributions measured, SparseRows batch, int rows) {
        int[] shown = IntStream.range(0, batch.rows()).filter(row -> !batch.isEmpty(row)).limit(rows).toArray();
        NumberTable table = NumberTable.named("Attributions, " + shown.length + " samples of a batch of " + batch.rows())
                .integers("sample", shown)
                .texts("active features", texts(shown, row -> IntStream.range(batch.start(row), batch.start(row + 1))
                        .mapToObj(i -> batch.column(i) + " (" + String.format(Locale.ROOT, "%.2f", batch.value(i)) + ")")));
        for (int c = 0; c < measured.components(); c++) {
            int component = c;
            table.numbers("component " + c, Arrays.stream(shown).mapToDouble(row -> measured.attributions().get(row, component)).toArray());
        }
        return table.texts("kept", texts(shown, row -> measured.kept().get(row).stream().map(String::valueOf))).build();
    }

    private static List<String> texts(int[] rows, IntFunction<Stream<String>> parts) {
        return Arrays.stream(rows).mapToObj(row -> parts.apply(row).collect(Collectors.joining(", ")))
                .map(text -> text.isEmpty() ? "none" : text).toList();
    }

    /** Returns one row for each seed; only runs that are finished count as successes, and a group that is not yet finished says so. */
    public static Table seeds(List<? extends DecompositionRun<?>> runs) {
        return RecoveryTables.seeds(runs);
    }

    /** Returns one row for each way to run an experiment: how many of its seeds succeed, and how well, over the runs that are finished. */
    public static <S extends Record & DecompositionSettings> Table variants(Map<String, SeedRuns<DecompositionRun<S>>> variants) {
        return RecoveryTables.variants(variants);
    }

    /** Returns one row for each place of a grid of settings: how many of its seeds succeed, and the means over all of them. */
    public static Table recoveryMap(RecoveryMap measured) {
        return RecoveryTables.map(measured);
    }

    /** Returns one line for each pair of a sweep's values: how many seeds are done, and the mean of every number over them. */
    public static Table sweep(SweepResult found) {
        List<int[]> pairs = pairs(found.rows(), found.columns());
        NumberTable table = NumberTable.named(found.title() + ": " + found.finished() + " of " + found.planned() + " runs done")
                .texts(found.rowTitle(), pairs.stream().map(pair -> NumberText.setting(found.rows().get(pair[0]))).toList())
                .texts(found.columnTitle(), pairs.stream().map(pair -> NumberText.setting(found.columns().get(pair[1]))).toList());
        if (found.seeds() > 1) {
            table.texts("seeds done", pairs.stream().map(pair -> found.finished(pair[0], pair[1]) + " of " + found.seeds()).toList());
        }
        for (String name : found.names()) {
            Grid means = found.mean(name);
            boolean taken = name.equals(found.rowTitle()) || name.equals(found.columnTitle());
            table.numbers(taken ? name + " loss" : name, pairs.stream().mapToDouble(pair -> means.get(pair[0], pair[1])).toArray());
        }
        return table.build();
    }

    private static List<int[]> pairs(List<Double> rows, List<Double> columns) {
        return IntStream.range(0, rows.size()).boxed()
                .flatMap(row -> IntStream.range(0, columns.size()).mapToObj(column -> new int[] {row, column})).toList();
    }

    /** Returns the mean squared error to the true labels over the number of active features. */
    public static Table lossByActiveFeatures(LossByActiveFeatures measured) {
        List<String> names = new ArrayList<>();
        List<LossByActiveFeatures.Losses> losses = new ArrayList<>();
        measured.exactly().forEach(exactly -> {
            names.add(Integer.toString(exactly.active()));
            losses.add(exactly.losses());
        });
        names.add("natural");
        losses.add(measured.natural());
        return NumberTable.named("Mean squared error to the labels").texts("active features", names)
                .numbers("target", losses.stream().mapToDouble(LossByActiveFeatures.Losses::target).toArray())
                .numbers("APD", losses.stream().mapToDouble(LossByActiveFeatures.Losses::decomposition).toArray())
                .numbers("one feature a dimension", losses.stream().mapToDouble(LossByActiveFeatures.Losses::baseline).toArray())
                .build();
    }

    /** Returns the size and the credit of the surplus components, those that are no feature's first choice, beside those of the others. */
    public static Table surplus(ComponentNorms norms, OneHotAttributions attributions) {
        List<List<Integer>> groups = List.of(attributions.firstChoices(), attributions.surplus());
        List<Distribution> sizes = groups.stream().map(norms::of).toList();
        return NumberTable.named("First choices and surplus components").texts("components", List.of("some feature's first choice", "surplus"))
                .integers("how many", groups.stream().mapToInt(List::size).toArray())
                .numbers("smallest norm", sizes.stream().mapToDouble(size -> size.quantile(0)).toArray())
                .numbers("largest norm", sizes.stream().mapToDouble(size -> size.quantile(1)).toArray())
                .numbers("mean of largest attribution", groups.stream().mapToDouble(group -> attributions.largest(group).mean()).toArray())
                .build();
    }

    /** Returns the loss of each feature (columns) when a component is removed (rows). */
    public static Table ablation(ComponentAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(Statistics.array(measured.none()));
        for (int c = 0; c < measured.components(); c++) {
            rows.add("component " + c);
            values.add(measured.removed().row(c));
        }
        List<String> columns = IntStream.range(0, measured.features()).mapToObj(i -> "feature " + i).toList();
        return NumberTable.matrix("Mean squared error to the target's output when a component is removed", "removed", rows, columns,
                values.toArray(double[][]::new));
    }
}
