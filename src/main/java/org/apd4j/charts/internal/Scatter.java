package org.apd4j.charts.internal;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.Table;

/**
 * Points in a plane, with error bars where they are known, drawn by XChart.
 *
 * <pre>{@code
 * Scatter.of("Losses", "target", "decomposition", List.of(
 *         new Scatter.Points("seed 0", new double[] {1, 2}, new double[] {1.1, 2.2}, Palette.category(0))))
 * }</pre>
 */
public final class Scatter {

    /** The form of a point. */
    public enum Mark {
        DOT(SeriesMarkers.CIRCLE, 6, Key.Mark.DOT),
        /** One of thousands. */
        SMALL_DOT(SeriesMarkers.CIRCLE, 4, Key.Mark.DOT),
        CROSS(SeriesMarkers.CROSS, 7, Key.Mark.CROSS);

        private final Marker marker;
        private final int size;
        private final Key.Mark key;

        Mark(Marker marker, int size, Key.Mark key) {
            this.marker = marker;
            this.size = size;
            this.key = key;
        }
    }

    /**
     * Points of one kind.
     *
     * @param name   label in the legend
     * @param x      [n]; a point with a coordinate that is not finite is left out, and the note says so
     * @param y      [n]
     * @param spread [n], half the length of the upright error bars (one standard deviation); empty for none
     * @param color  their colour
     * @param mark   their form
     */
    public record Points(String name, double[] x, double[] y, double[] spread, Color color, Mark mark) {

        /** @throws IllegalArgumentException if the lengths differ */
        public Points {
            Objects.requireNonNull(color, "color");
            Objects.requireNonNull(mark, "mark");
            if (x.length != y.length || spread.length > 0 && spread.length != y.length) {
                throw new IllegalArgumentException("the points '" + name + "' have " + x.length + " x, " + y.length + " y"
                        + (spread.length == 0 ? "" : " and " + spread.length + " error bars"));
            }
            x = x.clone();
            y = y.clone();
            spread = spread.clone();
        }

        /** Makes dots without error bars. */
        public Points(String name, double[] x, double[] y, Color color) {
            this(name, x, y, color, Mark.DOT);
        }

        /** Makes points without error bars. */
        public Points(String name, double[] x, double[] y, Color color, Mark mark) {
            this(name, x, y, new double[0], color, mark);
        }

        @Override
        public double[] x() {
            return x.clone();
        }

        @Override
        public double[] y() {
            return y.clone();
        }

        @Override
        public double[] spread() {
            return spread.clone();
        }

        @Override
        public String toString() {
            return name + ": x " + Arrays.toString(x) + ", y " + Arrays.toString(y) + (spread.length == 0 ? "" : " ± " + Arrays.toString(spread));
        }

        private boolean hasSpread() {
            return spread.length > 0;
        }

        private Key key() {
            return new Key(name, color, mark.key);
        }
    }

    private static final double SQUARE = 460;
    private static final double WIDEST = 900;
    /** Height of the axis over its reference line, where texts stand. */
    private static final double ROOM_ABOVE = 1.15;

    private Scatter() {
    }

    /**
     * Returns points of one or more kinds.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Figure of(String title, String xTitle, String yTitle, List<Points> points) {
        return of(title, across(xTitle, points), yTitle, points, ChartFrame.WIDTH);
    }

    /**
     * Returns points and a curve, such as that on which they would lie if a law held.
     *
     * @param curve its x and y; its mark is not drawn
     * @throws IllegalArgumentException if there are no points
     */
    public static Figure withCurve(String title, String xTitle, String yTitle, List<Points> points, Points curve) {
        requirePoints(title, points);
        List<Points> all = new ArrayList<>(points);
        all.add(curve);
        return of(title, across(xTitle, all), Axis.fromZero(yTitle, Scale.LINEAR, 0.06, ends(all)), points, ChartFrame.WIDTH, ChartFrame.HEIGHT,
                List.<BiConsumer<Pen, ChartFrame>>of((pen, f) -> {
                    var line = new Path2D.Double();
                    for (int i = 0; i < curve.x.length; i++) {
                        if (i == 0) {
                            line.moveTo(f.acrossOf(curve.x[i]), f.downOf(curve.y[i]));
                        } else {
                            line.lineTo(f.acrossOf(curve.x[i]), f.downOf(curve.y[i]));
                        }
                    }
                    pen.drawDashed(line, curve.color, 1.6);
                }), List.of(new Key(curve.name, curve.color, Key.Mark.DASHES)), all);
    }

