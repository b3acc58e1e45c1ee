package org.apd4j.charts;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.DoubleFunction;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.PanelGrid;
import org.apd4j.charts.internal.Pen;
import org.apd4j.charts.internal.Png;
import org.apd4j.charts.internal.SvgCanvas;
import org.apd4j.charts.internal.VectorPanels;
import org.apd4j.figures.NetworkFigure;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/**
 * A picture made of numbers: immutable, with a title, a text alternative and the numbers themselves. In a notebook it shows
 * itself; elsewhere {@link #save} writes it. Figures are made by {@link Charts}, {@link HeatMap}, {@link VectorPanels},
 * {@link NetworkPanels}, {@link NetworkFigure} and {@link PanelGrid}; {@link #of} makes one from anything that can be drawn.
 *
 * <pre>{@code
 * Figure figure = Figures.components(run);
 * figure.save(Path.of("components.svg"));
 * figure.saveNumbers(Path.of("components.csv"));
 * }</pre>
 */
public final class Figure {

    private static final double MARGIN = 16;
    private static final double KEY_HEIGHT = 18;
    private static final double KEY_GAP = 18;
    private static final double WIDEST_GRID = 900;
    private static final double NARROWEST_PART = 280;
    /** Screens show two pixels where a page counts one. */
    private static final double SHARP = 2;
    /** Bytes of a picture in all its colours; a notebook with all its figures should stay below 3 MB. */
    private static final int LARGEST_IN_ALL_COLORS = 120_000;
    /** Bytes of a sharp picture. */
    private static final int LARGEST = 300_000;
    private static final double LESS_SHARP = 1.25;

    private final String title;
    private final String note;
    private final String alternative;
    private final List<Key> keys;
    private final Panel body;
    private final DoubleFunction<Panel> inWidth;
    private final Table numbers;

    public Figure(String title, String note, String alternative, List<Key> keys, Panel body, Table numbers) {
        this(title, note, alternative, keys, body, null, numbers);
    }

    /** @param inWidth draws the body anew in another width; null if it has only one */
    public Figure(String title, String note, String alternative, List<Key> keys, Panel body, DoubleFunction<Panel> inWidth,
           Table numbers) {
        this.title = Objects.requireNonNull(title, "title");
        this.note = note;
        this.alternative = Objects.requireNonNull(alternative, "alternative");
        this.keys = List.copyOf(keys);
        this.body = Objects.requireNonNull(body, "body");
        this.inWidth = inWidth;
        this.numbers = numbers.copy();
    }

    /**
     * A figure of any content.
     *
     * @param alternative what the figure shows, in words, for those who cannot see it
     * @param numbers     what it is drawn from
     */
    public static Figure of(String title, String alternative, Panel body, Table numbers) {
        return new Figure(title, null, alternative, List.of(), body, numbers);
    }

