package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apd4j.charts.Charts;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.NetworkDiagram;
import org.apd4j.charts.NetworkPanels;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.charts.internal.BarChart;
import org.apd4j.charts.internal.Histogram;
import org.apd4j.charts.internal.ImageSheet;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Scatter;
import org.apd4j.charts.internal.VectorPanels;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.TableHtml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.tablesaw.api.Table;

/** Charts and tables of any numbers terminate, with a valid image or with an exception that says what cannot be drawn. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExtremeValuesTest {

    private static final int CASES = 60;
    private static final double[] EXTREMES = {0, -0.0, 1, -1, 0.1, 3, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE,
        -Double.MAX_VALUE, 1e300, 1e-300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Integer.MIN_VALUE, Integer.MAX_VALUE, 1e15,
        1e-15};
    private static final Pattern NOT_A_NUMBER = Pattern.compile("=\"[^\"]*(NaN|Infinity)[^\"]*\"");

    private final Random random = new Random(14);

    /** A chart of some values, of which it has n. */
    private interface Factory {
        Figure of(double[] values);
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(i -> "n" + i).toList();
    }

    private static double[] places(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    private Map<String, Factory> factories() {
        Map<String, Factory> all = new LinkedHashMap<>();
        all.put("loss curves", v -> Charts.lossCurves("t", IntStream.range(0, v.length).toArray(), Map.of("l", v)));
        for (Scale scale : Scale.values()) {
            all.put("lines, " + scale, v -> Charts.lines("t", "x", places(v.length), "y", scale, List.of(new Series("s", v))));
            all.put("marked lines, " + scale, v -> Charts.markedLines("t", "x", names(v.length), "y", scale,
                    List.of(new Series("s", v).asReference())));
            all.put("heat map, " + scale, v -> HeatMap.of("t", "r", names(v.length), "c", names(2), "v", scale,
                    Arrays.stream(v).mapToObj(value -> new double[] {value, 1}).toArray(double[][]::new)));
        }
        all.put("x of lines", v -> Charts.lines("t", "x", v, "y", Scale.LINEAR, List.of(new Series("s", places(v.length)))));
        all.put("error bars of lines", v -> Charts.lines("t", "x", places(v.length), "y", Scale.LINEAR, List.of(new Series("s", v).withSpread(v))));
        all.put("bars", v -> Charts.bars("t", "x", names(v.length), "y", List.of(new Series("a", v), new Series("b", v).withSpread(v))));
        all.put("reference of bars", v -> Charts.bars("t", "x", names(1), "y", List.of(new Series("a", 1)), v.length == 0 ? 0 : v[0], "r"));
        all.put("feature bars", v -> BarChart.features("t", "y", v, 1, "one"));
        all.put("counts", v -> {
            Map<String, Integer> counts = new LinkedHashMap<>();
            IntStream.range(0, v.length).forEach(i -> counts.put("n" + i, (int) v[i]));
            return BarChart.counts("t", "x", "y", counts, place -> Palette.category(0));
        });
        all.put("scatter", v -> Scatter.of("t", "x", "y", List.of(new Scatter.Points("p", v, places(v.length), Palette.category(0)),
                new Scatter.Points("q", places(v.length), v, v, Palette.category(1), Scatter.Mark.CROSS))));
        all.put("histogram", v -> Histogram.logarithmic("t", "x", 1e-3, 7, "n", List.of(new Histogram.Sample("s", v, Palette.category(0))),
                List.of(new Histogram.Line("at", v.length == 0 ? 1 : v[0], Palette.category(1)))));
        all.put("lowest of a histogram", v -> Histogram.logarithmic("t", "x", v.length == 0 ? 1 : v[0], 7, "n",
                List.of(new Histogram.Sample("s", v, Palette.category(0))), List.of()));
        all.put("images", v -> ImageSheet.of("t", "a", List.of(new ImageSheet.Line("l", List.of(
                new ImageSheet.Picture("g", v, v.length, ImageSheet.Ink.GREY), new ImageSheet.Picture("s", v, v.length, ImageSheet.Ink.SIGNED))))));
        all.put("vectors", v -> VectorPanels.figure("t", names(1),
                List.<double[][]>of(Arrays.stream(v).mapToObj(value -> new double[] {value, -value}).toArray(double[][]::new))));
        all.put("networks", v -> NetworkPanels.figure("t", List.of(NetworkDiagram.dense("n",
                List.<double[][]>of(Arrays.stream(v).mapToObj(value -> new double[] {value, 1}).toArray(double[][]::new))))));
        return all;
    }

    private double[] values() {
        int n = random.nextInt(5) == 0 ? random.nextInt(3) : 1 + random.nextInt(12);
        double around = EXTREMES[random.nextInt(EXTREMES.length)];
        double[] values = new double[n];
        int kind = random.nextInt(4);
        for (int i = 0; i < n; i++) {
            values[i] = switch (kind) {
                case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
                case 1 -> around;
                case 2 -> around + random.nextInt(4) * Math.ulp(around);
                default -> random.nextInt(4) == 0 ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextGaussian();
            };
        }
        return values;
    }

    @Test
    void everyChartOfAnyNumbersIsDrawnOrRefused() {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> drawn = new LinkedHashMap<>();
        factories().forEach((name, factory) -> {
            for (int number = 0; number < CASES; number++) {
                double[] values = values();
                try {
                    String svg = factory.of(values).svg();
                    drawn.merge(name, 1, Integer::sum);
                    if (NOT_A_NUMBER.matcher(svg).find()) {
                        wrong.add(name + " " + Arrays.toString(values) + ": an attribute of the SVG is no number");
                    }
                    if (number % 10 == 0) {
                        factory.of(values).image(0.5);
                    }
                } catch (IllegalArgumentException e) {
                    if (e.getMessage() == null || !e.getStackTrace()[0].getClassName().startsWith("org.apd4j")) {
                        wrong.add(name + " " + Arrays.toString(values) + ": " + e + " at " + e.getStackTrace()[0]);
                    }
                } catch (RuntimeException e) {
                    wrong.add(name + " " + Arrays.toString(values) + ": " + e + " at " + e.getStackTrace()[0]);
                }
            }
        });
        assertEquals("", String.join("\n", wrong.subList(0, Math.min(20, wrong.size()))), wrong.size() + " are wrong");
        factories().keySet().forEach(name -> assertTrue(drawn.getOrDefault(name, 0) >= 3, name + " is hardly ever drawn: " + drawn));
    }

    @Test
    void aLogarithmicAxisOfNearlyEqualValuesTerminates() {
        assertTrue(Charts.lossCurves("t", new int[] {0, 1, 2}, Map.of("l", new double[] {1, 1 + 3e-16, 1 + 4e-16})).svg().contains("<path"));
    }

    @Test
    void theHistogramCountsWhatItDoesNotDraw() {
        Figure figure = Histogram.logarithmic("t", "x", 0.1, 2, "n", List.of(new Histogram.Sample("s",
                new double[] {1, 2, 10, 0.01, Double.NaN, Double.POSITIVE_INFINITY}, Palette.category(0))), List.of());
        Table counts = figure.numbers();
        assertEquals(List.of(0, 3), counts.intColumn("s").asList());
        assertEquals(10, counts.doubleColumn("x, to").get(1), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> Histogram.logarithmic("t", "x", 0.1, 2, "n",
                List.of(new Histogram.Sample("s", new double[] {Double.POSITIVE_INFINITY}, Palette.category(0))), List.of()));
    }

    @Test
    void anXThatIsNotFiniteIsRefused() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> Charts.lines("t", "x", new double[] {0, Double.NaN}, "y", Scale.LINEAR, List.of(new Series("s", 1, 2)))).getMessage();
        assertEquals("x value 1 is NaN; it must be finite, and at most 1e300 in size", message);
    }

    @Test
    void everyTableOfAnyNumbersIsShown() {
        for (int number = 0; number < CASES; number++) {
            double[] values = values();
            Table table = NumberTable.named("t").numbers("v", values).integers("i", Arrays.stream(values).mapToInt(v -> (int) v).toArray()).build();
            for (String text : List.of(TableHtml.of(table), TableHtml.text(table), NumberTable.csv(table))) {
                assertFalse(text.isBlank());
            }
            assertEquals(values.length, table.rowCount());
        }
    }

    @Test
    void theSmallestIntegerIsNotShownAsMissing() {
        Table table = NumberTable.named("t").integers("i", Integer.MIN_VALUE, 7).build();
        assertTrue(TableHtml.of(table).contains(">-2147483648</td>"), TableHtml.of(table));
        assertEquals("i\n-2147483648\n7\n", NumberTable.csv(table));
    }

    @Test
    void rowsOfAMatrixThatAreTooShortOrTooLongAreNamed() {
        for (double[] row : new double[][] {{1}, {1, 2, 3}}) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> NumberTable.matrix("m", "", List.of("a", "b"), List.of("x", "y"), new double[][] {{1, 2}, row})).getMessage();
            assertEquals("row 'b' of the table 'm' has " + row.length + " values for 2 columns", message);
        }
        assertThrows(IllegalArgumentException.class, () -> NumberTable.matrix("m", "", List.of("a"), List.of("x"), new double[][] {{1}, {2}}));
    }
}
