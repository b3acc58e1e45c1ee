package org.apd4j.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.math.Statistics;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceRecovery;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.importance.MaskedSample;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.tables.internal.Finished;
import tech.tablesaw.api.Table;

/**
 * The tables of importances (paper of SPD), made from what {@link org.apd4j.measures.importance} returns.
 *
 * <pre>{@code
 * ImportanceTables.statistics(ImportanceStatistics.of(run, 0));
 * ImportanceTables.reconstruction(Map.of("APD", MaskedReconstruction.of(run, 0, 4)))
 * }</pre>
 */
public final class ImportanceTables {

    private ImportanceTables() {
    }

    /** Returns one row for each layer: how many components are active on a sample, and how many are ever active. */
    public static Table statistics(ImportanceStatistics measured) {
        List<ImportanceStatistics.Layer> layers = measured.layers();
        return NumberTable.named("Active components on natural samples, importance above " + measured.threshold())
                .texts("layer", layers.stream().map(ImportanceStatistics.Layer::name).toList())
                .numbers("active a sample (L0)", layers.stream().mapToDouble(ImportanceStatistics.Layer::l0).toArray())
                .integers("live", layers.stream().mapToInt(ImportanceStatistics.Layer::live).toArray())
                .integers("components", layers.stream().mapToInt(layer -> layer.mean().size()).toArray())
                .numbers("largest mean importance", layers.stream().mapToDouble(layer -> layer.spectrum().get(0)).toArray())
                .build();
    }

    /**
     * Returns one row for each decomposition and layer: how many components are important on some input with one active feature, and on how many of
     * them a single input leans.
     *
     * @param measured heading → importances
     */
    public static Table oneHot(Map<String, OneHotImportances> measured) {
        List<String> names = new ArrayList<>();
        List<ImportanceMatrix> layers = new ArrayList<>();
        measured.forEach((name, found) -> found.layers().forEach(layer -> {
            names.add(name);
            layers.add(layer);
        }));
        return NumberTable.named("Importances on inputs with one active feature").texts("decomposition", names)
                .texts("layer", layers.stream().map(ImportanceMatrix::name).toList())
                .integers("components above 0.1 on some input",
                        layers.stream().mapToInt(layer -> layer.important(ImportanceStatistics.ACTIVE).size()).toArray())
                .numbers("above 0.1 on an input", layers.stream().mapToDouble(layer -> layer.meanAbove(ImportanceStatistics.ACTIVE)).toArray())
                .numbers("above 0.5 on an input", layers.stream().mapToDouble(layer -> layer.meanAbove(0.5)).toArray())
                .build();
    }

    /**
     * Returns one row for each decomposition: the error of the output under masks that keep at least what is important.
     *
     * @param measured name → errors
     */
    public static Table reconstruction(Map<String, MaskedReconstruction> measured) {
        List<MaskedReconstruction> all = List.copyOf(measured.values());
        return NumberTable.named("Mean squared error to the target's output under masks m = g + (1 − g) s")
                .texts("decomposition", List.copyOf(measured.keySet()))
                .numbers("s = 0", numbers(all, MaskedReconstruction::gated)).numbers("s = 1", numbers(all, MaskedReconstruction::unmasked))
                .numbers("s random", numbers(all, MaskedReconstruction::stochastic))
                .numbers("s worst", numbers(all, MaskedReconstruction::adversarial)).build();
    }

    /**
     * Returns one row for each seed: MMCS and ML2R over all components and over the live ones, and how far the importances are from the right ones.
     *
     * @param runs  the runs
     * @param found the recovery of each
     */
    public static Table seeds(List<? extends DecompositionRun<?>> runs, List<ImportanceRecovery> found) {
        var finished = Finished.of(runs);
        long right = IntStream.range(0, runs.size()).filter(i -> runs.get(i).isFinished() && found.get(i).success()).count();
        return NumberTable.named("Recovery by seed: " + finished.count(right, "succeeds", "succeed"))
                .integers("seed", runs.stream().mapToInt(run -> (int) run.seed()).toArray())
                .numbers("MMCS", numbers(found, one -> one.live().mmcs())).numbers("ML2R", numbers(found, one -> one.live().ml2r()))
                .numbers("ML2R, dead ones too", numbers(found, one -> one.all().ml2r()))
                .integers("live components", found.stream().mapToInt(one -> one.liveComponents().size()).toArray())
                .integers("distinct components", found.stream().mapToInt(one -> one.live().distinctComponents()).toArray())
                .integers("wrong importances", found.stream().mapToInt(ImportanceRecovery::errors).toArray())
                .numbers("faithfulness loss", numbers(runs, run -> run.loss("faithfulness")))
                .texts("success", IntStream.range(0, runs.size())
                        .mapToObj(i -> Finished.state(runs.get(i), found.get(i).success() ? "yes" : "no")).toList())
                .build();
    }

    /**
     * Returns one sample under a random mask: the importance and the mask of some components of each layer.
     *
     * @param components the components that are shown, by layer
     */
    public static Table sample(MaskedSample measured, List<List<Integer>> components) {
        List<String> layers = new ArrayList<>();
        List<Integer> shown = new ArrayList<>();
        List<Double> importances = new ArrayList<>();
        List<Double> masks = new ArrayList<>();
        for (int l = 0; l < measured.layers().size(); l++) {
            MaskedSample.Layer layer = measured.layers().get(l);
            for (int c : components.get(l)) {
                layers.add(layer.name());
                shown.add(c);
                importances.add(layer.importances().get(c));
                masks.add(layer.masks().get(c));
            }
        }
        return NumberTable.named("One sample: importances and a random mask").texts("layer", layers)
                .integers("component", shown.stream().mapToInt(Integer::intValue).toArray())
                .numbers("importance g", Statistics.array(importances)).numbers("mask m = g + (1 − g) r", Statistics.array(masks)).build();
    }

    /** Returns one sample's input, the target's output and the output under a random mask, a row for each feature. */
    public static Table outputs(MaskedSample measured) {
        return NumberTable.named("One sample: outputs").integers("feature", IntStream.range(0, measured.input().size()).toArray())
                .numbers("input", Statistics.array(measured.input())).numbers("target's output", Statistics.array(measured.target()))
                .numbers("output under the mask", Statistics.array(measured.output())).build();
    }

    private static <T> double[] numbers(List<? extends T> of, ToDoubleFunction<T> number) {
        return of.stream().mapToDouble(number).toArray();
    }
}
