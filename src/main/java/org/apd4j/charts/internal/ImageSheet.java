package org.apd4j.charts.internal;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apd4j.charts.Figure;
import org.apd4j.tables.NumberTable;
import tech.tablesaw.api.Table;

/**
 * Rows of small images, each row with a name: samples of a data set, or weights drawn as images.
 */
public final class ImageSheet {

    private static final double GAP = 6;
    private static final double ROW_GAP = 8;
    private static final double WIDEST = 900;
    private static final double LARGEST_CELL = 64;
    private static final double LONGEST_NAME = 260;
    private static final int SHADES = 24;
    private static final Color POSITIVE = new Color(0xB2182B);
    private static final Color NO_NUMBER = new Color(0xFFE082);
    private static final Color NEGATIVE = new Color(0x2166AC);

    private ImageSheet() {
    }

    /** The mapping from the values of a picture to colours. */
    public enum Ink {
        /** 0 is white; the largest value of the whole figure is black. */
        GREY,
        /** 0 is white; the largest magnitude in the picture is full red if positive and full blue if negative. */
        SIGNED
    }

    /**
     * A picture.
     *
     * @param caption below it; may be empty
     * @param values  line by line
     * @param width   pixels of a line
     * @param ink     how values become colours
     */
    public record Picture(String caption, double[] values, int width, Ink ink) {

        /** @throws IllegalArgumentException if the number of values is not a multiple of the width */
        public Picture {
            if (width < 1 || values.length == 0 || values.length % width != 0) {
                throw new IllegalArgumentException(values.length + " values do not make lines of " + width + " pixels");
            }
            values = values.clone();
        }

        @Override
        public String toString() {
            return caption + ", " + width + " × " + values.length / width + " pixels: " + Arrays.toString(values);
        }

        /** Returns a square picture in grey. */
        public static Picture grey(String caption, float[] values) {
            double[] wide = new double[values.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
            }
            return new Picture(caption, wide, side(values.length), Ink.GREY);
        }

        /** Returns a square picture of positive and negative values. */
        public static Picture signed(String caption, double[] values) {
            return new Picture(caption, values, side(values.length), Ink.SIGNED);
        }

        private static int side(int size) {
            int side = (int) Math.rint(Math.sqrt(size));
            if (side * side != size) {
                throw new IllegalArgumentException(size + " values make no square picture; give the width of a line");
            }
            return side;
        }

        int height() {
            return values.length / width;
        }
    }

    /** A row of pictures and its name, which may have several lines. */
    public record Line(String name, List<Picture> pictures) {

        public Line {
            pictures = List.copyOf(pictures);
        }
    }

    /**
     * Returns a figure of rows.
     *
     * @param alternative what they show, in words
     * @throws IllegalArgumentException if there is no picture
     */
    public static Figure of(String title, String alternative, List<Line> lines) {
        return of(title, alternative, 1, lines);
    }

