package org.apd4j.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceRecovery;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.importance.MaskedSample;
import org.apd4j.measures.importance.OneHotImportances;
import org.apd4j.measures.superposition.OwnedRows;
import org.apd4j.measures.superposition.Recovery;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ImportanceTablesTest {

    private static double[] column(Table table, String name) {
        return table.numberColumn(name).asDoubleArray();
    }

    @Test
    void activeAndLiveComponentsOfEachLayer() {
        Table table = ImportanceTables.statistics(new ImportanceStatistics(0.1, List.of(
                new ImportanceStatistics.Layer("encoder", 0.25, List.of(0.0, 0.2, 0.05), List.of(0.001, 0.15, 0.04)))));
        assertArrayEquals(new double[] {0.25}, column(table, "active a sample (L0)"), 0);
        assertArrayEquals(new double[] {2}, column(table, "live"), 0);
        assertArrayEquals(new double[] {0.15}, column(table, "largest mean importance"), 0);
    }

    @Test
    void importancesAreCountedOverInputs() {
        Table table = ImportanceTables.oneHot(Map.of("SPD", new OneHotImportances(1,
                List.of(new ImportanceMatrix("in", Grid.of(2, 3, (i, c) -> c == 0 ? 0.4 : c == i + 1 ? 1 : 0))))));
        assertArrayEquals(new double[] {3}, column(table, "components above 0.1 on some input"), 0);
        assertArrayEquals(new double[] {2}, column(table, "above 0.1 on an input"), 0);
        assertArrayEquals(new double[] {1}, column(table, "above 0.5 on an input"), 0);
    }

    @Test
    void tablesNameMatricesAsTheTextDoes() {
        var statistics = new ImportanceStatistics(0.1, List.of(new ImportanceStatistics.Layer("layers.0.mlp_in", 0, List.of(0.0), List.of(0.1)),
                new ImportanceStatistics.Layer("layers.1.mlp_in", 0, List.of(0.0), List.of(0.1))));
        assertEquals(List.of("W_in of layer 1", "W_in of layer 2"), ImportanceTables.statistics(statistics).stringColumn("layer").asList());
        assertEquals(List.of("W_in of layer 1", "W_in of layer 2"), ImportanceTables.spectrum(statistics).stringColumn("layer").asList());
        assertEquals(List.of("W_out"), ImportanceTables.oneHot(Map.of("SPD", new OneHotImportances(1,
                List.of(new ImportanceMatrix("layers.0.mlp_out", Grid.of(2, 3, (i, c) -> 0)))))).stringColumn("layer").asList());
    }

    @Test
    void theLargestMeanImportancesAreComparedWithTheNext() {
        Table table = ImportanceTables.spectrum(new ImportanceStatistics(0.1, List.of(
                new ImportanceStatistics.Layer("in", 0, List.of(0.0, 0.0, 0.0, 0.0), List.of(0.1, 0.6, 0.05, 0.2)),
                new ImportanceStatistics.Layer("out", 0, List.of(0.0, 0.0), List.of(0.1, 0.2)))));
        assertArrayEquals(new double[] {0.6, 0.2}, column(table, "largest"), 0);
        assertArrayEquals(new double[] {0.2, 0.1}, column(table, "second"), 0);
        assertArrayEquals(new double[] {0.1, Double.NaN}, column(table, "third"), 0);
        assertArrayEquals(new double[] {3, 2}, column(table, "largest / second"), 1e-12);
        assertArrayEquals(new double[] {2, Double.NaN}, column(table, "second / third"), 1e-12);
    }

    @Test
    void decompositionsOfOneTargetAreComparedByWhatTheyRecover() {
        var live = new Recovery("W", 4, List.of(new Recovery.Feature(0, 1, 1, 0.9), new Recovery.Feature(1, 2, 0.9, 1.1)));
        var found = new ImportanceRecovery(live, live, List.of(1, 2, 3), 0.25, List.of(2, 5));
        Table table = ImportanceTables.recovery(Map.of("unseen", found));
        assertEquals("unseen", table.stringColumn("decomposition").get(0));
        assertArrayEquals(new double[] {0.95, 1, 3, 7, 0.25}, new double[] {column(table, "MMCS")[0], column(table, "ML2R")[0],
                column(table, "live components")[0], column(table, "wrong importances")[0], column(table, "‖W − Σ P‖")[0]}, 1e-12);
        assertEquals("MMCS 0.950, ML2R 1.000; 2 different components for 2 features; recovered worst: feature 1, cosine 0.900; 3 live, "
                + "7 wrong importances", found.summary());
    }

    @Test
    void theLargestForeignRowOfEachRunHasAColumn() {
        var alone = new OwnedRows(List.of(1, 0), Grid.of(2, 2, (i, j) -> i == j ? 1 : 0.01));
        var mixed = new OwnedRows(List.of(1, 1), Grid.of(2, 2, (i, j) -> i == j ? 1 : 0.5 + 0.1 * i));
        Map<String, List<OwnedRows>> measured = new LinkedHashMap<>();
        measured.put("50 %", List.of(alone));
        measured.put("100 %", List.of(mixed, alone));
        Table table = ImportanceTables.otherRows(measured);
        assertArrayEquals(new double[] {0.01, 0.6}, column(table, "run 1"), 1e-12);
        assertArrayEquals(new double[] {Double.NaN, 0.01}, column(table, "run 2"), 1e-12);
    }

    @Test
    void errorsStandBesideEachOther() {
        Table table = ImportanceTables.reconstruction(Map.of("SPD", new MaskedReconstruction(1, 2, 3, 4)));
        assertArrayEquals(new double[] {1, 2, 3, 4}, new double[] {column(table, "s = 0")[0], column(table, "s = 1")[0],
                column(table, "s random")[0], column(table, "s worst")[0]}, 0);
    }

    @Test
    void aSampleShowsTheComponentsThatAreAskedFor() {
        var sample = new MaskedSample(List.of(0.5, 0.0), List.of(0.4, 0.0), List.of(0.3, 0.1),
                List.of(new MaskedSample.Layer("encoder", List.of(0.0, 1.0), List.of(0.7, 1.0))));
        Table masks = ImportanceTables.sample(sample, List.of(List.of(1)));
        assertEquals(1, masks.rowCount());
        assertEquals(List.of("1.000"), masks.stringColumn("importance g").asList());
        assertEquals(List.of("1.000"), masks.stringColumn("mask m = g + (1 − g) r").asList());
        assertEquals(List.of("0.700"), ImportanceTables.sample(sample, List.of(List.of(0))).stringColumn("mask m = g + (1 − g) r").asList());
        assertArrayEquals(new double[] {0.3, 0.1}, column(ImportanceTables.outputs(sample), "output under the mask"), 0);
    }
}
