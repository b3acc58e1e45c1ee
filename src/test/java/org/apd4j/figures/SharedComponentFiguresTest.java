package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.charts.Figure;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.ImportanceCurves;
import org.apd4j.measures.residual.CrossLayerShare;
import org.apd4j.measures.residual.LengthFactors;
import org.apd4j.measures.superposition.OwnedRows;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SharedComponentFiguresTest {

    private static double[] column(Table table, String name) {
        return table.numberColumn(name).asDoubleArray();
    }

    @Test
    void theSketchSaysHowManyGatesThereAre() {
        Figure sketch = SharedComponentFigures.sketch();
        assertArrayEquals(new double[] {0, 8, 4}, column(sketch.numbers(), "gates"), 0);
        assertTrue(sketch.alternative().contains("one gate switches it in both at once"), sketch.alternative());
        assertTrue(sketch.svg().length() > 1000);
    }

    @Test
    void curvesShowEachFeatureAndTheLargestOfTheOthers() {
        var measured = new ImportanceCurves(List.of(0.0, 0.5, 1.0), List.of(
                new ImportanceCurves.Curve(0, 7, List.of(0.0, 0.4, 1.0), List.of(0.0, 0.1, 0.0)),
                new ImportanceCurves.Curve(1, 3, List.of(0.0, 0.6, 1.0), List.of(0.0, 0.0, 0.2))));
        Table numbers = SharedComponentFigures.curves(measured).numbers();
        assertArrayEquals(new double[] {0, 0.6, 1}, column(numbers, "feature 1, component 3"), 0);
        assertArrayEquals(new double[] {0, 0.1, 0.2}, column(numbers, "any of them, another feature active"), 0);
    }

    @Test
    void curvesThatCoverOneAnotherAreSaidTo() {
        var first = new ImportanceCurves.Curve(0, 7, List.of(0.0, 0.40, 1.0), List.of(0.0, 0.1, 0.0));
        var close = new ImportanceCurves.Curve(1, 3, List.of(0.0, 0.42, 1.0), List.of(0.0, 0.0, 0.2));
        var far = new ImportanceCurves.Curve(1, 3, List.of(0.0, 0.50, 1.0), List.of(0.0, 0.0, 0.2));
        List<Double> inputs = List.of(0.0, 0.5, 1.0);
        var coinciding = new ImportanceCurves(inputs, List.of(first, close));
        assertEquals("The 2 curves coincide: nowhere are they more than 0.0200 apart, and the last one covers the others.",
                SharedComponentFigures.coincidence(coinciding));
        assertEquals("", SharedComponentFigures.coincidence(new ImportanceCurves(inputs, List.of(first, far))));
        assertEquals("", SharedComponentFigures.coincidence(new ImportanceCurves(inputs, List.of(first))));
        Figure apart = SharedComponentFigures.curves(new ImportanceCurves(inputs, List.of(first, far)));
        assertTrue(SharedComponentFigures.curves(coinciding).height() > apart.height(), "the figure has a line of small print");
    }

    @Test
    void manyFeaturesAreDrawnOverOneAnother() {
        List<ImportanceCurves.Curve> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(new ImportanceCurves.Curve(i, i, List.of(0.0, 1.0), List.of(0.0, 0.0)));
        }
        Figure figure = SharedComponentFigures.curves(new ImportanceCurves(List.of(0.0, 1.0), many));
        assertArrayEquals(new double[] {0, 1}, column(figure.numbers(), "feature 11"), 0);
    }

    @Test
    void rowsStandSideBySideRoundedToOneDecimal() {
        Map<String, OwnedRows> measured = new LinkedHashMap<>();
        measured.put("50 %", new OwnedRows(List.of(1, 0), Grid.of(2, 2, (i, j) -> i == j ? 1 : 0.004)));
        measured.put("100 %", new OwnedRows(List.of(1, 1), Grid.of(2, 2, (i, j) -> i == j ? 0.88 : 0.5)));
        Table numbers = SharedComponentFigures.rows(measured).numbers();
        assertEquals(List.of("50 %", "100 %"), numbers.stringColumn("panel").unique().asList());
        assertArrayEquals(new double[] {1, 0, 0, 1, 0.9, 0.5, 0.5, 0.9}, column(numbers, "value"), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> SharedComponentFigures.rows(Map.of()));
    }

    @Test
    void sizesInBothLayersAreCompared() {
        Table numbers = SharedComponentFigures.layers(new CrossLayerShare(List.of(List.of(1.0, 0.5), List.of(0.0, 2.0)))).numbers();
        assertArrayEquals(new double[] {1, 0}, column(numbers, "size in layer 1"), 0);
        assertArrayEquals(new double[] {0.5, 2}, column(numbers, "size in layer 2"), 0);
        assertThrows(IllegalArgumentException.class, () -> SharedComponentFigures.layers(new CrossLayerShare(List.of(List.of(1.0)))));
        assertThrows(IllegalArgumentException.class, () -> SharedComponentFigures.layers(new CrossLayerShare(List.of())));
    }

    @Test
    void theCurveOfTheSameProductRunsThroughTheTarget() {
        Table numbers = SharedComponentFigures.lengths(new LengthFactors(List.of(
                new LengthFactors.Feature(0, 4, 1, 1, List.of(2.0), List.of(0.5))))).numbers();
        Table curve = numbers.where(numbers.stringColumn("series").isEqualTo("product = 1"));
        double[] in = column(curve, "read, relative to the target");
        double[] out = column(curve, "written, relative to the target");
        for (int k = 0; k < in.length; k++) {
            assertEquals(1, in[k] * out[k], 1e-12);
        }
        assertEquals(2, in[in.length - 1], 1e-12, "it reaches as far as the components");
        Table own = numbers.where(numbers.stringColumn("series").isEqualTo("feature's component"));
        assertArrayEquals(new double[] {2}, column(own, "read, relative to the target"), 0);
    }
}