    /** Returns a figure of rows, several of them side by side. */
    public static Figure of(String title, String alternative, int across, List<Line> lines) {
        int most = lines.stream().mapToInt(line -> line.pictures().size()).max().orElse(0);
        if (most == 0 || across < 1) {
            throw new IllegalArgumentException("a sheet has " + most + " pictures in a row and " + across
                    + " columns; it needs at least one of each");
        }
        double left = lines.stream().flatMap(line -> line.name().lines())
                .mapToDouble(name -> Math.min(LONGEST_NAME, Pen.width(name, Pen.SMALL))).max().orElse(0) + 10;
        double cell = Math.floor(Math.min(LARGEST_CELL, (WIDEST / across - left - 3 * GAP) / most - GAP));
        List<Picture> pictures = lines.stream().flatMap(line -> line.pictures().stream()).toList();
        double aspect = pictures.stream().mapToDouble(picture -> (double) picture.height() / picture.width()).max().orElse(1);
        boolean captions = pictures.stream().anyMatch(picture -> !picture.caption().isEmpty());
        double lineHeight = Math.rint(cell * aspect) + (captions ? 14 : 0) + ROW_GAP;
        double block = left + most * (cell + GAP) + 2 * GAP;
        int rows = (lines.size() + across - 1) / across;
        double largest = pictures.stream().filter(picture -> picture.ink() == Ink.GREY)
                .flatMapToDouble(picture -> Arrays.stream(picture.values())).filter(Double::isFinite).max().orElse(1);
        Consumer<Graphics2D> painter = canvas -> {
            var pen = new Pen(canvas);
            for (int i = 0; i < lines.size(); i++) {
                // The next line stands below: reading goes down the first column, then down the next.
                double x = i / rows * block;
                double y = i % rows * lineHeight;
                List<String> name = lines.get(i).name().lines().toList();
                for (int l = 0; l < name.size(); l++) {
                    double middle = y + Math.rint(cell * aspect) / 2 + (l - (name.size() - 1) / 2.0) * 13;
                    pen.text(Pen.fit(name.get(l), Pen.SMALL, LONGEST_NAME), x + left - 10, middle, Pen.END, Pen.MIDDLE,
                            l == 0 ? Pen.SMALL : Pen.TINY, l == 0 ? Pen.BLACK : Pen.GREY);
                }
                for (int p = 0; p < lines.get(i).pictures().size(); p++) {
                    paint(pen, lines.get(i).pictures().get(p), x + left + p * (cell + GAP), y, cell, largest);
                }
            }
        };
        Figure figure = Figure.of(title, alternative, Math.max(320, across * block), rows * lineHeight, painter, numbers(title, lines));
        boolean finite = pictures.stream().allMatch(picture -> Arrays.stream(picture.values()).allMatch(Double::isFinite));
        return finite ? figure : figure.withNote("Yellow pixels have values that are not finite.");
    }

    private static void paint(Pen pen, Picture picture, double x, double y, double size, double largest) {
        double pixel = size / picture.width();
        double own = 0;
        for (double value : picture.values()) {
            own = Double.isFinite(value) ? Math.max(own, Math.abs(value)) : own;
        }
        for (int i = 0; i < picture.values().length; i++) {
            double value = picture.values()[i];
            Color color = !Double.isFinite(value) ? NO_NUMBER : picture.ink() == Ink.GREY ? grey(largest > 0 ? value / largest : 0)
                    : Palette.pale(value < 0 ? NEGATIVE : POSITIVE, own > 0 ? stepped(Math.abs(value) / own) : 0);
            pen.rectangle(x + i % picture.width() * pixel, y + i / picture.width() * pixel, pixel + 0.3, pixel + 0.3, color);
        }
        pen.draw(new Rectangle2D.Double(x, y, size, pixel * picture.height()), Pen.AXIS, 0.8);
        pen.text(Pen.fit(picture.caption(), Pen.TINY, size + GAP), x + size / 2, y + pixel * picture.height() + 3, Pen.MIDDLE, Pen.START,
                Pen.TINY, Pen.GREY);
    }

    private static Color grey(double ink) {
        int level = (int) Math.round(255 * (1 - stepped(Math.min(1, Math.max(0, ink)))));
        return new Color(level, level, level);
    }

    /** Rounds to one of few shades, so that 256 colours are enough for the picture. */
    private static double stepped(double part) {
        return Math.rint(SHADES * part) / SHADES;
    }

    /** Returns a table with one row for each picture. */
    private static Table numbers(String title, List<Line> lines) {
        List<String> rows = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        lines.forEach(line -> line.pictures().forEach(picture -> {
            rows.add(line.name().replace('\n', ' '));
            pictures.add(picture);
        }));
        NumberTable table = NumberTable.named(title).texts("row", rows).texts("picture", pictures.stream().map(Picture::caption).toList());
        int pixels = pictures.stream().mapToInt(picture -> picture.values().length).max().orElse(0);
        for (int i = 0; i < pixels; i++) {
            int pixel = i;
            table.numbers("pixel " + i, IntStream.range(0, pictures.size())
                    .mapToDouble(p -> pixel < pictures.get(p).values().length ? pictures.get(p).values()[pixel] : Double.NaN).toArray());
        }
        return table.build();
    }
}
