package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkDiagram.Edge;
import org.apd4j.charts.NetworkDiagram.Layer;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.data.Tensors;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.Matrix;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.gated.FunctionRecovery;
import org.apd4j.measures.gated.GateShares;
import org.apd4j.measures.gated.GatedAttributions;
import org.apd4j.measures.gated.GatedCurves;
import org.apd4j.measures.gated.PiecewiseNeurons;
import org.apd4j.measures.gated.WeightShares;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.ResidualMlp;

/**
 * The figures of the hand-coded gated functions (paper appendix B.1). A function has the same colour in all of them.
 *
 * <pre>{@code
 * GatedFigures.network(gated);
 * GatedFigures.functions(GatedCurves.ofTarget(gated, 101));
 * GatedFigures.components(gated, gatedRun)
 * }</pre>
 */
public final class GatedFigures {

    /** Strength of the colour of a line below another one of the same colour. */
    private static final double PALE = 0.4;

    /** What weights to y are multiplied with in drawings of networks. */
    private static final double OUT_SCALE = 4;

    private GatedFigures() {
    }

    /** Returns every function by its formula, dashed, over the output of the network with its control bit set, solid. */
    public static Figure functions(GatedCurves measured) {
        return curves("The functions and the network's output", "network", "formula", measured, GatedCurves.Curve::exact)
                .withNote("Pale and solid: the network with one control bit set; dashed: the formula.");
    }

    /** Returns the output of every function with the selected components only, dashed, over that of the target, solid. */
    public static Figure topK(GatedCurves measured) {
        return curves("Target and top-k forward pass, one control bit set", "target", "top-k", measured, GatedCurves.Curve::decomposition)
                .withNote("Pale and solid: the target; dashed: the components that are kept.");
    }

    @FunctionalInterface
    private interface Values {
        List<Double> of(GatedCurves.Curve curve);
    }

    private static Figure curves(String title, String solid, String dashed, GatedCurves measured, Values values) {
        List<Series> below = new ArrayList<>();
        List<Series> above = new ArrayList<>();
        int count = measured.curves().size();
        for (GatedCurves.Curve curve : measured.curves()) {
            Color color = Palette.feature(curve.function(), count);
            below.add(new Series(GatedFunctions.name(curve.function()) + ", " + solid, Statistics.array(curve.target()))
                    .in(Palette.pale(color, PALE)));
            above.add(new Series(GatedFunctions.name(curve.function()) + ", " + dashed, Statistics.array(values.of(curve)),
                    new double[0], Optional.of(color), true));
        }
        below.addAll(above);
        return Charts.lines(title, "x", Statistics.array(measured.inputs()), "output y", Scale.LINEAR, below);
    }

    /**
     * Returns one function as the sum of its neurons in the order of their knots: the first two make a straight line, every further neuron bends
     * it at its knot, and the last line is the function.
     *
     * @param functions number of functions of the network, for the colour
     */
    public static Figure hinges(PiecewiseNeurons hinges, int functions) {
        List<Series> series = new ArrayList<>();
        int count = hinges.neurons().size();
        List<List<Double>> sums = hinges.partialSums();
        // The first neuron alone is far steeper than the function.
        for (int i = 1; i < count; i++) {
            PiecewiseNeurons.Neuron neuron = hinges.neurons().get(i);
            String name = i == 1 ? "the first two" : String.format(Locale.ROOT, "and knot %.2f, layer %d", neuron.knot(), neuron.layer() + 1);
            boolean last = i == count - 1;
            Color color = last ? Palette.feature(hinges.function(), functions) : Palette.ink(0.15 + 0.6 * i / count);
            series.add(new Series(name, Statistics.array(sums.get(i))).in(color));
        }
        return Charts.lines(GatedFunctions.name(hinges.function()) + " as the sum of its neurons", "x", Statistics.array(hinges.inputs()), "output y",
                Scale.LINEAR, series)
                        .withNote("From pale to dark: one neuron more in each line, in the order of their knots; in colour: all of them.");
    }

    /** Returns the network, with edges in the colours of the functions that they belong to. */
    public static Figure network(GatedFunctions gated) {
        return networks("The target network", gated, List.of(diagram("target", gated, name -> values(gated, name))));
    }

    /**
     * Returns the target, the sum of the components and every component as networks (paper appendix B.1), components in the order of their functions,
     * with edges in the colour of the function that owns the weight in the target, purple where the target's weight is 0, wider for a larger
     * |weight|.
     *
     * @throws IllegalArgumentException if the decomposition is of another network
     */
    public static Figure components(GatedFunctions gated, DecompositionSource decomposed) {
        Decomposition found = decomposed.decomposition();
        FunctionRecovery recovery = FunctionRecovery.of(gated, found);
        List<NetworkDiagram> networks = new ArrayList<>();
        networks.add(diagram("target", gated, name -> values(gated, name)));
        networks.add(diagram("sum of components", gated, name -> Tensors.matrix(found.sum(name))));
        for (int c : recovery.byFunction()) {
            int component = c;
            String name = String.format(Locale.ROOT, "component %d: %s %.0f %%", c, GatedFunctions.name(recovery.functionOf(c)),
                    100 * recovery.share(c));
            networks.add(diagram(name, gated, parameter -> found.components().component(parameter, component)));
        }
        return networks(found.target().name() + ", seed " + found.provenance().seed() + ": target and components", gated, networks);
    }

    @FunctionalInterface
    private interface Weights {
        Matrix of(String parameter);
    }

    private static Matrix values(GatedFunctions gated, String parameter) {
        return gated.target().network().parameter(parameter).values();
    }

