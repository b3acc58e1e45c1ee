package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkDiagram.Edge;
import org.apd4j.charts.NetworkDiagram.Layer;
import org.apd4j.charts.NetworkPanels;
import org.apd4j.testsupport.Drawn;
import org.junit.jupiter.api.Test;

class PanelGridTest {

    private static final double[][] W = {{1, 0}, {0.3, 0.9}, {-0.8, 0.5}, {-0.8, -0.6}, {0.2, -1}};
    private static final double[][] W_TRANSPOSED = {{1, 0.3, -0.8, -0.8, 0.2}, {0, 0.9, 0.5, -0.6, -1}};

    @Test
    void vectorsAndNetworksStandInOneFigureWithTheirNumbers() {
        List<String> names = List.of("target", "sum of components", "component 0");
        Figure figure = PanelGrid.figure("Figure 3", VectorPanels.row(names, List.of(W, W, W)), NetworkRows.row(networks(names)));
        Drawn.check(figure);
        assertEquals(3 * 5 + 3 * 20, figure.numbers().rowCount());
        var vectors = figure.numbers().where(figure.numbers().stringColumn("part").isEqualTo("weight vectors"));
        assertEquals(0.9, vectors.doubleColumn("hidden 1").getDouble(1));
        var edges = figure.numbers().where(figure.numbers().stringColumn("part").isEqualTo("network"));
        assertEquals(-1, edges.doubleColumn("weight").getDouble(9));
        assertTrue(edges.doubleColumn("hidden 0").isMissing().size() == 60, "networks have no vectors");
    }

    @Test
    void namesOfRowsAndColumnsHaveRoomBesideTheMap() {
        double[][] map = new double[12][30];
        List<String> rows = IntStream.range(0, 12).mapToObj(i -> "feature " + i).toList();
        List<String> columns = IntStream.range(0, 30).mapToObj(Integer::toString).toList();
        PanelRow plain = MatrixPanels.row(List.of("a"), List.<double[][]>of(map), "row", "column", "g", 0, 1);
        PanelRow named = MatrixPanels.row(List.of("a"), List.<double[][]>of(map), "row", rows, "column", List.of(columns), "g", 0, 1);
        assertTrue(named.leftWidth >= plain.leftWidth + Pen.width("feature 11", Pen.TINY), named.leftWidth + " and " + plain.leftWidth);
        assertTrue(named.below >= plain.below + Pen.height(Pen.TINY), named.below + " and " + plain.below);
        Drawn.check(PanelGrid.figure("named", named));
    }

    @Test
    void coloursOfFeaturesHaveALegendWhereTheyCanBeToldApart() {
        PanelRow few = NetworkRows.rowOfFeatures(networks(List.of("a")));
        assertEquals(List.of("feature 0", "feature 1", "feature 2", "feature 3", "feature 4"), few.keys.stream().map(Key::name).toList());
        assertEquals(Palette.feature(1, 5), few.keys.get(1).color());
        double[][] many = new double[40][2];
        assertEquals(List.of(), NetworkRows.rowOfFeatures(List.of(NetworkDiagram.dense("b", List.<double[][]>of(many)))).keys);
    }

    @Test
    void anyNumberOfPanelsAndFeaturesFits() {
        for (int panels : new int[] {1, 2, 7, 8, 9, 23}) {
            for (int features : new int[] {1, 10, 40}) {
                var names = new ArrayList<String>();
                var matrices = new ArrayList<double[][]>();
                for (int p = 0; p < panels; p++) {
                    names.add("component " + p);
                    matrices.add(new double[features][2]);
                }
                matrices.get(0)[0][1] = 1e-6;
                Figure figure = VectorPanels.figure(panels + " panels of " + features, names, matrices);
                Drawn.check(figure);
                assertTrue(figure.width() <= 940, figure.width() + " pixels wide");
            }
        }
    }

    @Test
    void numbersThatAreNotFiniteAreLeftOut() {
        double[][] broken = {{Double.NaN, 1}, {Double.POSITIVE_INFINITY, 0}};
        Drawn.check(VectorPanels.figure("vectors", List.of("a"), List.<double[][]>of(broken)));
        Drawn.check(NetworkPanels.figure("network", List.of(NetworkDiagram.dense("a", List.<double[][]>of(broken)))));
    }

    @Test
    void edgesMayHaveOwnersAndSkipLayers() {
        List<Layer> layers = List.of(new Layer("inputs", 3, false), new Layer("MLP 1", 2, false), new Layer("output", 1, false));
        var network = new NetworkDiagram("target", layers, List.of(new Edge(0, 0, 1, 1, 2, 0), new Edge(0, 2, 2, 0, -1, 1),
                new Edge(1, 1, 2, 0, 0.5, Edge.NO_OWNER)));
        Figure figure = PanelGrid.figure("owners", NetworkRows.rowByOwner(List.of(network), List.of("f0", "f1"), "0 in the target"));
        Drawn.check(figure);
        assertEquals(List.of(0, 1, -1), figure.numbers().intColumn("owner").asList());
        assertThrows(IllegalArgumentException.class, () -> NetworkRows.rowByOwner(List.of(network), List.of("f0"), ""));
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertMessage("'b' has 2 features, 'a' has 5", () -> VectorPanels.row(List.of("a", "b"), List.of(W, new double[2][2])));
        assertMessage("'a' has vectors of 5 dimensions; arrows can be drawn in 2",
                () -> VectorPanels.row(List.of("a"), List.<double[][]>of(W_TRANSPOSED)));
        assertMessage("1 names for 2 matrices", () -> VectorPanels.row(List.of("a"), List.of(W, W)));
        assertMessage("network 'a': weights 1 are [5, 2], the layer before has 2 nodes", () -> NetworkDiagram.dense("a", List.of(W, W)));
        assertMessage("the rows have different panels: [a] and [b]", () -> PanelGrid.figure("t",
                VectorPanels.row(List.of("a"), List.<double[][]>of(W)), NetworkRows.row(networks(List.of("b")))));
        assertThrows(IllegalArgumentException.class, () -> new NetworkDiagram("a", List.of(new Layer("x", 1, false)), List.of(new Edge(0, 0, 0, 0, 1, 0))));
        assertThrows(IllegalArgumentException.class, () -> NetworkRows.row(List.of()));
    }

    private static List<NetworkDiagram> networks(List<String> names) {
        return names.stream().map(name -> NetworkDiagram.dense(name, List.of(W, W_TRANSPOSED))).toList();
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
