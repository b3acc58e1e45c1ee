package org.apd4j.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.testsupport.Drawn;
import org.apd4j.training.LossHistory;
import org.junit.jupiter.api.Test;

class ChartsTest {

    @Test
    void lossCurvesOfAnyLengthAndRangeAreDrawn() {
        for (int n : new int[] {0, 1, 2, 3, 319, 321, 2000}) {
            for (double last : new double[] {1, 0.999, 0.5, 1e-3, 1e-12, Double.NaN, 0, Double.POSITIVE_INFINITY}) {
                double[] values = IntStream.range(0, n).mapToDouble(i -> Math.pow(last, (double) i / n)).toArray();
                Drawn.check(Charts.lossCurves(n + " steps down to " + last, IntStream.range(0, n).toArray(), Map.of("total", values)));
            }
        }
    }

    @Test
    void valuesThatCannotBeDrawnAreCountedBelowTheTitle() {
        Figure figure = Charts.lossCurves("Losses", new int[] {0, 1, 2, 3}, Map.of("total", new double[] {1, Double.NaN, -1, 0.5}));
        Figure whole = Charts.lossCurves("Losses", new int[] {0, 1, 2, 3}, Map.of("total", new double[] {1, 1, 1, 0.5}));
        assertTrue(figure.height() > whole.height(), "there is a line of small print");
        assertEquals(4, figure.numbers().rowCount());
    }

    @Test
    void theLossesOfARunAreDrawnFromItsHistory() {
        var history = new LossHistory(List.of("total", "faithfulness"));
        for (int step = 0; step < 5000; step++) {
            history.record(step, 1.0 / (step + 1), 0.1 / (step + 1));
        }
        Figure figure = Charts.lossCurves("A long run", history);
        Drawn.check(figure);
        assertEquals(List.of("step", "total", "faithfulness"), figure.numbers().columnNames());
        assertEquals(history.size(), figure.numbers().rowCount());
    }

    @Test
    void barsOfEverySignAndNumberAreDrawn() {
        for (int n : new int[] {0, 1, 5, 40, 100}) {
            List<String> names = IntStream.range(0, n).mapToObj(String::valueOf).toList();
            double[] mixed = IntStream.range(0, n).mapToDouble(i -> i % 3 - 1.0).toArray();
            Drawn.check(Charts.bars(n + " bars", "feature", names, "value", List.of(new Series("a", mixed))));
            Drawn.check(BarChart.features(n + " features", "similarity", mixed, 1, "one"));
            double[] none = new double[n];
            Arrays.fill(none, Double.NaN);
            Drawn.check(Charts.bars(n + " groups", "feature", names, "value",
                    List.of(new Series("a", mixed), new Series("b", none), new Series("c", new double[n]))));
        }
    }

    @Test
    void linesWithMarkersAreDrawnOnBothScalesAndWithErrorBars() {
        List<String> places = List.of("1", "2", "natural");
        Series series = new Series("target", 1e-3, 1e-2, 2e-2);
        Drawn.check(Charts.markedLines("log", "x", places, "MSE", Scale.LOGARITHMIC, List.of(series, series.asReference())));
        Figure linear = Charts.markedLines("linear", "x", places, "MSE", Scale.LINEAR, List.of(series.withSpread(1e-3, 1e-3, 1e-2)));
        Drawn.check(linear);
        assertEquals(List.of("x", "target", "target ±"), linear.numbers().columnNames());
    }

    @Test
    void lengthsThatDoNotFitAreNamed() {
        var message = assertThrows(IllegalArgumentException.class,
                () -> Charts.lossCurves("Losses", new int[] {0, 1}, Map.of("total", new double[] {1}))).getMessage();
        assertEquals("series 'total' has 1 values for 2 x values", message);
        assertThrows(IllegalArgumentException.class, () -> new Series("a", 1, 2).withSpread(1));
    }

    @Test
    void heatMapsAreDrawnWithAndWithoutNumbers() {
        for (int n : new int[] {1, 5, 60}) {
            List<String> names = IntStream.range(0, n).mapToObj(String::valueOf).toList();
            var values = new double[n][n];
            for (int i = 0; i < n; i++) {
                values[i][(i + 1) % n] = Double.NaN;
                values[i][i] = i == 2 ? Double.NEGATIVE_INFINITY : 1e-4 * (i + 1);
            }
            for (Scale scale : Scale.values()) {
                Drawn.check(HeatMap.of(n + " by " + n + " " + scale, "component", names, "feature", names, "MSE", scale, values));
            }
        }
        var message = assertThrows(IllegalArgumentException.class, () -> HeatMap.of("t", "r", List.of("0"), "c",
                List.of("0", "1"), "v", Scale.LINEAR, new double[][] {{1}})).getMessage();
        assertEquals("row '0' has 1 values for 2 columns", message);
    }