    private static Axis across(String title, List<Points> points) {
        return Axis.fromZero(title, Scale.LINEAR, 0.04, points.stream().map(Points::x).toList());
    }

    /**
     * Returns points whose coordinates have the same unit, on two axes of the same range, with the line on which the two are equal.
     *
     * @param equal what it means to lie on the line, for the legend
     * @throws IllegalArgumentException if there are none
     */
    public static Figure compared(String title, String xTitle, String yTitle, List<Points> points, String equal) {
        List<double[]> both = new ArrayList<>(ends(points));
        points.forEach(some -> both.add(some.x));
        return of(title, Axis.fromZero(xTitle, Scale.LINEAR, 0.04, both), Axis.fromZero(yTitle, Scale.LINEAR, 0.04, both), points, SQUARE, SQUARE,
                List.of((pen, f) -> pen.dashed(f.acrossOf(f.leftEnd()), f.downOf(f.leftEnd()), f.acrossOf(f.rightEnd()), f.downOf(f.rightEnd()),
                        Pen.GREY, 1.2)), List.of(new Key(equal, Pen.GREY, Key.Mark.DASHES)));
    }

    /**
     * Returns points over named places, such as one for each seed of several variants. A point's x is the number of its place, 0 … n − 1, and as
     * little beside it as keeps neighbouring points apart.
     *
     * @param categories names of the places, [n], in order
     * @param above      a short text above the points of each place, [n]
     * @param reference  height of a dashed line
     * @throws IllegalArgumentException if there are no points
     */
    public static Figure byCategory(String title, String xTitle, List<String> categories, List<String> above, String yTitle, List<Points> points,
                                    double reference, String referenceName) {
        List<double[]> heights = new ArrayList<>(ends(points));
        heights.add(new double[] {0, ROOM_ABOVE * reference});
        double widest = categories.stream().mapToDouble(name -> Pen.width(name, Pen.SMALL)).max().orElse(0);
        double width = Math.min(WIDEST, Math.max(ChartFrame.WIDTH, categories.size() * (widest + 16) + 80));
        return of(title, Axis.categories(xTitle, categories), Axis.around(yTitle, Scale.LINEAR, 0.04, heights), points, width, ChartFrame.HEIGHT,
                List.of((pen, f) -> f.paintReference(pen, reference, referenceName), (pen, f) -> {
                    for (int place = 0; place < above.size(); place++) {
                        pen.text(above.get(place), f.acrossOf(place), f.top() + 4, Pen.MIDDLE, Pen.START, Pen.SMALL, Pen.BLACK);
                    }
                }), List.of());
    }

    /**
     * Returns points over numbered places 0 … n − 1, such as the outputs of a network.
     *
     * @param places n
     * @param width  of the plot with its axis, in logical pixels
     */
    public static Figure over(String title, String xTitle, int places, String yTitle, List<Points> points, double width) {
        return of(title, Axis.exactly(xTitle, -1, places - 0.4), yTitle, points, width);
    }

    private static Figure of(String title, Axis across, String yTitle, List<Points> points, double width) {
        requirePoints(title, points);
        return of(title, across, Axis.fromZero(yTitle, Scale.LINEAR, 0.06, ends(points)), points, width, ChartFrame.HEIGHT, List.of(), List.of());
    }

    private static Figure of(String title, Axis across, Axis up, List<Points> points, double width, double height,
                             List<BiConsumer<Pen, ChartFrame>> below, List<Key> more) {
        return of(title, across, up, points, width, height, below, more, points);
    }

