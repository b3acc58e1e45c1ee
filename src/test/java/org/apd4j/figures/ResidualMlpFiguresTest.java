package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apd4j.charts.internal.Histogram;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.Distribution;
import org.apd4j.measures.residual.ComponentCategories;
import org.apd4j.measures.residual.FeaturePaths;
import org.apd4j.measures.residual.LayerShares;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneFeatureResponse;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.measures.residual.PerFeatureLoss;
import org.apd4j.measures.residual.Scrubbing;
import org.apd4j.testsupport.Drawn;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ResidualMlpFiguresTest {

    private static final NeuronContributions CONTRIBUTIONS = new NeuronContributions(List.of(2, 2),
            Grid.of(3, 4, (i, n) -> i == n ? 0.3 : 0.01 * n), List.of(
                    Grid.of(3, 4, (i, n) -> i == 0 && n == 0 ? 0.2 : 0), Grid.of(3, 4, (i, n) -> i == n && i > 0 ? 0.25 : 0)));

    private static double[] column(Table table, String name) {
        return table.numberColumn(name).asDoubleArray();
    }

    @Test
    void contributionsHoldEveryNeuronOfTargetAndPredominantComponentInOrder() {
        Table numbers = ResidualMlpFigures.neuronContributions(CONTRIBUTIONS, 2).numbers();
        assertEquals(2 * 2 * 4, numbers.rowCount());
        double[] values = column(numbers, "contribution");
        assertArrayEquals(new double[] {0.3, 0.01, 0.02, 0.03, 0, 0.3, 0.02, 0.03}, Arrays.copyOf(values, 8), 0);
        assertArrayEquals(new double[] {0.2, 0, 0, 0, 0, 0.25, 0, 0}, Arrays.copyOfRange(values, 8, 16), 0);
        assertArrayEquals(new double[] {1, 1, 2, 2}, Arrays.copyOfRange(column(numbers, "layer"), 8, 12), 0);
        assertArrayEquals(new double[] {0, 1}, new double[] {column(numbers, "component")[8], column(numbers, "component")[12]}, 0);
    }

    @Test
    void theAlternativeTextNamesTheLargestNeuronsOfBothRows() {
        String words = ResidualMlpFigures.neuronContributions(CONTRIBUTIONS, 2).alternative();
        assertTrue(words.contains("feature 0: 0, 3, 2; feature 1: 1, 3, 2;"), words);
        assertTrue(words.contains("feature 0: 0, 1, 2; feature 1: 1, 0, 2;"), words);
    }

    @Test
    void moreFeaturesThanThereAreAreRefused() {
        var refused = assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.neuronContributions(CONTRIBUTIONS, 4));
        assertTrue(refused.getMessage().contains("4") && refused.getMessage().contains("3"), refused.getMessage());
    }

    @Test
    void theFullFigureShowsAllFeatures() {
        Table numbers = ResidualMlpFigures.allNeuronContributions(CONTRIBUTIONS).numbers();
        assertEquals(3 * 4, numbers.rowCount());
        assertEquals(3, numbers.where(numbers.stringColumn("series").startsWith("each feature's largest neuron")).rowCount());
        assertArrayEquals(new double[] {0.3, 0.3}, Arrays.copyOfRange(column(numbers, "contribution in the target"), 9, 11), 0);
    }

    @Test
    void categoriesAreCounted() {
        Table numbers = ResidualMlpFigures.categories(ComponentCategories.of(CONTRIBUTIONS, 0.04)).numbers();
        assertArrayEquals(new double[] {0, 1, 1, 0, 3}, column(numbers, "number"), 0);
    }

    @Test
    void oneComponentIsShownForTheFeaturesThatAreAskedForOnly() {
        Table numbers = ResidualMlpFigures.component(CONTRIBUTIONS, 1, List.of(0, 2)).numbers();
        assertArrayEquals(new double[] {0.3, 0.01, 0.02, 0.03, 0, 0.01, 0.3, 0.03, 0, 0, 0, 0, 0, 0, 0.25, 0}, column(numbers, "contribution"), 0);
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.component(CONTRIBUTIONS, 2, List.of(0)));
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.component(CONTRIBUTIONS, 1, List.of(3)));
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.component(CONTRIBUTIONS, 1, List.of()));
    }

    @Test
    void featuresAreCountedByTheirComponents() {
        var measured = new ComponentCategories(0.04, 5, List.of(List.of(0, 1), List.of(1), List.of(1, 2), List.of(), List.of(1)));
        assertEquals(List.of(0, 1, 2, 4), measured.componentsOf(1));
        assertArrayEquals(new double[] {2, 2, 0, 1}, column(ResidualMlpFigures.componentsByFeature(measured).numbers(), "features"), 0);
    }

    @Test
    void sharesOfTheLayersAreSortedByTheTargetsInBothRows() {
        var measured = new LayerShares(Grid.of(2, 2, (i, l) -> i == l ? 0.75 : 0.25), Grid.of(2, 2, (i, l) -> i == 0 ? 0.5 : l));
        Table numbers = ResidualMlpFigures.layerShares(measured).numbers();
        assertArrayEquals(new double[] {1, 0, 1, 0}, column(numbers, "feature"), 0);
        assertArrayEquals(new double[] {0.25, 0.75, 0, 0.5}, column(numbers, "layer 1"), 1e-12);
        assertArrayEquals(new double[] {0.75, 0.25, 1, 0.5}, column(numbers, "layer 2"), 1e-12);
    }

    @Test
    void lossesAreSortedByTheTargetsAndProvidedAsMeasured() {
        var measured = new PerFeatureLoss(List.of(
                new PerFeatureLoss.Feature(0, 5, 6, 4, 3, 1, 10), new PerFeatureLoss.Feature(1, 2, 2, 5, 4, 1.5, 10),
                new PerFeatureLoss.Feature(2, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0)), 20);
        Table numbers = ResidualMlpFigures.perFeatureLoss(measured).numbers();
        assertArrayEquals(new double[] {1, 0, 1, 0}, column(numbers, "feature"), 0);
        assertArrayEquals(new double[] {2, 5, 2, 5}, column(numbers, "target"), 0);
        assertArrayEquals(new double[] {5, 4, 2, 6}, column(numbers, "decomposition"), 0);
        assertArrayEquals(new double[] {3, -1, 0, 1}, column(numbers, "added"), 0);
    }

    @Test
    void theAlternativeTextCountsTheFeaturesWithALowerLossThanTheTarget() {
        var measured = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 5, 6, 4, 3, 1, 10),
                new PerFeatureLoss.Feature(1, 2, 2, 5, 4, 1.5, 10)), 20);
        String words = ResidualMlpFigures.perFeatureLoss(measured).alternative();
        assertTrue(words.contains("at most 3, to feature 1; it is lower than the target for 1 of 2 features"), words);
        assertTrue(words.contains("at most 1, to feature 0; it is lower than the target for 0 of 2 features"), words);
    }

    @Test
    void featuresWithoutSamplesAndResponsesOfNoFeatureAreRefused() {
        var nothing = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0)), 0);
        var refused = assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.perFeatureLoss(nothing));
        assertTrue(refused.getMessage().contains("none of the 1 features"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.activeComponents(nothing));
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.allFeatures(List.of()));
    }

    @Test
    void activeComponentsStandAgainstTheErrorOfOneComponent() {
        var measured = new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 5, 6, 7, 3, 1.25, 10)), 10);
        Table numbers = ResidualMlpFigures.activeComponents(measured).numbers();
        assertArrayEquals(new double[] {3}, column(numbers, "mean squared error of per-sample top-1 to the target's output"), 0);
        assertArrayEquals(new double[] {1.25}, column(numbers, "active components in batch top-k, mean"), 0);
    }

    @Test
    void ablationsHaveTheirMeansDeviationsAndTheTarget() {
        var measured = new OneHotAblation(1, 7, List.of(new OneHotAblation.Output(0.1, 0.2, 0.01, 0.3, 0.02),
                new OneHotAblation.Output(0.6, 0.5, 0.03, 0.0, 0.04)), 100);
        Table numbers = ResidualMlpFigures.oneHotAblation(measured).numbers();
        assertArrayEquals(new double[] {0.2, 0.5, 0.3, 0.0, 0.1, 0.6}, column(numbers, "output − embedding path"), 0);
        assertArrayEquals(new double[] {0.01, 0.03, 0.02, 0.04, Double.NaN, Double.NaN}, column(numbers, "±"), 0);
    }

    @Test
    void everyScrubbedLossFallsIntoABinOrIsCountedBelowThem() {
        Map<Scrubbing.Kind, Distribution> losses = new EnumMap<>(Scrubbing.Kind.class);
        for (Scrubbing.Kind kind : Scrubbing.Kind.values()) {
            losses.put(kind, Distribution.of(0, 1e-9, 1e-7, 2e-5, 1e-2));
        }
        Table numbers = ResidualMlpFigures.scrubbing(new Scrubbing(losses)).numbers();
        assertEquals(50, numbers.rowCount());
        assertEquals(3, Arrays.stream(column(numbers, "scrubbed")).sum());
        assertEquals(1, column(numbers, "scrubbed")[0]);
        assertEquals(1, column(numbers, "scrubbed")[49]);
    }

    @Test
    void responsesKeepAllOutputsAndAllInputs() {
        var one = new OneFeatureResponse(1, List.of(0.1, 1.6), List.of(0.0, 2.0), List.of(-1.0, 0.0, 1.0), List.of(-0.9, 0.0, 1.6),
                List.of(-1.0, 0.0, 2.0));
        assertEquals(2 + 2 + 3, ResidualMlpFigures.oneFeature(one).numbers().rowCount());
        Table all = ResidualMlpFigures.allFeatures(List.of(one, one)).numbers();
        assertEquals(2 + 3, all.rowCount());
        assertArrayEquals(new double[] {0.1, 1.6, -0.9, 0, 1.6}, column(all, "feature 1"), 0);
    }

    @Test
    void pointsOfDifferentLengthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Scatter.Points("p", new double[2], new double[3], Color.BLACK));
        assertThrows(IllegalArgumentException.class, () -> Scatter.of("t", "x", "y", List.of()));
        assertThrows(IllegalArgumentException.class, () -> Histogram.logarithmic("t", "x", 1, 5, "n",
                List.of(new Histogram.Sample("s", new double[] {0.5}, Color.BLACK)), List.of()));
    }

    @Test
    void everyFigureIsDrawnWithinItsEdges() {
        var one = new OneFeatureResponse(1, List.of(0.1, 1.6), List.of(0.0, 2.0), List.of(-1.0, 0.0, 1.0), List.of(-0.9, 0.0, 1.6),
                List.of(-1.0, 0.0, 2.0));
        Drawn.check(ResidualMlpFigures.oneFeature(one));
        Drawn.check(ResidualMlpFigures.allFeatures(List.of(one)));
        Drawn.check(ResidualMlpFigures.neuronContributions(CONTRIBUTIONS, 3));
        Drawn.check(ResidualMlpFigures.categories(ComponentCategories.of(CONTRIBUTIONS, 0.04)));
        Drawn.check(ResidualMlpFigures.perFeatureLoss(new PerFeatureLoss(List.of(new PerFeatureLoss.Feature(0, 5, 6, 4, 3, 1, 10)), 10)));
    }

    @Test
    void theSketchOfScrubbingDiffersInTheFeaturesOwnComponentAlone() {
        Table numbers = ResidualMlpFigures.scrubbingSketch(20, 6, 1).numbers();
        double[] scrubbed = column(numbers, "scrubbed");
        double[] antiScrubbed = column(numbers, "anti-scrubbed");
        for (int c = 0; c < 20; c++) {
            assertEquals(c == 6 ? 1 : 0, scrubbed[c] - antiScrubbed[c], 0);
        }
        Drawn.check(ResidualMlpFigures.scrubbingSketch(20, 6, 1));
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.scrubbingSketch(20, 20, 1));
    }

    @Test
    void thePathsOfAFeatureHoldWhatItReadsAndWrites() {
        var paths = new FeaturePaths(List.of(2), Grid.of(3, 2, (i, n) -> 10 * i + n), Grid.of(2, 3, (n, i) -> -10 * i - n));
        Table numbers = ResidualMlpFigures.paths(paths, 1, 2).numbers();
        assertEquals(2 * 2 * 2, numbers.rowCount());
        assertArrayEquals(new double[] {0, 1, 10, 11, 0, -10, -1, -11}, column(numbers, "weight"), 0);
        Drawn.check(ResidualMlpFigures.paths(paths, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> ResidualMlpFigures.paths(paths, 2, 2));
    }
}
