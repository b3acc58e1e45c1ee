package org.apd4j.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.ResidualNoiseLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.measures.residual.Scrubbing.Kind;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ResidualMlpTablesTest {

    /** Two features, two layers of two neurons: the first feature in neurons 0 and 2, the second in neurons 1 and 0. */
    private static final Grid TARGET = Grid.of(2, 4, (i, n) -> new double[][] {{0.3, 0, 0.2, 0}, {0.1, 0.4, 0, 0.05}}[i][n]);
    private static final NeuronContributions CONTRIBUTIONS = new NeuronContributions(List.of(2, 2), TARGET, List.of(
            Grid.of(2, 4, (i, n) -> i == 1 ? TARGET.get(1, n) : 0), Grid.of(2, 4, (i, n) -> i == 0 ? TARGET.get(0, n) / 2 : 0)));

    private static Scrubbing scrubbing(double topK) {
        Map<Kind, Distribution> losses = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            losses.put(kind, Distribution.of(0, topK, 2 * topK, 9 * topK));
        }
        return new Scrubbing(losses);
    }

    @Test
    void scrubbingHasALineForEachKindWithItsQuantiles() {
        Table table = ResidualMlpTables.scrubbing(scrubbing(0.001));
        assertEquals(Kind.values().length, table.rowCount());
        assertEquals("scrubbed", table.stringColumn(0).get(1));
        assertEquals(3, table.doubleColumn("mean").getDouble(0), 1e-12);
        assertEquals(1.5, table.doubleColumn("median").getDouble(0), 1e-12);
        assertEquals(0.15, table.doubleColumn("5 % quantile").getDouble(0), 1e-12);
        assertEquals(7.95, table.doubleColumn("95 % quantile").getDouble(0), 1e-12);
        assertEquals(4, table.intColumn("samples").get(0));
    }

    @Test
    void predominantComponentsSayWhichLayersTheirLargestNeuronsAreIn() {
        Table table = ResidualMlpTables.predominant(CONTRIBUTIONS);
        assertEquals(List.of(1, 0), table.intColumn("component").asList());
        assertEquals(0.15, table.doubleColumn("largest contribution").getDouble(0), 1e-12);
        assertEquals(List.of("0, 2, 1", "1, 0, 3"), table.stringColumn("neurons in the component").asList());
        assertEquals(List.of("1, 2, 1", "1, 1, 2"), table.stringColumn("layers").asList());
        assertEquals(List.of("yes", "yes"), table.stringColumn("across layers").asList());
        assertEquals(1, table.doubleColumn("cosine similarity").getDouble(1), 1e-12);
        NeuronContributions one = new NeuronContributions(List.of(4), TARGET, CONTRIBUTIONS.components());
        assertFalse(ResidualMlpTables.predominant(one).columnNames().contains("layers"));
    }

    @Test
    void featuresShowTheirLossesBesideTheirComponent() {
        var losses = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 1, 2, 3, 0.5, 1.5, 7),
                new PerFeatureLoss.Feature(1, 4, 5, 6, 0.5, 1, 8)), 15);
        Table table = ResidualMlpTables.perFeature(losses, CONTRIBUTIONS);
        assertEquals(List.of(1, 0), table.intColumn("predominant component").asList());
        assertEquals(List.of(3000.0, 6000.0), table.doubleColumn("APD, top-1").asList());
        assertEquals(1.5, table.doubleColumn("active components").getDouble(0), 0);
    }

    @Test
    void categoriesOfSeveralDecompositionsAreShownSideBySide() {
        Table table = ResidualMlpTables.categories(Map.of("a", ComponentCategories.of(CONTRIBUTIONS, 0.04)));
        assertEquals(List.of(0, 2, 0, 0, 2), table.intColumn("a").asList());
    }

    @Test
    void theAdvantageIsShownBesideTheLosses() {
        Table table = ResidualMlpTables.residualNoise(List.of(new ResidualNoiseLoss(0.5, 3, 4, 9)));
        assertEquals(3000, table.doubleColumn("target").getDouble(0), 1e-9);
        assertEquals(25, table.doubleColumn("advantage, %").getDouble(0), 1e-12);
    }
}