    @Test
    void longNamesStayInsideTheFigure() {
        String name = "a name that is very much longer than one would like it to be";
        Drawn.check(Charts.bars(name + " " + name, name, List.of(name, name + 2), name,
                List.of(new Series(name, 1, 2), new Series("b" + name, 1, 2))));
        Drawn.check(HeatMap.of(name, "r", List.of(name, "b"), name, List.of(name, "d"), "v", Scale.LINEAR, new double[2][2]));
    }

    @Test
    void markedLinesOverNumbersMayHaveGapsAndBaselines() {
        Figure numbers = Charts.markedLines("Accuracy", "nodes", new double[] {0, 1, 40}, "accuracy", Scale.LINEAR,
                List.of(new Series("a", 0.1, Double.NaN, 0.9), new Series("base", 1, 1, 1).asReference()));
        Drawn.check(numbers);
        assertEquals(List.of("0", "1", "40"), numbers.numbers().column(0).asStringColumn().asList());
        Drawn.check(Charts.markedLines("base alone", "nodes", new double[] {0, 1}, "accuracy", Scale.LINEAR, List.of(new Series("base", 1, 1).asReference())));
        assertThrows(IllegalArgumentException.class, () -> Charts.markedLines("a", "x", new double[] {Double.NaN}, "y", Scale.LINEAR, List.of(new Series("a", 1))));
    }

    @Test
    void placesThatAreNotJoinedAreDrawnAndNumberedLikeTheOthers() {
        List<String> places = List.of("1", "2", "natural");
        Series series = new Series("target", 1e-3, 1e-2, 2e-2);
        Figure apart = Charts.markedLines("Losses", "active", places, 2, "loss", Scale.LOGARITHMIC, List.of(series));
        Drawn.check(apart);
        assertEquals(3, apart.numbers().rowCount());
        Drawn.check(Charts.markedLines("Losses", "active", places, 0, "loss", Scale.LINEAR, List.of(series.withSpread(0.001, 0.001, 0.001))));
        assertThrows(IllegalArgumentException.class, () -> Charts.markedLines("Losses", "active", places, 4, "loss", Scale.LINEAR, List.of(series)));
    }

    @Test
    void signedAndFlooredHeatMapsAreDrawn() {
        double[][] values = {{-1, 0}, {1e-9, 0.5}};
        List<String> names = List.of("a", "b");
        Drawn.check(HeatMap.signed("Signed", "row", names, "column", names, "product", values));
        Drawn.check(HeatMap.signed("Nothing", "row", names, "column", names, "product", new double[][] {{0, 0}, {0, Double.NaN}}));
        Drawn.check(HeatMap.logarithmic("Losses", "row", names, "column", names, "loss", 4, values));
        assertThrows(IllegalArgumentException.class, () -> HeatMap.logarithmic("Losses", "row", names, "column", names, "loss", 0, values));
    }

    @Test
    void oneFeaturesPathsAreDrawnAmongFaintOnes() {
        double[][] in = {{1, -1, 0.5}, {0.2, 0, -0.3}};
        double[][] out = {{1, 0.1}, {-1, 0.4}, {0, 1}};
        Figure figure = NetworkPanels.feature("Paths", NetworkDiagram.dense("target", List.of(in, out)), 1);
        Drawn.check(figure);
        assertTrue(figure.alternative().contains("Only the edges of feature 1 are in colour"), figure.alternative());
        assertThrows(IllegalArgumentException.class, () -> NetworkPanels.feature("Paths", NetworkDiagram.dense("target", List.of(in, out)), 2));
    }

    @Test
    void noRowOfAPictureStaysDarkAtAnyScale() {
        Figure figure = Charts.bars("Bars", "x", List.of("a"), "y", List.of(new Series("s", 1)));
        for (double scale : new double[] {1, 1.25, 1.3, 2}) {
            var image = figure.image(scale);
            for (int x = 0; x < image.getWidth(); x++) {
                assertEquals(0xFFFFFF, image.getRGB(x, image.getHeight() - 1) & 0xFFFFFF);
            }
        }
    }
}
