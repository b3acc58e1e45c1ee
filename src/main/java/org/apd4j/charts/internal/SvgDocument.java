package org.apd4j.charts.internal;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.util.Locale;
import org.apd4j.tables.internal.Html;

/** The text of an SVG document, to which shapes are added as paths. */
final class SvgDocument {

    /** Far outside of every figure; viewers compute in single precision. */
    private static final double FARTHEST = 1e6;

    private final StringBuilder out;
    private int clips;

    SvgDocument(int width, int height, String title, String description) {
        out = new StringBuilder(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                + "viewBox=\"0 0 %d %d\" role=\"img\">%n<title>%s</title>%n<desc>%s</desc>%n",
                width, height, width, height, Html.escape(title), Html.escape(description)));
    }

    String text() {
        return out + "</svg>\n";
    }

    /** Adds a filled shape; {@code clip} is what {@link #clip} returned, or empty. */
    void fill(Shape shape, AffineTransform transform, Color color, String clip) {
        String path = path(shape, transform);
        if (!path.isEmpty() && color.getAlpha() > 0) {
            boolean evenOdd = shape.getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD;
            element(path, paint("fill", color) + (evenOdd ? " fill-rule=\"evenodd\"" : ""), clip);
        }
    }

    /** Adds the outline of a shape; {@code clip} is what {@link #clip} returned, or empty. */
    void draw(Shape shape, AffineTransform transform, Color color, BasicStroke pen, String clip) {
        String path = path(shape, transform);
        if (path.isEmpty() || color.getAlpha() == 0) {
            return;
        }
        double scale = Math.sqrt(Math.abs(transform.getDeterminant()));
        var style = new StringBuilder("fill=\"none\"").append(paint("stroke", color))
                .append(" stroke-width=\"").append(number(pen.getLineWidth() * scale)).append('"');
        style.append(switch (pen.getEndCap()) {
            case BasicStroke.CAP_ROUND -> " stroke-linecap=\"round\"";
            case BasicStroke.CAP_SQUARE -> " stroke-linecap=\"square\"";
            default -> "";
        });
        style.append(pen.getLineJoin() == BasicStroke.JOIN_ROUND ? " stroke-linejoin=\"round\"" : "");
        if (pen.getDashArray() != null) {
            style.append(" stroke-dasharray=\"");
            for (float dash : pen.getDashArray()) {
                style.append(number(dash * scale)).append(' ');
            }
            style.append('"');
        }
        element(path, style.toString(), clip);
    }

    /** Adds a clip in the document's coordinates, and returns its name. */
    String clip(Shape shape) {
        String name = "clip" + clips++;
        out.append("<clipPath id=\"").append(name).append("\"><path d=\"").append(path(shape, new AffineTransform())).append("\"/></clipPath>\n");
        return name;
    }

    private void element(String path, String style, String clip) {
        out.append("<path d=\"").append(path).append("\" ").append(style.strip());
        if (!clip.isEmpty()) {
            out.append(" clip-path=\"url(#").append(clip).append(")\"");
        }
        out.append("/>\n");
    }

    private static String paint(String attribute, Color c) {
        String hex = String.format(Locale.ROOT, " %s=\"#%06x\"", attribute, c.getRGB() & 0xFFFFFF);
        return c.getAlpha() == 255 ? hex
                : hex + " " + attribute + "-opacity=\"" + number(c.getAlpha() / 255.0) + '"';
    }

    /** Returns the path's text; empty for a shape with a coordinate that is not finite, which would make the document invalid. */
    private static String path(Shape shape, AffineTransform transform) {
        var path = new StringBuilder();
        var p = new double[6];
        for (PathIterator i = shape.getPathIterator(transform); !i.isDone(); i.next()) {
            int segment = i.currentSegment(p);
            int points = switch (segment) {
                case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 1;
                case PathIterator.SEG_QUADTO -> 2;
                case PathIterator.SEG_CUBICTO -> 3;
                default -> 0;
            };
            path.append("MLQCZ".charAt(segment));
            for (int k = 0; k < 2 * points; k++) {
                if (!Double.isFinite(p[k])) {
                    return "";
                }
                path.append(k == 0 ? "" : " ").append(number(p[k]));
            }
        }
        return path.toString();
    }

    private static String number(double value) {
        double rounded = Math.rint(Math.max(-FARTHEST, Math.min(FARTHEST, value)) * 100) / 100;
        return rounded == Math.rint(rounded)
                ? Long.toString((long) rounded) : Double.toString(rounded);
    }
}
