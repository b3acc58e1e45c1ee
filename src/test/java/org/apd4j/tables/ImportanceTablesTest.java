package org.apd4j.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.importance.ImportanceMatrix;
import org.apd4j.measures.importance.ImportanceStatistics;
import org.apd4j.measures.importance.MaskedReconstruction;
import org.apd4j.measures.importance.MaskedSample;
import org.apd4j.measures.importance.OneHotImportances;
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
        assertArrayEquals(new double[] {1}, column(masks, "importance g"), 0);
        assertArrayEquals(new double[] {0.3, 0.1}, column(ImportanceTables.outputs(sample), "output under the mask"), 0);
    }
}
