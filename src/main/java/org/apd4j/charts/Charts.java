package org.apd4j.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apd4j.charts.internal.Axis;
import org.apd4j.charts.internal.Bins;
import org.apd4j.charts.internal.ChartFrame;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Pen;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.apd4j.training.LossHistory;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.Table;

/**
 * Lines and bars, drawn by XChart.
 *
 * <pre>{@code
 * Charts.lines("Squares", "x", new double[] {1, 2, 3}, "y", Scale.LINEAR, List.of(new Series("x squared", 1, 4, 9)))
 * }</pre>
 */
public final class Charts {

    /** Logical pixels of a chart that stands alone. */
    public static final double WIDTH = 640;
    public static final double HEIGHT = 300;

    /** So many points side by side cannot be told apart; more are drawn as a median line in a band. */
    private static final int MOST_POINTS = 320;

    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN};

    private static final Color INVISIBLE = new Color(0, 0, 0, 0);

    private Charts() {
    }

    /**
     * Losses over the steps of a run, on a logarithmic scale.
     *
     * @param history what the run recorded; losses without coefficients
     */
    public static Figure lossCurves(String title, LossHistory history) {
        Map<String, double[]> losses = new LinkedHashMap<>();
        int[] steps;
        synchronized (history) {
            steps = history.steps();
            history.names().forEach(name -> losses.put(name, history.values(name)));
        }
        return lossCurves(title, steps, losses);
    }

    /**
     * Losses over steps, on a logarithmic scale.
     *
     * @param steps  [n], rising
     * @param losses name → [n]
     * @throws IllegalArgumentException if a loss has not n values
     */
    public static Figure lossCurves(String title, int[] steps, Map<String, double[]> losses) {
        var series = new ArrayList<Series>();
        losses.forEach((name, values) -> series.add(new Series(name, values)));
        return lines(title, "step", Arrays.stream(steps).asDoubleStream().toArray(), "loss", Scale.LOGARITHMIC, series);
    }

    /**
     * Lines without markers. Where there are more points than can be seen the line is the median of neighbouring points in a
     * band that holds them all, and the figure says so.
     *
     * @param x      [n], rising
     * @param scale  of the y axis
     * @param series each with n values
     * @throws IllegalArgumentException if a series has not n values, or an x is not finite
     */
    public static Figure lines(String title, String xTitle, double[] x, String yTitle, Scale scale, List<Series> series) {
        checkLengths(series, x.length, "x values");
        for (int i = 0; i < x.length; i++) {
            if (!(Math.abs(x[i]) <= Axis.LARGEST)) {
                throw new IllegalArgumentException("x value " + i + " is " + x[i] + "; it must be finite, and at most 1e300 in size");
            }
        }
        Axis across = Axis.around(xTitle, Scale.LINEAR, 0, List.of(x));
        Axis up = Axis.around(yTitle, scale, 0.05, allValues(series));
        var frame = new ChartFrame(WIDTH, HEIGHT, across, up);
        int bin = (x.length + MOST_POINTS - 1) / MOST_POINTS;
        if (bin > 1) {
            for (int s = 0; s < series.size(); s++) {
                Color color = series.get(s).colorOr(s);
                Bins bins = Bins.of(x, up.drawn(series.get(s).values()), bin);
                frame.with((pen, f) -> pen.fill(bins.band(f), new Color(color.getRed(), color.getGreen(), color.getBlue(), 45)));
            }
        }
        var chart = new XYChart((int) WIDTH, (int) HEIGHT);
        var dashed = new ArrayList<BiConsumer<Pen, ChartFrame>>();
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            Bins bins = Bins.of(x, up.drawn(one.values()), Math.max(1, bin));
            if (hasNumber(bins.middle())) {
                XYSeries drawn = chart.addSeries(s + " " + one.name(), bins.x(), bins.middle(), spread(one, scale, bin));
                style(drawn, one, s, x.length == 1 ? MARKERS[s % MARKERS.length] : SeriesMarkers.NONE);
                if (one.dashed()) {
                    // XChart begins its dashes anew at every point: close points make a solid line of them.
                    drawn.setLineColor(INVISIBLE);
                    Color color = one.colorOr(s);
                    dashed.add((pen, f) -> pen.drawDashed(bins.line(f), color, 1.8));
                }
            }
        }
        finish(frame, chart, series, up);
        dashed.forEach(frame::with);
        String note = notes(up, series, bin > 1 ? "Line: median of " + bin + " neighbouring points; band: their range." : null);
        return new Figure(title, note, describe(title, xTitle, yTitle, scale, series), keys(series, false),
                frame.panel(), wide -> frame.resized(wide).panel(),
                table(title, xTitle, x, series));
    }

    /**
     * Lines with markers over named places, such as the loss against the number of active features.
     *
     * @param categories [n] names of the places, in order
     * @param scale      of the y axis
     * @param series     each with n values
     * @throws IllegalArgumentException if a series has not n values
     */
    public static Figure markedLines(String title, String xTitle, List<String> categories, String yTitle, Scale scale,
                                     List<Series> series) {
        checkLengths(series, categories.size(), "categories");
        Axis up = Axis.around(yTitle, scale, 0.08, allValues(series));
        var frame = new ChartFrame(WIDTH, HEIGHT, Axis.categories(xTitle, categories), up);
        var chart = new XYChart((int) WIDTH, (int) HEIGHT);
        chart.getStyler().setMarkerSize(7);
        double[] places = new double[categories.size()];
        Arrays.setAll(places, i -> i);
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            double[] drawn = up.drawn(one.values());
            if (hasNumber(drawn)) {
                style(chart.addSeries(s + " " + one.name(), places, drawn, spread(one, scale, 1)), one, s,
                        MARKERS[s % MARKERS.length]);
            }
        }
        finish(frame, chart, series, up);
        return new Figure(title, notes(up, series, null), describe(title, xTitle, yTitle, scale, series),
                keys(series, false), frame.panel(), wide -> frame.resized(wide).panel(),
                table(title, xTitle, categories, series));
    }

    /**
     * Bars from 0, side by side where there is more than one series.
     *
     * @param categories [n] names of the places, in order
     * @param series     each with n values; a value that is no number has no bar
     * @throws IllegalArgumentException if a series has not n values
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series) {
        return bars(title, xTitle, categories, yTitle, series, Double.NaN, "");
    }

    /**
     * Bars from 0 with a reference line, such as the cosine similarity 1.
     *
     * @param reference     height of the line; NaN for none
     * @param referenceName what stands at the line's end
     * @throws IllegalArgumentException if a series has not as many values as there are categories
     */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series,
                              double reference, String referenceName) {
        return bars(title, xTitle, categories, yTitle, series, reference, referenceName, null, keys(series, true));
    }

    /** The same; each bar of a single series in its own colour, which the keys explain. */
    public static Figure bars(String title, String xTitle, List<String> categories, String yTitle, List<Series> series,
                       double reference, String referenceName, IntFunction<Color> colorOf, List<Key> keys) {
        checkLengths(series, categories.size(), "categories");
        var values = allValues(series);
        values.add(new double[] {0, reference});
        Axis tight = Axis.around(yTitle, Scale.LINEAR, 0, values);
        double room = 0.08 * (tight.high - tight.low);
        Axis up = Axis.exactly(yTitle, tight.low < 0 ? tight.low - room : 0, tight.high > 0 ? tight.high + room : 0);
        double width = Math.max(WIDTH, Math.min(960, 8.0 * categories.size() * series.size()));
        var frame = new ChartFrame(width, HEIGHT, Axis.categories(xTitle, categories), up);
        var chart = new CategoryChart((int) width, (int) HEIGHT);
        chart.getStyler().setAvailableSpaceFill(categories.size() < 12 ? 0.62 : 0.8);
        for (int s = 0; s < series.size() && !categories.isEmpty(); s++) {
            Series one = series.get(s);
            List<Double> heights = Arrays.stream(up.drawn(one.values())).map(v -> Double.isNaN(v) ? 0 : v).boxed().toList();
            if (colorOf == null) {
                addBars(chart, s + " " + one.name(), heights, one.spread(), one.colorOr(s));
            }
            for (int i = 0; i < heights.size() && colorOf != null; i++) {
                addBars(chart, i + "", alone(heights.get(i), i, heights.size()), null, colorOf.apply(i));
            }
        }
        chart.getStyler().setOverlapped(colorOf != null);
        chart.getStyler().setErrorBarsColor(Pen.BLACK);
        if (!categories.isEmpty() && !series.isEmpty()) {
            frame.with(chart);
        }
        if (up.low < 0) {
            frame.with((pen, f) -> pen.line(f.acrossOf(-0.5), f.downOf(0), f.acrossOf(categories.size() - 0.5), f.downOf(0),
                    Pen.AXIS, 1));
        }
        frame.reference(reference, referenceName);
        return new Figure(title, notes(up, series, null), describe(title, xTitle, yTitle, Scale.LINEAR, series),
                keys.size() > 1 ? keys : List.of(), frame.panel(), wide -> frame.resized(wide).panel(),
                table(title, xTitle, categories, series));
    }

    /**
     * One bar for each feature in the feature's colour, with a reference line.
     *
     * @param values        [features]; a value that is no number has no bar
     * @param reference     height of the line; NaN for none
     * @param referenceName what stands at the line's end
     */
    public static Figure featureBars(String title, String yTitle, double[] values, double reference, String referenceName) {
        int n = values.length;
        List<String> names = IntStream.range(0, n).mapToObj(String::valueOf).toList();
        return bars(title, "feature", names, yTitle, List.of(new Series(yTitle, values)), reference, referenceName,
                f -> Palette.feature(f, n), List.of());
    }

    /**
     * A bar for each count, with the number above it.
     *
     * @param counts name of the place → count, in order
     */
    public static Figure counts(String title, String xTitle, String yTitle, Map<String, Integer> counts) {
        return counts(title, xTitle, yTitle, counts, place -> Palette.category(0));
    }

    /** The same, each bar in its own colour. */
    public static Figure counts(String title, String xTitle, String yTitle, Map<String, Integer> counts, IntFunction<Color> colorOf) {
        List<String> names = List.copyOf(counts.keySet());
        double[] values = counts.values().stream().mapToDouble(Integer::doubleValue).toArray();
        double most = Math.max(1, Arrays.stream(values).max().orElse(1));
        double widest = names.stream().mapToDouble(name -> Pen.width(name, Pen.SMALL)).max().orElse(0);
        double width = Math.max(WIDTH, Math.min(960, 70 + names.size() * (widest + 8)));
        var frame = new ChartFrame(width, HEIGHT, Axis.categories(xTitle, names), Axis.exactly(yTitle, 0, 1.12 * most));
        var chart = new CategoryChart((int) width, (int) HEIGHT);
        chart.getStyler().setAvailableSpaceFill(0.62);
        chart.getStyler().setOverlapped(true);
        for (int i = 0; i < values.length; i++) {
            addBars(chart, names.get(i), alone(values[i], i, values.length), null, colorOf.apply(i));
        }
        frame.with(chart);
        frame.with((pen, f) -> {
            for (int i = 0; i < values.length; i++) {
                pen.text(NumberText.of(values[i]), f.acrossOf(i), f.downOf(values[i]) - 4, Pen.MIDDLE, Pen.END, Pen.LABEL, Pen.BLACK);
            }
        });
        var words = new StringJoiner(", ", title + ". ", ".");
        counts.forEach((name, count) -> words.add(name + " " + count));
        return new Figure(title, null, words.toString(), List.of(), frame.panel(),
                wide -> frame.resized(wide).panel(), NumberTable.named(title).texts(xTitle.isEmpty() ? "category" : xTitle, names)
                        .integers(yTitle, Arrays.stream(values).mapToInt(v -> (int) v).toArray()).build());
    }

    /** One bar among places without: XChart gives a colour to a series, not to a bar. */
    private static List<Double> alone(double height, int place, int places) {
        var single = new ArrayList<>(Collections.nCopies(places, 0.0));
        single.set(place, height);
        return single;
    }

    private static void addBars(CategoryChart chart, String name, List<Double> heights, double[] spread, Color color) {
        CategorySeries drawn = chart.addSeries(name, places(heights.size()), heights,
                spread == null ? null : Arrays.stream(spread).boxed().toList());
        drawn.setFillColor(color);
        drawn.setLineColor(color);
    }

    private static void style(XYSeries drawn, Series series, int index, Marker marker) {
        drawn.setMarker(marker).setMarkerColor(series.colorOr(index));
        drawn.setLineColor(series.colorOr(index)).setLineStyle(series.dashed() ? Pen.dashes(1.6) : Pen.stroke(1.8));
        drawn.setLineWidth(series.dashed() ? 1.6f : 1.8f);
    }

    /** Error bars cannot be drawn in logarithms, which stretch them unevenly. */
    private static double[] spread(Series series, Scale scale, int bin) {
        if (series.spread() != null && (scale == Scale.LOGARITHMIC || bin > 1)) {
            throw new IllegalArgumentException("series '" + series.name() + "' has error bars, which "
                    + (bin > 1 ? "more than " + MOST_POINTS + " points have no room for" : "need a linear scale"));
        }
        return series.spread();
    }

    private static void finish(ChartFrame frame, XYChart chart, List<Series> series, Axis up) {
        if (!chart.getSeriesCollection().isEmpty()) {
            chart.getStyler().setErrorBarsColorSeriesColor(true);
            frame.with(chart);
        } else {
            String why = series.isEmpty() ? "no series" : up.scale == Scale.LOGARITHMIC ? "no positive numbers" : "no numbers";
            frame.with((pen, f) -> pen.text(why + " to draw", f.middleAcross(), f.middleDown(), Pen.MIDDLE, Pen.MIDDLE, Pen.LABEL, Pen.GREY));
        }
    }

    private static String notes(Axis up, List<Series> series, String note) {
        long absent = series.stream().flatMapToDouble(s -> Arrays.stream(s.values()))
                .filter(v -> Double.isNaN(up.drawn(v))).count();
        if (absent == 0) {
            return note;
        }
        boolean tooLarge = series.stream().flatMapToDouble(s -> Arrays.stream(s.values())).anyMatch(v -> Double.isFinite(v) && Math.abs(v) > Axis.LARGEST);
        String missing = absent + (absent == 1 ? " value is" : " values are") + " not shown: not a finite "
                + (up.scale == Scale.LOGARITHMIC ? "positive number." : tooLarge ? "number of at most 1e300 in size." : "number.");
        return note == null ? missing : note + " " + missing;
    }

    private static List<Key> keys(List<Series> series, boolean bars) {
        var keys = new ArrayList<Key>();
        for (int s = 0; s < series.size(); s++) {
            Key.Mark mark = bars ? Key.Mark.BOX : series.get(s).dashed() ? Key.Mark.DASHES : Key.Mark.LINE;
            keys.add(new Key(series.get(s).name(), series.get(s).colorOr(s), mark));
        }
        return keys;
    }

    private static String describe(String title, String xTitle, String yTitle, Scale scale, List<Series> series) {
        var each = new StringJoiner("; ");
        for (Series one : series) {
            double[] numbers = Arrays.stream(one.values()).filter(Double::isFinite).toArray();
            each.add(one.name() + (numbers.length == 0 ? " without a number" : " from " + NumberText.of(numbers[0]) + " to "
                    + NumberText.of(numbers[numbers.length - 1]) + ", lowest "
                    + NumberText.of(Arrays.stream(numbers).min().orElseThrow()) + ", highest "
                    + NumberText.of(Arrays.stream(numbers).max().orElseThrow())));
        }
        return title + ". " + yTitle + (scale == Scale.LOGARITHMIC ? " (logarithmic)" : "") + " against " + xTitle + ": " + each + ".";
    }

    private static Table table(String title, String xTitle, double[] x, List<Series> series) {
        boolean whole = Arrays.stream(x).allMatch(v -> v == (int) v);
        NumberTable table = whole
                ? NumberTable.named(title).integers(xTitle, Arrays.stream(x).mapToInt(v -> (int) v).toArray())
                : NumberTable.named(title).numbers(xTitle, x);
        return addSeries(table, series);
    }

    private static Table table(String title, String xTitle, List<String> categories, List<Series> series) {
        return addSeries(NumberTable.named(title).texts(xTitle, categories), series);
    }

    private static Table addSeries(NumberTable table, List<Series> series) {
        for (Series one : series) {
            table.numbers(one.name(), one.values());
            if (one.spread() != null) {
                table.numbers(one.name() + " ±", one.spread());
            }
        }
        return table.build();
    }

    private static List<double[]> allValues(List<Series> series) {
        var values = new ArrayList<double[]>();
        for (Series one : series) {
            double[] middle = one.values();
            values.add(middle);
            if (one.spread() != null) {
                double[] spread = one.spread();
                var ends = new double[2 * middle.length];
                Arrays.setAll(ends, i -> middle[i / 2] + (i % 2 == 0 ? 1 : -1) * spread[i / 2]);
                values.add(ends);
            }
        }
        return values;
    }

    private static void checkLengths(List<Series> series, int n, String what) {
        for (Series one : series) {
            if (one.values().length != n) {
                throw new IllegalArgumentException("series '" + one.name() + "' has " + one.values().length
                        + " values for " + n + " " + what);
            }
        }
    }

    private static boolean hasNumber(double[] values) {
        return Arrays.stream(values).anyMatch(v -> !Double.isNaN(v));
    }

    private static List<Integer> places(int n) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < n; i++) {
            places.add(i);
        }
        return places;
    }
}