    /** @param listed what the figure's words and numbers name, drawn as points or not */
    private static Figure of(String title, Axis across, Axis up, List<Points> points, double width, double height,
                             List<BiConsumer<Pen, ChartFrame>> below, List<Key> more, List<Points> listed) {
        requirePoints(title, points);
        String yTitle = up.title;
        var frame = new ChartFrame(width, height, across, up);
        below.forEach(frame::with);
        var chart = new XYChart((int) width, (int) height);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter).setErrorBarsColorSeriesColor(true);
        if (up.low < 0 && up.high > 0) {
            frame.with((pen, f) -> pen.line(f.acrossOf(across.low), f.downOf(0), f.acrossOf(across.high), f.downOf(0), Pen.AXIS, 1));
        }
        for (int s = 0; s < points.size(); s++) {
            Points some = points.get(s);
            int[] shown = shown(some, across, up);
            if (shown.length == 0) {
                continue;
            }
            XYSeries drawn = some.hasSpread()
                    ? chart.addSeries(s + " " + some.name(), chosen(some.x, shown), chosen(some.y, shown),
                            Arrays.stream(chosen(some.spread, shown)).map(v -> Math.abs(v) <= Axis.LARGEST ? v : 0).toArray())
                    : chart.addSeries(s + " " + some.name(), chosen(some.x, shown), chosen(some.y, shown));
            drawn.setMarker(some.mark.marker).setMarkerColor(some.color);
            drawn.setLineColor(some.color);
        }
        chart.getStyler().setMarkerSize(points.stream().mapToInt(some -> some.mark.size).min().orElseThrow());
        long absent = points.stream().mapToLong(some -> some.x.length - shown(some, across, up).length).sum();
        if (!chart.getSeriesCollection().isEmpty()) {
            frame.with(chart);
        }
        String note = absent == 0 ? "" : absent + (absent == 1 ? " point is" : " points are")
                + " not shown: no place for a coordinate that is not finite.";
        List<Key> keys = new ArrayList<>(points.size() > 1 ? points.stream().map(Points::key).toList() : List.of());
        keys.addAll(more);
        return new Figure(title, note, describe(title, across.title, yTitle, listed),
                keys,
                frame.panel(), wide -> frame.resized(wide).panel(), numbers(title, across.title, yTitle, listed));
    }

    private static void requirePoints(String title, List<Points> points) {
        if (points.stream().mapToInt(some -> some.x.length).sum() == 0) {
            throw new IllegalArgumentException("'" + title + "' has no points; it needs at least one");
        }
    }

    /** Returns the numbers of the points that both axes can show. */
    private static int[] shown(Points some, Axis across, Axis up) {
        return IntStream.range(0, some.x.length).filter(i -> !Double.isNaN(across.drawn(some.x[i])) && !Double.isNaN(up.drawn(some.y[i]))).toArray();
    }

    private static double[] chosen(double[] values, int[] which) {
        return Arrays.stream(which).mapToDouble(i -> values[i]).toArray();
    }

    private static List<double[]> ends(List<Points> points) {
        List<double[]> ends = new ArrayList<>();
        for (Points some : points) {
            ends.add(some.y);
            if (some.hasSpread()) {
                for (int i = 0; i < some.y.length; i++) {
                    ends.add(new double[] {some.y[i] - some.spread[i], some.y[i] + some.spread[i]});
                }
            }
        }
        return ends;
    }

    private static Table numbers(String title, String xTitle, String yTitle, List<Points> points) {
        List<Table> parts = points.stream().map(some -> {
            NumberTable table = NumberTable.named(some.name()).numbers(xTitle, some.x).numbers(yTitle, some.y);
            return (some.hasSpread() ? table.numbers("±", some.spread) : table).build();
        }).toList();
        boolean alike = points.stream().allMatch(some -> some.hasSpread() == points.get(0).hasSpread());
        if (alike) {
            return NumberTable.stack(title, "series", points.stream().map(Points::name).toList(), parts);
        }
        return NumberTable.stack(title, "series", points.stream().map(Points::name).toList(), points.stream()
                .map(some -> NumberTable.named(some.name()).numbers(xTitle, some.x).numbers(yTitle, some.y)
                        .numbers("±", some.hasSpread() ? some.spread : nothing(some.y.length)).build()).toList());
    }

    private static double[] nothing(int n) {
        double[] nothing = new double[n];
        Arrays.fill(nothing, Double.NaN);
        return nothing;
    }

    private static String describe(String title, String xTitle, String yTitle, List<Points> points) {
        var words = new StringBuilder(title).append(". ").append(yTitle).append(" against ").append(xTitle).append(':');
        for (Points some : points) {
            words.append(' ').append(some.name()).append(", ").append(some.y.length).append(" points from ")
                    .append(NumberText.of(Arrays.stream(some.y).min().orElse(Double.NaN))).append(" to ")
                    .append(NumberText.of(Arrays.stream(some.y).max().orElse(Double.NaN))).append(';');
        }
        return words.deleteCharAt(words.length() - 1).append('.').toString();
    }
}
