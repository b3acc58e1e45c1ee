package org.apd4j.tables;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.measures.superposition.RecoveryMap;
import org.apd4j.measures.superposition.RecoveryOfSeeds;
import org.apd4j.tables.internal.Finished;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.training.SeedRuns;
import tech.tablesaw.api.Table;

/** The tables of {@link Tables} that compare the recovery of several runs. */
final class RecoveryTables {

    private static final String NONE = "–";

    private RecoveryTables() {
    }

    static Table seeds(List<? extends DecompositionRun<?>> runs) {
        List<Recovery> found = RecoveryOfSeeds.of(runs).runs();
        var finished = Finished.of(runs);
        return NumberTable.named("Recovery by seed: " + finished.count(RecoveryOfSeeds.of(finished.runs()).successes(), "succeeds", "succeed"))
                .integers("seed", runs.stream().mapToInt(run -> (int) run.seed()).toArray())
                .numbers("MMCS", found.stream().mapToDouble(Recovery::mmcs).toArray())
                .numbers("ML2R", found.stream().mapToDouble(Recovery::ml2r).toArray())
                .integers("distinct components", found.stream().mapToInt(Recovery::distinctComponents).toArray())
                .texts("success", IntStream.range(0, runs.size())
                        .mapToObj(i -> Finished.state(runs.get(i), found.get(i).success() ? "yes" : "no")).toList())
                .build();
    }

    static <S extends Record & DecompositionSettings> Table variants(Map<String, SeedRuns<DecompositionRun<S>>> variants) {
        List<Finished<DecompositionRun<S>>> finished = variants.values().stream().map(group -> Finished.of(group.runs())).toList();
        List<RecoveryOfSeeds> all = finished.stream().map(group -> RecoveryOfSeeds.of(group.runs())).toList();
        List<RecoveryOfSeeds> succeeded = all.stream().map(RecoveryOfSeeds::succeeded).toList();
        return NumberTable.named("Recovery by variant, mean ± standard deviation over seeds")
                .texts("variant", List.copyOf(variants.keySet()))
                .texts("seeds that succeed", IntStream.range(0, all.size())
                        .mapToObj(i -> finished.get(i).count(succeeded.get(i).count())).toList())
                .texts("MMCS of these", succeeded.stream().map(found -> spread(found, Recovery::mmcs)).toList())
                .texts("ML2R of these", succeeded.stream().map(found -> spread(found, Recovery::ml2r)).toList())
                .texts("MMCS of all", all.stream().map(found -> spread(found, Recovery::mmcs)).toList())
                .texts("ML2R of all", all.stream().map(found -> spread(found, Recovery::ml2r)).toList())
                .build();
    }

    static Table map(RecoveryMap measured) {
        List<int[]> places = IntStream.range(0, measured.rows().size()).boxed()
                .flatMap(row -> IntStream.range(0, measured.columns().size()).mapToObj(column -> new int[] {row, column})).toList();
        List<RecoveryOfSeeds> found = places.stream().map(place -> measured.seeds(place[0], place[1])).toList();
        return NumberTable.named("Recovery by setting: " + measured.title())
                .texts(measured.rowTitle(), places.stream().map(place -> NumberText.setting(measured.rows().get(place[0]))).toList())
                .texts(measured.columnTitle(), places.stream().map(place -> NumberText.setting(measured.columns().get(place[1]))).toList())
                .texts("seeds that succeed", found.stream().map(seeds -> seeds.successes() + " of " + seeds.count()).toList())
                .texts("MMCS", found.stream().map(seeds -> spread(seeds, Recovery::mmcs)).toList())
                .texts("ML2R", found.stream().map(seeds -> spread(seeds, Recovery::ml2r)).toList())
                .numbers("distinct components", found.stream().mapToDouble(seeds -> seeds.mean(Recovery::distinctComponents)).toArray())
                .build();
    }

    private static String spread(RecoveryOfSeeds found, ToDoubleFunction<Recovery> measure) {
        return found.count() == 0 ? NONE : spread(found.mean(measure), found.deviation(measure));
    }

    private static String spread(double mean, double deviation) {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, deviation);
    }
}
