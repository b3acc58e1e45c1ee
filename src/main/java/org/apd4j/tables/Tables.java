package org.apd4j.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionImportance;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Sparsity;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.Statistics;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.ComponentNorms;
import org.apd4j.measures.OneHotAttributions;
import org.apd4j.measures.superposition.LossByActiveFeatures;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.tables.internal.Finished;
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

    /** The losses of runs at the start of their last step, each without its coefficient. */
    public static Table losses(Run<?> run) {
        return NumberTable.named("Losses of " + run.name() + " at step " + run.step())
                .texts("loss", run.history().names())
                .numbers("value", run.history().names().stream().mapToDouble(run::loss).toArray())
                .build();
    }

    /**
     * Settings side by side, one column a decomposition, those that are the same everywhere too.
     *
     * @param configs what stands at the head of the column → the settings, in order
     */
    public static Table settings(Map<String, ApdConfig> configs) {
        NumberTable table = NumberTable.named("Settings").texts("setting", List.of("components C", "largest rank m", "selection", "attributions",
                "faithfulness, minimality, simplicity", "power p of simplicity", "unit norm of A", "learning rate", "schedule", "steps", "batch",
                "I, for the initial values"));
        configs.forEach((name, config) -> table.texts(name, List.of(Integer.toString(config.components()), Integer.toString(config.rank()),
                selection(config.sparsity()),
                config.attributions() == AttributionKind.GRADIENT_FROM_TARGET ? "from the target" : "from the components",
                NumberText.setting(config.faithfulness()) + ", " + NumberText.setting(config.minimality()) + ", " + NumberText.setting(config.simplicity()),
                NumberText.setting(config.power()), config.unitNorm() ? "yes" : "no", NumberText.setting(config.learningRate()),
                String.format(Locale.ROOT, "%s after %s %% warm-up", config.schedule().shape().name().toLowerCase(Locale.ROOT),
                        NumberText.setting(100 * config.schedule().warmup())),
                String.format(Locale.ROOT, "%,d", config.steps()), Integer.toString(config.batch()), Integer.toString(config.copies()))));
        return table.build();
    }

    private static String selection(Sparsity selection) {
        if (selection instanceof Selection.BatchTopK top) {
            return "batch top-k, k = " + NumberText.setting(top.k());
        }
        return selection instanceof Selection.PerSampleTopK top ? "per sample, k = " + top.k() : "none: Lp, q = " + NumberText.setting(((LpPenalty) selection).q());
    }

    /** How well each feature is recovered, and the mean. */
    public static Table recovery(DecompositionSource decomposed) {
        Recovery recovery = Recovery.of(decomposed);
        List<String> names = new ArrayList<>();
        List<String> components = new ArrayList<>();
        List<Double> cosines = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (Recovery.Feature feature : recovery.features()) {
            names.add("feature " + feature.feature());
            components.add(Integer.toString(feature.component()));
            cosines.add(feature.cosine());
            ratios.add(feature.l2Ratio());
        }
        names.add("mean (MMCS, ML2R)");
        components.add(recovery.distinctComponents() + " distinct");
        cosines.add(recovery.mmcs());
        ratios.add(recovery.ml2r());
        return NumberTable.named("Recovery of the target's features").texts("feature", names).texts("best component", components)
                .numbers("cosine similarity", Statistics.array(cosines)).numbers("L2 ratio", Statistics.array(ratios)).build();
    }

    /**
     * Samples of a batch in which some feature is active: their attributions, and the components that the training's selection keeps
     * when it looks at the whole batch.
     *
     * @param batch the whole batch
     * @param rows  how many samples to show, the first ones
     * @throws IllegalArgumentException if the training had no top-k
     */
    public static Table attributions(DecompositionSource decomposed, SparseRows batch, int rows) {
        Evaluator evaluator = decomposed.decomposition().evaluator();
        return attributions(decomposed.decomposition(), evaluator.importances(batch).layer(0), evaluator.ownMask(batch), batch, rows);
    }

    /**
     * The same with attributions of another kind than training used.
     *
     * @throws IllegalArgumentException if the decomposition selects no components by attributions
     */
    public static Table attributions(AttributionKind kind, DecompositionSource decomposed, SparseRows batch, int rows) {
        Decomposition found = decomposed.decomposition();
        if (!(found.importance() instanceof AttributionImportance own) || own.selection().isEmpty()) {
            throw new IllegalArgumentException("this decomposition selects no components by attributions: " + found.importance().describe());
        }
        Matrix attributions = found.evaluator().attributions(kind, batch);
        return attributions(found, attributions, Mask.of(own.selection().get(), attributions), batch, rows);
    }

    private static Table attributions(Decomposition found, Matrix attributions, ComponentMask mask, SparseRows batch, int rows) {
        int[] shown = IntStream.range(0, batch.rows()).filter(row -> !batch.isEmpty(row)).limit(rows).toArray();
        NumberTable table = NumberTable.named("Attributions, " + shown.length + " samples of a batch of " + batch.rows())
                .integers("sample", shown)
                .texts("active features", texts(shown, row -> IntStream.range(batch.start(row), batch.start(row + 1))
                        .mapToObj(i -> batch.column(i) + " (" + String.format(Locale.ROOT, "%.2f", batch.value(i)) + ")")));
        for (int c = 0; c < found.count(); c++) {
            int component = c;
            table.numbers("component " + c, Arrays.stream(shown).mapToDouble(row -> attributions.get(row, component)).toArray());
        }
        return table.texts("kept", texts(shown, row -> IntStream.range(0, found.count()).filter(c -> mask.value(row, c) > 0.5)
                .mapToObj(Integer::toString))).build();
    }

    private static List<String> texts(int[] rows, IntFunction<Stream<String>> parts) {
        return Arrays.stream(rows).mapToObj(row -> parts.apply(row).collect(Collectors.joining(", ")))
                .map(text -> text.isEmpty() ? "none" : text).toList();
    }

    /** Returns one line a seed; only runs that are finished count as successes, and a group that is not yet finished says so. */
    public static Table seeds(List<? extends DecompositionRun<ApdConfig>> runs) {
        List<Recovery> found = runs.stream().map(Recovery::of).toList();
        var finished = Finished.of(runs);
        long succeeded = finished.runs().stream().map(Recovery::of).filter(Recovery::success).count();
        return NumberTable.named("Recovery by seed: " + finished.count(succeeded, "succeeds", "succeed"))
                .integers("seed", runs.stream().mapToInt(run -> (int) run.seed()).toArray())
                .numbers("MMCS", found.stream().mapToDouble(Recovery::mmcs).toArray())
                .numbers("ML2R", found.stream().mapToDouble(Recovery::ml2r).toArray())
                .integers("distinct components", found.stream().mapToInt(Recovery::distinctComponents).toArray())
                .texts("success", IntStream.range(0, runs.size())
                        .mapToObj(i -> Finished.state(runs.get(i), found.get(i).success() ? "yes" : "no")).toList())
                .build();
    }

    /** Returns one line for each way to run an experiment: how many of its seeds succeed, and how well, over the runs that are finished. */
    public static Table variants(Map<String, SeedRuns<DecompositionRun<ApdConfig>>> variants) {
        List<Finished<DecompositionRun<ApdConfig>>> finished = variants.values().stream().map(group -> Finished.of(group.runs())).toList();
        List<List<Recovery>> all = finished.stream().map(group -> group.runs().stream().map(Recovery::of).toList()).toList();
        List<List<Recovery>> succeeded = all.stream().map(Tables::succeeded).toList();
        return NumberTable.named("Recovery by variant, mean ± standard deviation over seeds")
                .texts("variant", List.copyOf(variants.keySet()))
                .texts("seeds that succeed", IntStream.range(0, all.size())
                        .mapToObj(i -> finished.get(i).count(succeeded.get(i).size())).toList())
                .texts("MMCS of these", succeeded.stream().map(found -> spread(found, Recovery::mmcs)).toList())
                .texts("ML2R of these", succeeded.stream().map(found -> spread(found, Recovery::ml2r)).toList())
                .texts("MMCS of all", all.stream().map(found -> spread(found, Recovery::mmcs)).toList())
                .texts("ML2R of all", all.stream().map(found -> spread(found, Recovery::ml2r)).toList())
                .build();
    }

    /** One line for each place of a grid of settings: how many of its seeds succeed, and the means over all of them. */
    public static Table recoveryMap(RecoveryMap measured) {
        List<int[]> places = IntStream.range(0, measured.rows().size()).boxed()
                .flatMap(row -> IntStream.range(0, measured.columns().size()).mapToObj(column -> new int[] {row, column})).toList();
        List<List<Recovery>> found = places.stream().map(place -> measured.at(place[0], place[1])).toList();
        return NumberTable.named("Recovery by setting: " + measured.title())
                .texts(measured.rowTitle(), places.stream().map(place -> NumberText.setting(measured.rows().get(place[0]))).toList())
                .texts(measured.columnTitle(), places.stream().map(place -> NumberText.setting(measured.columns().get(place[1]))).toList())
                .texts("seeds that succeed", found.stream().map(seeds -> succeeded(seeds).size() + " of " + seeds.size()).toList())
                .texts("MMCS", found.stream().map(seeds -> spread(seeds, Recovery::mmcs)).toList())
                .texts("ML2R", found.stream().map(seeds -> spread(seeds, Recovery::ml2r)).toList())
                .numbers("distinct components", found.stream()
                        .mapToDouble(seeds -> Statistics.mean(seeds.stream().mapToDouble(Recovery::distinctComponents).toArray())).toArray())
                .build();
    }

    private static List<Recovery> succeeded(List<Recovery> runs) {
        return runs.stream().filter(Recovery::success).toList();
    }

    private static String spread(List<Recovery> found, ToDoubleFunction<Recovery> measure) {
        return NumberText.spread(found.stream().mapToDouble(measure).toArray());
    }

    /** Mean squared error to the true labels over the number of active features. */
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

    /** The surplus components, those that are no feature's first choice, beside the others: how large they are, and what they are credited with. */
    public static Table surplus(ComponentNorms norms, OneHotAttributions attributions) {
        Set<Integer> surplus = new LinkedHashSet<>(attributions.surplus());
        List<List<Integer>> groups = List.of(
                IntStream.range(0, norms.norms().size()).filter(component -> !surplus.contains(component)).boxed().toList(), List.copyOf(surplus));
        ToDoubleFunction<Integer> credit = c -> attributions.attributions().get(attributions.featureOf(c), c);
        return NumberTable.named("First choices and surplus components").texts("components", List.of("some feature's first choice", "surplus"))
                .integers("how many", groups.stream().mapToInt(List::size).toArray())
                .numbers("smallest norm", groups.stream().mapToDouble(group -> group.stream().mapToDouble(norms::of).min().orElse(Double.NaN)).toArray())
                .numbers("largest norm", groups.stream().mapToDouble(group -> group.stream().mapToDouble(norms::of).max().orElse(Double.NaN)).toArray())
                .numbers("mean of largest attribution", groups.stream()
                        .mapToDouble(group -> group.stream().mapToDouble(credit).average().orElse(Double.NaN)).toArray())
                .build();
    }

    /** Rows: the component that is removed; columns: the feature that is active. */
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
