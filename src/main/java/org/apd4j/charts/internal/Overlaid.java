package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.charts.Scale;
import org.apd4j.charts.Series;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One curve for each of many features in a single chart, drawn by XChart, coloured by feature with a colour bar at the right. */
public final class Overlaid {

    /** The form in which the values of a feature are drawn. */
    public enum Form { LINE, DOTS }

    private static final double LINE = 0.9;

    private Overlaid() {
    }

    /**
     * Returns a chart of all features.
     *
     * @param x         [n], rising
     * @param rows      [features][n], at least one
     * @param reference what the values should be, [n], a dashed line
     */
    public static Figure of(String title, String xTitle, double[] x, String yTitle, Form form, double[][] rows, Series reference) {
        int features = rows.length;
        List<double[]> values = new ArrayList<>(List.of(rows));
        values.add(reference.values());
        Axis across = Axis.around(xTitle, Scale.LINEAR, form == Form.DOTS ? 0.01 : 0, List.of(x));
        Axis up = Axis.around(yTitle, Scale.LINEAR, 0.05, values);
        var bar = new ColorBar(Axis.exactly("feature", 0, Math.max(1, features - 1)),
                t -> Palette.feature((int) Math.round(t * (features - 1)), features));
        var chart = new XYChart((int) ChartFrame.WIDTH, (int) ChartFrame.HEIGHT);
        chart.getStyler().setMarkerSize(3);
        int stride = stride(features);
        for (int k = 0; k < features; k++) {
            int i = (int) ((long) k * stride % features);
            add(chart, "feature " + i, x, rows[i], Palette.feature(i, features), form);
        }
        NumberTable table = NumberTable.named(title).numbers(xTitle, x);
        for (int i = 0; i < features; i++) {
            table.numbers("feature " + i, rows[i]);
        }
        table.numbers(reference.name(), reference.values());
        Bins expected = Bins.of(x, reference.values(), 1);
        var frame = new ChartFrame(ChartFrame.WIDTH - bar.width(), ChartFrame.HEIGHT, across, up).with(chart)
                .with((pen, f) -> pen.drawDashed(expected.line(f), Pen.GREY, 1.6));
        return new Figure(title, "", describe(title, xTitle, yTitle, rows), List.of(new Key(reference.name(), Pen.GREY, Key.Mark.DASHES)),
                beside(frame, bar), wide -> beside(frame.resized(wide - bar.width()), bar), table.build());
    }

    private static void add(XYChart chart, String name, double[] x, double[] values, Color color, Form form) {
        XYSeries drawn = chart.addSeries(name, x, values);
        if (form == Form.DOTS) {
            drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color);
        } else {
            drawn.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(Pen.stroke(LINE));
            drawn.setLineWidth((float) LINE);
        }
    }

    /** Returns a step, about the golden section, that mixes the features: in their own order the last colours would hide the first. */
    private static int stride(int features) {
        int stride = Math.max(1, (int) Math.round(0.618 * features));
        while (greatestCommonDivisor(stride, features) > 1) {
            stride++;
        }
        return stride;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static Panel beside(ChartFrame frame, ColorBar bar) {
        Panel plot = frame.panel();
        return new Panel(plot.width() + bar.width(), plot.height(), canvas -> {
            plot.paintAt(canvas, 0, 0);
            bar.paint(new Pen(canvas), plot.width() - 4, 12, plot.height() - 70);
        });
    }

    private static String describe(String title, String xTitle, String yTitle, double[][] rows) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double[] row : rows) {
            for (double value : row) {
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
        }
        return title + ". " + yTitle + " against " + xTitle + " for each of " + rows.length + " features, lowest " + NumberText.of(lowest)
                + ", highest " + NumberText.of(highest) + ".";
    }
}
