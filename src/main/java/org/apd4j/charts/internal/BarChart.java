package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

/** Bars from 0 over named places, drawn by XChart within a {@link ChartFrame}. */
public final class BarChart {

    private BarChart() {
    }

    /**
     * Returns bars, side by side where there is more than one series, with a reference line.
     *
     * @param reference     height of the line; NaN for none
     * @param referenceName text at the end of the line
     * @throws IllegalArgumentException if a series has another number of values than there are categories
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series, double reference,
                              String referenceName) {
        return bars(title, xTitle, categories, yTitle, series, reference, referenceName, SeriesText.keys(series, true),
                (chart, s, heights) -> addBars(chart, s + " " + series.get(s).name(), heights, series.get(s).spread(), series.get(s).colorOr(s)));
    }

    /**
     * Returns bars of one series, each in its own colour.
     *
     * @param colorOf number of the place → colour of its bar
     * @param keys    the legend, which explains the colours
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series, double reference,
                              String referenceName, IntFunction<Color> colorOf, List<Key> keys) {
        return bars(title, xTitle, categories, yTitle, series, reference, referenceName, keys, (chart, s, heights) -> {
            chart.getStyler().setOverlapped(true);
            for (int i = 0; i < heights.size(); i++) {
                addBars(chart, i + "", alone(heights.get(i), i, heights.size()), new double[0], colorOf.apply(i));
            }
        });
    }

    /** Adds the bars of series number s to a chart. */
    @FunctionalInterface
    private interface Bars {
        void add(CategoryChart chart, int s, List<Double> heights);
    }

    private static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series, double reference,
                               String referenceName, List<Key> keys, Bars bars) {
        SeriesText.checkLengths(series, categories.size(), "categories");
        var values = SeriesText.allValues(series);
        values.add(new double[] {0, reference});
        Axis tight = Axis.around(yTitle, Scale.LINEAR, 0, values);
        double room = 0.08 * (tight.high - tight.low);
        Axis up = Axis.exactly(yTitle, tight.low < 0 ? tight.low - room : 0, tight.high > 0 ? tight.high + room : 0);
        double width = Math.max(ChartFrame.WIDTH, Math.min(960, 8.0 * categories.size() * series.size()));
        var frame = new ChartFrame(width, ChartFrame.HEIGHT, Axis.categories(xTitle, categories), up);
        var chart = new CategoryChart((int) width, (int) ChartFrame.HEIGHT);
        chart.getStyler().setAvailableSpaceFill(categories.size() < 12 ? 0.62 : 0.8);
        for (int s = 0; s < series.size() && !categories.isEmpty(); s++) {
            bars.add(chart, s, Arrays.stream(up.drawn(series.get(s).values())).map(v -> Double.isNaN(v) ? 0 : v).boxed().toList());
        }
        chart.getStyler().setErrorBarsColor(Pen.BLACK);
        if (!categories.isEmpty() && !series.isEmpty()) {
            frame.with(chart);
        }
        if (up.low < 0) {
            frame.with((pen, f) -> pen.line(f.acrossOf(-0.5), f.downOf(0), f.acrossOf(categories.size() - 0.5), f.downOf(0),
                    Pen.AXIS, 1));
        }
        frame.reference(reference, referenceName);
        return new Figure(title, SeriesText.notes(up, series, ""), SeriesText.describe(title, xTitle, yTitle, Scale.LINEAR, series),
                keys.size() > 1 ? keys : List.of(), frame.panel(), wide -> frame.resized(wide).panel(),
                SeriesText.table(title, xTitle, categories, series));
    }

    /**
     * Returns a bar for each feature in the feature's colour, with a reference line.
     *
     * @param values        [features]; a value that is not a number has no bar
     * @param reference     height of the line; NaN for none
     * @param referenceName text at the end of the line
     */
    public static Figure features(String title, String yTitle, double[] values, double reference, String referenceName) {
        int n = values.length;
        List<String> names = IntStream.range(0, n).mapToObj(String::valueOf).toList();
        return bars(title, "feature", names, yTitle, List.of(new Series(yTitle, values)), reference, referenceName,
                f -> Palette.feature(f, n), List.of());
    }

    /**
     * Returns a bar for each count, with the number above it.
     *
     * @param counts  name of the place → count, in order
     * @param colorOf number of the place → colour of its bar
     */
    public static Figure counts(String title, String xTitle, String yTitle, Map<String, Integer> counts, IntFunction<Color> colorOf) {
        List<String> names = List.copyOf(counts.keySet());
        double[] values = counts.values().stream().mapToDouble(Integer::doubleValue).toArray();
        double most = Math.max(1, Arrays.stream(values).max().orElse(1));
        double widest = names.stream().mapToDouble(name -> Pen.width(name, Pen.SMALL)).max().orElse(0);
        double width = Math.max(ChartFrame.WIDTH, Math.min(960, 70 + names.size() * (widest + 8)));
        var frame = new ChartFrame(width, ChartFrame.HEIGHT, Axis.categories(xTitle, names), Axis.exactly(yTitle, 0, 1.12 * most));
        var chart = new CategoryChart((int) width, (int) ChartFrame.HEIGHT);
        chart.getStyler().setAvailableSpaceFill(0.62);
        chart.getStyler().setOverlapped(true);
        for (int i = 0; i < values.length; i++) {
            addBars(chart, names.get(i), alone(values[i], i, values.length), new double[0], colorOf.apply(i));
        }
        frame.with(chart);
        frame.with((pen, f) -> {
            for (int i = 0; i < values.length; i++) {
                pen.text(NumberText.of(values[i]), f.acrossOf(i), f.downOf(values[i]) - 4, Pen.MIDDLE, Pen.END, Pen.LABEL, Pen.BLACK);
            }
        });
        var words = new StringJoiner(", ", title + ". ", ".");
        counts.forEach((name, count) -> words.add(name + " " + count));
        return new Figure(title, "", words.toString(), List.of(), frame.panel(),
                wide -> frame.resized(wide).panel(), NumberTable.named(title).texts(xTitle.isEmpty() ? "category" : xTitle, names)
                        .integers(yTitle, Arrays.stream(values).mapToInt(v -> (int) v).toArray()).build());
    }

    /** Returns one bar among empty places: XChart colours a series, not a bar. */
    private static List<Double> alone(double height, int place, int places) {
        var single = new ArrayList<>(Collections.nCopies(places, 0.0));
        single.set(place, height);
        return single;
    }

    private static void addBars(CategoryChart chart, String name, List<Double> heights, double[] spread, Color color) {
        List<Integer> places = places(heights.size());
        CategorySeries drawn = spread.length == 0 ? chart.addSeries(name, places, heights)
                : chart.addSeries(name, places, heights, Arrays.stream(spread).boxed().toList());
        drawn.setFillColor(color);
        drawn.setLineColor(color);
    }

    private static List<Integer> places(int n) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < n; i++) {
            places.add(i);
        }
        return places;
    }
}
