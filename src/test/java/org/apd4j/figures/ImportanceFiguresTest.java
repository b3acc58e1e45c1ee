package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.charts.Figure;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.AdversarialLadder;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceResponse;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.measures.importance.SubcomponentMatrices;
import org.apd4j.testsupport.Drawn;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ImportanceFiguresTest {

    /** Feature 0 has component 2, feature 1 component 0. */
    private static final OneHotImportances ONE_HOT = new OneHotImportances(0.75,
            List.of(new ImportanceMatrix("encoder", Grid.of(2, 3, (i, c) -> c == 2 - 2 * i ? 0.9 : 0.01 * c))));
    private static final SubcomponentMatrices ENCODER = matrices("linear1", 3);
    private static final SubcomponentMatrices HIDDEN = matrices("hidden_layers.0", 2);

    private static SubcomponentMatrices matrices(String name, int rows) {
        return new SubcomponentMatrices(name, Grid.of(rows, 2, (i, j) -> i - j), Grid.of(rows, 2, (i, j) -> 0.9 * (i - j)),
                List.of(new SubcomponentMatrices.Part(7, Grid.of(rows, 2, (i, j) -> i == 1 ? 0.5 : 0))), Grid.of(rows, 2, (i, j) -> 0.01));
    }

    private static double[] column(Table table, String name) {
        return table.numberColumn(name).asDoubleArray();
    }

    @Test
    void componentsStandInTheOrderOfTheirFeatures() {
        Table numbers = ImportanceFigures.oneHot(ONE_HOT).numbers();
        int first = numbers.columnNames().indexOf("2");
        assertEquals(List.of("2", "0", "1"), numbers.columnNames().subList(first, first + 3));
        assertArrayEquals(new double[] {0.9, 0.02}, column(numbers, "2"), 0);
    }

    @Test
    void decompositionsStandSideBySide() {
        Map<String, OneHotImportances> two = new LinkedHashMap<>();
        two.put("1e-5", ONE_HOT);
        two.put("1e-4", ONE_HOT);
        Table numbers = ImportanceFigures.oneHot(two).numbers();
        assertEquals(12, numbers.rowCount());
        assertEquals(List.of("1e-5", "1e-4"), numbers.stringColumn("panel").unique().asList());
        assertArrayEquals(new double[] {0.9, 0, 0.01, 0.02, 0.9, 0.01}, column(numbers.first(6), "value"), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> ImportanceFigures.oneHot(Map.of()));
    }

    @Test
    void mapsSayWhichMatrixTheyAreOfAndWhichFeatureARowIs() {
        List<ImportanceMatrix> layers = List.of("layers.0.mlp_in", "layers.0.mlp_out", "layers.1.mlp_in", "layers.1.mlp_out").stream()
                .map(name -> new ImportanceMatrix(name, Grid.of(30, 7, (i, c) -> i % 7 == c ? 1 : 0))).toList();
        Figure figure = ImportanceFigures.oneHot(Map.of("two layers", new OneHotImportances(0.75, layers)));
        Drawn.check(figure);
        assertTrue(figure.alternative().contains("Maps of g, W_in of layer 1, 30 rows") && figure.alternative().contains("Maps of g, W_out of layer 2"),
                figure.alternative());
        Figure one = ImportanceFigures.oneHot(new OneHotImportances(0.75, layers.subList(0, 2)));
        assertTrue(one.alternative().contains("W_in. importance g"), one.alternative());
    }

    @Test
    void arrowsAreTheRowsOfTargetSumComponentsAndOthers() {
        Figure figure = ImportanceFigures.directions(ENCODER);
        assertTrue(figure.alternative().contains("Panels: target, sum of all components, component 7, sum of the others."), figure.alternative());
        assertTrue(column(figure.numbers(), "hidden 0").length > 0);
        Figure alone = ImportanceFigures.arrows(ENCODER);
        assertTrue(alone.alternative().contains("Panels: target, sum of all components, component 7, sum of the others."), alone.alternative());
        assertTrue(alone.height() < figure.height());
    }

    @Test
    void smallMatricesShowEveryEntry() {
        Table numbers = ImportanceFigures.matrices(HIDDEN).numbers();
        assertEquals(4 * 4, numbers.rowCount());
        assertArrayEquals(new double[] {0, -1, 1, 0}, column(numbers.first(4), "value"), 0);
        assertEquals("The hidden matrix and its important components", ImportanceFigures.matrices(HIDDEN).title());
    }

    @Test
    void wholeNetworksShowOneComponentEach() {
        String words = ImportanceFigures.networks(ENCODER, HIDDEN).alternative();
        assertTrue(words.contains("Panels: target, sum of all components, encoder 7, hidden 7."), words);
    }

    @Test
    void theResponseHasAPointForEachSample() {
        Table numbers = ImportanceFigures.response(new ImportanceResponse("encoder",
                List.of(new ImportanceResponse.Curve(3, List.of(0.0, 0.5), List.of(0.0, 1.0))))).numbers();
        assertArrayEquals(new double[] {0, 0.5}, column(numbers, "inner activation a"), 0);
        assertArrayEquals(new double[] {0, 1}, column(numbers, "importance g"), 0);
    }

    @Test
    void theSpectrumDescends() {
        Table numbers = ImportanceFigures.spectrum(new ImportanceStatistics(0.1,
                List.of(new ImportanceStatistics.Layer("encoder", 1, List.of(0.0, 0.5, 0.2), List.of(1e-9, 0.4, 0.1))))).numbers();
        assertArrayEquals(new double[] {0.4, 0.1, 1e-9}, column(numbers, "encoder"), 0);
    }

    @Test
    void theLadderShowsMedians() {
        AdversarialLadder ladder = new AdversarialLadder(List.of(20, 40), List.of(List.of(1.0, 3.0, 2.0), List.of(2.0, 5.0, 9.0)));
        Table numbers = ImportanceFigures.ladder(Map.of("SPD", ladder)).numbers();
        assertArrayEquals(new double[] {2, 5}, column(numbers, "SPD"), 0);
        assertThrows(IllegalArgumentException.class, () -> ImportanceFigures.ladder(Map.of()));
    }
}
