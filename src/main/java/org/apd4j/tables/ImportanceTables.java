package org.apd4j.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.apd4j.measures.superposition.OwnedRows;
import org.apd4j.tables.internal.Finished;
import org.apd4j.tables.internal.LayerNames;
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
                .texts("layer", LayerNames.of(layers.stream().map(ImportanceStatistics.Layer::name).toList()))
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
        List<String> layerNames = new ArrayList<>();
        List<ImportanceMatrix> layers = new ArrayList<>();
        measured.forEach((name, found) -> {
            layerNames.addAll(LayerNames.of(found.layers().stream().map(ImportanceMatrix::name).toList()));
            found.layers().forEach(layer -> {
                names.add(name);
                layers.add(layer);
            });
        });
        return NumberTable.named("Importances on inputs with one active feature").texts("decomposition", names)
                .texts("layer", layerNames)
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
     * Returns one row for each decomposition of a toy model: how well its live components recover the features, how many importances are wrong, and what
     * the sum of all components lacks of the encoder.
     *
     * @param found heading → recovery
     */
    public static Table recovery(Map<String, ImportanceRecovery> found) {
        List<ImportanceRecovery> all = List.copyOf(found.values());
        return NumberTable.named("Recovery by the live components").texts("decomposition", List.copyOf(found.keySet()))
                .numbers("MMCS", numbers(all, one -> one.live().mmcs())).numbers("ML2R", numbers(all, one -> one.live().ml2r()))
                .integers("live components", all.stream().mapToInt(one -> one.liveComponents().size()).toArray())
                .integers("wrong importances", all.stream().mapToInt(ImportanceRecovery::errors).toArray())
                .numbers("‖W − Σ P‖", numbers(all, ImportanceRecovery::residualNorm)).build();
    }

    /** Returns one row for each layer: the three largest mean importances, and how each of them compares with the next. */
    public static Table spectrum(ImportanceStatistics measured) {
        List<List<Double>> spectra = measured.layers().stream().map(ImportanceStatistics.Layer::spectrum).toList();
        return NumberTable.named("The largest mean importances")
                .texts("layer", LayerNames.of(measured.layers().stream().map(ImportanceStatistics.Layer::name).toList()))
                .numbers("largest", numbers(spectra, spectrum -> place(spectrum, 0))).numbers("second", numbers(spectra, spectrum -> place(spectrum, 1)))
                .numbers("third", numbers(spectra, spectrum -> place(spectrum, 2)))
                .numbers("largest / second", numbers(spectra, spectrum -> place(spectrum, 0) / place(spectrum, 1)))
                .numbers("second / third", numbers(spectra, spectrum -> place(spectrum, 1) / place(spectrum, 2))).build();
    }

    private static double place(List<Double> spectrum, int place) {
        return place < spectrum.size() ? spectrum.get(place) : Double.NaN;
    }

    /**
     * Returns one row for each group of decompositions of toy models, and a column for each of its runs: the largest relative length of another
     * feature's row in the component of any feature.
     *
     * @param measured heading → what each run's components hold
     */
    public static Table otherRows(Map<String, List<OwnedRows>> measured) {
        int most = measured.values().stream().mapToInt(List::size).max().orElse(0);
        NumberTable table = NumberTable.named("Largest part of another feature's row in a component").texts("decomposition", List.copyOf(measured.keySet()));
        for (int run = 0; run < most; run++) {
            int number = run;
            table.numbers("run " + (run + 1), measured.values().stream()
                    .mapToDouble(runs -> number < runs.size() ? runs.get(number).largestOther() : Double.NaN).toArray());
        }
        return table.build();
    }

    /**
     * Returns one sample under a random mask: the importance and the mask of some components of each layer.
     *
     * @param components the components that are shown, by layer
     */
    public static Table sample(MaskedSample measured, List<List<Integer>> components) {
        List<String> names = LayerNames.of(measured.layers().stream().map(MaskedSample.Layer::name).toList());
        List<String> layers = new ArrayList<>();
        List<Integer> shown = new ArrayList<>();
        List<Double> importances = new ArrayList<>();
        List<Double> masks = new ArrayList<>();
        for (int l = 0; l < measured.layers().size(); l++) {
            MaskedSample.Layer layer = measured.layers().get(l);
            for (int c : components.get(l)) {
                layers.add(names.get(l));
                shown.add(c);
                importances.add(layer.importances().get(c));
                masks.add(layer.masks().get(c));
            }
        }
        return NumberTable.named("One sample: importances and a random mask").texts("layer", layers)
                .integers("component", shown.stream().mapToInt(Integer::intValue).toArray())
                .texts("importance g", decimals(importances)).texts("mask m = g + (1 − g) r", decimals(masks)).build();
    }

    /** Returns numbers between 0 and 1 with the same decimals, also where all of them are 0 or 1. */
    private static List<String> decimals(List<Double> values) {
        return values.stream().map(value -> String.format(Locale.ROOT, "%.3f", value)).toList();
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
