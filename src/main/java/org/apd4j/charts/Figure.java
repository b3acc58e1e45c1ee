package org.apd4j.charts;

import java.awt.Color;
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
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import org.apd4j.charts.internal.Header;
import org.apd4j.charts.internal.HeatCells;
import org.apd4j.charts.internal.Key;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.Pen;
import org.apd4j.charts.internal.Png;
import org.apd4j.charts.internal.SvgCanvas;
import org.apd4j.figures.NetworkFigure;
import org.apd4j.io.internal.AtomicFile;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/**
 * A picture with its title, a text alternative and the numbers that it is drawn from. Immutable. A notebook displays it; elsewhere
 * {@link #save} writes it to a file. {@link Charts}, {@link HeatMap}, {@link NetworkPanels} and {@link NetworkFigure} make figures, and
 * {@link #of} makes one of anything that can be drawn.
 *
 * <pre>{@code
 * Figure figure = Figures.components(run);
 * figure.save(Path.of("components.svg"));
 * figure.saveNumbers(Path.of("components.csv"));
 * }</pre>
 */
public final class Figure {

    private static final double MARGIN = 16;
    private static final double WIDEST_GRID = 900;
    private static final double NARROWEST_PART = 280;
    /** Pixels of a sharp screen for each logical one. */
    private static final double SHARP = 2;
    /** Largest number of bytes of a picture in all its colours, so that a notebook with all its figures stays below 3 MB. */
    private static final int LARGEST_IN_ALL_COLORS = 120_000;
    /** Largest number of bytes of a sharp picture. */
    private static final int LARGEST = 300_000;
    private static final double LESS_SHARP = 1.25;

    private final String title;
    private final String note;
    private final String alternative;
    private final List<Key> keys;
    private final Panel body;
    private final DoubleFunction<Panel> inWidth;
    private final Table numbers;
    /** Heat maps within the body. */
    private final List<HeatCells> cells;

    /** Makes a figure that has one width only. The charts of this library use it; everyone else uses {@link #of}. */
    public Figure(String title, String note, String alternative, List<Key> keys, Panel body, Table numbers) {
        this(title, note, alternative, keys, body, wide -> body, numbers);
    }

    /**
     * Makes a figure. The charts of this library use it; everyone else uses {@link #of}.
     *
     * @param note        line of small print below the title; empty for none
     * @param alternative text alternative: what the figure shows
     * @param keys        entries of the legend
     * @param inWidth     draws the body again in another width
     * @param numbers     what the figure is drawn from
     */
    public Figure(String title, String note, String alternative, List<Key> keys, Panel body, DoubleFunction<Panel> inWidth,
           Table numbers) {
        this(title, note, alternative, keys, body, inWidth, numbers, List.of());
    }

    private Figure(String title, String note, String alternative, List<Key> keys, Panel body, DoubleFunction<Panel> inWidth, Table numbers,
            List<HeatCells> cells) {
        this.title = Objects.requireNonNull(title, "title");
        this.note = Objects.requireNonNull(note, "note");
        this.alternative = Objects.requireNonNull(alternative, "alternative");
        this.keys = List.copyOf(keys);
        this.body = Objects.requireNonNull(body, "body");
        this.inWidth = Objects.requireNonNull(inWidth, "inWidth");
        this.numbers = numbers.copy();
        this.cells = List.copyOf(cells);
    }

    /**
     * Returns a figure of anything that can be drawn.
     *
     * @param alternative text alternative: what the figure shows
     * @param width       of the drawing, in logical pixels
     * @param height      of the drawing, in logical pixels
     * @param painter     draws between (0, 0) and (width, height); whatever it sets on the canvas is undone after it
     * @param numbers     what it is drawn from
     */
    public static Figure of(String title, String alternative, double width, double height, Consumer<Graphics2D> painter, Table numbers) {
        return new Figure(title, "", alternative, List.of(), new Panel(width, height, painter), numbers);
    }

    /**
     * Returns several figures below a common title, row by row. Charts become as narrow as needed; a legend that is the same in all of them
     * stands once, at the top.
     *
     * @param columns number of figures in a row, at least 1
     * @throws IllegalArgumentException if there is no figure or no column
     */
    public static Figure grid(String title, int columns, List<Figure> figures) {
        if (figures.isEmpty() || columns < 1) {
            throw new IllegalArgumentException("a grid has " + figures.size() + " figures and " + columns
                    + " columns; it needs at least one of each");
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
        List<HeatCells> cells = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            double right = i % across * (width + gap);
            double down = i / across * (height + gap) + figures.get(i).header().height(parts.get(i).width(), Pen.HEADING, !same);
            figures.get(i).cells.forEach(own -> cells.add(own.moved(right, down)));
        }
        return new Figure(title, "", alternative.toString(), same ? shared : List.of(), body, wide -> body, numbers, cells);
    }

