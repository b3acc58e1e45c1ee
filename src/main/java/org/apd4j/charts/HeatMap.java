package org.apd4j.charts;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.apd4j.charts.internal.Axis;
import org.apd4j.charts.internal.ColorBar;
import org.apd4j.charts.internal.HeatCells;
import org.apd4j.charts.internal.Palette;
import org.apd4j.charts.internal.Panel;
import org.apd4j.charts.internal.Pen;
import org.apd4j.math.internal.Grid;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;

/**
 * A matrix as coloured cells with their numbers, such as an ablation table or a sweep. Drawn here because XChart's heat map has one colour of
 * text for all cells, a colour bar that labels its two ends only, and no logarithmic colours.
 *
 * <pre>{@code
 * HeatMap.of("Products", "a", List.of("1", "2"), "b", List.of("1", "2"), "a b", Scale.LINEAR, new double[][] {{1, 2}, {2, 4}})
 * }</pre>
 */
public final class HeatMap {

    private static final double GAP = 8;
    private static final double LARGEST = 640;
    private static final double LONGEST_NAME = 200;

    private HeatMap() {
    }

    /**
     * Returns a heat map with the perceptual scale viridis and its colour bar. Cells that are too small for a number have none; values that the
     * scale cannot show are grey.
     *
     * @param rowTitle    what the rows are ("component removed")
     * @param rows        [rows] names
     * @param columnTitle what the columns are ("active feature")
     * @param columns     [columns] names
     * @param valueTitle  what the numbers are ("MSE")
     * @param scale       of the colours
     * @param values      [rows, columns]
     * @throws IllegalArgumentException if the number of names is not that of rows and columns, or there is no cell
     */
    public static Figure of(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns,
                            String valueTitle, Scale scale, double[][] values) {
        check(rows, columns, values);
        return of(title, rowTitle, rows, columnTitle, columns, Axis.around(valueTitle, scale, 0, Arrays.asList(values)), values);
    }

    /**
     * Returns the same with linear colours over a given range, such as 0 to 1 of a rate, whatever the values are.
     *
     * @param low  the value of the first colour
     * @param high the value of the last colour
     */
    public static Figure of(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns,
                            String valueTitle, double low, double high, double[][] values) {
        check(rows, columns, values);
        return of(title, rowTitle, rows, columnTitle, columns, Axis.exactly(valueTitle, low, high), values);
    }

    /**
     * Returns the same for signed values: blue below 0, white at 0, red above, with as much colour on both sides.
     *
     * @throws IllegalArgumentException if the number of names is not that of rows and columns, or there is no cell
     */
    public static Figure signed(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns, String valueTitle,
                                double[][] values) {
        check(rows, columns, values);
        double largest = Arrays.stream(values).flatMapToDouble(Arrays::stream).map(Math::abs).filter(value -> value <= Axis.LARGEST).max().orElse(0);
        double end = largest == 0 ? 1 : largest;
        return of(title, rowTitle, rows, columnTitle, columns, Axis.exactly(valueTitle, -end, end), t -> Palette.diverging(2 * t - 1), values);
    }

    /**
     * Returns a heat map with logarithmic colours that end so many powers of ten below the largest value. Smaller values, which may be no more than
     * rounding errors, have the darkest colour.
     *
     * @param decades powers of ten between the first colour and the last, at least 1
     * @throws IllegalArgumentException if the number of names is not that of rows and columns, there is no cell, or {@code decades} is below 1
     */
    public static Figure logarithmic(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns, String valueTitle,
                                     int decades, double[][] values) {
        check(rows, columns, values);
        if (decades < 1) {
            throw new IllegalArgumentException("decades is " + decades + "; it must be at least 1");
        }
        double largest = Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(value -> value > 0 && Double.isFinite(value)).max().orElse(1);
        double high = Math.log10(largest);
        return of(title, rowTitle, rows, columnTitle, columns, Axis.logarithmic(valueTitle, high - decades, high), Palette::viridis, values)
                .withNote(String.format(Locale.ROOT, "Values below 1/%,.0f of the largest have the darkest colour.", Math.pow(10, decades)));
    }

    private static Figure of(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns, Axis axis,
            double[][] values) {
        return of(title, rowTitle, rows, columnTitle, columns, axis, Palette::viridis, values);
    }

