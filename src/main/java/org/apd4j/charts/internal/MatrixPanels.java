package org.apd4j.charts.internal;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.apd4j.tables.NumberTable;
import org.apd4j.tables.internal.NumberText;
import tech.tablesaw.api.Table;

/** Matrices of one shape as small maps of coloured cells on one scale, such as importances for several settings. */
public final class MatrixPanels {

    /** Cells up to this many a panel have their number in them. */
    private static final int NUMBERED = 25;
    private static final double NARROWEST = 130;
    private static final double WIDEST = 300;
    /** Distance from a map to its labels. */
    private static final double LABEL_GAP = 4;

    private MatrixPanels() {
    }

    /**
     * Returns a row of panels in the colours of the scale viridis, which {@link PanelGrid#figure} puts together with others.
     *
     * @param names       [panels]
     * @param matrices    [panels][rows, columns]
     * @param rowTitle    what the rows are
     * @param columnTitle what the columns are
     * @param valueTitle  what the numbers are, with the row of panels where there are several
     * @param low         the value of the first colour
     * @param high        the value of the last colour; values outside have the colour of the nearer end
     * @throws IllegalArgumentException if there is no panel, the numbers of names and matrices differ, or the matrices have no or different shapes
     */
    public static PanelRow row(List<String> names, List<double[][]> matrices, String rowTitle, String columnTitle, String valueTitle, double low,
                               double high) {
        return row(names, matrices, rowTitle, columnTitle, Axis.exactly(valueTitle, low, high), Palette::viridis);
    }