    /**
     * Several figures on one canvas below a common title, row by row; charts become as narrow as needed. Legends that are the same in all stand once at the top.
     *
     * @param columns figures in a row, 1 or more
     * @throws IllegalArgumentException if there is no figure or no column
     */
    public static Figure grid(String title, int columns, List<Figure> figures) {
        if (figures.isEmpty() || columns < 1) {
            throw new IllegalArgumentException("a grid needs a figure and a column, got " + figures.size() + " and " + columns);
        }
        List<Key> shared = figures.get(0).keys;
        boolean same = figures.stream().allMatch(figure -> figure.keys.equals(shared));
        int across = Math.min(columns, figures.size());
        double gap = 1.5 * MARGIN;
        double room = Math.max(NARROWEST_PART, (WIDEST_GRID - (across - 1) * gap) / across);
        var parts = figures.stream().map(figure -> figure.asPart(!same, room)).toList();
        double width = parts.stream().mapToDouble(Panel::width).max().orElseThrow();
        double height = parts.stream().mapToDouble(Panel::height).max().orElseThrow();
        int rows = (parts.size() + across - 1) / across;
        var body = new Panel(across * width + (across - 1) * gap, rows * height + (rows - 1) * gap, canvas -> {
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).paintAt(canvas, i % across * (width + gap), i / across * (height + gap));
            }
        });
        var alternative = new StringBuilder(title).append(". ").append(figures.size()).append(" panels.");
        figures.forEach(figure -> alternative.append(' ').append(figure.alternative));
        Table numbers = NumberTable.stack(title, "panel",
                figures.stream().map(figure -> figure.title).toList(), figures.stream().map(Figure::numbers).toList());
        return new Figure(title, null, alternative.toString(), same ? shared : List.of(), body, numbers);
    }

    /** One line above the picture. */
    public String title() {
        return title;
    }

    /** What the figure shows, in words. */
    public String alternative() {
        return alternative;
    }

    /** The same figure under another title. */
    public Figure withTitle(String title) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers);
    }

    /** The same figure with other words for those who cannot see it. */
    public Figure withAlternative(String alternative) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers);
    }

    /** The same figure with a line of small print below its title. */
    public Figure withNote(String note) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers);
    }

    /** The same figure with other numbers to hand over, where those that were drawn are parts of them. */
    Figure withNumbers(Table numbers) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers);
    }

    /** The numbers that the figure is drawn from; a copy. */
    public Table numbers() {
        return numbers.copy();
    }

    /** Width at which the figure is meant to be shown, in logical pixels. */
    public int width() {
        return (int) Math.ceil(body.width() + 2 * MARGIN);
    }

    /** Height at which the figure is meant to be shown, in logical pixels. */
    public int height() {
        return (int) Math.ceil(MARGIN + headerHeight(body.width(), Pen.TITLE, true) + body.height() + MARGIN);
    }

    /**
     * The figure as a picture on white.
     *
     * @param scale pixels for one logical pixel, more than 0 and at most 10
     * @throws IllegalArgumentException if the scale is out of range
     */
    public BufferedImage image(double scale) {
        if (!(scale > 0 && scale <= 10)) {
            throw new IllegalArgumentException("scale is " + scale + ", it must be more than 0 and at most 10");
        }
        var image = new BufferedImage((int) Math.ceil(width() * scale), (int) Math.ceil(height() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        try {
            canvas.scale(scale, scale);
            paint(canvas);
        } finally {
            canvas.dispose();
        }
        return image;
    }

    /**
     * The figure as a PNG file with two pixels for each logical one. Where the file would be larger than a notebook should carry, the picture
     * has only its 256 most frequent colours, and fewer pixels if that is not enough.
     */
    public byte[] png() {
        BufferedImage sharp = image(SHARP);
        byte[] bytes = Png.bytes(sharp);
        if (bytes.length > LARGEST_IN_ALL_COLORS) {
            bytes = Png.bytes(Png.inFewColors(sharp));
        }
        return bytes.length <= LARGEST ? bytes : Png.bytes(Png.inFewColors(image(LESS_SHARP)));
    }

    /** The figure as an SVG document, title and alternative included. */
    public String svg() {
        var canvas = new SvgCanvas(width(), height(), title, alternative);
        paint(canvas);
        return canvas.document();
    }

    /**
     * Writes the figure to a file that ends in .png or .svg. The file appears whole or not at all.
     *
     * @throws IllegalArgumentException if the name ends otherwise
     * @throws UncheckedIOException     if it cannot be written
     */
    public void save(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            write(file, png());
        } else if (name.endsWith(".svg")) {
            write(file, svg().getBytes(StandardCharsets.UTF_8));
        } else {
            throw new IllegalArgumentException("a figure is saved as .png or .svg, not as '" + file.getFileName() + "'");
        }
    }

    /**
     * Writes the figure's numbers as comma-separated values, the same in every locale. The file appears whole or not at all.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void saveNumbers(Path file) {
        write(file, NumberTable.csv(numbers).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file, and its folder if there is none. */
    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.write(file, out -> out.write(content));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private void paint(Graphics2D canvas) {
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, width(), height());
        double y = MARGIN + paintHeader(canvas, MARGIN, MARGIN, body.width(), Pen.TITLE, true);
        body.paintAt(canvas, MARGIN, y);
    }

    private Panel asPart(boolean withKeys, double room) {
        Panel part = inWidth != null && body.width() > room ? inWidth.apply(room) : body;
        double header = headerHeight(part.width(), Pen.HEADING, withKeys);
        return new Panel(part.width(), header + part.height(), canvas -> {
            paintHeader(canvas, 0, 0, part.width(), Pen.HEADING, withKeys);
            part.paintAt(canvas, 0, header);
        });
    }

    private double headerHeight(double width, Font font, boolean withKeys) {
        double height = Pen.wrap(title, font, width).size() * 1.25 * Pen.height(font);
        if (note != null) {
            height += Pen.wrap(note, Pen.SMALL, width).size() * 1.2 * Pen.height(Pen.SMALL);
        }
        return height + 4 + (withKeys && !keys.isEmpty() ? keyRows(width).size() * KEY_HEIGHT + 8 : 4);
    }

    /** Returns the header's height. */
    private double paintHeader(Graphics2D canvas, double x, double top, double width, Font font, boolean withKeys) {
        var pen = new Pen(canvas);
        double y = top;
        for (String line : Pen.wrap(title, font, width)) {
            pen.text(line, x, y, Pen.START, Pen.START, font, Pen.BLACK);
            y += 1.25 * Pen.height(font);
        }
        if (note != null) {
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
        return headerHeight(width, font, withKeys);
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

    @Override
    public String toString() {
        return title + " (" + alternative + ")";
    }
}
