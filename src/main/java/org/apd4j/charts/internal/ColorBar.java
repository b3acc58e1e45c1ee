package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/** The legend of a colour scale: an upright bar with labels. XChart's, which only heat maps have, names the two ends and has no title. */
public final class ColorBar {

    private static final double BAR = 12;
    private static final double SLICES = 64;

    private final Axis axis;
    private final DoubleFunction<Color> scale;

    /**
     * @param axis  its title is written along the bar
     * @param scale fraction of the axis, 0 … 1, → colour
     */
    public ColorBar(Axis axis, DoubleFunction<Color> scale) {
        this.axis = axis;
        this.scale = scale;
    }

    /** Returns a width that is enough for the labels at any height; a taller bar has more of them. */
    public double width() {
        double widest = DoubleStream.of(60, 100, 180, 260).boxed().flatMap(height -> axis.ticks(height, Pen.TINY, true).stream())
                .mapToDouble(tick -> Pen.width(tick.label(), Pen.TINY)).max().orElse(0);
        return Math.ceil(BAR + 8 + widest + 8 + Pen.height(Pen.SMALL));
    }

    public void paint(Pen pen, double x, double y, double height) {
        double slice = height / SLICES;
        for (int i = 0; i < SLICES; i++) {
            // Half a slice of overlap hides the seams of antialiasing.
            double overlap = i == 0 ? 0 : slice / 2;
            pen.rectangle(x, y + height - (i + 1) * slice, BAR, slice + overlap, scale.apply((i + 0.5) / SLICES));
        }
        double widest = 0;
        for (Axis.Tick tick : axis.ticks(height, Pen.TINY, true)) {
            double at = y + height * (1 - axis.fraction(tick.at()));
            pen.line(x + BAR, at, x + BAR + 3, at, Pen.AXIS, 1);
            pen.text(tick.label(), x + BAR + 6, at, Pen.START, Pen.MIDDLE, Pen.TINY, Pen.GREY);
            widest = Math.max(widest, Pen.width(tick.label(), Pen.TINY));
        }
        pen.vertical(axis.title, x + BAR + 6 + widest + 6 + Pen.height(Pen.SMALL) / 2, y + height / 2, Pen.SMALL, Pen.BLACK);
    }
}
