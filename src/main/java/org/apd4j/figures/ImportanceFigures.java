package org.apd4j.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.MatrixPanels;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.charts.internal.PanelRow;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.charts.internal.VectorPanels;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.AdversarialLadder;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceResponse;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.measures.importance.SubcomponentMatrices;
import org.apd4j.tables.internal.LayerNames;

/**
 * The figures of importances and of components that belong to one matrix each (paper of SPD), drawn from what {@link org.apd4j.measures.importance}
 * returns.
 *
 * <pre>{@code
 * var oneHot = OneHotImportances.of(run, 0.75);
 * ImportanceFigures.oneHot(oneHot);
 * ImportanceFigures.directions(SubcomponentMatrices.of(run, Tms.ENCODER, oneHot))
 * }</pre>
 */
public final class ImportanceFigures {

    private static final String FEATURE = "active feature";
    private static final String COMPONENT = "component";
    private static final String IMPORTANCE = "importance g";
    /** Up to this many components each has its mark in a spectrum. */
    private static final int FEW = 40;

    private static final String ENCODER = "The encoder and its important components";

    private ImportanceFigures() {
    }

    /**
     * Returns the importances on inputs with a single active feature as a map for each layer, with the components in the order of their features.
     */
    public static Figure oneHot(OneHotImportances measured) {
        return Figure.grid("Importances on inputs with one active feature, x = " + measured.value(), 1,
                IntStream.range(0, measured.layers().size()).mapToObj(l -> map(readable(measured).get(l), measured.layers().get(l))).toList());
    }

    private static List<String> readable(OneHotImportances measured) {
        return LayerNames.of(measured.layers().stream().map(ImportanceMatrix::name).toList());
    }

    private static Figure map(String name, ImportanceMatrix layer) {
        return HeatMap.of(Character.toUpperCase(name.charAt(0)) + name.substring(1), FEATURE, numbers(layer.values().rows()), COMPONENT,
                components(layer), IMPORTANCE, 0, 1, sorted(layer));
    }

