package org.apd4j.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.decomposition.ApdRun;
import org.apd4j.decomposition.Decomposed;
import org.apd4j.measures.ComponentAblation;
import org.apd4j.measures.LossByActiveFeatures;
import org.apd4j.measures.PublishedRecovery;
import org.apd4j.measures.Recovery;
import org.apd4j.measures.Statistics;
import org.apd4j.training.Run;
import tech.tablesaw.api.Table;

/** The experiments' tables, made from runs and from what {@link org.apd4j.measures measures} return. */
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

    /** How well each feature is recovered, and the mean. */
    public static Table recovery(Decomposed decomposed) {
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
                .numbers("cosine similarity", array(cosines)).numbers("L2 ratio", array(ratios)).build();
    }

    /** One line a seed. */
    public static Table seeds(List<? extends ApdRun> runs) {
        List<Recovery> found = runs.stream().map(Recovery::of).toList();
        return NumberTable.named("Recovery by seed")
                .integers("seed", runs.stream().mapToInt(run -> (int) run.seed()).toArray())
                .numbers("MMCS", found.stream().mapToDouble(Recovery::mmcs).toArray())
                .numbers("ML2R", found.stream().mapToDouble(Recovery::ml2r).toArray())
                .integers("distinct components", found.stream().mapToInt(Recovery::distinctComponents).toArray())
                .texts("success", found.stream().map(recovery -> recovery.success() ? "yes" : "no").toList())
                .build();
    }

    /**
     * The published recovery beside that of runs: over the seeds that succeeded.
     *
     * @param paper what was published
     */
    public static Table paperBesideOurs(PublishedRecovery paper, List<? extends ApdRun> runs) {
        List<Recovery> succeeded = runs.stream().map(Recovery::of).filter(Recovery::success).toList();
        double[] mmcs = succeeded.stream().mapToDouble(Recovery::mmcs).toArray();
        double[] ml2r = succeeded.stream().mapToDouble(Recovery::ml2r).toArray();
        return NumberTable.named("Paper beside ours")
                .texts("quantity", List.of("MMCS", "ML2R", "seeds that succeed"))
                .texts("paper", List.of(spread(paper.mmcs(), paper.mmcsDeviation()), spread(paper.ml2r(), paper.ml2rDeviation()), "not given"))
                .texts("ours", List.of(spread(mmcs), spread(ml2r), succeeded.size() + " of " + runs.size()))
                .texts("verdict", List.of(verdict(mmcs, paper.mmcs()), verdict(ml2r, paper.ml2r()), ""))
                .build();
    }

    private static String spread(double[] values) {
        return values.length == 0 ? "none succeeded"
                : spread(Statistics.mean(values), values.length == 1 ? 0 : Statistics.standardDeviation(values));
    }

    private static String spread(double mean, double deviation) {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean, deviation);
    }

    private static String verdict(double[] values, double paper) {
        if (values.length == 0) {
            return "not reproduced";
        }
        double difference = Statistics.mean(values) - paper;
        return String.format(Locale.ROOT, "%s (%+.3f)", Math.abs(difference) <= 0.02 ? "agrees" : "differs", difference);
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

    /** Rows: the component that is removed; columns: the feature that is active. */
    public static Table ablation(ComponentAblation measured) {
        List<String> rows = new ArrayList<>(List.of("none"));
        List<double[]> values = new ArrayList<>();
        values.add(array(measured.none()));
        for (int c = 0; c < measured.components(); c++) {
            rows.add("component " + c);
            values.add(measured.removed().row(c));
        }
        List<String> columns = IntStream.range(0, measured.features()).mapToObj(i -> "feature " + i).toList();
        return NumberTable.matrix("Mean squared error to the target's output when a component is removed", "removed", rows, columns,
                values.toArray(double[][]::new));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