    /**
     * Returns the same for signed values: blue below 0, white at 0, red above, with as much colour on both sides.
     *
     * @throws IllegalArgumentException if there is no panel, the numbers of names and matrices differ, or the matrices have no or different shapes
     */
    public static PanelRow signed(List<String> names, List<double[][]> matrices, String rowTitle, String columnTitle, String valueTitle) {
        double largest = matrices.stream().flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).map(Math::abs)
                .filter(value -> value <= Axis.LARGEST).max().orElse(0);
        double end = largest == 0 ? 1 : largest;
        return row(names, matrices, rowTitle, columnTitle, Axis.exactly(valueTitle, -end, end), t -> Palette.diverging(2 * t - 1));
    }

    /**
     * Returns a row of panels in the colours of the scale viridis whose rows and columns have names. Where there is no room for all names, only some
     * are shown.
     *
     * @param rowLabels    [rows], the same in all panels
     * @param columnLabels [panels][columns]
     * @throws IllegalArgumentException if there is no panel, the numbers of names and matrices differ, or the matrices have no or different shapes
     */
    public static PanelRow row(List<String> names, List<double[][]> matrices, String rowTitle, List<String> rowLabels, String columnTitle,
                               List<List<String>> columnLabels, String valueTitle, double low, double high) {
        return row(names, matrices, rowTitle, rowLabels, columnTitle, columnLabels, Axis.exactly(valueTitle, low, high), Palette::viridis);
    }

    private static PanelRow row(List<String> names, List<double[][]> matrices, String rowTitle, String columnTitle, Axis axis,
                                DoubleFunction<Color> colors) {
        return row(names, matrices, rowTitle, List.of(), columnTitle, List.of(), axis, colors);
    }

    private static PanelRow row(List<String> names, List<double[][]> matrices, String rowTitle, List<String> rowLabels, String columnTitle,
                                List<List<String>> columnLabels, Axis axis, DoubleFunction<Color> colors) {
        check(names, matrices);
        int rows = matrices.get(0).length;
        int columns = matrices.get(0)[0].length;
        double below = columnLabels.isEmpty() ? 0 : Pen.height(Pen.TINY) + LABEL_GAP;
        double beside = rowLabels.stream().mapToDouble(label -> Pen.width(label, Pen.TINY) + LABEL_GAP).max().orElse(0);
        PanelRow.Cell cell = (pen, panel, width, height) -> {
            double[][] values = matrices.get(panel);
            double across = width / columns;
            double down = height / rows;
            double line = rows * columns <= NUMBERED ? 1 : 0;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    double drawn = axis.drawn(values[r][c]);
                    Color color = colors.apply(Double.isNaN(drawn) ? drawn : Math.min(1, Math.max(0, axis.fraction(drawn))));
                    pen.rectangle(c * across, r * down, across - line, down - line, color);
                    if (line > 0) {
                        pen.text(NumberText.of(values[r][c]), (c + 0.5) * across, (r + 0.5) * down, Pen.MIDDLE, Pen.MIDDLE, Pen.TINY,
                                Palette.textOn(color));
                    }
                }
            }
            if (!columnLabels.isEmpty()) {
                for (Axis.Tick tick : Axis.categories("", columnLabels.get(panel)).ticks(width, Pen.TINY, false)) {
                    pen.text(tick.label(), (tick.at() + 0.5) * across, height + LABEL_GAP, Pen.MIDDLE, Pen.START, Pen.TINY, Pen.GREY);
                }
            }
            pen.text(columnTitle, width / 2, height + below + 5, Pen.MIDDLE, Pen.START, Pen.TINY, Pen.GREY);
        };
        PanelRow.Side left = (pen, width, height) -> {
            if (!rowLabels.isEmpty()) {
                for (Axis.Tick tick : Axis.categories("", rowLabels).ticks(height, Pen.TINY, true)) {
                    pen.text(tick.label(), width - LABEL_GAP, (tick.at() + 0.5) * height / rows, Pen.END, Pen.MIDDLE, Pen.TINY, Pen.GREY);
                }
            }
            pen.vertical(rowTitle, width - 10 - beside, height / 2, Pen.TINY, Pen.GREY);
        };
        double aspect = Math.min(1.2, Math.max(0.5, (double) rows / columns));
        return new PanelRow(names, aspect, NARROWEST, WIDEST, cell, left, 24 + beside, 16 + below, Optional.of(new ColorBar(axis, colors)), List.of(),
                numbers(names, matrices),
                "Maps of " + axis.title + ", " + rows + " rows (" + rowTitle + ") and " + columns + " columns (" + columnTitle + ").");
    }

    private static void check(List<String> names, List<double[][]> matrices) {
        if (names.size() != matrices.size() || matrices.isEmpty()) {
            throw new IllegalArgumentException(names.size() + " names for " + matrices.size()
                    + " matrices; it needs at least one, each with its name");
        }
        int rows = matrices.get(0).length;
        int columns = rows == 0 ? 0 : matrices.get(0)[0].length;
        for (int p = 0; p < matrices.size(); p++) {
            if (columns == 0 || matrices.get(p).length != rows || Arrays.stream(matrices.get(p)).anyMatch(row -> row.length != columns)) {
                throw new IllegalArgumentException("matrix '" + names.get(p) + "' is not of the shape of '" + names.get(0) + "', [" + rows + ", "
                        + columns + "], or has no cell");
            }
        }
    }

    private static Table numbers(List<String> names, List<double[][]> matrices) {
        List<String> panel = new ArrayList<>();
        List<Integer> row = new ArrayList<>();
        List<Integer> column = new ArrayList<>();
        List<Double> value = new ArrayList<>();
        for (int p = 0; p < names.size(); p++) {
            for (int r = 0; r < matrices.get(p).length; r++) {
                for (int c = 0; c < matrices.get(p)[r].length; c++) {
                    panel.add(names.get(p));
                    row.add(r);
                    column.add(c);
                    value.add(matrices.get(p)[r][c]);
                }
            }
        }
        return NumberTable.named("cells").texts("panel", panel).integers("row", row.stream().mapToInt(Integer::intValue).toArray())
                .integers("column", column.stream().mapToInt(Integer::intValue).toArray())
                .numbers("value", value.stream().mapToDouble(Double::doubleValue).toArray()).build();
    }
}
