package org.apd4j.tables;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.measures.gated.FunctionRecovery;
import org.apd4j.measures.gated.GateShares;
import org.apd4j.measures.gated.GatedCurves;
import org.apd4j.measures.gated.PiecewiseNeurons;
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

    /** Curves that differ by a smaller part of their square than this lie on each other in a figure. */
    private static final double CLOSE = 0.01;

    private GatedTables() {
    }

    /** The functions' parameters. */
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

    /** The neurons that make up a function. */
    public static Table hinges(PiecewiseNeurons hinges) {
        List<PiecewiseNeurons.Neuron> neurons = hinges.neurons();
        return NumberTable.named("The neurons of " + GatedFunctions.name(hinges.function()))
                .integers("layer", neurons.stream().mapToInt(neuron -> neuron.layer() + 1).toArray())
                .integers("neuron", neurons.stream().mapToInt(PiecewiseNeurons.Neuron::index).toArray())
                .numbers("knot", neurons.stream().mapToDouble(PiecewiseNeurons.Neuron::knot).toArray())
                .numbers("bend", neurons.stream().mapToDouble(PiecewiseNeurons.Neuron::bend).toArray())
                .build();
    }

    /** Mean squared errors of the curves. The last two columns are missing if no decomposition was measured. */
    public static Table curves(GatedCurves measured) {
        List<GatedCurves.Curve> curves = measured.curves();
        NumberTable table = NumberTable.named("Mean squared errors with one control bit set").texts("function", names(curves.size()))
                .numbers("network to formula", curves.stream().mapToDouble(GatedCurves.Curve::targetError).toArray());
        if (curves.stream().anyMatch(curve -> !curve.decomposition().isEmpty())) {
            table.numbers("top-k to network", curves.stream().mapToDouble(GatedCurves.Curve::error).toArray());
        }
        return table.numbers("output 0 to network", curves.stream().mapToDouble(GatedCurves.Curve::power).toArray()).build();
    }

    /** Each component's share in each function, and what it stands for. */
    public static Table shares(GatedFunctions gated, DecompositionSource decomposed) {
        FunctionRecovery recovery = FunctionRecovery.of(gated, decomposed);
        NumberTable table = NumberTable.named("Share of each component's squared weights in each function's neurons")
                .texts("component", IntStream.range(0, recovery.components()).mapToObj(Integer::toString).toList());
        for (int i = 0; i < recovery.functions(); i++) {
            int function = i;
            table.numbers(GatedFunctions.name(i), IntStream.range(0, recovery.components())
                    .mapToDouble(c -> recovery.shares().get(c, function)).toArray());
        }
        return table.texts("largest", IntStream.range(0, recovery.components()).mapToObj(c -> GatedFunctions.name(recovery.functionOf(c))).toList())
                .texts(String.format(Locale.ROOT, "at least %.0f %%", 100 * FunctionRecovery.THRESHOLD),
                        IntStream.range(0, recovery.components()).mapToObj(c -> yesNo(recovery.stands(c))).toList())
                .build();
    }

    /**
     * One line a seed: which function each component stands for most and with what share, the curves' error and the losses.
     *
     * @param points at which curves are compared
     */
    public static Table seeds(GatedFunctions gated, List<? extends DecompositionRun<ApdConfig>> runs, int points) {
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
                .texts("gates whole", runs.stream().map(run -> GateShares.of(gated, run))
                        .map(gates -> gates.whole() + " of " + gates.shares().rows()).toList())
                .numbers("curves' error, relative", runs.stream().mapToDouble(run -> GatedCurves.of(gated, run, points).relativeError()).toArray());
        List<String> losses = runs.isEmpty() ? List.of() : runs.get(0).history().names();
        losses.forEach(loss -> table.numbers(loss, runs.stream().mapToDouble(run -> run.loss(loss)).toArray()));
        return table.build();
    }

    private static String share(FunctionRecovery recovery, int component) {
        return String.format(Locale.ROOT, "%s %.0f %%", GatedFunctions.name(recovery.functionOf(component)), 100 * recovery.share(component));
    }

    /**
     * What was published beside runs of our own: the best of them, as the paper chose its one, and all.
     *
     * @param runs  all of them, in any order, at least one
     * @param points at which curves are compared
     */
    public static Table paperBesideOurs(GatedFunctions gated, List<? extends DecompositionRun<ApdConfig>> runs, int points) {
        DecompositionRun<ApdConfig> best = FunctionRecovery.best(gated, runs);
        FunctionRecovery recovery = FunctionRecovery.of(gated, best);
        long standing = IntStream.range(0, recovery.components()).filter(recovery::stands).count();
        var finished = Finished.of(runs);
        long working = finished.runs().stream().filter(run -> FunctionRecovery.of(gated, run).works()).count();
        double error = GatedCurves.of(gated, best, points).relativeError();
        int count = gated.functions().size();
        return NumberTable.named("Paper beside ours")
                .texts("quantity", List.of("functions that are some component's largest", "components that stand for one function",
                        "top-k forward pass, squared error over the target's square", "seeds that work"))
                .texts("paper, one run chosen by hand", List.of("4 of 4", "mostly, by eye; two lack W_out in a layer", "small, by eye", "not given; called hard to train"))
                .texts("ours, seed " + best.seed(), List.of(recovery.distinctFunctions() + " of " + count, standing + " of " + recovery.components(),
                        String.format(Locale.ROOT, "%.4f", error), finished.count(working) + " (all seeds)"))
                .texts("verdict", List.of(verdict(recovery.distinctFunctions() == count), verdict(standing == recovery.components()),
                        verdict(error < CLOSE),
                        finished.runs().size() < finished.planned() ? "not finished" : working == runs.size() ? "every seed works" : "hard to train, as the paper says"))
                .build();
    }

    private static String verdict(boolean agrees) {
        return agrees ? "agrees" : "not reproduced";
    }

    private static String yesNo(boolean yes) {
        return yes ? "yes" : "no";
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(GatedFunctions::name).toList();
    }
}