    /** Returns the title, one line above the picture. */
    public String title() {
        return title;
    }

    /** Returns the text alternative: what the figure shows, in words. */
    public String alternative() {
        return alternative;
    }

    /** Returns this figure with another title. */
    public Figure withTitle(String title) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers, cells);
    }

    /** Returns this figure with another text alternative. */
    public Figure withAlternative(String alternative) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers, cells);
    }

    /** Returns this figure with a line of small print below its title; with none if it is empty. */
    public Figure withNote(String note) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers, cells);
    }

    /** Returns this figure with the places of its cells, relative to the body. */
    Figure withCells(List<HeatCells> cells) {
        return new Figure(title, note, alternative, keys, body, inWidth, numbers, cells);
    }

    /** Returns the heat maps of the figure, with the places of their cells in it; none for other charts. */
    public List<HeatCells> cells() {
        double top = MARGIN + header().height(body.width(), Pen.TITLE, true);
        return cells.stream().map(own -> own.moved(MARGIN, top)).toList();
    }

    /** Returns a copy of the numbers that the figure is drawn from. */
    public Table numbers() {
        return numbers.copy();
    }

    /** Returns the width of the figure in logical pixels. */
    public int width() {
        return (int) Math.ceil(body.width() + 2 * MARGIN);
    }

    /** Returns the height of the figure in logical pixels. */
    public int height() {
        return (int) Math.ceil(MARGIN + header().height(body.width(), Pen.TITLE, true) + body.height() + MARGIN);
    }

    /**
     * Returns the figure as a picture on white.
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
            // Before the scale: a last row or column that is not covered completely would stay dark.
            canvas.setColor(Color.WHITE);
            canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
            canvas.scale(scale, scale);
            paint(canvas);
        } finally {
            canvas.dispose();
        }
        return image;
    }

    /**
     * Returns the figure as a PNG file with two pixels for each logical one. A picture that would be too large for a notebook is reduced to its
     * 256 most frequent colours, and to fewer pixels if that is not enough.
     */
    public byte[] png() {
        BufferedImage sharp = image(SHARP);
        byte[] bytes = Png.bytes(sharp);
        if (bytes.length > LARGEST_IN_ALL_COLORS) {
            bytes = Png.bytes(Png.inFewColors(sharp));
        }
        return bytes.length <= LARGEST ? bytes : Png.bytes(Png.inFewColors(image(LESS_SHARP)));
    }

    /** Returns the figure as an SVG document, with its title and text alternative. */
    public String svg() {
        var canvas = new SvgCanvas(width(), height(), title, alternative);
        paint(canvas);
        return canvas.document();
    }

    /**
     * Writes the figure to a {@code .png} or {@code .svg} file. The file is complete or not there at all.
     *
     * @throws IllegalArgumentException if the name has another ending
     * @throws UncheckedIOException     if it cannot be written
     */
    public void save(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            write(file, png());
        } else if (name.endsWith(".svg")) {
            write(file, svg().getBytes(StandardCharsets.UTF_8));
        } else {
            throw new IllegalArgumentException("cannot save a figure as '" + file.getFileName() + "'; the name must end in .png or .svg");
        }
    }

    /**
     * Writes the figure's numbers as comma-separated values, the same in every locale. The file is complete or not there at all.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void saveNumbers(Path file) {
        write(file, NumberTable.csv(numbers).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file, and makes its folder if there is none. */
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
        double y = MARGIN + header().paint(canvas, MARGIN, MARGIN, body.width(), Pen.TITLE, true);
        body.paintAt(canvas, MARGIN, y);
    }

    private Header header() {
        return new Header(title, note, keys);
    }

    private Panel asPart(boolean withKeys, double room) {
        Panel part = body.width() > room ? inWidth.apply(room) : body;
        double header = header().height(part.width(), Pen.HEADING, withKeys);
        return new Panel(part.width(), header + part.height(), canvas -> {
            header().paint(canvas, 0, 0, part.width(), Pen.HEADING, withKeys);
            part.paintAt(canvas, 0, header);
        });
    }

    @Override
    public String toString() {
        return title + " (" + alternative + ")";
    }
}
