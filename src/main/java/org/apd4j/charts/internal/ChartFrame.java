package org.apd4j.charts.internal;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;

/** The axes, grid and labels around what XChart draws. XChart's own are switched off: {@link Axis} says what they lack. */
public final class ChartFrame {

    /** Width of a chart that stands alone, in logical pixels. */
    public static final double WIDTH = 640;
    /** Height of a chart that stands alone, in logical pixels. */
    public static final double HEIGHT = 300;

    private static final double GAP = 6;
    private static final Color TRANSPARENT = new Color(0, 0, 0, 0);

    private final double width;
    private final double height;
    private final Axis x;
    private final Axis y;
    private final List<BiConsumer<Pen, ChartFrame>> layers = new ArrayList<>();
    private final double left;
    private final double plotWidth;
    private final double plotHeight;
    private final double top = 8;

    public ChartFrame(double width, double height, Axis x, Axis y) {
        this.width = width;
        this.height = height;
        this.x = x;
        this.y = y;
        double below = 2 * GAP + Pen.height(Pen.SMALL) + (x.title.isEmpty() ? 0 : Pen.height(Pen.LABEL) + 2);
        plotHeight = Math.rint(height - top - below);
        double widest = y.ticks(plotHeight, Pen.SMALL, true).stream()
                .mapToDouble(tick -> Pen.width(tick.label(), Pen.SMALL)).max().orElse(0);
        left = Math.ceil(widest + GAP + (y.title.isEmpty() ? 0 : Pen.height(Pen.LABEL) + GAP));
        // Half of the last label may stand out to the right.
        plotWidth = Math.rint(width - left - 18);
    }

    /** Adds a layer over the grid; layers are drawn in the order of the calls. */
    public ChartFrame with(BiConsumer<Pen, ChartFrame> layer) {
        layers.add(layer);
        return this;
    }

    /** Adds an XChart chart whose data are in drawn units. Its own axes, legend and backgrounds are switched off. */
    public ChartFrame with(AxesChart<?, ?> chart) {
        AxesChartStyler style = (AxesChartStyler) chart.getStyler();
        style.setChartBackgroundColor(TRANSPARENT).setPlotBackgroundColor(TRANSPARENT).setPlotBorderVisible(false)
                .setLegendVisible(false).setChartTitleVisible(false).setChartPadding(0).setPlotContentSize(1);
        style.setAxisTicksVisible(false).setAxisTitlesVisible(false).setPlotGridLinesVisible(false).setPlotMargin(0)
                .setPlotTicksMarksVisible(false);
        style.setYAxisMin(y.low).setYAxisMax(y.high);
        if (chart instanceof org.knowm.xchart.XYChart) {
            style.setXAxisMin(x.low).setXAxisMax(x.high);
        }
        return with((pen, frame) -> {
            var own = (Graphics2D) pen.g.create();
            own.translate(frame.left, frame.top);
            // A chart keeps what it computed while it was painted; one figure may be painted by two threads.
            synchronized (chart) {
                chart.paint(own, (int) frame.plotWidth, (int) frame.plotHeight);
            }
            own.dispose();
        });
    }

    /** Returns where a place on the x axis, in drawn units, lies on the canvas. */
    public double acrossOf(double drawn) {
        return left + x.fraction(drawn) * plotWidth;
    }

    public double downOf(double drawn) {
        return top + (1 - y.fraction(drawn)) * plotHeight;
    }

    /** Adds a dashed line at a height, with its name at the right end. */
    public ChartFrame reference(double value, String name) {
        return with((pen, frame) -> frame.paintReference(pen, value, name));
    }

    /** Draws a dashed line at a height, with its name at the right end. */
    void paintReference(Pen pen, double value, String name) {
        double at = y.drawn(value);
        if (!Double.isNaN(at) && at >= y.low && at <= y.high) {
            double end = left + plotWidth;
            pen.dashed(left, downOf(at), end, downOf(at), Pen.GREY, 1.2);
            pen.text(name, end, downOf(at) - 5, Pen.END, Pen.END, Pen.SMALL, Pen.GREY);
        }
    }

    /** Returns the lower end of the x axis, in drawn units. */
    public double leftEnd() {
        return x.low;
    }

    /** Returns the upper end of the x axis, in drawn units. */
    public double rightEnd() {
        return x.high;
    }

    /** Returns the same chart in another width. */
    public ChartFrame resized(double newWidth) {
        var frame = new ChartFrame(newWidth, height, x, y);
        frame.layers.addAll(layers);
        return frame;
    }

    /** Returns the plot between two places on the x axis, in drawn units. */
    public Rectangle2D area(double from, double to) {
        return new Rectangle2D.Double(acrossOf(from), top, acrossOf(to) - acrossOf(from), plotHeight);
    }

    /** Returns the middle of the plot. */
    public double middleAcross() {
        return left + plotWidth / 2;
    }

    /** Returns the upper end of the plot. */
    public double top() {
        return top;
    }

    /** Returns the lower end of the plot. */
    public double bottom() {
        return top + plotHeight;
    }

    public double middleDown() {
        return top + plotHeight / 2;
    }

    public Panel panel() {
        return new Panel(width, height, canvas -> {
            var pen = new Pen(canvas);
            for (Axis.Tick tick : y.ticks(plotHeight, Pen.SMALL, true)) {
                double at = downOf(tick.at());
                pen.line(left, at, left + plotWidth, at, Pen.GRID, 0.8);
                pen.text(tick.label(), left - GAP, at, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.GREY);
            }
            var plot = new Rectangle2D.Double(left, top - 6, plotWidth + 6, plotHeight + 6);
            layers.forEach(layer -> {
                var own = (Graphics2D) canvas.create();
                own.clip(plot);
                layer.accept(new Pen(own), this);
                own.dispose();
            });
            double bottom = bottom();
            pen.line(left, bottom, left + plotWidth, bottom, Pen.AXIS, 1);
            for (Axis.Tick tick : x.ticks(plotWidth, Pen.SMALL, false)) {
                pen.line(acrossOf(tick.at()), bottom, acrossOf(tick.at()), bottom + 3, Pen.AXIS, 1);
                pen.text(tick.label(), acrossOf(tick.at()), bottom + GAP + 1, Pen.MIDDLE, Pen.START, Pen.SMALL, Pen.GREY);
            }
            pen.text(Pen.fit(x.title, Pen.LABEL, plotWidth), left + plotWidth / 2, height - 3, Pen.MIDDLE, Pen.END, Pen.LABEL, Pen.BLACK);
            pen.vertical(Pen.fit(y.title, Pen.LABEL, plotHeight + top), Pen.height(Pen.LABEL) / 2, top + plotHeight / 2, Pen.LABEL, Pen.BLACK);
        });
    }
}