    private static Figure of(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns, Axis axis,
            DoubleFunction<Color> colors, double[][] values) {
        List<String> rowNames = rows.stream().map(name -> Pen.fit(name, Pen.SMALL, LONGEST_NAME)).toList();
        var bar = new ColorBar(axis, colors);
        // On a logarithmic scale small cells count as much as large ones: each number has its own digits.
        DoubleFunction<String> text = axis.scale == Scale.LOGARITHMIC ? NumberText::of
                : NumberText.column(Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray());
        double widestNumber = 0;
        for (double[] row : values) {
            for (double value : row) {
                widestNumber = Math.max(widestNumber, Pen.width(text.apply(value), Pen.SMALL));
            }
        }
        double widestColumn = columns.stream().mapToDouble(name -> Pen.width(name, Pen.SMALL)).max().orElse(0);
        double widestRow = rowNames.stream().mapToDouble(name -> Pen.width(name, Pen.SMALL)).max().orElse(0);
        double wanted = Math.max(46, Math.max(widestNumber, Math.min(90, widestColumn)) + 14);
        boolean numbered = wanted * columns.size() <= 1.25 * LARGEST && 22.0 * rows.size() <= 1.5 * LARGEST;
        double cellWidth = numbered ? wanted : Math.max(5, Math.min(26, LARGEST / columns.size()));
        double cellHeight = numbered ? 30 : Math.max(5, Math.min(26, 480.0 / rows.size()));
        double left = Math.ceil(Pen.height(Pen.LABEL) + GAP + widestRow + GAP);
        double gridWidth = cellWidth * columns.size();
        double gridHeight = cellHeight * rows.size();
        double below = 3 * GAP + Pen.height(Pen.SMALL) + Pen.height(Pen.LABEL);
        double tall = Math.max(gridHeight, 90);
        double width = Math.max(left + gridWidth + 2 * GAP + bar.width(), 420);
        var panel = new Panel(width, tall + below, canvas -> {
            var pen = new Pen(canvas);
            for (int r = 0; r < rows.size(); r++) {
                for (int c = 0; c < columns.size(); c++) {
                    double drawn = axis.drawn(values[r][c]);
                    Color color = colors.apply(Double.isNaN(drawn) ? drawn : Math.min(1, Math.max(0, axis.fraction(drawn))));
                    double x = left + c * cellWidth;
                    double y = r * cellHeight;
                    double line = numbered ? 1 : 0.4;
                    pen.rectangle(x, y, cellWidth - line, cellHeight - line, color);
                    if (numbered) {
                        pen.text(text.apply(values[r][c]), x + cellWidth / 2, y + cellHeight / 2, Pen.MIDDLE, Pen.MIDDLE,
                                Pen.SMALL, Palette.textOn(color));
                    }
                }
            }
            for (Axis.Tick tick : Axis.categories("", rowNames).ticks(gridHeight, Pen.SMALL, true)) {
                pen.text(tick.label(), left - GAP, (tick.at() + 0.5) * cellHeight, Pen.END, Pen.MIDDLE, Pen.SMALL, Pen.GREY);
            }
            for (Axis.Tick tick : Axis.categories("", columns).ticks(gridWidth, Pen.SMALL, false)) {
                pen.text(tick.label(), left + (tick.at() + 0.5) * cellWidth, gridHeight + GAP, Pen.MIDDLE, Pen.START,
                        Pen.SMALL, Pen.GREY);
            }
            pen.text(Pen.fit(columnTitle, Pen.LABEL, Math.max(gridWidth, 200)), left + gridWidth / 2, gridHeight + 2 * GAP
                    + Pen.height(Pen.SMALL), Pen.MIDDLE, Pen.START,
                    Pen.LABEL, Pen.BLACK);
            pen.vertical(Pen.fit(rowTitle, Pen.LABEL, tall), Pen.height(Pen.LABEL) / 2, tall / 2, Pen.LABEL, Pen.BLACK);
            bar.paint(pen, left + gridWidth + 2 * GAP, 0, Math.min(tall, 260));
        });
        return new Figure(title, "", describe(title, rowTitle, rows, columnTitle, columns, axis.title, values), List.of(),
                panel, NumberTable.matrix(title, rowTitle, rows, columns, values))
                        .withCells(List.of(new HeatCells(left, 0, gridWidth, gridHeight, rowTitle, rows, columnTitle, columns, axis.title,
                                Grid.of(rows.size(), columns.size(), (r, c) -> values[r][c]))));
    }

    private static void check(List<String> rows, List<String> columns, double[][] values) {
        if (rows.isEmpty() || columns.isEmpty()) {
            throw new IllegalArgumentException("a heat map needs a cell, got " + rows.size() + " rows and " + columns.size()
                    + " columns");
        }
        if (values.length != rows.size()) {
            throw new IllegalArgumentException(rows.size() + " row names for " + values.length + " rows of values");
        }
        for (int r = 0; r < values.length; r++) {
            if (values[r].length != columns.size()) {
                throw new IllegalArgumentException("row '" + rows.get(r) + "' has " + values[r].length + " values for "
                        + columns.size() + " columns");
            }
        }
    }

    private static String describe(String title, String rowTitle, List<String> rows, String columnTitle, List<String> columns,
                                   String valueTitle, double[][] values) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        String where = "";
        for (int r = 0; r < values.length; r++) {
            for (int c = 0; c < values[r].length; c++) {
                if (Double.isFinite(values[r][c])) {
                    lowest = Math.min(lowest, values[r][c]);
                    if (values[r][c] > highest) {
                        highest = values[r][c];
                        where = rowTitle + " " + rows.get(r) + ", " + columnTitle + " " + columns.get(c);
                    }
                }
            }
        }
        String range = lowest > highest ? "no numbers" : NumberText.of(lowest) + " to " + NumberText.of(highest)
                + ", the highest at " + where;
        return title + ". " + valueTitle + " by " + rowTitle + " (" + rows.size() + ") and " + columnTitle + " ("
                + columns.size() + "): " + range + ".";
    }
}
