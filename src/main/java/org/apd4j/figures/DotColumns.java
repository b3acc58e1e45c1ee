package org.apd4j.figures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apd4j.tables.NumberTable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Columns of dots over named places, the most important ones with a number beside them; drawn by XChart. */
final class DotColumns {

    /** Part of a place's width that its dots are spread over. */
    private static final double SPREAD = 0.56;
    /** Dots beyond this part of a place have their label at the left, so that it does not reach into the next place. */
    private static final double RIGHT_OF = 0.65;
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
    record Dot(int column, int number, double value, Color color, String label) {
    }

    private DotColumns() {
    }

    /**
     * A chart of dots.
     *
     * @param columns names of the places
     * @param numbers how many dots a column has
     * @param up      the axis of the values
     */
    static Figure of(String title, String xTitle, List<String> columns, int numbers, Axis up, List<Dot> dots, List<Key> keys, double width,
                     double height) {
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
                label(pen, f, c, numbers, dots);
            }
        });
        NumberTable table = NumberTable.named(title)
                .texts(xTitle, dots.stream().map(dot -> columns.get(dot.column())).toList())
                .integers("neuron", dots.stream().mapToInt(Dot::number).toArray())
                .numbers(up.title, dots.stream().mapToDouble(Dot::value).toArray());
        return new Figure(title, null, title + ". " + up.title + " of " + numbers + " neurons for " + columns.size() + " " + xTitle + "s.", keys,
                frame.panel(), wide -> frame.resized(wide).panel(), table.build());
    }

    private static double place(Dot dot, int numbers) {
        return dot.column() + SPREAD * ((dot.number() + 0.5) / numbers - 0.5);
    }

    /** Labels of a column from the top down, each at least a line below the last. */
    private static void label(Pen pen, ChartFrame frame, int column, int numbers, List<Dot> dots) {
        List<Dot> own = new ArrayList<>(dots.stream().filter(dot -> dot.column() == column && !dot.label().isEmpty()).toList());
        own.sort(Comparator.comparingDouble(dot -> -dot.value()));
        double line = Pen.height(Pen.TINY) - 3;
        double lowest = Double.NEGATIVE_INFINITY;
        for (Dot dot : own) {
            double at = Math.max(frame.downOf(dot.value()), lowest + line);
            lowest = at;
            boolean right = dot.number() < RIGHT_OF * numbers;
            pen.text(dot.label(), frame.acrossOf(place(dot, numbers)) + (right ? 5 : -5), at, right ? Pen.START : Pen.END, Pen.MIDDLE, Pen.TINY,
                    dot.color());
        }
    }
}
