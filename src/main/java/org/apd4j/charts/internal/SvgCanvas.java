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
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A canvas that writes what is drawn on it as SVG paths; text becomes outlines. It supports what figures need, which is shapes, strokes, plain
 * colours, transforms and clips, and refuses pictures. XChart's own export to SVG needs VectorGraphics2D, which is under the LGPL.
 */
public final class SvgCanvas extends Graphics2D {

    private final SvgDocument document;
    private final BufferedImage measure;
    private AffineTransform transform = new AffineTransform();
    private @Nullable Shape clip;
    /** Name of the clip in the document; empty for none. */
    private String clipId = "";
    private Color color = Color.BLACK;
    private Color background = Color.WHITE;
    private Stroke stroke = new BasicStroke();
    private Font font = Pen.LABEL;
    private Composite composite = AlphaComposite.SrcOver;
    private final RenderingHints hints = new RenderingHints(Map.of());

    public SvgCanvas(int width, int height, String title, String description) {
        document = new SvgDocument(width, height, title, description);
        measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    }

    private SvgCanvas(SvgCanvas parent) {
        document = parent.document;
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

    /** Returns the document with all that has been drawn. */
    public String document() {
        return document.text();
    }

    @Override
    public void fill(Shape shape) {
        document.fill(shape, transform, color, clipId);
    }

    @Override
    public void draw(Shape shape) {
        if (stroke instanceof BasicStroke pen) {
            document.draw(shape, transform, color, pen, clipId);
        } else {
            fill(stroke.createStrokedShape(shape));
        }
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
    public void setClip(@Nullable Shape shape) {
        setDeviceClip(shape == null ? null : transform.createTransformedShape(shape));
    }

    @Override
    public void clip(@Nullable Shape shape) {
        if (shape == null || clip == null) {
            setClip(shape);
            return;
        }
        var both = new Area(clip);
        both.intersect(new Area(transform.createTransformedShape(shape)));
        setDeviceClip(both);
    }

    private void setDeviceClip(@Nullable Shape shape) {
        clip = shape;
        clipId = shape == null ? "" : document.clip(shape);
    }

    @Override
    public @Nullable Shape getClip() {
        try {
            return clip == null ? null : transform.createInverse().createTransformedShape(clip);
        } catch (NoninvertibleTransformException e) {
            return new Rectangle();
        }
    }

    @Override
    public @Nullable Rectangle getClipBounds() {
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
    @Override public void setColor(@Nullable Color c) { color = c == null ? color : c; }
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
    @Override public @Nullable Object getRenderingHint(RenderingHints.Key key) { return hints.get(key); }
    @Override public void setRenderingHint(RenderingHints.Key key, Object value) { hints.put(key, value); }
    @Override public void setRenderingHints(Map<?, ?> given) { hints.clear(); hints.putAll(given); }
    @Override public void addRenderingHints(Map<?, ?> given) { hints.putAll(given); }
    @Override public FontRenderContext getFontRenderContext() { return new FontRenderContext(null, true, true); }
    @Override public @Nullable GraphicsConfiguration getDeviceConfiguration() { return null; }
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
        throw refused("a paint that is no plain colour");
    }

    private static UnsupportedOperationException refused(String what) {
        return new UnsupportedOperationException("cannot write " + what + " as SVG; figures consist of shapes in plain colours");
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
    @Override
    public boolean drawImage(Image i, int a, int b, int c, int d, int e, int f, int g, int h, ImageObserver o) { throw refused("pictures"); }
    @Override
    public boolean drawImage(Image i, int a, int b, int c, int d, int e, int f, int g, int h, Color k, ImageObserver o) { throw refused("pictures"); }
}
