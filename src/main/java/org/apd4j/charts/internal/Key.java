package org.apd4j.charts.internal;

import java.awt.Color;

/** An entry of a figure's legend. XChart's legend has entries for the series of one chart only, and lets them touch. */
public record Key(String name, Color color, Mark mark) {

    private static final double LONGEST = 260;

    public Key {
        name = Pen.fit(name, Pen.SMALL, LONGEST);
    }

    public enum Mark { LINE, DASHES, BOX, ARROW, DOT, CROSS }

    private static final double SIGN = 20;
    private static final double GAP = 6;

    public double width() {
        return SIGN + GAP + Pen.width(name, Pen.SMALL);
    }

    /** Draws the entry from x to the right, its middle at height y. */
    public void paint(Pen pen, double x, double y) {
        switch (mark) {
            case LINE -> pen.line(x + 1, y, x + SIGN - 1, y, color, 2.2);
            case DASHES -> pen.dashed(x, y, x + SIGN, y, color, 1.8);
            case BOX -> pen.rectangle(x + SIGN - 13, y - 5, 11, 10, color);
            case DOT -> pen.disc(x + SIGN - 7, y, 3.4, color);
            case CROSS -> {
                pen.line(x + SIGN - 11, y - 4, x + SIGN - 3, y + 4, color, 1.6);
                pen.line(x + SIGN - 11, y + 4, x + SIGN - 3, y - 4, color, 1.6);
            }
            case ARROW -> pen.arrow(x, y, x + SIGN - 1, y, color, 2);
        }
        pen.text(name, x + SIGN + GAP, y, Pen.START, Pen.MIDDLE, Pen.SMALL, Pen.BLACK);
    }
}