    /**
     * Returns the same maps for several decompositions side by side, such as those with different coefficients; a row of panels for each layer.
     *
     * @param measured heading → importances
     * @throws IllegalArgumentException if there is none, or they differ in their layers' names or shapes
     */
    public static Figure oneHot(Map<String, OneHotImportances> measured) {
        List<String> names = List.copyOf(measured.keySet());
        List<OneHotImportances> all = List.copyOf(measured.values());
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there are no importances to draw; those of at least one decomposition are needed");
        }
        List<PanelRow> rows = new ArrayList<>();
        for (int l = 0; l < all.get(0).layers().size(); l++) {
            int layer = l;
            List<ImportanceMatrix> ofLayer = all.stream().map(one -> one.layers().get(layer)).toList();
            rows.add(MatrixPanels.row(names, ofLayer.stream().map(ImportanceFigures::sorted).toList(), FEATURE,
                    numbers(ofLayer.get(0).values().rows()), COMPONENT, ofLayer.stream().map(ImportanceFigures::components).toList(),
                    "g, " + readable(all.get(0)).get(l), 0, 1));
        }
        return PanelGrid.figure("Importances on inputs with one active feature", rows);
    }

    private static List<String> components(ImportanceMatrix layer) {
        return layer.sorted().stream().map(c -> Integer.toString(c)).toList();
    }

    private static double[][] sorted(ImportanceMatrix layer) {
        List<Integer> order = layer.sorted();
        double[][] values = new double[layer.values().rows()][order.size()];
        for (int i = 0; i < values.length; i++) {
            int row = i;
            Arrays.setAll(values[i], place -> layer.values().get(row, order.get(place)));
        }
        return values;
    }

    /**
     * Returns the rows of an encoder with two hidden dimensions as arrows, one colour a feature: the target, the sum of all components, each
     * important component, and the sum of all others.
     *
     * @throws IllegalArgumentException if the matrix has not two columns
     */
    public static Figure arrows(SubcomponentMatrices encoder) {
        return PanelGrid.figure(ENCODER, VectorPanels.row(names(encoder), panels(encoder)));
    }

    /**
     * Returns {@link #arrows} and, below, the same as networks.
     *
     * @throws IllegalArgumentException if the matrix has not two columns
     */
    public static Figure directions(SubcomponentMatrices encoder) {
        List<String> names = names(encoder);
        List<double[][]> matrices = panels(encoder);
        List<NetworkDiagram> networks = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            networks.add(NetworkDiagram.dense(names.get(i), List.of(matrices.get(i), transposed(matrices.get(i)))));
        }
        return PanelGrid.figure(ENCODER, VectorPanels.row(names, matrices), NetworkRows.row(networks));
    }

    /** Returns a small matrix, the sum of all components, each important component and the sum of all others, as maps on one scale. */
    public static Figure matrices(SubcomponentMatrices measured) {
        return PanelGrid.figure("The " + matrix(measured.parameter()) + " and its important components",
                MatrixPanels.signed(names(measured), panels(measured), "input", "output", "weight"));
    }

    /**
     * Returns whole networks of an encoder, a hidden matrix and the transposed encoder as decoder: the target, the sum of all components, and every
     * important component of either matrix by itself.
     */
    public static Figure networks(SubcomponentMatrices encoder, SubcomponentMatrices hidden) {
        double[][] noEncoder = new double[encoder.target().rows()][encoder.target().columns()];
        double[][] noHidden = new double[hidden.target().rows()][hidden.target().columns()];
        List<NetworkDiagram> networks = new ArrayList<>();
        networks.add(network("target", encoder.target().toArray(), hidden.target().toArray()));
        networks.add(network("sum of all components", encoder.sum().toArray(), hidden.sum().toArray()));
        encoder.parts().forEach(part -> networks.add(network("encoder " + part.component(), part.values().toArray(), noHidden)));
        hidden.parts().forEach(part -> networks.add(network("hidden " + part.component(), noEncoder, part.values().toArray())));
        return PanelGrid.figure("Each component in the network", NetworkRows.rowOfFeatures(networks));
    }

    private static NetworkDiagram network(String name, double[][] encoder, double[][] hidden) {
        return NetworkDiagram.dense(name, List.of(encoder, hidden, transposed(encoder)));
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] result = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < result.length; j++) {
                result[j][i] = matrix[i][j];
            }
        }
        return result;
    }

    private static List<String> names(SubcomponentMatrices measured) {
        List<String> names = new ArrayList<>(List.of("target", "sum of all components"));
        measured.parts().forEach(part -> names.add("component " + part.component()));
        names.add("sum of the others");
        return names;
    }

    private static List<double[][]> panels(SubcomponentMatrices measured) {
        List<Grid> grids = new ArrayList<>(List.of(measured.target(), measured.sum()));
        measured.parts().forEach(part -> grids.add(part.values()));
        grids.add(measured.rest());
        return grids.stream().map(Grid::toArray).toList();
    }

    /** Returns the importance of components over their inner activation, one colour a component. */
    public static Figure response(ImportanceResponse measured) {
        int count = measured.curves().size();
        return Scatter.of("Importance over the inner activation, " + LayerNames.of(List.of(measured.layer())).get(0), "inner activation a", IMPORTANCE,
                IntStream.range(0, count).mapToObj(place -> {
                    ImportanceResponse.Curve curve = measured.curves().get(place);
                    return new Scatter.Points("component " + curve.component(), Statistics.array(curve.activations()),
                            Statistics.array(curve.importances()),
                            count <= Palette.categories() ? Palette.category(place) : Palette.feature(place, count), Scatter.Mark.SMALL_DOT);
                }).toList());
    }

    /** Returns the mean importance of each component on natural samples, largest first, a line for each layer. */
    public static Figure spectrum(ImportanceStatistics measured) {
        int most = measured.layers().stream().mapToInt(layer -> layer.mean().size()).max().orElse(0);
        List<String> names = LayerNames.of(measured.layers().stream().map(ImportanceStatistics.Layer::name).toList());
        List<Series> spectra = IntStream.range(0, names.size()).mapToObj(l -> {
            ImportanceStatistics.Layer layer = measured.layers().get(l);
            double[] values = Arrays.copyOf(Statistics.array(layer.spectrum()), most);
            Arrays.fill(values, layer.mean().size(), most, Double.NaN); // a layer with fewer components
            return new Series(names.get(l), values);
        }).toList();
        String title = "Mean importance of each component";
        String across = "component, largest first";
        String up = "mean importance";
        return most <= FEW
                ? Charts.markedLines(title, across, IntStream.rangeClosed(1, most).mapToObj(Integer::toString).toList(), up, Scale.LINEAR, spectra)
                : Charts.lines(title, across, IntStream.rangeClosed(1, most).asDoubleStream().toArray(), up, Scale.LINEAR, spectra);
    }

    /**
     * Returns the error under the worst masks over the length of the search, as the median over the starts.
     *
     * @param measured name of the decomposition → ladder
     * @throws IllegalArgumentException if there is none
     */
    public static Figure ladder(Map<String, AdversarialLadder> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("there is no ladder to draw; at least one is needed");
        }
        List<Integer> steps = measured.values().iterator().next().steps();
        List<Series> series = new ArrayList<>();
        measured.forEach((name, ladder) -> series.add(new Series(name, Statistics.array(ladder.medians()))));
        return Charts.markedLines("Error under the worst masks that a search finds", "steps of the search",
                steps.stream().map(String::valueOf).toList(), "mean squared error to the target's output", Scale.LOGARITHMIC, series)
                .withNote("Medians over " + measured.values().iterator().next().errors().get(0).size() + " random starts.");
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** Returns a matrix's name, introduced by what it is unless the name says so itself. */
    private static String matrix(String parameter) {
        String name = LayerNames.of(List.of(parameter)).get(0);
        return name.contains("matrix") ? name : "matrix " + name;
    }
}
