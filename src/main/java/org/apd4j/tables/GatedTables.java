package org.apd4j.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.measures.gated.FunctionRecovery;
import org.apd4j.measures.gated.GatedCurves;
import org.apd4j.measures.gated.PiecewiseNeurons;
import org.apd4j.measures.gated.WeightShares;
import org.apd4j.tables.internal.Finished;
import org.apd4j.targets.GatedFunctions;
import tech.tablesaw.api.Table;

/**
 * The tables of the hand-coded gated functions (paper appendix B.1).
 *
 * <pre>{@code
 * GatedTables.functions(gated);
 * GatedTables.shares(gated, gatedRun)
 * }</pre>
 */
public final class GatedTables {

    private GatedTables() {
    }

    /** Returns the parameters of the functions. */
    public static Table functions(GatedFunctions gated) {
        List<GatedFunctions.Function> functions = gated.functions();
        return NumberTable.named("F(x) = a sin(b x + c) + d cos(e x + f) + g")
                .texts("function", names(functions.size()))
                .numbers("a", functions.stream().mapToDouble(GatedFunctions.Function::a).toArray())
                .numbers("b", functions.stream().mapToDouble(GatedFunctions.Function::b).toArray())
                .numbers("c", functions.stream().mapToDouble(GatedFunctions.Function::c).toArray())
                .numbers("d", functions.stream().mapToDouble(GatedFunctions.Function::d).toArray())
                .numbers("e", functions.stream().mapToDouble(GatedFunctions.Function::e).toArray())
                .numbers("f", functions.stream().mapToDouble(GatedFunctions.Function::f).toArray())
                .numbers("g", functions.stream().mapToDouble(GatedFunctions.Function::g).toArray())
                .build();
    }

    /** Returns the neurons of a function. */
    public static Table hinges(PiecewiseNeurons hinges) {
        List<PiecewiseNeurons.Neuron> neurons = hinges.neurons();
        return NumberTable.named("The neurons of " + GatedFunctions.name(hinges.function()))
                .integers("layer", neurons.stream().mapToInt(neuron -> neuron.layer() + 1).toArray())
                .integers("neuron", neurons.stream().mapToInt(PiecewiseNeurons.Neuron::index).toArray())
                .numbers("knot", neurons.stream().mapToDouble(PiecewiseNeurons.Neuron::knot).toArray())
                .numbers("bend", neurons.stream().mapToDouble(PiecewiseNeurons.Neuron::bend).toArray())
                .build();
    }

    /** Returns the mean squared errors of the curves. The error of the decomposition is left out if none was measured. */
    public static Table curves(GatedCurves measured) {
        List<GatedCurves.Curve> curves = measured.curves();
        NumberTable table = NumberTable.named("Mean squared errors with one control bit set").texts("function", names(curves.size()))
                .numbers("network to formula", curves.stream().mapToDouble(GatedCurves.Curve::targetError).toArray());
        if (measured.hasDecomposition()) {
            table.numbers("top-k to network", curves.stream().mapToDouble(GatedCurves.Curve::error).toArray())
                    .numbers("top-k, relative", curves.stream().mapToDouble(GatedCurves.Curve::relativeError).toArray());
        }
        return table.numbers("output 0 to network", curves.stream().mapToDouble(GatedCurves.Curve::power).toArray()).build();
    }

    /** Returns each component's share in each function, and the function that it stands for. */
    public static Table shares(GatedFunctions gated, DecompositionSource decomposed) {
        FunctionRecovery recovery = FunctionRecovery.of(gated, decomposed);
        NumberTable table = NumberTable.named("Share of each component's squared weights in each function's neurons")
                .texts("component", IntStream.range(0, recovery.components()).mapToObj(Integer::toString).toList());
        for (int i = 0; i < recovery.functions(); i++) {
            int function = i;
            table.numbers(GatedFunctions.name(i), IntStream.range(0, recovery.components())
                    .mapToDouble(c -> recovery.shares().get(c, function)).toArray());
        }
        return table.numbers("W_in alone, largest", IntStream.range(0, recovery.components())
                .mapToDouble(c -> recovery.reads().get(c, recovery.functionOf(c))).toArray())
                .numbers("W_out alone, largest", IntStream.range(0, recovery.components())
                        .mapToDouble(c -> recovery.writes().get(c, recovery.functionOf(c))).toArray())
                .texts("largest", IntStream.range(0, recovery.components()).mapToObj(c -> GatedFunctions.name(recovery.functionOf(c))).toList())
                .texts(String.format(Locale.ROOT, "at least %.0f %%", 100 * FunctionRecovery.THRESHOLD),
                        IntStream.range(0, recovery.components()).mapToObj(c -> yesNo(recovery.stands(c))).toList())
                .build();
    }

    /**
     * Returns one row for each seed: the function that each component stands for most, with its share in W_in and W_out together and in W_out
     * alone, the error of the curve that is followed worst, relative to the square of its output, and the losses.
     *
     * @param points number of inputs at which curves are compared
     */
    public static Table seeds(GatedFunctions gated, List<? extends DecompositionRun<?>> runs, int points) {
        List<FunctionRecovery> found = runs.stream().map(run -> FunctionRecovery.of(gated, run)).toList();
        var finished = Finished.of(runs);
        long working = finished.runs().stream().filter(run -> FunctionRecovery.of(gated, run).works()).count();
        NumberTable table = NumberTable.named("Decompositions by seed: " + finished.count(working, "works", "work"))
                .integers("seed", runs.stream().mapToInt(run -> (int) run.seed()).toArray())
                .texts("works", IntStream.range(0, runs.size()).mapToObj(i -> Finished.state(runs.get(i), yesNo(found.get(i).works()))).toList());
        int components = found.stream().mapToInt(FunctionRecovery::components).max().orElse(0);
        for (int c = 0; c < components; c++) {
            int component = c;
            table.texts("component " + c, found.stream().map(recovery -> share(recovery, component)).toList());
        }
        table.integers("functions", found.stream().mapToInt(FunctionRecovery::distinctFunctions).toArray())
                .numbers("worst function's error", runs.stream()
                        .mapToDouble(run -> GatedCurves.of(gated, run, points).largestRelativeError()).toArray());
        List<String> losses = runs.isEmpty() ? List.of() : runs.get(0).history().names();
        losses.forEach(loss -> table.numbers(loss, runs.stream().mapToDouble(run -> run.loss(loss)).toArray()));
        return table.build();
    }

    private static String share(FunctionRecovery recovery, int component) {
        int function = recovery.functionOf(component);
        return String.format(Locale.ROOT, "%s %.0f %%, W_out %.0f %%", GatedFunctions.name(function), 100 * recovery.share(component),
                100 * recovery.writes().get(component, function));
    }

    private static String yesNo(boolean yes) {
        return yes ? "yes" : "no";
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(GatedFunctions::name).toList();
    }

    /** Returns how much of each function's weights each component holds, one row for each matrix and layer. */
    public static Table weightShares(WeightShares measured) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < measured.functions(); i++) {
            for (int l = 0; l < measured.layers(); l++) {
                for (WeightShares.Part part : WeightShares.Part.values()) {
                    rows.add(GatedFunctions.name(i) + ", layer " + (l + 1) + ", " + part.label());
                }
            }
        }
        return NumberTable.matrix("Part of each function's weights that a component holds", "weights of", rows,
                IntStream.range(0, measured.held().columns()).mapToObj(c -> "component " + c).toList(), measured.held().toArray());
    }
}
