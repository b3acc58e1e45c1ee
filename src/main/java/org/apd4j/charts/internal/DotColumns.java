package org.apd4j.charts.internal;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apd4j.charts.Figure;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.Table;

/** Columns of dots over named places, drawn by XChart. The labels beside dots are ours: XChart's annotations do not avoid one another. */
public final class DotColumns {

    /** Fraction of a place's width over which its dots are spread. */
    private static final double SPREAD = 0.56;
    /** Fraction of a place's width beyond which a label stands at the left of its dot, so that it does not reach into the next place. */
    private static final double RIGHT_OF = 0.65;
    /** Distance from the middle of a dot to its label. */
    private static final double BESIDE = 4;
    /** Distances by which a label may be moved up or down. */
    private static final double[] SHIFTS = {0, -3, 3, -6, 6, -9, 9, -12, 12, -15, 15, -18, 18, -22, 22};
    private static final double TIED = 8;
    private static final Color STRIPE = new Color(0xF6F6F6);

    /**
     * A dot.
     *
     * @param column where it stands, a place's number
     * @param number of the dot within the column, 0 … {@code numbers − 1}: the same number stands at the same part of every place
     * @param value  its height
     * @param color  its colour
     * @param label  what stands beside it; empty for nothing
     */
    public record Dot(int column, int number, double value, Color color, String label) {
    }

    private DotColumns() {
    }

    /**
     * Returns a chart of dots.
     *
     * @param columns names of the places
     * @param numbers how many dots a column has
     * @param up      the axis of the values
     * @param words   text alternative
     * @param table   the numbers of the figure
     */
    public static Figure of(String title, String xTitle, List<String> columns, int numbers, Axis up, List<Dot> dots, List<Key> keys, String words,
                     Table table, double width, double height) {
        var frame = new ChartFrame(width, height, Axis.categories(xTitle, columns), up);
        frame.with((pen, f) -> {
            for (int c = 0; c < columns.size(); c += 2) {
                double left = f.acrossOf(c - 0.5);
                pen.rectangle(left, f.downOf(up.high), f.acrossOf(c + 0.5) - left, f.downOf(up.low) - f.downOf(up.high), STRIPE);
            }
            pen.line(f.acrossOf(-0.5), f.downOf(0), f.acrossOf(columns.size() - 0.5), f.downOf(0), Pen.AXIS, 1);
        });
        var chart = new XYChart((int) width, (int) height);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter).setMarkerSize(columns.size() > 12 ? 4 : 5);
        List<Color> colors = dots.stream().map(Dot::color).distinct().toList();
        for (Color color : colors) {
            List<Dot> own = dots.stream().filter(dot -> dot.color().equals(color)).toList();
            chart.addSeries("colour " + colors.indexOf(color), own.stream().mapToDouble(dot -> place(dot, numbers)).toArray(),
                    own.stream().mapToDouble(Dot::value).toArray()).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        }
        frame.with(chart);
        frame.with((pen, f) -> {
            for (int c = 0; c < columns.size(); c++) {
                label(pen, f, c, columns.size(), numbers, dots);
            }
        });
        return new Figure(title, "", words, keys, frame.panel(), wide -> frame.resized(wide).panel(), table);
    }

    private static double place(Dot dot, int numbers) {
        return dot.column() + SPREAD * ((dot.number() + 0.5) / numbers - 0.5);
    }

    /**
     * Draws the labels of a column from the top down, each where it hides least: inside the chart, off other labels and labelled dots if
     * possible, inside the column, and over few other dots. A line ties a label to its dot if they are far apart.
     */
    private static void label(Pen pen, ChartFrame frame, int column, int columns, int numbers, List<Dot> dots) {
        List<Dot> all = dots.stream().filter(dot -> dot.column() == column).toList();
        List<Dot> named = all.stream().filter(dot -> !dot.label().isEmpty())
                .sorted(Comparator.comparingDouble((Dot dot) -> -dot.value())).toList();
        Rectangle2D band = frame.area(column - 0.5, column + 0.5);
        Rectangle2D plot = frame.area(-0.5, columns - 0.5);
        List<Rectangle2D> placed = new ArrayList<>();
        for (Dot dot : named) {
            double x = frame.acrossOf(place(dot, numbers));
            double y = frame.downOf(dot.value());
            boolean preferRight = dot.number() < RIGHT_OF * numbers;
            Rectangle2D best = box(dot.label(), x, y, preferRight);
            double least = Double.POSITIVE_INFINITY;
            for (double shift : SHIFTS) {
                for (boolean right : new boolean[] {preferRight, !preferRight}) {
                    Rectangle2D box = box(dot.label(), x, y + shift, right);
                    double cost = Math.abs(shift) + (right == preferRight ? 0 : 2) + (band.contains(box) ? 0 : 60) + (plot.contains(box) ? 0 : 400)
                            + 200 * placed.stream().filter(box::intersects).count();
                    for (Dot other : all) {
                        if (box.intersects(around(frame, other, numbers))) {
                            cost += other.label().isEmpty() ? 4 : 40;
                        }
                    }
                    if (cost < least) {
                        least = cost;
                        best = box;
                    }
                }
            }
            placed.add(best);
            if (Math.abs(best.getCenterY() - y) > TIED) {
                boolean right = best.getCenterX() > x;
                pen.line(x, y, right ? best.getMinX() + 1 : best.getMaxX() - 1, best.getCenterY(), dot.color(), 0.7);
            }
            pen.text(dot.label(), best.getCenterX(), best.getCenterY(), Pen.MIDDLE, Pen.MIDDLE, Pen.TINY, dot.color());
        }
    }

    private static Rectangle2D box(String label, double x, double y, boolean right) {
        double width = Pen.width(label, Pen.TINY) + 2;
        double height = Pen.capital(Pen.TINY) + 2;
        return new Rectangle2D.Double(right ? x + BESIDE : x - BESIDE - width, y - height / 2, width, height);
    }

    private static Rectangle2D around(ChartFrame frame, Dot dot, int numbers) {
        return new Rectangle2D.Double(frame.acrossOf(place(dot, numbers)) - 2, frame.downOf(dot.value()) - 2, 4, 4);
    }
}
