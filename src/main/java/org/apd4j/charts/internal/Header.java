package org.apd4j.charts.internal;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands above a figure: title, small print and legend, broken into lines of the figure's width. Drawn here because XChart's title is a
 * single centred line and its legend knows only the series of one chart: no shared legend over a grid, no entry for a reference line, an arrow
 * or a colour of a bar.
 *
 * @param note small print below the title; empty for none
 */
public record Header(String title, String note, List<Key> keys) {

    private static final double KEY_HEIGHT = 18;
    private static final double KEY_GAP = 18;

    /** Returns the height in a figure of this width. */
    public double height(double width, Font font, boolean withKeys) {
        double height = Pen.wrap(title, font, width).size() * 1.25 * Pen.height(font);
        if (!note.isEmpty()) {
            height += Pen.wrap(note, Pen.SMALL, width).size() * 1.2 * Pen.height(Pen.SMALL);
        }
        return height + 4 + (withKeys && !keys.isEmpty() ? keyRows(width).size() * KEY_HEIGHT + 8 : 4);
    }

    /** Draws the header with its upper left corner at (x, top), and returns its height. */
    public double paint(Graphics2D canvas, double x, double top, double width, Font font, boolean withKeys) {
        var pen = new Pen(canvas);
        double y = top;
        for (String line : Pen.wrap(title, font, width)) {
            pen.text(line, x, y, Pen.START, Pen.START, font, Pen.BLACK);
            y += 1.25 * Pen.height(font);
        }
        if (!note.isEmpty()) {
            for (String line : Pen.wrap(note, Pen.SMALL, width)) {
                pen.text(line, x, y, Pen.START, Pen.START, Pen.SMALL, Pen.GREY);
                y += 1.2 * Pen.height(Pen.SMALL);
            }
        }
        y += 4 + KEY_HEIGHT / 2;
        if (withKeys) {
            for (List<Key> row : keyRows(width)) {
                double across = x;
                for (Key key : row) {
                    key.paint(pen, across, y);
                    across += key.width() + KEY_GAP;
                }
                y += KEY_HEIGHT;
            }
        }
        return height(width, font, withKeys);
    }

    private List<List<Key>> keyRows(double width) {
        var rows = new ArrayList<List<Key>>();
        double used = Double.POSITIVE_INFINITY;
        for (Key key : keys) {
            if (used + key.width() > width) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(key);
            used += key.width() + KEY_GAP;
        }
        return rows;
    }
}