    private static Figure networks(String title, GatedFunctions gated, List<NetworkDiagram> networks) {
        List<String> names = IntStream.range(0, gated.functions().size()).mapToObj(GatedFunctions::name).toList();
        return PanelGrid.figure(title, NetworkRows.rowByOwner(networks, names, "0 in the target")).withNote(String.format(Locale.ROOT,
                "Wider for a larger |weight|, dashed where it is negative, one scale for all panels; weights from the control bits are drawn at "
                + "1/%.0f of their size, those to y at %.0f times theirs but no wider than a weight of 1. What the residual stream carries on "
                + "unchanged is not drawn.", gated.gate(), OUT_SCALE));
    }

    /** Returns a weight to y as it is drawn: most of them are so small that they could not be told apart. */
    private static double toOutput(double weight) {
        return Math.max(-1, Math.min(1, OUT_SCALE * weight));
    }

    private static NetworkDiagram diagram(String name, GatedFunctions gated, Weights weights) {
        int functions = gated.functions().size();
        List<String> stream = new ArrayList<>(List.of("x"));
        IntStream.range(0, functions).forEach(i -> stream.add(GatedFunctions.bitName(i)));
        stream.add("y");
        List<Layer> layers = new ArrayList<>();
        layers.add(Layer.named("input", stream));
        List<Edge> edges = new ArrayList<>();
        for (int l = 0; l < gated.neuronOwners().length; l++) {
            int[] owners = gated.neuronOwners()[l];
            layers.add(new Layer("neurons " + (l + 1), owners.length, false));
            layers.add(Layer.named(l == gated.neuronOwners().length - 1 ? "output" : "stream", stream));
            Matrix in = weights.of(ResidualMlp.in(l));
            Matrix out = weights.of(ResidualMlp.out(l));
            Matrix targetIn = values(gated, ResidualMlp.in(l));
            Matrix targetOut = values(gated, ResidualMlp.out(l));
            for (int n = 0; n < owners.length; n++) {
                for (int r = 0; r < stream.size(); r++) {
                    boolean gate = r >= 1 && r <= functions;
                    edges.add(new Edge(2 * l, r, 2 * l + 1, n, in.get(r, n) / (gate ? gated.gate() : 1),
                            owner(targetIn.get(r, n), owners[n])));
                    edges.add(new Edge(2 * l + 1, n, 2 * l + 2, r, toOutput(out.get(n, r)), owner(targetOut.get(n, r), owners[n])));
                }
            }
        }
        return new NetworkDiagram(name, layers, edges);
    }

    private static int owner(float targetWeight, int function) {
        return targetWeight == 0 ? Edge.NO_OWNER : function;
    }

    /** Returns how each function's gate weights are distributed over the components, by layer. */
    public static Figure gates(GateShares measured) {
        List<String> rows = IntStream.range(0, measured.shares().rows())
                .mapToObj(row -> GatedFunctions.name(row / measured.layers()) + ", layer " + (1 + row % measured.layers())).toList();
        return HeatMap.of("Gate weights by component", "neurons of", rows, "component",
                IntStream.range(0, measured.shares().columns()).mapToObj(Integer::toString).toList(), "part of the gates", 0, 1,
                rounded(measured.shares()).toArray());
    }

    /** Returns how much of each function's weights each component holds, by matrix and layer. */
    public static Figure weightShares(WeightShares measured) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < measured.functions(); i++) {
            for (int l = 0; l < measured.layers(); l++) {
                for (WeightShares.Part part : WeightShares.Part.values()) {
                    rows.add(GatedFunctions.name(i) + ", layer " + (l + 1) + ", " + part.label());
                }
            }
        }
        return HeatMap.of("Weights of each function by component", "weights of", rows, "component",
                IntStream.range(0, measured.held().columns()).mapToObj(Integer::toString).toList(), "part of the weights", 0, 1,
                rounded(measured.held()).toArray());
    }

    /**
     * Returns the attributions of all components over x with one control bit set, and the square of the output. A component has the colour of the
     * function in whose neurons most of its weights lie; a second component of the same function is dashed.
     *
     * @param recovery of the same decomposition
     * @throws IllegalArgumentException if the two are of different numbers of components
     */
    public static Figure attributions(GatedAttributions measured, FunctionRecovery recovery) {
        int count = measured.attributions().rows();
        if (recovery.shares().rows() != count) {
            throw new IllegalArgumentException("attributions of " + count + " components, and shares of " + recovery.shares().rows()
                    + "; both must be of the same decomposition");
        }
        List<Series> series = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (int c = 0; c < count; c++) {
            int function = recovery.functionOf(c);
            series.add(new Series("component " + c + " (" + GatedFunctions.name(function) + ")", measured.attributions().row(c), new double[0],
                    Optional.of(Palette.feature(function, recovery.functions())), !taken.add(function)));
        }
        series.add(new Series("square of the output", measured.outputs().stream().mapToDouble(y -> y * y).toArray()).asReference());
        return Charts.lines("Attributions with the control bit of " + GatedFunctions.name(measured.function()) + " set", "x",
                Statistics.array(measured.inputs()), "attribution", Scale.LOGARITHMIC, series);
    }

    /** Rounds to thousandths, so that what is nearly 0 is written as 0. */
    private static Grid rounded(Grid grid) {
        return Grid.of(grid.rows(), grid.columns(), (row, column) -> Double.isNaN(grid.get(row, column)) ? Double.NaN
                : Math.round(1000 * grid.get(row, column)) / 1000.0);
    }
}
