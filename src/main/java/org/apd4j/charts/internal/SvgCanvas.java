package org.apd4j.charts.internal;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Image;
import java.awt.Paint;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.Locale;
import java.util.Map;
import org.apd4j.tables.internal.Html;

/**
 * A canvas that writes what is drawn on it as SVG paths; text becomes outlines. It knows what figures need: shapes, strokes,
 * plain colours, transforms and clips; pictures are refused. (XChart's own
 * export to SVG needs a library under the LGPL.)
 */
public final class SvgCanvas extends Graphics2D {

    /** Far outside of every figure; viewers compute in single precision. */
    private static final double FARTHEST = 1e6;

    private final StringBuilder out;
    private final int[] clips;
    private final BufferedImage measure;
    private AffineTransform transform = new AffineTransform();
    private Shape clip;
    private String clipId;
    private Color color = Color.BLACK;
    private Color background = Color.WHITE;
    private Stroke stroke = new BasicStroke();
    private Font font = Pen.LABEL;
    private Composite composite = AlphaComposite.SrcOver;
    private final RenderingHints hints = new RenderingHints(Map.of());

    public SvgCanvas(int width, int height, String title, String description) {
        out = new StringBuilder(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                + "viewBox=\"0 0 %d %d\" role=\"img\">%n<title>%s</title>%n<desc>%s</desc>%n",
                width, height, width, height, Html.escape(title), Html.escape(description)));
        clips = new int[1];
        measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    }

    private SvgCanvas(SvgCanvas parent) {
        out = parent.out;
        clips = parent.clips;
        measure = parent.measure;
        transform = new AffineTransform(parent.transform);
        clip = parent.clip;
        clipId = parent.clipId;
        color = parent.color;
        background = parent.background;
        stroke = parent.stroke;
        font = parent.font;
        composite = parent.composite;
        hints.putAll(parent.hints);
    }

    public String document() {
        return out + "</svg>\n";
    }

    @Override
    public void fill(Shape shape) {
        String path = path(shape, transform);
        if (!path.isEmpty() && color.getAlpha() > 0) {
            boolean evenOdd = shape.getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD;
            element(path, paint("fill", color) + (evenOdd ? " fill-rule=\"evenodd\"" : ""));
        }
    }

    @Override
    public void draw(Shape shape) {
        if (!(stroke instanceof BasicStroke pen)) {
            fill(stroke.createStrokedShape(shape));
            return;
        }
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
        element(path, style.toString());
    }

    private void element(String path, String style) {
        out.append("<path d=\"").append(path).append("\" ").append(style.strip());
        if (clipId != null) {
            out.append(" clip-path=\"url(#").append(clipId).append(")\"");
        }
        out.append("/>\n");
    }

    private String paint(String attribute, Color c) {
        String hex = String.format(Locale.ROOT, " %s=\"#%06x\"", attribute, c.getRGB() & 0xFFFFFF);
        return c.getAlpha() == 255 ? hex
                : hex + " " + attribute + "-opacity=\"" + number(c.getAlpha() / 255.0) + '"';
    }

    /** Empty for a shape with a corner that is nowhere: it cannot be drawn, and would make the file invalid. */
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

    @Override
    public void drawString(String text, float x, float y) {
        if (!text.isEmpty()) {
            fill(font.createGlyphVector(getFontRenderContext(), text).getOutline(x, y));
        }
    }

    @Override
    public void drawString(String text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawString(AttributedCharacterIterator text, float x, float y) {
        fill(new TextLayout(text, getFontRenderContext()).getOutline(AffineTransform.getTranslateInstance(x, y)));
    }

    @Override
    public void drawString(AttributedCharacterIterator text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        fill(glyphs.getOutline(x, y));
    }

    @Override
    public void setClip(Shape shape) {
        setDeviceClip(shape == null ? null : transform.createTransformedShape(shape));
    }

    @Override
    public void clip(Shape shape) {
        if (shape == null || clip == null) {
            setClip(shape);
            return;
        }
        var both = new Area(clip);
        both.intersect(new Area(transform.createTransformedShape(shape)));
        setDeviceClip(both);
    }

    private void setDeviceClip(Shape shape) {
        clip = shape;
        clipId = shape == null ? null : "clip" + clips[0]++;
        if (shape != null) {
            out.append("<clipPath id=\"").append(clipId).append("\"><path d=\"").append(path(shape, null)).append("\"/></clipPath>\n");
        }
    }

    @Override
    public Shape getClip() {
        try {
            return clip == null ? null : transform.createInverse().createTransformedShape(clip);
        } catch (NoninvertibleTransformException e) {
            return new Rectangle();
        }
    }

    @Override
    public Rectangle getClipBounds() {
        Shape own = getClip();
        return own == null ? null : own.getBounds();
    }

    @Override
    public void clipRect(int x, int y, int width, int height) {
        clip(new Rectangle(x, y, width, height));
    }

    @Override
    public void setClip(int x, int y, int width, int height) {
        setClip(new Rectangle(x, y, width, height));
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        draw(new Line2D.Double(x1, y1, x2, y2));
    }

    @Override
    public void fillRect(int x, int y, int width, int height) {
        fill(new Rectangle(x, y, width, height));
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        Color before = color;
        color = background;
        fillRect(x, y, width, height);
        color = before;
    }

    @Override
    public void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        draw(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        fill(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void drawOval(int x, int y, int width, int height) {
        draw(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void fillOval(int x, int y, int width, int height) {
        fill(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void drawArc(int x, int y, int width, int height, int start, int extent) {
        draw(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.OPEN));
    }

    @Override
    public void fillArc(int x, int y, int width, int height, int start, int extent) {
        fill(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.PIE));
    }

    @Override
    public void drawPolyline(int[] xs, int[] ys, int n) {
        var line = new Path2D.Double();
        for (int i = 0; i < n; i++) {
            if (i == 0) {
                line.moveTo(xs[i], ys[i]);
            } else {
                line.lineTo(xs[i], ys[i]);
            }
        }
        draw(line);
    }

    @Override
    public void drawPolygon(int[] xs, int[] ys, int n) {
        draw(new Polygon(xs, ys, n));
    }

    @Override
    public void fillPolygon(int[] xs, int[] ys, int n) {
        fill(new Polygon(xs, ys, n));
    }

    @Override public Graphics create() { return new SvgCanvas(this); }
    @Override public void dispose() { }
    @Override public void translate(int x, int y) { transform.translate(x, y); }
    @Override public void translate(double x, double y) { transform.translate(x, y); }
    @Override public void rotate(double theta) { transform.rotate(theta); }
    @Override public void rotate(double theta, double x, double y) { transform.rotate(theta, x, y); }
    @Override public void scale(double x, double y) { transform.scale(x, y); }
    @Override public void shear(double x, double y) { transform.shear(x, y); }
    @Override public void transform(AffineTransform t) { transform.concatenate(t); }
    @Override public void setTransform(AffineTransform t) { transform = new AffineTransform(t); }
    @Override public AffineTransform getTransform() { return new AffineTransform(transform); }
    @Override public Paint getPaint() { return color; }
    @Override public void setPaint(Paint paint) { setColor(plain(paint)); }
    @Override public Color getColor() { return color; }
    @Override public void setColor(Color c) { color = c == null ? color : c; }
    @Override public Color getBackground() { return background; }
    @Override public void setBackground(Color c) { background = c; }
    @Override public Stroke getStroke() { return stroke; }
    @Override public void setStroke(Stroke s) { stroke = s; }
    @Override public Font getFont() { return font; }
    @Override public void setFont(Font f) { font = f; }
    @Override public Composite getComposite() { return composite; }
    @Override public void setComposite(Composite c) { composite = c; }
    @Override public void setPaintMode() { }
    @Override public void setXORMode(Color c) { throw refused("exclusive-or"); }
    @Override public RenderingHints getRenderingHints() { return (RenderingHints) hints.clone(); }
    @Override public Object getRenderingHint(RenderingHints.Key key) { return hints.get(key); }
    @Override public void setRenderingHint(RenderingHints.Key key, Object value) { hints.put(key, value); }
    @Override public void setRenderingHints(Map<?, ?> given) { hints.clear(); hints.putAll(given); }
    @Override public void addRenderingHints(Map<?, ?> given) { hints.putAll(given); }
    @Override public FontRenderContext getFontRenderContext() { return new FontRenderContext(null, true, true); }
    @Override public GraphicsConfiguration getDeviceConfiguration() { return null; }
    @Override public boolean hit(Rectangle area, Shape shape, boolean onStroke) { return shape.intersects(area); }

    @Override
    public FontMetrics getFontMetrics(Font f) {
        Graphics2D g = measure.createGraphics();
        try {
            return g.getFontMetrics(f);
        } finally {
            g.dispose();
        }
    }

    private static Color plain(Paint paint) {
        if (paint instanceof Color plain) {
            return plain;
        }
        throw refused("anything but plain colours");
    }

    private static UnsupportedOperationException refused(String what) {
        return new UnsupportedOperationException("figures are saved as SVG without " + what);
    }

    @Override public void copyArea(int x, int y, int w, int h, int dx, int dy) { throw refused("pictures"); }
    @Override public void drawImage(BufferedImage i, BufferedImageOp op, int x, int y) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, AffineTransform t, ImageObserver o) { throw refused("pictures"); }
    @Override public void drawRenderedImage(RenderedImage i, AffineTransform t) { throw refused("pictures"); }
    @Override public void drawRenderableImage(RenderableImage i, AffineTransform t) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int x, int y, ImageObserver o) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int x, int y, Color c, ImageObserver o) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int x, int y, int w, int h, ImageObserver o) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int x, int y, int w, int h, Color c, ImageObserver o) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int a, int b, int c, int d, int e, int f, int g, int h, ImageObserver o) { throw refused("pictures"); }
    @Override public boolean drawImage(Image i, int a, int b, int c, int d, int e, int f, int g, int h, Color k, ImageObserver o) { throw refused("pictures"); }
}
