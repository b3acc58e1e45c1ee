package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines over numbers and over named places, drawn by XChart within a {@link ChartFrame}. */
public final class LineChart {

    /** Largest number of points that can be told apart side by side; more are drawn as a median line in a band. */
    private static final int MOST_POINTS = 320;

    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN};

    /** Room at both ends for a marker, as a part of the axis. */
    private static final double MARKED_PADDING = 0.02;

    private static final Color INVISIBLE = new Color(0, 0, 0, 0);

    private LineChart() {
    }

    /**
     * Returns lines without markers.
     *
     * @throws IllegalArgumentException if a series has another number of values than x, or an x is not finite
     */
    public static Figure lines(String title, String xTitle, double[] x, String yTitle, Scale scale, List<Series> series) {
        check(x, series);
        Axis across = Axis.around(xTitle, Scale.LINEAR, 0, List.of(x));
        Axis up = Axis.fromZero(yTitle, scale, 0.05, SeriesText.allValues(series));
        var frame = new ChartFrame(ChartFrame.WIDTH, ChartFrame.HEIGHT, across, up);
        int bin = (x.length + MOST_POINTS - 1) / MOST_POINTS;
        if (bin > 1) {
            for (int s = 0; s < series.size(); s++) {
                Color color = series.get(s).colorOr(s);
                Bins bins = Bins.of(x, up.drawn(series.get(s).values()), bin);
                frame.with((pen, f) -> pen.fill(bins.band(f), new Color(color.getRed(), color.getGreen(), color.getBlue(), 45)));
            }
        }
        var chart = new XYChart((int) ChartFrame.WIDTH, (int) ChartFrame.HEIGHT);
        var dashed = new ArrayList<BiConsumer<Pen, ChartFrame>>();
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            Bins bins = Bins.of(x, up.drawn(one.values()), Math.max(1, bin));
            if (hasNumber(bins.middle())) {
                XYSeries drawn = add(chart, s + " " + one.name(), bins.x(), bins.middle(), spread(one, scale, bin));
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
        String note = SeriesText.notes(up, series, bin > 1 ? "Line: median of " + bin + " neighbouring points; band: their range." : "");
        return new Figure(title, note, SeriesText.describe(title, xTitle, yTitle, scale, series), keys(up, series),
                frame.panel(), wide -> frame.resized(wide).panel(),
                SeriesText.table(title, xTitle, x, series));
    }

    private static void check(double[] x, List<Series> series) {
        SeriesText.checkLengths(series, x.length, "x values");
        for (int i = 0; i < x.length; i++) {
            if (!(Math.abs(x[i]) <= Axis.LARGEST)) {
                throw new IllegalArgumentException("x value " + i + " is " + x[i] + "; it must be finite, and at most 1e300 in size");
            }
        }
    }

    /**
     * Returns lines with markers over numbers; a line joins the places at which its series has a value. A dashed series has no markers and is drawn
     * below the others.
     *
     * @throws IllegalArgumentException if a series has another number of values than x, or an x is not finite
     */
    public static Figure marked(String title, String xTitle, double[] x, String yTitle, Scale scale, List<Series> series) {
        check(x, series);
        Axis up = Axis.fromZero(yTitle, scale, 0.08, SeriesText.allValues(series));
        var frame = new ChartFrame(ChartFrame.WIDTH, ChartFrame.HEIGHT, Axis.around(xTitle, Scale.LINEAR, MARKED_PADDING, List.of(x)), up);
        var chart = new XYChart((int) ChartFrame.WIDTH, (int) ChartFrame.HEIGHT);
        chart.getStyler().setMarkerSize(7);
        List<Series> present = new ArrayList<>();
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            double[] values = one.values();
            int[] places = IntStream.range(0, x.length).filter(i -> !Double.isNaN(values[i])).toArray();
            double[] across = Arrays.stream(places).mapToDouble(i -> x[i]).toArray();
            double[] own = Arrays.stream(places).mapToDouble(i -> values[i]).toArray();
            double[] spread = one.spread();
            double[] ownSpread = spread.length == 0 ? spread : Arrays.stream(places).mapToDouble(i -> spread[i]).toArray();
            Series there = new Series(one.name(), own, ownSpread, Optional.of(one.colorOr(s)), one.dashed());
            present.add(there);
            if (hasNumber(up.drawn(own)) && one.dashed()) {
                Bins bins = Bins.of(across, up.drawn(own), 1);
                frame.with((pen, f) -> pen.drawDashed(bins.line(f), there.colorOr(0), 1.8));
            } else if (hasNumber(up.drawn(own))) {
                style(add(chart, s + " " + one.name(), across, up.drawn(own), spread(there, scale, 1)), there, s, MARKERS[s % MARKERS.length]);
            }
        }
        if (!chart.getSeriesCollection().isEmpty() || present.stream().noneMatch(one -> hasNumber(up.drawn(one.values())))) {
            finish(frame, chart, present, up);
        }
        return new Figure(title, SeriesText.notes(up, present, ""), SeriesText.describe(title, xTitle, yTitle, scale, series), keys(up, series),
                frame.panel(), wide -> frame.resized(wide).panel(), SeriesText.table(title, xTitle, x, series));
    }

    /**
     * Returns lines with markers over named places.
     *
     * @throws IllegalArgumentException if a series has another number of values than there are categories
     */
    public static Figure marked(String title, String xTitle, List<String> categories, String yTitle, Scale scale, List<Series> series) {
        return marked(title, xTitle, categories, categories.size(), yTitle, scale, series);
    }

    /**
     * Returns the same with lines between the first places only; the others stand apart.
     *
     * @param joined number of places that are joined by lines, 0 … the number of categories
     * @throws IllegalArgumentException if a series has another number of values than there are categories, or {@code joined} is out of range
     */
    public static Figure marked(String title, String xTitle, List<String> categories, int joined, String yTitle, Scale scale, List<Series> series) {
        SeriesText.checkLengths(series, categories.size(), "categories");
        if (joined < 0 || joined > categories.size()) {
            throw new IllegalArgumentException("joined is " + joined + "; it must be 0 … " + categories.size());
        }
        Axis up = Axis.fromZero(yTitle, scale, 0.08, SeriesText.allValues(series));
        var frame = new ChartFrame(ChartFrame.WIDTH, ChartFrame.HEIGHT, Axis.categories(xTitle, categories), up);
        var chart = new XYChart((int) ChartFrame.WIDTH, (int) ChartFrame.HEIGHT);
        chart.getStyler().setMarkerSize(7);
        double[] places = new double[categories.size()];
        Arrays.setAll(places, i -> i);
        for (int s = 0; s < series.size(); s++) {
            Series one = series.get(s);
            int index = s;
            Marker marker = MARKERS[s % MARKERS.length];
            double[] drawn = up.drawn(one.values());
            double[] spread = spread(one, scale, 1);
            addPart(chart, s + " " + one.name(), places, drawn, spread, 0, joined).ifPresent(line -> style(line, one, index, marker));
            addPart(chart, s + " " + one.name() + ", apart", places, drawn, spread, joined, places.length).ifPresent(points -> {
                style(points, one, index, marker);
                points.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            });
        }
        if (joined > 0 && joined < places.length) {
            frame.with((pen, f) -> pen.line(f.acrossOf(joined - 0.5), f.top(), f.acrossOf(joined - 0.5), f.bottom(), Pen.AXIS, 1));
        }
        finish(frame, chart, series, up);
        return new Figure(title, SeriesText.notes(up, series, ""), SeriesText.describe(title, xTitle, yTitle, scale, series),
                keys(up, series), frame.panel(), wide -> frame.resized(wide).panel(),
                SeriesText.table(title, xTitle, categories, series));
    }

    private static Optional<XYSeries> addPart(XYChart chart, String name, double[] places, double[] values, double[] spread, int from, int to) {
        double[] part = Arrays.copyOfRange(values, from, to);
        if (!hasNumber(part)) {
            return Optional.empty();
        }
        return Optional.of(add(chart, name, Arrays.copyOfRange(places, from, to), part,
                spread.length == 0 ? spread : Arrays.copyOfRange(spread, from, to)));
    }

    private static XYSeries add(XYChart chart, String name, double[] x, double[] y, double[] spread) {
        return spread.length == 0 ? chart.addSeries(name, x, y) : chart.addSeries(name, x, y, spread);
    }

    private static void style(XYSeries drawn, Series series, int index, Marker marker) {
        drawn.setMarker(marker).setMarkerColor(series.colorOr(index));
        drawn.setLineColor(series.colorOr(index)).setLineStyle(series.dashed() ? Pen.dashes(1.6) : Pen.stroke(1.8));
        drawn.setLineWidth(series.dashed() ? 1.6f : 1.8f);
    }

    /** Returns the error bars, empty for none; they cannot be drawn on a logarithmic scale, because it stretches them unevenly. */
    private static double[] spread(Series series, Scale scale, int bin) {
        if (series.spread().length > 0 && (scale == Scale.LOGARITHMIC || bin > 1)) {
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

    /** Returns the legend: the series that have a line, in their colours. */
    private static List<Key> keys(Axis up, List<Series> series) {
        List<Key> all = SeriesText.keys(series, false);
        return IntStream.range(0, all.size()).filter(s -> !SeriesText.isZero(up, series.get(s))).mapToObj(all::get).toList();
    }

    private static boolean hasNumber(double[] values) {
        return Arrays.stream(values).anyMatch(v -> !Double.isNaN(v));
    }
}
