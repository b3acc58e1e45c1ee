package org.apd4j.charts.internal;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Text and lines in the style that all figures share. Text is drawn as outlines, so that PNG and SVG look the same. */
public final class Pen {

    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    public static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 12);
    public static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    public static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    public static final Font TINY = new Font(Font.SANS_SERIF, Font.PLAIN, 10);

    public static final Color BLACK = new Color(0x1F1F1F);
    public static final Color GREY = new Color(0x5F5F5F);
    public static final Color GRID = new Color(0xE7E7E7);
    public static final Color AXIS = new Color(0xB5B5B5);

    /** Alignment of a text to its point, on either axis. */
    public static final double START = 0;
    public static final double MIDDLE = 0.5;
    public static final double END = 1;

    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
    private static final double RAISED = 0.72;

    public final Graphics2D g;

    public Pen(Graphics2D g) {
        Fonts.check();
        this.g = g;
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    /** Returns the width of a text; "10^-3" is read as a power. */
    public static double width(String text, Font font) {
        Fonts.check();
        int power = text.indexOf('^');
        if (power < 0) {
            return font.getStringBounds(text, CONTEXT).getWidth();
        }
        return width(text.substring(0, power), font) + width(exponent(text, power), raised(font));
    }

    public static double height(Font font) {
        Fonts.check();
        return font.getLineMetrics("Xg", CONTEXT).getAscent() + font.getLineMetrics("Xg", CONTEXT).getDescent();
    }

    /** Returns the height of a capital letter. */
    public static double capital(Font font) {
        Fonts.check();
        return font.createGlyphVector(CONTEXT, "X").getVisualBounds().getHeight();
    }

    private static Font raised(Font font) {
        return font.deriveFont((float) (font.getSize2D() * RAISED));
    }

    private static String exponent(String text, int power) {
        return text.substring(power + 1).replace('-', '\u2212');
    }

    /** Writes with the capital letters' box aligned to (x, y): {@link #START}, {@link #MIDDLE} or {@link #END} on each axis. */
    public void text(String text, double x, double y, double alignX, double alignY, Font font, Color color) {
        double left = x - alignX * width(text, font);
        double base = y + (1 - alignY) * capital(font);
        g.setColor(color);
        int power = text.indexOf('^');
        String main = power < 0 ? text : text.substring(0, power);
        g.fill(font.createGlyphVector(CONTEXT, main).getOutline((float) left, (float) base));
        if (power >= 0) {
            g.fill(raised(font).createGlyphVector(CONTEXT, exponent(text, power))
                    .getOutline((float) (left + width(main, font)), (float) (base - 0.45 * capital(font))));
        }
    }

    /** Writes upwards, with the middle of the text at (x, y). */
    public void vertical(String text, double x, double y, Font font, Color color) {
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        g.rotate(-Math.PI / 2);
        text(text, 0, 0, MIDDLE, MIDDLE, font, color);
        g.setTransform(before);
    }

    /** Returns the text, or its beginning and an ellipsis if it is wider than this. */
    public static String fit(String text, Font font, double width) {
        String fitting = text;
        for (int length = text.length() - 1; length > 0 && width(fitting, font) > width; length--) {
            fitting = text.substring(0, length).stripTrailing() + "…";
        }
        return fitting;
    }

    /** Breaks a text into lines of at most this width, at blanks. */
    public static List<String> wrap(String text, Font font, double width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && width(line + " " + word, font) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    public void line(double x1, double y1, double x2, double y2, Color color, double thickness) {
        draw(new Line2D.Double(x1, y1, x2, y2), color, thickness);
    }

    public void dashed(double x1, double y1, double x2, double y2, Color color, double thickness) {
        drawDashed(new Line2D.Double(x1, y1, x2, y2), color, thickness);
    }

    public void drawDashed(Shape shape, Color color, double thickness) {
        g.setColor(color);
        g.setStroke(dashes(thickness));
        g.draw(shape);
    }

    public static BasicStroke dashes(double thickness) {
        return new BasicStroke((float) thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 3}, 0);
    }

    public static BasicStroke stroke(double thickness) {
        return new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    public void draw(Shape shape, Color color, double thickness) {
        g.setColor(color);
        g.setStroke(stroke(thickness));
        g.draw(shape);
    }

    public void fill(Shape shape, Color color) {
        g.setColor(color);
        g.fill(shape);
    }

    public void rectangle(double x, double y, double width, double height, Color color) {
        fill(new Rectangle2D.Double(x, y, width, height), color);
    }

    public void disc(double x, double y, double radius, Color color) {
        fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), color);
    }

    /** Draws an arrow from (x1, y1) to (x2, y2) with a head in proportion; an arrow that is shorter than its head becomes a dot. */
    public void arrow(double x1, double y1, double x2, double y2, Color color, double thickness) {
        double length = Math.hypot(x2 - x1, y2 - y1);
        double head = 3.6 * thickness + 1;
        if (length < head) {
            disc(x2, y2, 1.2 * thickness, color);
            return;
        }
        double ux = (x2 - x1) / length;
        double uy = (y2 - y1) / length;
        double neckX = x2 - head * ux;
        double neckY = y2 - head * uy;
        line(x1, y1, neckX, neckY, color, thickness);
        double half = 0.5 * head;
        var tip = new Path2D.Double();
        tip.moveTo(x2, y2);
        tip.lineTo(neckX - half * uy, neckY + half * ux);
        tip.lineTo(neckX + half * uy, neckY - half * ux);
        tip.closePath();
        fill(tip, color);
    }
}
